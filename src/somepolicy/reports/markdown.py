"""Report -> Markdown (GitHub's), in which no value can become markup."""

from __future__ import annotations

from collections.abc import Iterator

from somepolicy.rendering import markdown as md
from somepolicy.reports.model import Cell, Column, Report, Table
from somepolicy.reports.numbers import shown
from somepolicy.texts.catalogue import texts


def markdown(report: Report) -> str:
    """Return the report as text of Markdown."""
    return "\n".join(_lines(report)).rstrip() + "\n"


def _lines(report: Report) -> Iterator[str]:
    words = texts(report.language).report
    yield f"# {md.text(report.title)}"
    yield ""
    yield f"**{md.text(report.subject)}**"
    for paragraph in report.lead:
        yield from ("", md.paragraph(paragraph))
    yield from ("", f"## {words.figures}", "")
    heads = (Column("figure", words.figure), Column("value", words.value, "count"))
    figures = tuple(
        (Cell(each.label), Cell(each.value), Cell(each.note)) for each in report.figures
    )
    yield from _grid((*heads, Column("note", words.note)), figures, report.language)
    for section in report.sections:
        yield from ("", f"## {md.text(section.title)}")
        for paragraph in section.text:
            yield from ("", md.paragraph(paragraph))
        for table in section.tables:
            alone = len(section.tables) == 1 and bool(section.text)
            alone = alone or table.caption == section.title
            yield from _table(table, report.language, alone=alone)
    yield from ("", f"## {words.about}", "")
    yield from (f"- {md.paragraph(label)}: {md.text(value)}" for label, value in report.about)


def _table(table: Table, language: str, *, alone: bool) -> Iterator[str]:
    if not alone:
        yield from ("", f"### {md.text(table.caption)}")
    yield ""
    if not table.rows:
        yield md.paragraph(table.empty)
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
            yield f"- {md.paragraph(column.label)}:"
            yield from (f"  - {md.paragraph(each)}" for each in cell.value)
        else:
            yield f"- {md.paragraph(column.label)}: {_text(cell, column, language)}"
    yield ""


def _grid(
    columns: tuple[Column, ...], rows: tuple[tuple[Cell, ...], ...], language: str
) -> Iterator[str]:
    cells = (
        [_text(cell, column, language) for cell, column in zip(row, columns, strict=True)]
        for row in rows
    )
    align = "".join("r" if column.numeric else "-" for column in columns)
    yield from md.table([md.text(column.label) for column in columns], cells, align)


def _text(cell: Cell, column: Column, language: str) -> str:
    if isinstance(cell.value, tuple):
        return "<br>".join(map(md.text, cell.value))
    return md.text(shown(cell.value, column.form, language))
