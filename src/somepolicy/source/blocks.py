"""Lines of a document -> blocks: titles, headings, paragraphs, points of a list.

What a word processor or the author marks as a heading or a point is one. Elsewhere:

* an empty line ends a block; a line that begins with the sign of a list begins a point;
* a short block alone, without a mark at its end that a sentence or a lead-in has, is a heading
  where something follows it;
* of several headings before the first text all but the last are the title of the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from somepolicy.source.sentences import sentences
from somepolicy.source.spelling import clean

Style = Literal["plain", "title", "heading", "point"]
Kind = Literal["title", "heading", "paragraph", "point"]

_BULLET = re.compile(r"(?:[-–—−•*‣◦▪▫●○■□]|o(?=\t| {2,}))\s+(?=\S)")
_NUMBERED = re.compile(r"(?:\(?(?P<number>\d{1,2}|[a-zæøå])[.)])\s+(?=\S)")
_MARKDOWN = re.compile(r"#{1,6}\s+(?=\S)")
_TAB = 4
_DEEPER = 2  # columns
_MOST_DEEP = 8
_MOST_CHARACTERS, _MOST_WORDS = 90, 12  # of a heading nobody marked
_NO_HEADING_ENDS_IN = ".,:;!…"


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was read: what precedes its words, and what its document calls it.

    `indent` is in columns; `apart` says that an empty line or a new paragraph comes before it;
    `depth` is how deep in its list a `point` stands, from 0.
    """

    text: str
    indent: int = 0
    apart: bool = False
    style: Style = "plain"
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a document, its text clean; `depth` is how deep in its list a point stands."""

    kind: Kind
    text: str
    depth: int = 0


def lines_of(text: str) -> list[Line]:
    """Split a plain text into lines; those that are empty show in the next one's `apart`."""
    found: list[Line] = []
    apart = True
    for raw in text.splitlines():
        expanded = raw.replace("\N{NO-BREAK SPACE}", " ").expandtabs(_TAB)
        words = expanded.strip("\N{ZERO WIDTH NO-BREAK SPACE}").strip()
        if words:
            indent = len(expanded) - len(expanded.lstrip())
            found.append(Line(words, indent, apart))
        apart = not words
    return found


def blocks_of(lines: Iterable[Line]) -> list[Block]:
    """Join lines into blocks and distinguish headings from paragraphs."""
    gatherer = _Gatherer()
    for line in lines:
        gatherer.line(line)
    blocks = [Block(each.kind, clean("\n".join(each.lines)), each.depth) for each in gatherer.open]
    # what holds no letter or digit is a rule drawn between parts
    return _with_headings([each for each in blocks if any(map(str.isalnum, each.text))])


@dataclass(frozen=True, slots=True)
class _Open:
    """A block that may take further lines."""

    kind: Kind
    lines: list[str]
    depth: int = 0


class _Gatherer:
    def __init__(self) -> None:
        self.open: list[_Open] = []
        self._indents: list[int] = []  # of the open points, outermost first
        self._takes_more = False  # whether a line may go on the last block

    def line(self, line: Line) -> None:
        if line.style in ("title", "heading"):
            self._begin("title" if line.style == "title" else "heading", line.text)
            self._takes_more = False
        elif line.style == "point":
            self._indents = []
            self._begin("point", _BULLET.sub("", line.text, count=1), line.depth)
        elif marked := _MARKDOWN.match(line.text):
            self._begin("heading", line.text[marked.end() :].rstrip("# "))
            self._takes_more = False
        elif length := self._marker(line):
            self._point(line, length)
        elif self._goes_on(line):
            self.open[-1].lines.append(line.text)
        else:
            self._indents = []
            self._begin("paragraph", line.text)

    def _begin(self, kind: Kind, text: str, depth: int = 0) -> None:
        self.open.append(_Open(kind, [text], depth))
        self._takes_more = True

    def _goes_on(self, line: Line) -> bool:
        if not self._takes_more or not self.open:
            return False
        if not line.apart:
            return True
        # further in than the sign of the point: a second paragraph of it
        return bool(self._indents) and line.indent >= self._indents[-1] + _DEEPER

    def _marker(self, line: Line) -> int:
        """Return how long the sign of a list at the beginning of a line is; 0: there is none."""
        if found := _BULLET.match(line.text):
            return found.end()
        found = _NUMBERED.match(line.text)
        if found is None:
            return 0
        in_text = (
            not line.apart and self._takes_more and self.open and self.open[-1].kind != "point"
        )
        # within a paragraph `1. januar` may begin a line
        if in_text and not (found["number"] in "1a" and line.text[found.end()].isupper()):
            return 0
        return found.end()

    def _point(self, line: Line, length: int) -> None:
        while self._indents and line.indent <= self._indents[-1] - _DEEPER:
            self._indents.pop()
        if not self._indents or line.indent >= self._indents[-1] + _DEEPER:
            self._indents.append(line.indent)
        self._begin("point", line.text[length:], min(len(self._indents) - 1, _MOST_DEEP))


def _with_headings(blocks: Sequence[Block]) -> list[Block]:
    marked = any(each.kind == "heading" for each in blocks)
    found = list(blocks)
    for index, block in enumerate(blocks[:-1]):
        if block.kind == "paragraph" and not marked and _is_heading(block.text):
            found[index] = replace(block, kind="heading")
    for index, block in enumerate(found):
        if block.kind not in ("title", "heading"):
            break
        if found[index + 1 : index + 2] and found[index + 1].kind == "heading":
            found[index] = replace(block, kind="title")
    return found


def _is_heading(text: str) -> bool:
    return (
        len(text) <= _MOST_CHARACTERS
        and len(text.split()) <= _MOST_WORDS
        and text[-1] not in _NO_HEADING_ENDS_IN
        and any(char.isalpha() for char in text)
        and len(sentences(text)) == 1
    )
