"""Report -> xlsx: a sheet for each table. The extra `reports` brings what it needs."""

from __future__ import annotations

import datetime
import io
import re

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from somepolicy.reports.model import Column, Report, Table, Tone
from somepolicy.reports.spreadsheet import blocks, rows

_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31
_LONGEST_CELL = 32_000
_WIDTHS = {"text": 28, "code": 24, "list": 46, "count": 12, "percent": 12}
_FILLS: dict[Tone, str] = {
    "good": "#E3F1E7",
    "bad": "#FBE6E4",
    "open": "#FCF1D6",
    "advice": "#E6EFF9",
    "quiet": "#ECEEF1",
}
# the same report gives the same bytes
_CREATED = datetime.datetime(2000, 1, 1)  # noqa: DTZ001 - the format has no zone


def workbook(report: Report) -> bytes:
    """Return the report as a workbook. Texts are texts: no cell is a formula or a link."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": report.title, "created": _CREATED})
        sheets = _Sheets(book)
        for table in blocks(report):
            sheets.add(table)
    return out.getvalue()


class _Sheets:
    """Adds tables, each with the formats of its columns."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.names: set[str] = set()
        top = {"valign": "top"}
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, **top})
        self.number = book.add_format({"num_format": "#,##0", **top})
        self.percent = book.add_format({"num_format": "0.0", **top})
        self.text = book.add_format({"text_wrap": True, **top})
        self.toned = {
            tone: book.add_format({"text_wrap": True, "bg_color": fill, **top})
            for tone, fill in _FILLS.items()
        }

    def add(self, table: Table) -> None:
        """Add a sheet with the head fixed and filters where there are rows."""
        sheet = self.book.add_worksheet(self.name(table.key))
        head, *found = rows(table, lines="\n")
        for at, label in enumerate(head):
            sheet.write_string(0, at, str(label), self.head)
            form = table.columns[at].form
            sheet.set_column(at, at, _WIDTHS[form])
        for number, (row, cells) in enumerate(zip(found, table.rows, strict=True), 1):
            for at, value in enumerate(row):
                tone = cells[at].tone
                form = self.toned[tone] if tone else self.form(table.columns[at])
                _write(sheet, number, at, value, form)
        sheet.freeze_panes(1, 1)
        if found:
            sheet.autofilter(0, 0, len(found), len(head) - 1)

    def form(self, column: Column) -> Format:
        """Return the format of a column's cells."""
        if column.form == "percent":
            return self.percent
        return self.number if column.form == "count" else self.text

    def name(self, key: str) -> str:
        """Return a name for a sheet that Excel takes and no other sheet has."""
        base = _FORBIDDEN.sub("-", key)[:_LONGEST_NAME] or "-"
        name, number = base, 1
        while name.lower() in self.names:
            number += 1
            name = f"{base[: _LONGEST_NAME - 3]}-{number}"
        self.names.add(name.lower())
        return name


def _write(
    sheet: Worksheet, row: int, column: int, value: str | float | None, form: Format
) -> None:
    match value:
        case None | "":
            sheet.write_blank(row, column, None, form)
        case str():
            sheet.write_string(row, column, value[:_LONGEST_CELL], form)
        case _:
            sheet.write_number(row, column, value, form)
