"""Text that people can be shown: nothing in it acts upon a terminal, a file or a page."""

from __future__ import annotations

import unicodedata

_LINES_AND_TABS = "\n\t"


def printable(text: str) -> str:
    """Replace what a terminal would act upon: control, direction and surrogate characters."""
    if text.isprintable():
        return text
    return "".join(
        char if char in _LINES_AND_TABS or not _is_control(char) else "\N{REPLACEMENT CHARACTER}"
        for char in text
    )


def one_line(text: str) -> str:
    """Return printable text with every run of white space as one space."""
    return printable(" ".join(text.split()))


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Cs")
