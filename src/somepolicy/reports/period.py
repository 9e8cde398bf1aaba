"""The period that a report was asked for, in words."""

from __future__ import annotations

import calendar
import datetime
from dataclasses import dataclass

from somepolicy.texts.reports import CitationsTexts


@dataclass(frozen=True, slots=True)
class Period:
    """From a day or an instant to the end of a day or before an instant; None: no limit."""

    since: datetime.date | None = None
    until: datetime.date | None = None

    @property
    def months(self) -> tuple[str, str] | None:
        """The first and the last month, as `2026-07`, where both ends are days."""
        if isinstance(self.since, datetime.datetime) or isinstance(self.until, datetime.datetime):
            return None
        ends = [x.isoformat()[:7] for x in (self.since, self.until) if x is not None]
        return (ends[0], ends[1]) if len(ends) == 2 else None

    def said(self, own: CitationsTexts, *, from_log: bool) -> str:
        """Say the period in the words of a language; a quarter or a year by its name as well."""
        if self.since is None and self.until is None:
            return own.whole_log if from_log else own.the_documents
        parts = []
        if self.since is not None:
            parts.append(own.since.format(at=self.since.isoformat()))
        if self.until is not None:
            moment = isinstance(self.until, datetime.datetime)
            parts.append((own.before if moment else own.until).format(at=self.until.isoformat()))
        span = " ".join(parts)
        name = self._name(own)
        return span if name is None else f"{name} ({span})"

    def _name(self, own: CitationsTexts) -> str | None:
        if self.since is None:
            return None
        year, number = self.since.year, (self.since.month + 2) // 3
        if self == months(year, 1, 12):
            return own.year.format(year=year)
        if self == quarter(year, number):
            return own.quarter.format(number=number, year=year)
        return None


def quarter(year: int, number: int) -> Period:
    """Return the days of a quarter, which is counted from 1."""
    return months(year, number * 3 - 2, number * 3)


def months(year: int, first: int, last: int) -> Period:
    """Return the days from the first of a month to the last of another."""
    _, length = calendar.monthrange(year, last)
    return Period(datetime.date(year, first, 1), datetime.date(year, last, length))
