"""Report -> CSV: one table after the other, or one of them alone. No cell is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from somepolicy.reports.model import Cell, Column, Report, Table, Value
from somepolicy.texts.catalogue import texts

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Row = Sequence[str | int | float | None]


def csv_text(report: Report, table: str | None = None) -> str:
    """Return the report after RFC 4180.

    Every table follows a row with its name and caption, and an empty row. `table` asks for
    that table alone, without those rows; the caller knows that it is there.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    for each in blocks(report):
        if table is None:
            if out.tell():
                writer.writerow(())
            writer.writerow((each.key, neutral(each.caption)))
        elif each.key != table:
            continue
        writer.writerows(rows(each))
    return out.getvalue()


def blocks(report: Report) -> Iterator[Table]:
    """Yield what the report is made from, its figures and its tables, all as tables."""
    yield from (_about(report), _figures(report))
    yield from report.tables


def rows(table: Table, *, lines: str = "; ") -> Iterator[Row]:
    """Yield the head and every row, lists joined by `lines`."""
    yield [neutral(column.label) for column in table.columns]
    for row in table.rows:
        yield [flat(cell.value, lines) for cell in row]


def flat(value: Value, lines: str) -> str | int | float | None:
    """Return a value for one cell."""
    if isinstance(value, tuple):
        return neutral(lines.join(value))
    return neutral(value) if isinstance(value, str) else value


def neutral(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; a quote in front marks a text."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _about(report: Report) -> Table:
    words = texts(report.language).report
    columns = (Column("figure", words.figure), Column("value", words.value))
    first = ((Cell(report.title), Cell(report.subject)),)
    found = tuple((Cell(label), Cell(value)) for label, value in report.about)
    return Table("about", words.about, columns, first + found, "")


def _figures(report: Report) -> Table:
    words = texts(report.language).report
    columns = (
        Column("figure", words.figure),
        Column("value", words.value),
        Column("note", words.note),
    )
    found = tuple((Cell(x.label), Cell(x.value), Cell(x.note or None)) for x in report.figures)
    return Table("figures", words.figures, columns, found, "")
