"""Regular expressions in linear time: the one place that knows RE2."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import re2

MOST_INSTRUCTIONS = 500
_ANYWHERE = re2._Anchor.UNANCHORED  # noqa: SLF001 - see byte_finder
_NOWHERE = (-1, -1)
_IN_BRACKETS = re.compile(r"\[[^\]]*\]")
_GROUP = re.compile(r"\([^()]*\)")
_SIGN = re.compile(r"[@#%&/:;=!<>~_€](?![?*{])")
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
    occurs = byte_finder(pattern)
    return lambda text: occurs(text.encode())


def byte_finder(pattern: str) -> Callable[[bytes], bool]:
    """Return what `finder` does, for a text in UTF-8."""
    # the wrapper's own search also works out where in the text, in characters, a match lies
    match = _compile(pattern)._regexp.Match  # noqa: SLF001 - the wrapper has no other way
    sign = _needed_sign(pattern).encode()

    def occurs(raw: bytes) -> bool:
        if sign and sign not in raw:
            return False
        return bool(match(_ANYWHERE, raw, 0, len(raw))[0] != _NOWHERE)

    return occurs


def _needed_sign(pattern: str) -> str:
    """Return a sign without which nothing matches: it stands in the pattern for itself, once.

    Empty where there is none, or where it takes more than a look to be sure.
    """
    if any(odd in pattern for odd in ("|", "\\", "[]", "[^]", "[:")):
        return ""
    outside = _IN_BRACKETS.sub("", pattern)
    while (inner := _GROUP.sub("", outside)) != outside:
        outside = inner
    found = _SIGN.search(outside)
    return found[0] if found else ""


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
