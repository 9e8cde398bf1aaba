"""Days and times as people write them on the command line.

A day is taken where the policy, or the log, takes its days: `Days` says which instant it means.
"""

from __future__ import annotations

import datetime
from typing import Annotated

import typer

from somepolicy.engine.formats import A_TIME, instant_error, is_date, is_instant
from somepolicy.engine.values import day_of, instant_of

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
