"""The day of an instant: in the time zone of the policy or, without one, in its own offset."""

from __future__ import annotations

import datetime

from somepolicy.engine import values
from somepolicy.zones import zone_rules

_NOON = datetime.time(12)
_MIDNIGHT = datetime.time(0)


class Days:
    """Days where a policy names no zone; a day that stands alone is one of UTC.

    `zone` is the name of the time zone, or None.
    """

    zone: str | None = None
    as_day = staticmethod(values.as_day)
    add_days = staticmethod(values.add_days)

    def shown(self, instant: str) -> str:
        """Return a date-time as a message shows it."""
        return instant

    def noon(self, day: datetime.date) -> datetime.datetime:
        """Return noon of a day; an instant stands for itself."""
        return day if isinstance(day, datetime.datetime) else self._at(day, _NOON)

    def start(self, day: datetime.date) -> datetime.datetime:
        """Return the beginning of a day, in UTC; an instant stands for itself."""
        if isinstance(day, datetime.datetime):
            return day
        try:
            return self._at(day, _MIDNIGHT).astimezone(datetime.UTC)
        except OverflowError:
            return datetime.datetime.combine(day, _MIDNIGHT, datetime.UTC)

    def end(self, day: datetime.date) -> datetime.datetime:
        """Return the beginning of the day after; an instant stands for itself."""
        return self.start(day if isinstance(day, datetime.datetime) else values.add_days(day, 1))

    def _at(self, day: datetime.date, hour: datetime.time) -> datetime.datetime:
        return datetime.datetime.combine(day, hour, datetime.UTC)


class ZonedDays(Days):
    """Days of a time zone. The calendar's first and last day stand for what lies beyond them."""

    def __init__(self, zone: str) -> None:
        self.zone = zone
        self._rules = zone_rules(zone)
        # the last instant converted: rules compare many days of a document with one instant
        self._last: tuple[object, datetime.date] = (None, datetime.date.min)

    def __reduce__(self) -> tuple[type[ZonedDays], tuple[str | None]]:
        """Travel to another process by name: the rules were read from a stream."""
        return type(self), (self.zone,)

    def as_day(self, value: datetime.date) -> datetime.date:
        """Return the calendar day of an instant in the zone; a date is one already."""
        if not isinstance(value, datetime.datetime):
            return value
        instant, day = self._last
        if instant is not value:
            local = self._local(value)
            day = _end(value) if local is None else local.date()
            self._last = value, day
        return day

    def add_days(self, day: datetime.date, count: int) -> datetime.date:
        """Move a date, or an instant to the same time of the clock in the zone, by whole days."""
        if isinstance(day, datetime.datetime):
            local = self._local(day)
            if local is not None:
                moved = values.add_days(local, count)
                assert isinstance(moved, datetime.datetime)
                return _fixed(moved.replace(fold=local.fold))
        return values.add_days(day, count)

    def shown(self, instant: str) -> str:
        """Return a date-time as it reads in the zone; as it is where that is beyond the years."""
        local = self._local(values.instant_of(instant))
        return instant if local is None else _fixed(local).isoformat()

    def _local(self, instant: datetime.datetime) -> datetime.datetime | None:
        """Return an instant in the zone; None where that is before year 1 or after 9999."""
        try:
            return instant.astimezone(self._rules)
        except OverflowError:
            return None

    def _at(self, day: datetime.date, hour: datetime.time) -> datetime.datetime:
        return _fixed(datetime.datetime.combine(day, hour, self._rules))


def days_of(zone: str | None) -> Days:
    """Return how days are taken in a zone that is among the names, or without one."""
    return Days() if zone is None else ZonedDays(zone)


def _fixed(local: datetime.datetime) -> datetime.datetime:
    """Give a time the offset it has as its own: Python compares times of one zone by the clock."""
    offset = local.utcoffset()
    assert offset is not None
    return local.replace(tzinfo=datetime.timezone(offset), fold=0)


def _end(instant: datetime.datetime) -> datetime.date:
    """Return the day of the calendar that is nearest to an instant beyond it."""
    return datetime.date.min if instant.year < 5000 else datetime.date.max
