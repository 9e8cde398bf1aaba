"""Figures -> pictures: SVG that reads in light and in dark, with nothing but text and shapes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Literal

WIDTH = 760
_LEFT = 252  # where the bars begin
_RIGHT = 96  # room for the figure after a bar
_ROW = 30
_BAR = 16
_TOP = 62
_FOOT = 34

_STYLE = """
text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: #1f2328 }
.title { font-size: 16px; font-weight: 600 }
.note, .tick { font-size: 12px; fill: #59636e }
.ours { fill: #0969da } .limit { fill: #8250df } .peer { fill: #9aa4ae }
text.ours { fill: #0550ae; font-weight: 600 }
.figure { font-variant-numeric: tabular-nums }
.grid { stroke: #d1d9e0; stroke-width: 1 }
.spread { stroke: #1f2328; stroke-width: 1.5; opacity: .55 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .note, .tick { fill: #9198a1 }
  .ours { fill: #4493f8 } .limit { fill: #ab7df8 } .peer { fill: #6e7681 }
  text.ours { fill: #79b8ff }
  .grid { stroke: #3d444d }
  .spread { stroke: #e6edf3 }
}
"""


@dataclass(frozen=True, slots=True)
class Bar:
    """A row: the figure with the least and the most that was measured."""

    name: str
    role: Literal["ours", "limit", "peer"]
    least: float
    value: float
    most: float


def picture(title: str, note: str, bars: list[Bar], shown: Callable[[float], str]) -> str:
    """Return the SVG of the bars, in their order; a logarithmic axis where they differ a lot.

    On a logarithmic axis a bar would have no honest length: its figure is a dot there.
    """
    most = max(bar.value for bar in bars)
    least = min(bar.value for bar in bars)
    logarithmic = least > 0 and most / least > 60
    axis = _Axis(*_bounds(least, most, bars, logarithmic), logarithmic)
    height = _TOP + _ROW * len(bars) + _FOOT
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
            f'viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="title note">'
        ),
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="note">{escape(note)}. {escape(_told(bars, shown))}</desc>',
        f"<style>{_STYLE}</style>",
        f'<text class="title" x="16" y="26">{escape(title)}</text>',
        f'<text class="note" x="16" y="46">{escape(note + _scale(logarithmic))}</text>',
        *_grid(axis, len(bars), shown),
        *(line for at, bar in enumerate(bars) for line in _row(axis, at, bar, shown)),
        "</svg>\n",
    ]
    return "\n".join(parts)


@dataclass(frozen=True, slots=True)
class _Axis:
    low: float
    high: float
    logarithmic: bool

    def x(self, value: float) -> float:
        if self.logarithmic:
            value = max(value, self.low)
            share = math.log(value / self.low) / math.log(self.high / self.low)
        else:
            share = value / self.high
        return round(_LEFT + min(share, 1.0) * (WIDTH - _LEFT - _RIGHT), 1)

    def ticks(self) -> list[float]:
        if self.logarithmic:
            decades = range(round(math.log10(self.low)), round(math.log10(self.high)) + 1)
            return [10.0**power for power in decades]
        step = 10 ** math.floor(math.log10(self.high))
        step = next(step * part for part in (0.1, 0.2, 0.5, 1, 2) if self.high / (step * part) <= 6)
        return [step * number for number in range(int(self.high / step + 1e-9) + 1)]


def _bounds(least: float, most: float, bars: list[Bar], logarithmic: bool) -> tuple[float, float]:
    if not logarithmic:
        return 0.0, max(most, *(min(bar.most, 1.3 * most) for bar in bars))
    return 10.0 ** math.floor(math.log10(least)), 10.0 ** math.ceil(math.log10(most))


def _scale(logarithmic: bool) -> str:
    return "; logarithmic scale, each line ten times the last" if logarithmic else ""


def _told(bars: list[Bar], shown: Callable[[float], str]) -> str:
    return "; ".join(f"{bar.name}: {shown(bar.value)}" for bar in bars)


def _grid(axis: _Axis, rows: int, shown: Callable[[float], str]) -> list[str]:
    bottom = _TOP + _ROW * rows
    lines = []
    for tick in axis.ticks():
        x = axis.x(tick)
        lines.append(f'<line class="grid" x1="{x}" y1="{_TOP - 6}" x2="{x}" y2="{bottom}"/>')
        label = _short(shown(tick)) if tick else "0"
        lines.append(
            f'<text class="tick" x="{x}" y="{bottom + 18}" text-anchor="middle">{label}</text>'
        )
    return lines


def _short(figure: str) -> str:
    """Return `100 µs` for `100.0 µs`: a tick is a round number."""
    number, _, unit = figure.partition(" ")
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    return f"{number} {unit}".strip()


def _row(axis: _Axis, at: int, bar: Bar, shown: Callable[[float], str]) -> list[str]:
    top = _TOP + _ROW * at + (_ROW - _BAR) / 2
    middle = top + _BAR / 2
    end = axis.x(bar.value)
    emphasis = " ours" if bar.role == "ours" else ""
    left, right = axis.x(bar.least), axis.x(bar.most)
    lines = [
        (
            f'<text class="name{emphasis}" x="{_LEFT - 12}" y="{middle + 4.5}" '
            f'text-anchor="end">{escape(bar.name)}</text>'
        )
    ]
    if axis.logarithmic:
        lines.append(f'<line class="grid" x1="{_LEFT}" y1="{middle}" x2="{end}" y2="{middle}"/>')
    else:
        wide = max(end - _LEFT, 2)
        lines.append(
            f'<rect class="{bar.role}" x="{_LEFT}" y="{top}" width="{wide:.1f}" '
            f'height="{_BAR}" rx="3"/>'
        )
    if right - left > 1:
        lines.append(f'<line class="spread" x1="{left}" y1="{middle}" x2="{right}" y2="{middle}"/>')
    if axis.logarithmic:
        lines.append(f'<circle class="{bar.role}" cx="{end}" cy="{middle}" r="6.5"/>')
    after = max(end, right)
    lines.append(
        f'<text class="figure{emphasis}" x="{after + 12}" y="{middle + 4.5}">{shown(bar.value)}</text>'
    )
    return lines
