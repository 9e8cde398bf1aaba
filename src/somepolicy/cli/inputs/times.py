"""Days and times as people write them on the command line."""

from __future__ import annotations

import datetime
from typing import Annotated

import typer

from somepolicy.runtime.formats import is_date, is_instant
from somepolicy.runtime.values import instant_of

_DAY = datetime.timedelta(days=1)
_WANTED = "a day such as 2026-11-22 or a time with offset such as 2026-11-22T12:00:00+01:00"


def read_as_of(text: str) -> datetime.datetime:
    """Read a day, which means its noon in UTC, or a time with offset."""
    return _read(text, "T12:00:00+00:00")


def read_start(text: str) -> datetime.datetime:
    """Read a day, which means its beginning in UTC, or a time with offset."""
    return _read(text, "T00:00:00+00:00")


def read_end(text: str) -> datetime.datetime:
    """Read a day, which is meant whole, or a time with offset, which is left out itself."""
    start = read_start(text)
    try:
        return start + _DAY if is_date(text) else start
    except OverflowError:
        return start


def _read(text: str, hour: str) -> datetime.datetime:
    """Read a time with offset, or a day, of which the hour is meant. Raises BadParameter."""
    if is_date(text):
        return instant_of(f"{text}{hour}")
    if is_instant(text):
        return instant_of(text)
    raise typer.BadParameter(f"{_WANTED} is needed")


Since = Annotated[
    datetime.datetime | None,
    typer.Option(metavar="TIME", parser=read_start, help="From this day or time on."),
]
Until = Annotated[
    datetime.datetime | None,
    typer.Option(metavar="TIME", parser=read_end, help="To the end of this day, or before a time."),
]
