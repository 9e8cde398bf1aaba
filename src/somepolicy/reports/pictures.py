"""Tables -> pictures: where every clause stands, and how the months went. Geometry only."""

from __future__ import annotations

import math
from dataclasses import dataclass

from somepolicy.reports.model import Cell, Table, Tone
from somepolicy.texts.catalogue import texts


@dataclass(frozen=True, slots=True)
class Mark:
    """A box of the strip, and the row it stands for."""

    name: str
    status: str
    tone: Tone
    to: str


@dataclass(frozen=True, slots=True)
class Strip:
    """Boxes by section, and what each tone means here."""

    groups: tuple[tuple[str, tuple[Mark, ...]], ...]
    legend: tuple[tuple[Tone, str], ...]


def strip(table: Table) -> Strip:
    """Return a box for each row: its first cell names it, its toned cell gives the status."""
    section = next((i for i, x in enumerate(table.columns) if x.key == "section"), None)
    groups: dict[str, list[Mark]] = {}
    legend: dict[Tone, dict[str, None]] = {}
    for number, row in enumerate(table.rows):
        toned = next((cell for cell in row if cell.tone is not None), Cell("", tone="quiet"))
        tone: Tone = toned.tone or "quiet"
        to = row[0].to or table.anchor(number)
        mark = Mark(str(row[0].value), str(toned.value), tone, to)
        groups.setdefault("" if section is None else str(row[section].value), []).append(mark)
        legend.setdefault(tone, {})[mark.status] = None
    labels = tuple((tone, ", ".join(legend[tone])) for tone in _ORDER if tone in legend)
    return Strip(tuple((name, tuple(marks)) for name, marks in groups.items()), labels)


_ORDER: tuple[Tone, ...] = ("good", "advice", "open", "bad", "quiet")

# --- columns for months


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a column, in units of the picture."""

    x: float
    y: float
    width: float
    height: float
    tone: Tone


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text at a place of the picture."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Stacked columns with lines at round numbers, and what each tone means."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    lines: tuple[PlacedText, ...]
    months: tuple[PlacedText, ...]
    years: tuple[PlacedText, ...]
    legend: tuple[tuple[Tone, str], ...]


_HEIGHT, _TOP, _BOTTOM, _LEFT, _RIGHT, _LABEL = 280, 12, 44, 56, 20, 40
_STACK: tuple[tuple[str, Tone], ...] = (
    ("allowed", "good"),
    ("unproven", "open"),
    ("violated", "bad"),
)


def chart(table: Table, width: int, language: str) -> Chart:
    """Return columns of a table whose rows are months like `2026-11`."""
    at = {column.key: index for index, column in enumerate(table.columns)}
    most = max((_number(row[at["decisions"]]) for row in table.rows), default=0)
    step = _round_step(most)
    top = max(step, step * math.ceil(most / step))
    room, base = _HEIGHT - _TOP - _BOTTOM, _HEIGHT - _BOTTOM
    pitch = (width - _LEFT - _RIGHT) / max(1, len(table.rows))
    thick = min(48.0, pitch * 0.7)
    every = max(1, math.ceil(_LABEL / pitch))
    names = texts(language).report.months
    bars: list[Bar] = []
    months: list[PlacedText] = []
    years: list[PlacedText] = []
    for number, row in enumerate(table.rows):
        middle, y = _LEFT + pitch * (number + 0.5), float(base)
        for key, tone in _STACK:
            height = room * _number(row[at[key]]) / top
            if height:
                y -= height
                bars.append(Bar(_cut(middle - thick / 2), _cut(y), _cut(thick), _cut(height), tone))
        year, _, month = str(row[0].value).partition("-")
        if number % every == 0:
            months.append(PlacedText(_cut(middle), base + 18, names[int(month) - 1]))
            if not years or years[-1].text != year:
                years.append(PlacedText(_cut(middle), base + 36, year))
    lines = tuple(
        PlacedText(_LEFT, _cut(base - room * value / top), str(value))
        for value in range(0, top + 1, step)
    )
    legend = tuple((tone, table.columns[at[key]].label) for key, tone in _STACK)
    return Chart(width, _HEIGHT, tuple(bars), lines, tuple(months), tuple(years), legend)


def _number(cell: Cell) -> int:
    return cell.value if isinstance(cell.value, int) else 0


def _round_step(most: int) -> int:
    """Return the step of 1, 2 or 5 times a power of ten that gives three to six lines."""
    step, powers = 1, 0
    while most / step > 5:
        powers += 1
        step = (1, 2, 5)[powers % 3] * 10 ** (powers // 3)
    return step


def _cut(value: float) -> float:
    return round(value, 1)
