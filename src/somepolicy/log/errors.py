"""What the log says when it cannot do its duty. Nothing is lost without one of these."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from somepolicy.errors import SomepolicyError

Fault = Literal[
    "mistyped",  # a value of the entry has another type than was logged
    "altered",  # the bytes are not those the digest was made of
    "mislabelled",  # the id or time beside the bytes is not theirs
    "unreadable",  # the bytes are in no form that an entry of a log can have
    "unchained",  # the entry does not follow from those before it
    "missing",  # entries are gone from the middle
    "cut",  # entries are gone from the end
    "beyond",  # entries stand after the end
    "end",  # the recorded end is not the last entry
    "unsigned end",  # the end was not signed with the key
    "unsigned beginning",  # the beginning after pruning was not signed with the key
    "unsigned erasure",  # an entry was blanked by something other than erasing
    "other head",  # the expected head is not on the chain
    "head pruned",  # the expected head lies before what is left
    "kinds",  # the kinds that may be logged are not those that were signed
    "foreign",  # the file holds something that is not the log's own
    "index",  # an index is missing, or does not hold what its table holds
    "replaced",  # a table of the log is missing, or something else stands in its place
]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with entry number `sequence`, or with the entries from it to `last`.

    `name`, where there is one, is what in the file is meant instead, as `trigger NAME`; `member`
    the member of an entry that cannot be read.
    """

    fault: Fault
    sequence: int = 0
    last: int = 0
    name: str = ""
    member: str = ""


class NotAnEntryError(SomepolicyError, ValueError):
    """Bytes are in no form that an entry of a log can have.

    `member` is the first that cannot be read, empty where that is not one of them. What stands
    there is not repeated.
    """

    def __init__(self, member: str = "") -> None:
        self.member = member
        super().__init__(f"not an entry of a decision log{member and f': `{member}`'}")


class LogError(SomepolicyError):
    """The log cannot be read or written. `help` says what to do about it.

    After an append that raised this, the decision is not in the log.
    """

    def __init__(self, message: str, help: str) -> None:
        self.message = message
        self.help = help
        super().__init__(f"{message}; {help}")


class KindRefusedError(LogError):
    """A decision on a kind of document that may not be logged, as one that is private."""

    def __init__(self, kind: str, listed: Iterable[str]) -> None:
        self.kind = kind
        kinds = ", ".join(listed) or "none"
        super().__init__(
            f"a decision on a `{kind}` may not be logged",
            f"the policy lists under `[log]` what may: {kinds}",
        )


class NotWholeError(LogError):
    """The log was altered by something else. `problems` are the first of `faults` in number."""

    def __init__(self, problems: tuple[Problem, ...], faults: int | None = None) -> None:
        self.problems = problems
        self.faults = len(problems) if faults is None else faults
        first = problems[0]
        place = first.name or f"number {first.sequence}"
        super().__init__(
            f"the log was altered by something else ({place}: {first.fault})",
            "keep it as it is, see `somepolicy log verify`, and go on with a new log",
        )
