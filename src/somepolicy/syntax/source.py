"""Where a piece of a policy stands: a text, and a stretch of it."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, eq=False)
class Source:
    """One text with the path a person knows it by.

    `text` has LF line ends. Two sources are equal only if they are the same object.
    """

    path: str
    text: str = field(repr=False)

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """Offset of the first character of each line."""
        return (0, *(match.end() for match in re.finditer("\n", self.text)))

    def position(self, offset: int) -> tuple[int, int]:
        """Return the 1-based line and column, in characters, of an offset."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """Return the 1-based line without its line end."""
        start = self.line_starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start:] if end < 0 else self.text[start:end]


@dataclass(frozen=True, slots=True)
class Span:
    """Characters text[start:end] of one source, 0-based, end excluded."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        """The characters spanned."""
        return self.source.text[self.start : self.end]

    @property
    def where(self) -> str:
        """`path:line:column` of the first character, the last two 1-based."""
        line, column = self.source.position(self.start)
        return f"{self.source.path}:{line}:{column}"

    def to(self, other: Span) -> Span:
        """Return the stretch from the start of this span to the end of the other."""
        return Span(self.source, self.start, other.end)
