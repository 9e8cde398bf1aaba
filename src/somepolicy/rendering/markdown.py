"""Markdown (GitHub's) whose texts stay texts: nothing of a policy or a file becomes mark-up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from somepolicy.rendering.plain_text import one_line

# a backslash before punctuation is always an escape; underscores within a word are no mark-up,
# and names are full of them; `:` and `.` keep addresses from linking
_SPECIAL = re.compile(
    r"[\\`*{}\[\]<>#|~&!$^=@]|(?<!\w)_+|_++(?!\w)|:(?=//)|(?<=www)\.", re.IGNORECASE
)
# GitHub undoes escapes before it looks for addresses and names with `@`, in one piece of text
_ADDRESS = re.compile(r"@(?=\S)")
_LEADING = re.compile(r"^(\d*)([-+.)])")  # of a list


def text(words: str) -> str:
    """Return a text on one line that Markdown shows as it is, in a table too."""
    return _SPECIAL.sub(_escaped, one_line(words))


def _escaped(found: re.Match[str]) -> str:
    signs = "".join(f"\\{sign}" for sign in found[0])
    return f"{signs}<wbr>" if _ADDRESS.match(found.string, found.start()) else signs


def paragraph(words: str) -> str:
    """Return a text for the beginning of a line, where more signs have a meaning."""
    return _LEADING.sub(r"\1\\\2", text(words))


def code(words: str) -> str:
    """Return a name as code; one that code cannot hold as text."""
    plain = one_line(words)
    return text(plain) if not plain or "`" in plain or "|" in plain else f"`{plain}`"


def table(header: Sequence[str], rows: Iterable[Sequence[str]], align: str = "") -> Iterator[str]:
    """Yield the lines of a table; the cells are Markdown.

    `align` has a letter for each column, `r` for one whose numbers stand to the right.
    """
    yield _row(header)
    yield f"|{'|'.join('---:' if each == 'r' else '---' for each in align.ljust(len(header)))}|"
    yield from map(_row, rows)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
