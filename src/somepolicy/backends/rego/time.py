"""Days and instants as numbers, and the time zone as a table, for the Rego backend."""

from __future__ import annotations

import datetime
import json
from functools import lru_cache
from itertools import pairwise

from somepolicy.zones import zone_rules

_FIRST = datetime.datetime.min.replace(tzinfo=datetime.UTC)
_DAY = datetime.timedelta(days=1)
_SECOND = datetime.timedelta(seconds=1)
_CYCLE = 2040  # the rules for clocks do not change any more; 28 years hold every calendar
_BEYOND = 10_000  # no year is

_Change = tuple[datetime.datetime, datetime.timedelta, datetime.timedelta]


def number(day: datetime.date) -> int:
    """Count the days since 0000-03-01, as the library does."""
    return day.toordinal() + 305


def instant(value: datetime.datetime) -> list[int]:
    """Return what an instant's clock shows, in microseconds since 0000-03-01, and its offset."""
    offset = value.utcoffset()
    assert offset is not None
    clock = value.replace(tzinfo=datetime.UTC) - _FIRST
    return [_micro(clock) + number(_FIRST) * _micro(_DAY), _micro(offset)]


@lru_cache(maxsize=16)  # a policy is exported with other parameters, too
def zone(name: str) -> str:
    """Write when the clocks of a zone change, from the pinned rules: those of OPA are others.

    Where the clocks go on changing, a year beyond the table is as the one of the table that has
    the same calendar.
    """
    rows = _changes(name)
    for_ever = rows[-1][0].year > _CYCLE + 50
    stated = [
        [instant(at)[0], _micro(before), _micro(after)]
        for at, before, after in rows
        if not for_ever or at.year < _CYCLE + 30
    ]
    stated[0][0] = 0  # however early
    cycle = _CYCLE if for_ever else _BEYOND
    return f"cycle := {cycle}\n\nchanges := {json.dumps(stated)}"


def _changes(name: str) -> list[_Change]:
    """Return when the clocks of a zone change, at most once a day, and the offsets around it."""
    rules = zone_rules(name)

    def offset(moment: datetime.datetime) -> datetime.timedelta:
        found = moment.astimezone(rules).utcoffset()
        assert found is not None
        return found

    start = datetime.datetime(1840, 1, 1, tzinfo=datetime.UTC)
    days = [start + index * _DAY for index in range(260 * 365)]
    offsets = [offset(day) for day in days]
    found = [(_FIRST, offsets[0], offsets[0])]
    for day, (before, after) in zip(days, pairwise(offsets), strict=False):
        if before != after:
            low, high = 0, _DAY // _SECOND  # it is the old offset at low, not so at high
            while high - low > 1:
                middle = (low + high) // 2
                if offset(day + middle * _SECOND) == before:
                    low = middle
                else:
                    high = middle
            found.append((day + high * _SECOND, before, after))
    return found


def _micro(span: datetime.timedelta) -> int:
    return span // datetime.timedelta(microseconds=1)
