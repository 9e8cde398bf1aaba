"""Text on a terminal: wrapped at 100 columns, coloured on a terminal only, nothing dangerous."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from typing import TextIO

from rich.console import Console
from rich.text import Text

from somepolicy.rendering.plain_text import printable

WIDTH = 100
_NARROWEST = 40


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the command; rich would end the process with the code of a denial."""
        raise BrokenPipeError


def console(file: TextIO) -> Console:
    """Return a console for a stream: as wide as the terminal, at most 100 columns."""
    terminal = file.isatty()
    width = min(WIDTH, shutil.get_terminal_size().columns) if terminal else WIDTH
    return _Console(
        file=file,
        width=max(width, _NARROWEST),
        # not left to rich, which lets FORCE_COLOR write escape codes into a file
        force_terminal=terminal,
        color_system="auto" if terminal else None,
        no_color="NO_COLOR" in os.environ,
        markup=False,
        highlight=False,
        emoji=False,
    )


def write(text: str, file: TextIO) -> None:
    """Write printable text and a line end."""
    file.write(f"{printable(text)}\n")


def write_page(lines: Iterable[str]) -> None:
    """Write a page to standard output as UTF-8, whatever the terminal."""
    text = "".join(f"{printable(line)}\n" for line in lines)
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def styled(*parts: str | tuple[str, str] | Text) -> Text:
    """Join texts and (text, style) pairs; what is not Text yet is made printable, in one line."""
    text = Text()
    for part in parts:
        if isinstance(part, Text):
            text.append_text(part)
            continue
        words, style = (part, "") if isinstance(part, str) else part
        text.append(printable(words).replace("\n", " ").replace("\t", " "), style or None)
    return text


class Page:
    """Lines of text, gathered and then printed at once."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.lines: list[Text] = []

    def line(self, text: Text | str = "", *, indent: int = 0, hang: int = 0) -> None:
        """Add a paragraph; its further lines stand `hang` columns further in."""
        self.prefixed(" " * indent, " " * (indent + hang), text)

    def prefixed(self, first: str, others: str, text: Text | str) -> None:
        """Add a paragraph with a prefix for its first line and one for the others."""
        body = styled(text) if isinstance(text, str) else text
        width = max(self.console.width - max(len(first), len(others)), _NARROWEST // 2)
        for number, line in enumerate(body.wrap(self.console, width)):
            line.rstrip()
            prefix = others if number else first
            self.lines.append(Text.assemble((prefix, "dim"), line) if prefix else line)

    def rows(self, rows: Iterable[tuple[str, Text]], *, indent: int, width: int) -> None:
        """Add labelled paragraphs whose texts begin in one column, `width` after the indent."""
        for label, text in rows:
            head = " " * indent + label.ljust(width)
            self.prefixed(head, " " * len(head), text)

    def print(self) -> None:
        """Write what was gathered and begin anew."""
        if self.lines:
            self.console.print(Text("\n").join(self.lines), soft_wrap=True)
        self.lines = []
