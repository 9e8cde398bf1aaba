"""Unicode normal form C, in which texts are compared, measured and searched; linear in the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_LONG_RUN = 32
_RUN = re.compile(rb"[^\0]{%d,}" % _LONG_RUN)


def normal(text: str) -> str:
    """Return the text in form NFC."""
    if is_normal(text):
        return text
    return unicodedata.normalize("NFC", text if len(text) < _LONG_RUN else _ordered(text))


def is_normal(text: str) -> bool:
    """Whether a text is in form NFC."""
    return text.isascii() or unicodedata.is_normalized("NFC", text)


def python_name(name: str) -> str:
    """Return a name as code in Python may have it: no two names become one.

    Python's parser brings names into form NFKC, in which they could be others.
    """
    if name.isascii() or ("·" not in name and unicodedata.is_normalized("NFKC", name)):
        return name
    return "".join(char if char.isascii() else f"·{ord(char):x}·" for char in name)


def _ordered(text: str) -> str:
    """Return an equivalent text whose long runs of marks are in order.

    Python puts marks in order in a time that is quadratic in their number.
    """
    apart = {ord(char): unicodedata.normalize("NFD", char) for char in set(text)}
    text = text.translate(apart)
    start = 0
    parts: list[str] = []
    for run in _RUN.finditer(bytes(map(unicodedata.combining, text))):
        parts += (
            text[start : run.start()],
            *sorted(text[slice(*run.span())], key=unicodedata.combining),
        )
        start = run.end()
    return "".join([*parts, text[start:]])


class Traced:
    """The form NFC of a text, with where in the text as given its characters come from."""

    def __init__(self, given: str) -> None:
        self._places: list[tuple[int, int]] = []
        at = 0
        for stretch in _stretches(given):
            end = at + len(stretch)
            self._places += [(at, end)] * len(normal(stretch))
            at = end
        self._places.append((at, at))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the text as given of [start, end) in its form NFC.

        A letter counts with all its marks.
        """
        first = self._places[start][0]
        return first, self._places[end - 1][1] if end > start else first


def _stretches(text: str) -> Iterator[str]:
    """Take a text apart where no character has to do with the one before."""
    stretch = form = ""
    for piece in _letters(text):
        own = normal(piece)
        if is_normal(form + own):
            if stretch:
                yield stretch
            stretch, form = piece, own
        else:
            stretch, form = stretch + piece, normal(form + own)
    yield stretch


def _letters(text: str) -> Iterator[str]:
    """Yield each character with the marks that follow it."""
    start = 0
    for at, char in enumerate(text):
        if at and not unicodedata.combining(unicodedata.normalize("NFD", char)[0]):
            yield text[start:at]
            start = at
    yield text[start:]
