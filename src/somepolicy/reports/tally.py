"""Entries -> Totals: how often each clause had each status, by kind of unit, platform and month.

Entries that count alike are counted together and taken apart once, so that a million of them
cost little more than reading. Memory is bounded by what a policy can tell apart, not by the log.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from somepolicy.engine.days import Days
from somepolicy.reports.grouping import (
    MALFORMED,
    BadEntryError,
    Deviation,
    GroupingKey,
    key_and_place,
    read_grouping_key,
)

_MOST_PLACES = 200_000  # about 60 MB
_PLACE = ("month", "unit_type", "platform")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_MUTE = ("not_applicable", "undecided")
STOPPED = ("violated", "unproven")


@dataclass(frozen=True)
class Totals:
    """Numbers of decisions. `outcomes` and the like are by dimension, value and outcome.

    `stopped` counts by dimension, value and clause where the clause was violated or unproven,
    `applied` where it had any status but not applicable or undecided. A rule counts once in a
    decision, with its strongest outcome: `denied`, `unproven` or `advised`.
    """

    outcomes: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    statuses: Counter[tuple[str, str]] = field(default_factory=Counter)
    stopped: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    applied: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    missing: Counter[tuple[str, str]] = field(default_factory=Counter)
    rules: Counter[tuple[str, str]] = field(default_factory=Counter)
    detections: Counter[tuple[str, str]] = field(default_factory=Counter)

    def values(self, dimension: str) -> tuple[str, ...]:
        """Return the values of a dimension that decisions had, sorted."""
        found = self.outcomes.keys()
        return tuple(
            sorted({x for name, x, end in found if name == dimension and end != MALFORMED})
        )

    def decisions(self, dimension: str = "", value: str = "", *, outcome: str | None = None) -> int:
        """Return the number of decisions, of one value of a dimension or one outcome."""
        return sum(
            number
            for (name, seen, ended), number in self.outcomes.items()
            if name == dimension
            and seen == value
            and (ended == outcome if outcome else ended != MALFORMED)
        )


def tally(entries: Iterable[bytes | str], days: Days | None = None) -> Totals:
    """Count entries as the log holds them, by months of UTC or of the time zone of `days`.

    Raises BadEntryError for what is not an entry.
    """
    taken = days or Days()
    totals = Totals()
    seen = _Seen()
    for raw in entries:
        key, place = key_and_place(raw, taken)
        number = seen.keys.setdefault(key, len(seen.keys))
        seen.places.update(zip((number,) * 3, _PLACE, place, strict=True))
        if len(seen.places) >= _MOST_PLACES:
            _count_all(totals, seen)
            seen = _Seen()
    _count_all(totals, seen)
    return totals


@dataclass(frozen=True)
class _Seen:
    """Entries that are not in the totals yet: the number of each key, and where it occurred.

    `places` counts by the number of the key, dimension and value.
    """

    keys: dict[bytes, int] = field(default_factory=dict)
    places: Counter[tuple[int, str, str]] = field(default_factory=Counter)


def _count_all(totals: Totals, seen: _Seen) -> None:
    where: dict[int, list[tuple[str, str, int]]] = {}
    for (key_number, dimension, value), number in seen.places.items():
        if dimension == _PLACE[0] and not _MONTH.fullmatch(value):
            raise BadEntryError("its time is none")
        where.setdefault(key_number, []).append((dimension, value, number))
    for key, key_number in seen.keys.items():
        _count(totals, read_grouping_key(key), where[key_number])


def _count(totals: Totals, found: GroupingKey, where: list[tuple[str, str, int]]) -> None:
    number = sum(times for dimension, _, times in where if dimension == _PLACE[0])
    applied = [clause for clause, status in found.clauses if status not in _MUTE]
    stopped = [clause for clause, status in found.clauses if status in STOPPED]
    for dimension, value, times in (*where, ("kind", found.kind, number), ("", "", number)):
        totals.outcomes[dimension, value, found.outcome] += times
        for clause in applied:
            totals.applied[dimension, value, clause] += times
        for clause in stopped:
            totals.stopped[dimension, value, clause] += times
    for status in found.clauses:
        totals.statuses[status] += number
    for rule, outcome in _strongest(found.deviations).items():
        totals.rules[rule, outcome] += number
    for at in {at for each in found.deviations for at in each.missing}:
        totals.missing[found.kind, at] += number
    for detection in {x for each in found.deviations for x in each.detections}:
        totals.detections[detection] += number


_ORDER = ("denied", "unproven", "advised")


def _strongest(deviations: Iterable[Deviation]) -> dict[str, str]:
    outcomes: dict[str, str] = {}
    for each in deviations:
        outcome = ("denied" if each.violated else "unproven") if each.blocking else "advised"
        known = outcomes.get(each.rule, outcome)
        outcomes[each.rule] = min(known, outcome, key=_ORDER.index)
    return outcomes
