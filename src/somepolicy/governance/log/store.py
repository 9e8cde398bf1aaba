"""What a decision log does, whatever keeps it: append, read, verify, prune and erase."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol, Self

from somepolicy.governance.log.chain import Head
from somepolicy.governance.log.records import Entry, Event
from somepolicy.policy import Policy

Fault = Literal[
    "altered",  # the bytes are not those the digest was made of
    "mislabelled",  # the id or time beside the bytes is not theirs
    "unchained",  # the entry does not follow from those before it
    "missing",  # entries are gone from the middle
    "cut",  # entries are gone from the end
    "beyond",  # entries stand after the end
    "end",  # the recorded end is another than the last entry
    "unsigned end",  # the end was not signed with the key
    "unsigned beginning",  # the beginning after pruning was not signed with the key
    "unsigned erasure",  # an entry was blanked by something else than erasing
    "other head",  # the expected head is not on the chain
    "head pruned",  # the expected head lies before what is left
]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with entry number `sequence`, or with the entries from it to `last`."""

    fault: Fault
    sequence: int
    last: int


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of the whole chain found.

    `entries` are there, `erased` ones included; `pruned` were dropped from the beginning.
    `signed` is False where there was no key to check signatures with. `problems` are the first
    of `faults` in number.
    """

    entries: int
    erased: int
    pruned: int
    head: Head
    signed: bool
    problems: tuple[Problem, ...]
    faults: int

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return self.faults == 0


class DecisionLog(Protocol):
    """An append-only log of decisions. Safe for several threads and processes.

    Every method raises LogError where the log cannot do what is asked.
    """

    @property
    def key(self) -> bytes:
        """The secret that keys the digests of events and signs the ends of the chain."""

    @property
    def id(self) -> str:
        """What tells this log from another: 32 hexadecimal digits."""

    def admit(self, policy: Policy) -> None:
        """Let the kinds that the policy lists be logged under it. Entries need this first."""

    def append(self, entry: Entry) -> Head:
        """Append an entry; once this returns, it is on the disk.

        Raises KindRefusedError for a kind that was not admitted under the entry's policy.
        """

    def append_all(self, entries: Iterable[Entry]) -> Head:
        """Append all of the entries or, where one cannot be, none."""

    def entries(
        self,
        *,
        since: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        last: int | None = None,
    ) -> Iterator[Entry]:
        """Yield what was appended from `since` on and before `until`, in order, in flat memory.

        Erased entries are left out. `last`: only so many, from the end.
        """

    def bodies(
        self, *, since: datetime.datetime | None = None, until: datetime.datetime | None = None
    ) -> Iterator[str]:
        """Yield the JSON of the same entries as it is kept, for who counts a million of them."""

    def events(
        self, *, since: datetime.datetime | None = None, until: datetime.datetime | None = None
    ) -> Iterator[Event]:
        """Yield the decisions among the entries."""

    def find(self, id: str) -> Entry | None:
        """Return the entry of that id, None where there is none."""

    def head(self) -> Head:
        """Return the end of the chain. Keep it elsewhere to notice a log cut or replaced."""

    def verify(self, expected: Head | None = None) -> Verification:
        """Check the whole chain; `expected` is a head that was printed before."""

    def prune(self, before: datetime.datetime) -> int:
        """Drop what was appended before a time; return how many entries."""

    def erase(self, *, id: str | None = None, unit: str | None = None) -> int:
        """Erase the entry of that id, or all of that unit; return how many.

        The place in the chain stays.
        """

    def close(self) -> None:
        """Close the log; closing twice is fine."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *exception: object) -> None: ...
