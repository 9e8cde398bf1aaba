"""A report is data: figures, and sections with tables. Every format is written from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from somepolicy.json_type import Json
from somepolicy.rendering.plain_text import one_line

Tone = Literal["good", "bad", "open", "advice", "quiet"]
Value = str | int | float | tuple[str, ...] | None
Form = Literal["text", "code", "list", "count", "percent"]
Layout = Literal["table", "cards", "matrix"]
Picture = Literal["strip", "months"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A value; None where there is nothing to say.

    `tone` says what the value means to a reader, `to` is the anchor of a row elsewhere,
    `shade` is 0 (none) to 5 (the most in its table).
    """

    value: Value
    tone: Tone | None = None
    to: str | None = None
    shade: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `percent` values are in percent, with one decimal."""

    key: str
    label: str
    form: Form = "text"

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers."""
        return self.form in ("count", "percent")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells below columns; the first column names the row.

    `cards` asks for one block per row where there is room for blocks, `matrix` for shaded
    cells. `picture` may be drawn from the rows, which say the same. `empty` is said where
    there is no row.
    """

    key: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str
    layout: Layout = "table"
    picture: Picture | None = None

    def anchor(self, row: int) -> str:
        """Return the name by which other cells point at a row, counted from 0."""
        return f"{self.key}-{row + 1}"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, or a word, to be seen first."""

    key: str
    label: str
    value: str | int | float
    note: str = ""
    tone: Tone | None = None
    form: Form = "count"


@dataclass(frozen=True, slots=True)
class Section:
    """Tables under a heading, after a text of some paragraphs."""

    key: str
    title: str
    text: tuple[str, ...]
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report in one language. `about` says what it was made from: label and value.

    `log` is what was read of a decision log, for programs; None where none was.
    """

    name: str
    language: str
    title: str
    subject: str
    lead: tuple[str, ...]
    about: tuple[tuple[str, str], ...]
    figures: tuple[Figure, ...]
    sections: tuple[Section, ...]
    log: Mapping[str, Json] | None = None

    @property
    def tables(self) -> Iterator[Table]:
        """Every table, in order."""
        for section in self.sections:
            yield from section.tables


def share(part: int, whole: int) -> float | None:
    """Return a part in percent with one decimal; None of nothing."""
    return round(100 * part / whole, 1) if whole else None


# --- nothing in a report may act on its reader


def cleaned(report: Report) -> Report:
    """Return the report with every text on one line, free of control and direction signs."""
    return replace(
        report,
        title=one_line(report.title),
        subject=one_line(report.subject),
        lead=tuple(map(one_line, report.lead)),
        about=tuple((one_line(label), one_line(value)) for label, value in report.about),
        figures=tuple(
            replace(
                each, label=one_line(each.label), value=_value(each.value), note=one_line(each.note)
            )
            for each in report.figures
        ),
        sections=tuple(map(_section, report.sections)),
    )


def _section(section: Section) -> Section:
    return replace(
        section,
        title=one_line(section.title),
        text=tuple(map(one_line, section.text)),
        tables=tuple(map(_table, section.tables)),
    )


def _table(table: Table) -> Table:
    return replace(
        table,
        caption=one_line(table.caption),
        columns=tuple(replace(each, label=one_line(each.label)) for each in table.columns),
        rows=tuple(
            tuple(replace(cell, value=_cell(cell.value)) for cell in row) for row in table.rows
        ),
    )


def _cell(value: Value) -> Value:
    return tuple(map(one_line, value)) if isinstance(value, tuple) else _plain(value)


def _plain(value: str | float | None) -> str | int | float | None:
    return one_line(value) if isinstance(value, str) else value


def _value(value: str | float) -> str | int | float:
    return one_line(value) if isinstance(value, str) else value
