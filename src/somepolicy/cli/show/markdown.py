"""Markdown whose texts stay texts: nothing of a policy or a file name becomes mark-up."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence

from somepolicy.cli.terminal import one_line, printable

# an underscore within a word is no mark-up, and names are full of them
_MARKUP = re.compile(r"([\\`*\[\]<>|#~&!]|(?<!\w)_|_(?!\w)|^[-+=]|(?:(?<=^\d)|(?<=^\d\d))[.)])")


def text(words: str) -> str:
    """Return a text on one line that Markdown shows as it is, in a table too."""
    return _MARKUP.sub(r"\\\1", one_line(words).strip())


def code(words: str) -> str:
    """Return a name as code; one that code cannot hold as text."""
    plain = one_line(words)
    return text(plain) if not plain or "`" in plain or "|" in plain else f"`{plain}`"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table, an empty one before it; the cells are Markdown."""
    yield ""
    yield f"| {' | '.join(header)} |"
    yield f"|{'---|' * len(header)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def write_markdown(lines: Iterable[str]) -> None:
    """Write a page as UTF-8, whatever the terminal."""
    text = "".join(f"{printable(line)}\n" for line in lines)
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()
