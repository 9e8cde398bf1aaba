"""The signs and comments of a file, and the comments' way back into lines laid out anew.

A *sign* is what formatting never changes: a character that is no white space, bracket or
comma; a text or a pointer is one sign. A comment's place is the number of signs before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum

_SIGN = re.compile(
    r'(?P<text>"(?:[^"\n]|"")*")|(?P<pointer>/[^\s,"]*)|(?P<comment>#[^\n]*)'
    r"|(?P<blank>[ \t\n]+)|(?P<loose>[(),])|(?P<sign>.)"
)


class Gap(Enum):
    """Whether an empty line stands before a line."""

    NONE = 0
    KEPT = 1  # as the author has it
    ALWAYS = 2


@dataclass(frozen=True, slots=True)
class PlacedComment:
    """A comment and where it stands: after how many signs, behind them or on its own line."""

    text: str
    signs: int  # how many stand before it
    trailing: bool
    gap: bool


@dataclass(slots=True)
class Signs:
    """The signs of a text with their offsets, which of them follow an empty line, the comments."""

    words: list[str] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)
    after_gap: set[int] = field(default_factory=set)
    comments: list[PlacedComment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Line:
    """A line laid out, its indent included; a gap is an empty line before it."""

    text: str
    gap: Gap
    end: int  # how many signs there are up to the end of this line


def read_signs(text: str) -> Signs:
    """Find the signs and the comments of a file."""
    found, gap, fresh = Signs(), False, True
    for match in _SIGN.finditer(text):
        match match.lastgroup:
            case "blank":
                gap, fresh = match[0].count("\n") > 1, fresh or "\n" in match[0]
                continue
            case "comment":
                words = match[0].rstrip(" \t")
                found.comments.append(PlacedComment(words, len(found.words), not fresh, gap))
            case "loose":
                pass
            case _:
                if gap:
                    found.after_gap.add(len(found.words))
                found.words.append(match[0])
                found.offsets.append(match.start())
        gap = fresh = False
    return found


def measure(text: str) -> int:
    """Count the signs of a text that holds no comment."""
    return sum(match.lastgroup not in ("blank", "loose") for match in _SIGN.finditer(text))


def with_comments(lines: Sequence[Line], signs: Signs) -> str:
    """Put every comment at the end of its line, or above the line it precedes."""
    out: list[str] = []
    start = taken = 0
    for line in lines:
        first = taken
        while taken < len(signs.comments) and _belongs(signs.comments[taken], line.end):
            taken += 1
        above, ends = signs.comments[first:taken], ""
        if above and above[-1].trailing and above[-1].signs > start:
            ends = f"  {above.pop().text}"
        indent = " " * (len(line.text) - len(line.text.lstrip(" ")))
        parts = [(indent + comment.text, comment.gap) for comment in above]
        parts.append((line.text + ends, start in signs.after_gap))
        _append(out, parts, line.gap)
        start = line.end
    rest = [(comment.text, comment.gap) for comment in signs.comments[taken:]]
    _append(out, rest, Gap.ALWAYS)
    return "".join(f"{text}\n" for text in out)


def _belongs(comment: PlacedComment, end: int) -> bool:
    return comment.signs < end or (comment.trailing and comment.signs == end)


def _append(out: list[str], parts: Iterable[tuple[str, bool]], gap: Gap) -> None:
    for text, after_gap in parts:
        if out and (gap is Gap.ALWAYS or (gap is Gap.KEPT and after_gap)):
            out.append("")
        out.append(text)
        if gap is Gap.ALWAYS:
            gap = Gap.KEPT
