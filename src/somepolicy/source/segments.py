"""Blocks -> segments: the sentences of a document, each with its place and its digest.

A section begins at a heading, and at a paragraph that follows a list: no heading stands over
it. Within a section paragraphs are `p1`, `p2` …, points `b1`, `b2` … through all of its lists,
points within a point `b1.b1` …; where there is more than one sentence, they are `s1`, `s2` ….
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from somepolicy.source.blocks import Block
from somepolicy.source.errors import SourceError
from somepolicy.source.sentences import sentences
from somepolicy.source.spelling import digest

MOST_SEGMENTS = 20_000
_STEP = re.compile(r"([a-z]*)([0-9]+)")
_STATUSES = ("", "p", "s", "b")


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence of the source: where it stands, its clean text, its digest."""

    locator: str
    text: str
    digest: str


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a section, its text clean."""

    number: int
    text: str
    digest: str


@dataclass(frozen=True, slots=True)
class SourceText:
    """A whole source text. Sections without a heading are not among the headings."""

    titles: tuple[str, ...]
    headings: tuple[Heading, ...]
    segments: tuple[Segment, ...]

    def heading(self, locator: str) -> str | None:
        """Return the heading over a segment; None: the section has none."""
        number = int(locator.partition(".")[0])
        return next((each.text for each in self.headings if each.number == number), None)


def segment(blocks: Iterable[Block]) -> SourceText:
    """Number the sections, paragraphs, points and sentences of a document.

    Raises SourceError for a document without text or with more than 20,000 sentences.
    """
    numbering = _Numbering()
    for block in blocks:
        numbering.block(block)
        if len(numbering.segments) > MOST_SEGMENTS:
            raise SourceError(f"this has more than {MOST_SEGMENTS} sentences and is no guideline")
    if not numbering.segments:
        raise SourceError("this holds no text: no sentence was found")
    return SourceText(tuple(numbering.titles), tuple(numbering.headings), tuple(numbering.segments))


def order_of(locator: str) -> tuple[tuple[int, int], ...]:
    """Return what sorts locators in the order of the text; own sentences before inner points."""
    return tuple(
        (_STATUSES.index(kind) if kind in _STATUSES else len(_STATUSES), int(number))
        for kind, number in _STEP.findall(locator)
    )


def block_of(locator: str) -> str:
    """Return the paragraph or point that a segment belongs to: the locator without its sentence."""
    head, _, last = locator.rpartition(".")
    return head if last.startswith("s") else locator


class _Numbering:
    def __init__(self) -> None:
        self.titles: list[str] = []
        self.headings: list[Heading] = []
        self.segments: list[Segment] = []
        self._section = 0
        self._paragraph = 0
        self._points: list[int] = []  # the numbers of the open points, outermost first

    def block(self, block: Block) -> None:
        match block.kind:
            case "title":
                self.titles.append(block.text)
            case "heading":
                self._begin_section()
                self.headings.append(Heading(self._section, block.text, digest(block.text)))
            case "paragraph":
                if self._points or not self._section:
                    self._begin_section()
                self._paragraph += 1
                self._sentences(f"{self._section}.p{self._paragraph}", block.text)
            case "point":
                if not self._section:
                    self._begin_section()
                depth = min(block.depth, len(self._points))
                self._points[depth:] = [(self._points[depth : depth + 1] or [0])[0] + 1]
                inner = ".".join(f"b{number}" for number in self._points)
                self._sentences(f"{self._section}.{inner}", block.text)

    def _begin_section(self) -> None:
        self._section += 1
        self._paragraph = 0
        self._points = []

    def _sentences(self, locator: str, text: str) -> None:
        found = sentences(text)
        for number, each in enumerate(found, 1):
            place = locator if len(found) == 1 else f"{locator}.s{number}"
            self.segments.append(Segment(place, each, digest(each)))
