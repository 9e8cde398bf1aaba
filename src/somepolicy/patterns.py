"""Regular expressions in linear time: the one place that knows RE2."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import re2

MOST_INSTRUCTIONS = 500
_ASCII_ONLY = re.compile(r"(?:^|[^\\])(?:\\\\)*(\\[bBwW])")


class BadPatternError(ValueError):
    """A pattern that cannot be used; the text says why."""


def check_pattern(pattern: str) -> None:
    """Raise BadPatternError unless RE2 accepts the pattern within the bound of instructions."""
    if found := _ASCII_ONLY.search(pattern):
        raise BadPatternError(
            f'`{found[1]}` knows only the letters a to z; use `has_word(text, "…")` or `\\pL`'
        )
    size = _compile(pattern).programsize
    if size > MOST_INSTRUCTIONS:
        raise BadPatternError(f"it needs {size} instructions, the most is {MOST_INSTRUCTIONS}")


def finder(pattern: str) -> Callable[[str], bool]:
    """Return a function that tells whether a checked pattern occurs anywhere in a text."""
    search = _compile(pattern).search
    return lambda text: search(text) is not None


def spans(pattern: str) -> Callable[[str], list[tuple[int, int]]]:
    """Return a function that lists where a checked pattern matches, as [start, end) in order.

    Matches do not overlap; offsets count code points.
    """
    matches = _compile(pattern).finditer
    return lambda text: [match.span() for match in matches(text)]


@lru_cache(maxsize=1024)
def _compile(pattern: str) -> re2._Regexp[str]:
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        raise BadPatternError(
            reason.decode() if isinstance(reason, bytes) else str(reason)
        ) from None
