"""Report -> one HTML page that needs nothing else: no script, no network, no font."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from somepolicy.rendering.page import page
from somepolicy.reports.model import Column, Report, Section, Table, Value
from somepolicy.reports.numbers import shown
from somepolicy.reports.pictures import chart, strip
from somepolicy.texts.catalogue import texts

_TEMPLATE = Path(__file__).parent / "page" / "report.html"
_WIDE, _NARROW = 1100, 340
_MANY_COLUMNS = 8
_MANY_ROWS = 12


def html(report: Report) -> str:
    """Return the page. Every value is escaped by the template engine."""
    return page(
        _TEMPLATE,
        report=report,
        words=texts(report.language).report,
        number=partial(_number, language=report.language),
        strip=strip,
        charts=partial(_charts, language=report.language),
        is_wide=_is_wide,
        is_said_elsewhere=_is_said_elsewhere,
    )


def _number(value: Value, column: Column, language: str) -> str:
    if isinstance(value, tuple):
        return "; ".join(value)
    return shown(value, column.form, language)


def _charts(table: Table, language: str) -> list[object]:
    return [chart(table, width, language) for width in (_WIDE, _NARROW)]


def _is_wide(section: Section) -> bool:
    return any(x.layout != "cards" and len(x.columns) > _MANY_COLUMNS for x in section.tables)


def _is_said_elsewhere(table: Table) -> bool:
    """Whether the rows can be folded away: the picture shows them, or its links lead on."""
    if table.picture == "months":
        return len(table.rows) > _MANY_ROWS
    return any(row[0].to is not None for row in table.rows)
