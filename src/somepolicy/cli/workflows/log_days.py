"""In which time zone the days of a log are taken."""

from __future__ import annotations

import datetime
from typing import NamedTuple

from somepolicy.cli.inputs.times import is_day
from somepolicy.engine.days import Days, days_of
from somepolicy.log import DecisionLog
from somepolicy.zones import zone_names


class LogDays(NamedTuple):
    """How days of a log are taken; `mixed`: in UTC, for its entries are of several time zones."""

    days: Days
    mixed: bool


class Span(NamedTuple):
    """The entries asked for; `mixed` where a day was named and the log has several zones."""

    since: datetime.datetime | None
    until: datetime.datetime | None
    mixed: bool


def log_days(log: DecisionLog) -> LogDays:
    """Return how the days of a log are taken: in its time zone if it has one, else in UTC."""
    zones = log.time_zones()
    if zones <= {None}:
        return LogDays(Days(), mixed=False)
    (first, *others) = zones
    if others or first not in zone_names():
        return LogDays(Days(), mixed=True)
    return LogDays(days_of(first), mixed=False)


def log_span(log: DecisionLog, since: datetime.date | None, until: datetime.date | None) -> Span:
    """Return which entries are meant; the log is looked through where a day is named."""
    days, mixed = log_days(log) if is_day(since) or is_day(until) else (Days(), False)
    return Span(
        None if since is None else days.start(since),
        None if until is None else days.end(until),
        mixed,
    )
