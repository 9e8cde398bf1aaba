"""Patterns as RE2 runs them: the one place that knows its wrapper."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import re2

from somepolicy.errors import SomepolicyError
from somepolicy.normal_form import normal
from somepolicy.patterns.form import misspelt

MOST_INSTRUCTIONS = 500
_NO_MATCH = 1  # instruction: to fail
NO_TEXT = "a part of it stands in no text"
_ANYWHERE = re2._Anchor.UNANCHORED  # noqa: SLF001 - see byte_finder
_NOWHERE = (-1, -1)
_ASCII_ONLY = re.compile(r"(?:^|[^\\])(?:\\\\)*(\\[bBwW])")


class BadPatternError(SomepolicyError, ValueError):
    """A pattern that cannot be used; the text says why, `place` where, as [start, end)."""

    def __init__(self, why: str, place: tuple[int, int] | None = None) -> None:
        super().__init__(why)
        self.place = place


def check_pattern(pattern: str, form: Callable[[str], str] = normal) -> None:
    """Raise BadPatternError unless RE2 accepts the pattern within the bound of instructions.

    What it spells has to be able to stand in a text, which is in a form, at least NFC.
    """
    if found := _ASCII_ONLY.search(pattern):
        raise BadPatternError(
            f'`{found[1]}` knows only the letters a to z; use `has_word(text, "…")` or `\\p{{Latin}}`'
        )
    size = _compile(pattern).programsize
    if size > MOST_INSTRUCTIONS:
        raise BadPatternError(f"it needs {size} instructions, the most is {MOST_INSTRUCTIONS}")
    if wrong := misspelt(pattern, form):
        raise BadPatternError(f"{NO_TEXT}: {wrong.why}", (wrong.start, wrong.end))


def has_no_match(pattern: str) -> bool:
    """Whether RE2 itself finds that the characters of a checked pattern are not to be had."""
    return bool(_compile(pattern).programsize == _NO_MATCH)


def byte_finder(pattern: str) -> Callable[[bytes], bool]:
    """Return a function that reports whether a pattern occurs anywhere in a text in UTF-8.

    BadPatternError where RE2 does not accept the pattern.
    """
    # the wrapper's own search also works out where in the text, in characters, a match lies
    match = _compile(pattern)._regexp.Match  # noqa: SLF001 - the wrapper has no other way

    def occurs(raw: bytes) -> bool:
        found: bool = match(_ANYWHERE, raw, 0, len(raw))[0] != _NOWHERE
        return found

    return occurs


def finder(pattern: str) -> Callable[[str], bool]:
    """Return what `byte_finder` does, for a text; UnicodeEncodeError for half a surrogate pair."""
    match = _compile(pattern)._regexp.Match  # noqa: SLF001 - as above

    def occurs(text: str) -> bool:
        raw = text.encode()
        found: bool = match(_ANYWHERE, raw, 0, len(raw))[0] != _NOWHERE
        return found

    return occurs


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
