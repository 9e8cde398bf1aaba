"""What is measured: tasks, the jobs of each, and the columns that take part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

OURS = ("somepolicy_", "somepolicy_bare")
SHARED = "somepolicy_shared"
LIMIT = "limit_validated"
LIMIT_ANY_RULES = "limit_generated"
HAND = "hand_rules"
PEERS = ("json_logic", "regorus_rvm", "regorus", "cel_google", "cedar", "opa")

COUNTS = (40, 100, 1_000, 10_000)
BERGEN = "bergen"
BERGEN_UNCACHED = "bergen_uncached"
NOTHING = "nothing"


@dataclass(frozen=True)
class Job:
    """One measurement: a function of measure.py, its arguments, and what it is shown as."""

    label: str
    function: str
    arguments: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Task:
    """Jobs of one kind; `limit` is the column that ratios are taken of."""

    title: str
    jobs: tuple[Job, ...]
    columns: tuple[str, ...]
    limit: str | None
    rounds: int
    timeout: int = 120  # seconds a measurement


_FORTY = (*OURS, LIMIT, HAND, *PEERS)
_ANY = (*OURS, SHARED, LIMIT_ANY_RULES, *PEERS)


def _counted(shape: str) -> tuple[Job, ...]:
    return tuple(
        Job(f"{count:,} rules", "rules", {"count": count, "shape": shape}) for count in COUNTS
    )


def _sized(label: str, media: int, text: int, document: str = "five") -> Job:
    return Job(label, "size", {"media": media, "text": text, "document": document})


TASKS: Mapping[str, Task] = {
    "check": Task(
        "The same answers",
        (Job("1,000 documents", "check", {"count": 1000}),),
        (*OURS, LIMIT, HAND, LIMIT_ANY_RULES, *PEERS),
        None,
        1,
        300,
    ),
    "latency": Task("One decision, 40 rules", (Job("", "latency"),), _FORTY, LIMIT, 5),
    "guarded": Task(
        "Many rules, each behind an equality", _counted("guarded"), _ANY, LIMIT_ANY_RULES, 1, 240
    ),
    "unindexable": Task(
        "Many rules that nothing can index",
        _counted("unindexable"),
        _ANY,
        LIMIT_ANY_RULES,
        1,
        240,
    ),
    "mixed": Task("Many rules of all sorts", _counted("mixed"), _ANY, LIMIT_ANY_RULES, 1, 240),
    "size": Task(
        "Large documents, 40 rules",
        (
            _sized("no media", 0, 600),
            _sized("10 media", 10, 600),
            _sized("100 media", 100, 600),
            _sized("1,000 media", 1000, 600),
            _sized("10 kB text", 3, 10_000),
            _sized("100 kB text", 3, 100_000),
            _sized("100 kB text, allowed", 3, 100_000, "allowed"),
        ),
        _FORTY,
        LIMIT,
        1,
    ),
    "regex": Task(
        "Hostile patterns on hostile texts",
        tuple(Job(f"pattern {at + 1}", "regex", {"pattern": at}) for at in range(4)),
        tuple(name for name in _ANY if name not in {"cedar", SHARED, "somepolicy_"}),
        None,
        1,
        20,
    ),
    "cold": Task(
        "A new process up to its first decision",
        (Job("", "cold"),),
        (NOTHING, BERGEN, BERGEN_UNCACHED, *(name for name in _FORTY if name != "somepolicy_bare")),
        LIMIT,
        7,
    ),
    "batch": Task(
        "Documents a second, lines of JSON",
        (Job("10,000 documents", "batch", {"count": 10_000}),),
        _FORTY,
        LIMIT,
        1,
        300,
    ),
}
