"""The signs and comments of a file, and the comments' way back into lines laid out anew.

A *sign* is what formatting never changes: a character that is no white space, bracket or
comma; a text or a pointer is one sign. A comment's place is the number of signs before it, and
the brackets that it stands in: a line is divided where the comment would leave them otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import NamedTuple

_SIGN = re.compile(
    r'(?P<text>"(?:[^"\n]|"")*")|(?P<pointer>/[^\s,"]*)|(?P<comment>#[^\n]*)'
    r"|(?P<blank>[ \t\n]+)|(?P<loose>[(),])|(?P<sign>.)"
)


Bracket = tuple[int, int]
_NONE: frozenset[Bracket] = frozenset()


class Gap(Enum):
    """Whether an empty line stands before a line."""

    NONE = 0
    KEPT = 1  # as the author has it
    ALWAYS = 2


@dataclass(frozen=True, slots=True)
class PlacedComment:
    """A comment and where it stands: after how many signs, behind them or on its own line.

    `within` are the brackets round it, each the signs before it and before its other half.
    """

    text: str
    signs: int  # how many stand before it
    trailing: bool
    gap: bool
    within: frozenset[Bracket] = frozenset()


@dataclass(slots=True)
class Signs:
    """The signs of a text with their offsets, which of them follow an empty line, the comments."""

    words: list[str] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)
    after_gap: set[int] = field(default_factory=set)
    comments: list[PlacedComment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LaidOutLine:
    """A line laid out, its indent included; a gap is an empty line before it."""

    text: str
    gap: Gap
    end: int  # how many signs there are up to the end of this line


def read_signs(text: str) -> Signs:
    """Find the signs and the comments of a file."""
    found, gap, fresh = Signs(), False, True
    brackets = _Brackets()
    around: list[tuple[int, ...]] = []  # of each comment
    for match in _SIGN.finditer(text):
        match match.lastgroup:
            case "blank":
                gap, fresh = match[0].count("\n") > 1, fresh or "\n" in match[0]
                continue
            case "comment":
                words = match[0].rstrip(" \t")
                found.comments.append(PlacedComment(words, len(found.words), not fresh, gap))
                around.append(tuple(brackets.open))
            case "loose":
                brackets.meet(match[0], len(found.words))
            case _:
                if gap:
                    found.after_gap.add(len(found.words))
                found.words.append(match[0])
                found.offsets.append(match.start())
        gap = fresh = False
    found.comments = [
        replace(comment, within=brackets.named(stack))
        for comment, stack in zip(found.comments, around, strict=True)
    ]
    return found


class _Brackets:
    """The brackets met so far: those that are open, by number, and what each holds."""

    def __init__(self) -> None:
        self.open: list[int] = []
        self.held: list[Bracket] = []

    def meet(self, loose: str, signs: int) -> None:
        """Note a bracket that stands after so many signs; a comma does not count."""
        if loose == "(":
            self.open.append(len(self.held))
            self.held.append((signs, signs))
        elif loose == ")" and self.open:
            number = self.open.pop()
            self.held[number] = (self.held[number][0], signs)

    def named(self, stack: Sequence[int]) -> frozenset[Bracket]:
        return frozenset([self.held[number] for number in stack]) if stack else _NONE


def measure(text: str) -> int:
    """Count the signs of a text that holds no comment."""
    return sum(match.lastgroup not in ("blank", "loose") for match in _SIGN.finditer(text))


def with_comments(lines: Sequence[LaidOutLine], signs: Signs) -> str:
    """Put every comment at the end of its line, or above the line it precedes."""
    out: list[str] = []
    borders = _borders(lines) if signs.comments else []
    start = taken = 0
    for number, line in enumerate(lines):
        first = taken
        while taken < len(signs.comments) and _belongs(
            signs.comments[taken], line.end, borders[number : number + 2]
        ):
            taken += 1
        comments = signs.comments[first:taken]
        end = comments[-1:] if comments and _ends(comments[-1], start) else []
        parts = [_Part(line.text, comments[: len(comments) - len(end)], end)]
        if comments and not _stay(parts[0], borders[number]):
            parts = list(_divided(line.text, comments, borders[number]))
        for index, part in enumerate(parts):
            texts = [(part.indent + comment.text, comment.gap) for comment in part.above]
            ends = "".join(f"  {comment.text}" for comment in part.end)
            texts.append((part.text + ends, index == 0 and start in signs.after_gap))
            _append(out, texts, line.gap if index == 0 else Gap.NONE)
        start = line.end
    rest = [(comment.text, comment.gap) for comment in signs.comments[taken:]]
    _append(out, rest, Gap.ALWAYS)
    return "".join(f"{text}\n" for text in out)


class _Border(NamedTuple):
    """A place between two tokens of a line: its offset, the signs before, the brackets round it."""

    offset: int
    signs: int
    within: frozenset[Bracket]
    known: frozenset[Bracket]  # all brackets of the file

    def holds(self, comment: PlacedComment) -> bool:
        """Whether a comment stands here: some of its brackets may be gone."""
        return self.signs == comment.signs and self.encloses(comment)

    def encloses(self, comment: PlacedComment) -> bool:
        """Whether the brackets round this place are those round a comment."""
        return self.within == comment.within & self.known


@dataclass(frozen=True, slots=True)
class _Part:
    """A line or a part of it, with the comments above it and at most one at its end."""

    text: str
    above: Sequence[PlacedComment]
    end: Sequence[PlacedComment]

    @property
    def indent(self) -> str:
        """The indent of a comment above: before a bracket that closes it is still inside."""
        own = self.text[: len(self.text) - len(self.text.lstrip(" "))]
        return own + "  " * self.text.lstrip(" ").startswith(")")


def _borders(lines: Sequence[LaidOutLine]) -> list[list[_Border]]:
    """Return the places between the tokens of each line, its start and end among them."""
    brackets, count = _Brackets(), 0
    met: list[list[tuple[int, int, tuple[int, ...]]]] = []
    for line in lines:
        places = [(0, count, tuple(brackets.open))]
        for match in _SIGN.finditer(line.text):
            if match.lastgroup == "blank":
                continue
            if match.lastgroup == "loose":
                brackets.meet(match[0], count)
            else:
                count += 1
            places.append((match.end(), count, tuple(brackets.open)))
        met.append(places)
    known = frozenset(brackets.held)
    return [
        [_Border(offset, signs, brackets.named(stack), known) for offset, signs, stack in places]
        for places in met
    ]


def _stay(part: _Part, borders: Sequence[_Border]) -> bool:
    """Whether comments above a line and at its end stand in their own brackets there."""
    return all(map(borders[0].encloses, part.above)) and all(map(borders[-1].encloses, part.end))


def _divided(
    text: str, comments: Sequence[PlacedComment], borders: Sequence[_Border]
) -> Iterator[_Part]:
    """Yield the parts of a line that is divided where its comments stand."""
    places: dict[int, list[PlacedComment]] = {}
    for comment in comments:
        near = [each for each in borders if each.signs == comment.signs] or borders[:1]
        place = next((each for each in reversed(near) if each.encloses(comment)), near[-1])
        places.setdefault(place.offset, []).append(comment)
    indent = text[: len(text) - len(text.lstrip(" "))]
    above: Sequence[PlacedComment] = places.pop(0, [])
    at = 0
    for offset, here in sorted(places.items()):
        ends = here[:1] if here[0].trailing else []
        yield _Part(_indented(text[at:offset], indent, at), above, ends)
        above, at = here[len(ends) :], offset
    if text[at:].strip():
        yield _Part(_indented(text[at:], indent, at), above, [])


def _indented(part: str, indent: str, at: int) -> str:
    """Return a part of a line with its indent; what follows the first goes further in."""
    if at == 0:
        return part.rstrip(" ")
    plain = part.strip(" ")
    return f"{indent}{'' if plain.startswith(')') else '  '}{plain}"


def _ends(comment: PlacedComment, start: int) -> bool:
    return comment.trailing and comment.signs > start


def _belongs(comment: PlacedComment, end: int, borders: Sequence[Sequence[_Border]]) -> bool:
    """Whether a comment stands in the first of two lines, `end` signs from the start."""
    if comment.signs != end:
        return comment.signs < end
    if borders[0][-1].encloses(comment):
        return comment.trailing
    here, *there = (any(each.holds(comment) for each in line) for line in borders)
    return here or (comment.trailing and not any(there))


def _append(out: list[str], parts: Iterable[tuple[str, bool]], gap: Gap) -> None:
    for text, after_gap in parts:
        if out and (gap is Gap.ALWAYS or (gap is Gap.KEPT and after_gap)):
            out.append("")
        out.append(text)
        if gap is Gap.ALWAYS:
            gap = Gap.KEPT
