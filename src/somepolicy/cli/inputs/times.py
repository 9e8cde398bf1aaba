"""Days and times as people write them on the command line.

A day is taken where the policy, or the log, takes its days: `Days` says which instant it means.
"""

from __future__ import annotations

import datetime
import re
from typing import Annotated

import typer

from somepolicy.engine.formats import A_TIME, instant_error, is_date, is_instant
from somepolicy.engine.values import day_of, instant_of
from somepolicy.reports.period import Period, months, quarter

_YEAR = re.compile(r"(?!0000)[0-9]{4}")
_MONTH = re.compile(rf"({_YEAR.pattern})-(0[1-9]|1[0-2])")
_QUARTER = re.compile(rf"({_YEAR.pattern})-Q([1-4])")
_WANTED = "a day such as 2026-11-22 or a time with offset such as 2026-11-22T12:00:00+01:00"
_BEYOND = "in UTC this lies before the year 1 or after the year 9999"


def read_time(text: str) -> datetime.date:
    """Read a time with offset, which is a datetime, or a day. Raises BadParameter."""
    if is_date(text):
        return day_of(text)
    if is_instant(text):
        instant = instant_of(text)
        try:
            instant.astimezone(datetime.UTC)
        except OverflowError:
            raise typer.BadParameter(_BEYOND) from None
        return instant
    raise typer.BadParameter(_why_not(text))


def _why_not(text: str) -> str:
    wanted, why = f"{_WANTED} is needed", instant_error(text)
    return wanted if why == A_TIME else f"{why}; {wanted}"


def read_quarter(text: str) -> Period:
    """Read `2026-Q3`. Raises BadParameter."""
    found = _QUARTER.fullmatch(text)
    if found is None:
        raise typer.BadParameter("a quarter such as 2026-Q3 is needed")
    return quarter(int(found[1]), int(found[2]))


def read_month(text: str) -> Period:
    """Read `2026-07`. Raises BadParameter."""
    found = _MONTH.fullmatch(text)
    if found is None:
        raise typer.BadParameter("a month such as 2026-07 is needed")
    return months(int(found[1]), int(found[2]), int(found[2]))


def read_year(text: str) -> Period:
    """Read `2026`. Raises BadParameter."""
    if not _YEAR.fullmatch(text):
        raise typer.BadParameter("a year such as 2026 is needed")
    return months(int(text), 1, 12)


def is_day(stated: datetime.date | None) -> bool:
    """Whether a day was written, and no time."""
    return stated is not None and not isinstance(stated, datetime.datetime)


Since = Annotated[
    datetime.date | None,
    typer.Option(metavar="TIME", parser=read_time, help="From this day or time on."),
]
Until = Annotated[
    datetime.date | None,
    typer.Option(
        metavar="TIME", parser=read_time, help="To the end of this day, or before a time."
    ),
]
Quarter = Annotated[
    Period | None,
    typer.Option(metavar="YYYY-Qn", parser=read_quarter, help="A whole quarter, as 2026-Q3."),
]
Month = Annotated[
    Period | None,
    typer.Option(metavar="YYYY-MM", parser=read_month, help="A whole month, as 2026-07."),
]
Year = Annotated[
    Period | None,
    typer.Option(metavar="YYYY", parser=read_year, help="A whole year, as 2026."),
]
