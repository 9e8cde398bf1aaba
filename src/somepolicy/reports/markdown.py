"""Report -> Markdown (GitHub's), in which no value can become markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from somepolicy.reports.model import Cell, Column, Report, Table
from somepolicy.reports.numbers import shown
from somepolicy.texts.catalogue import texts

# a backslash before punctuation is always an escape; `:` and `.` keep addresses from linking
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~&!$^=@]|(?<=\bhttp):|(?<=\bhttps):|(?<=\bwww)\.")
_LEADING = re.compile(r"^(\d*)([-+.)])")  # of a list


def markdown(report: Report) -> str:
    """Return the report as text of Markdown."""
    return "\n".join(_lines(report)).rstrip() + "\n"


def _lines(report: Report) -> Iterator[str]:
    words = texts(report.language).report
    yield f"# {_escaped(report.title)}"
    yield ""
    yield f"**{_escaped(report.subject)}**"
    for paragraph in report.lead:
        yield from ("", _paragraph(paragraph))
    yield from ("", f"## {words.figures}", "")
    heads = (Column("figure", words.figure), Column("value", words.value, "count"))
    figures = tuple(
        (Cell(each.label), Cell(each.value), Cell(each.note)) for each in report.figures
    )
    yield from _grid((*heads, Column("note", words.note)), figures, report.language)
    for section in report.sections:
        yield from ("", f"## {_escaped(section.title)}")
        for paragraph in section.text:
            yield from ("", _paragraph(paragraph))
        for table in section.tables:
            yield from _table(
                table, report.language, alone=len(section.tables) == 1 and bool(section.text)
            )
    yield from ("", f"## {words.about}", "")
    yield from (f"- {_escaped(label)}: {_escaped(value)}" for label, value in report.about)


def _table(table: Table, language: str, *, alone: bool) -> Iterator[str]:
    if not alone:
        yield from ("", f"### {_escaped(table.caption)}")
    yield ""
    if not table.rows:
        yield _paragraph(table.empty)
    elif table.layout == "cards":
        for row in table.rows:
            yield from _card(table, row, language)
    else:
        yield from _grid(table.columns, table.rows, language)


def _card(table: Table, row: tuple[Cell, ...], language: str) -> Iterator[str]:
    name = _text(row[0], table.columns[0], language)
    yield f"### {name}"
    yield ""
    for column, cell in zip(table.columns[1:], row[1:], strict=True):
        if cell.value in (None, ()):
            continue
        if isinstance(cell.value, tuple):
            yield f"- {_escaped(column.label)}:"
            yield from (f"  - {_paragraph(each)}" for each in cell.value)
        else:
            yield f"- {_escaped(column.label)}: {_text(cell, column, language)}"
    yield ""


def _grid(
    columns: tuple[Column, ...], rows: tuple[tuple[Cell, ...], ...], language: str
) -> Iterator[str]:
    yield _row(_escaped(column.label) for column in columns)
    yield _row("---:" if column.numeric else "---" for column in columns)
    for row in rows:
        pairs = zip(row, columns, strict=True)
        yield _row(_text(cell, column, language) for cell, column in pairs)


def _row(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _text(cell: Cell, column: Column, language: str) -> str:
    if isinstance(cell.value, tuple):
        return "<br>".join(map(_escaped, cell.value))
    return _escaped(shown(cell.value, column.form, language))


def _paragraph(text: str) -> str:
    """Return a text for the beginning of a line, where more signs have a meaning."""
    return _LEADING.sub(r"\1\\\2", _escaped(text))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)
