"""Report -> one HTML page that needs nothing else: no script, no network, no font."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from somepolicy.rendering.page import page
from somepolicy.reports.model import Column, Report, Table, Value
from somepolicy.reports.numbers import shown
from somepolicy.reports.pictures import chart, strip
from somepolicy.texts.catalogue import texts

_TEMPLATE = Path(__file__).parent / "page" / "report.html"
_WIDE, _NARROW = 1100, 340
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
        margin_title=_css_text(f"{report.title} – {report.subject}"),
        is_said_elsewhere=_is_said_elsewhere,
    )


def _number(value: Value, column: Column, language: str) -> str:
    if isinstance(value, tuple):
        return "; ".join(value)
    return shown(value, column.form, language)


def _charts(table: Table, language: str) -> list[object]:
    return [chart(table, width, language) for width in (_WIDE, _NARROW)]


def _css_text(text: str) -> str:
    """Return a text for a string of CSS, in which no sign of it means anything."""
    return "".join(x if x.isascii() and x.isalnum() else f"\\{ord(x):x} " for x in text)


def _is_said_elsewhere(table: Table) -> bool:
    """Whether the rows can be folded away: the picture shows them, or its links lead on."""
    if table.picture == "months":
        return len(table.rows) > _MANY_ROWS
    return any(row[0].to is not None for row in table.rows)
