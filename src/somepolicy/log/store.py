"""What a decision log does, whatever keeps it: append, read, verify, prune and erase."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, Literal, Protocol, Self, TypeVar

from somepolicy.log.chain import BEGINNING, Head
from somepolicy.log.errors import NotWholeError, Problem
from somepolicy.log.records import Entry, Event
from somepolicy.policy import Policy

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of the whole chain found.

    `entries` are there, `erased` ones included; `pruned` were dropped from the beginning.
    `signed` is False where there was no key to check signatures with. `problems` are the first
    of `faults` in number. `unread` entries are in no form that an entry can have, whether or not
    they have another fault as well; `unreadable` are the first of them.
    """

    entries: int
    erased: int
    pruned: int
    head: Head
    signed: bool
    problems: tuple[Problem, ...]
    faults: int
    unreadable: tuple[Problem, ...] = ()
    unread: int = 0

    @classmethod
    def of_nothing(cls, error: NotWholeError) -> Self:
        """Return what is found of a log of which nothing can be read."""
        return cls(0, 0, 0, BEGINNING, False, error.problems, error.faults)

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return self.faults == 0

    @property
    def verified(self) -> Literal["chain and signatures", "chain", "no"]:
        """What was checked and found whole; whoever may write the file can make a whole chain."""
        if not self.sound:
            return "no"
        return "chain and signatures" if self.signed else "chain"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands: its number, and its time in UTC."""

    sequence: int
    time: str


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What was made of the entries of a log, and what the check of the whole log found.

    `count` entries were read, from `first` to `last`, which are None where there were none.
    """

    value: T
    verification: Verification
    count: int
    first: Place | None
    last: Place | None


class DecisionLog(Protocol):
    """An append-only log of decisions. Safe for several threads and processes.

    Every method raises LogError where the log cannot do its part. Every reading checks the
    whole log first, as it is at one moment, and raises NotWholeError where it was altered;
    `unverified` reads on, leaving out what can no longer be read.
    """

    @property
    def key(self) -> bytes:
        """The secret that keys the digests of events and signs the ends of the chain."""

    @property
    def id(self) -> str:
        """What distinguishes this log from others: 32 hexadecimal digits."""

    def register(self, policy: Policy) -> None:
        """Let the kinds that the policy lists be logged under it. Entries need this first."""

    def append(self, entry: Entry) -> Head:
        """Append an entry; once this returns, it is on the disk.

        Raises KindRefusedError for a kind that was not admitted under the entry's policy.
        """

    def append_all(self, entries: Iterable[Entry]) -> Head:
        """Append all of the entries or, where one cannot be, none."""

    def read(
        self,
        take: Callable[[Iterator[bytes]], T],
        *,
        since: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        unverified: bool = False,
    ) -> Reading[T]:
        """Give what `take` makes of entries, as the JSON that is kept, in one pass and flat memory.

        They are those appended from `since` on and before `until`, in order, without erased
        ones. The check goes along, so nothing that `take` does may count before this returns.
        """

    def entries(
        self,
        *,
        since: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        last: int | None = None,
        unverified: bool = False,
    ) -> Iterator[Entry]:
        """Yield the same entries, checked before the first is given.

        `last`: only so many, from the end.
        """

    def time_zones(self) -> frozenset[str | None]:
        """Return the time zones of the policies of all entries; None: of one without.

        Nothing is checked: reading the entries does that.
        """

    def events(
        self,
        *,
        since: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        unverified: bool = False,
    ) -> Iterator[Event]:
        """Yield the decisions among the entries."""

    def find(self, id: str, *, unverified: bool = False) -> Entry | None:
        """Return the entry of that id, None where there is none."""

    def head(self) -> Head:
        """Return the end of the chain. Keep it elsewhere to notice a log cut or replaced.

        Its signature is checked where there is a key, and nothing else.
        """

    def verify(self, expected: Head | None = None) -> Verification:
        """Check the whole chain; `expected` is a head that was printed before."""

    def prune(self, before: datetime.datetime) -> int:
        """Drop what was appended before a time; return how many entries.

        Never from a log that was altered: what is dropped could show who did what.
        """

    def erase(
        self, *, id: str | None = None, unit: str | None = None, unverified: bool = False
    ) -> int:
        """Erase the entry of that id, or all of that unit; return how many.

        A unit is found under its id and under the mark that may stand for it. The place in the
        chain stays. `unverified` erases from a log that was altered, but no entry that was.
        """

    def close(self) -> None:
        """Close the log; closing twice is fine."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *exception: object) -> None: ...
