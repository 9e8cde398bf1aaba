"""A shouting tone: capitals and exclamation marks."""

from __future__ import annotations

import re
from collections.abc import Callable

from somepolicy.functions.detection import Detection
from somepolicy.functions.no.phrases import may_hold, split
from somepolicy.functions.no.prepare import Prepared
from somepolicy.lexicon import Lexicon

TWO_LOUD_WORDS = r"\p{Lu}{2}[^\pL]+\p{Lu}{2}|\p{Lu}{6}"
_MOST_MARKS = 5
_ROW = re.compile(r"[!?]+")
_ROW_OF = 3
_FEWEST_LETTERS = 20
_MOST_SHARE = 0.6
# `A` for what may be a capital: in Latin-1, or `?` for all that is not
_CAPITALS = bytes(
    ord("A") if char.isupper() or char == "?" else ord(" ") for char in map(chr, range(256))
)


def make_tone_signals(words: Lexicon) -> Callable[[Prepared], tuple[Detection, ...]]:
    """Return the detector `tone` for a word list.

    Group `acronym`: words that are written in capitals. Raises ValueError.
    """
    if "acronym" not in words.entries:
        raise ValueError(f"word list `{words.name}` has no group `acronym`")
    acronyms = frozenset(words.entries["acronym"])
    two_loud_words = may_hold(TWO_LOUD_WORDS)

    def tone_signals(text: Prepared) -> tuple[Detection, ...]:
        """Find a shouting tone; all `weak`.

        Three exclamation marks in a row, or six over the text; or more than 60 % of at least
        20 letters in capitals, acronyms left out.
        """
        found = []
        if text.text.count("!") >= _ROW_OF and (marks := _marks(text.text)):
            found.append(_detection(text, *marks))
        loud = may_be_loud(text.text) and two_loud_words(text.text)
        if loud and (place := _loud(text.text, acronyms)):
            found.append(_detection(text, place, "tone: most of the text in capitals"))
        return tuple(sorted(found, key=lambda detection: detection.span))

    return tone_signals


def may_be_loud(text: str) -> bool:
    """Whether `TWO_LOUD_WORDS` may occur; a quick look, for RE2 takes long to compile that."""
    return text.encode("latin-1", "replace").translate(_CAPITALS).count(b"AA") > 1


def _marks(text: str) -> tuple[tuple[int, int], str] | None:
    """Return the first row of marks, else the places of all where they are many."""
    for row in _ROW.finditer(text):
        if row[0].count("!") >= _ROW_OF:
            return row.span(), "tone: exclamation marks in a row"
    if text.count("!") > _MOST_MARKS:
        return (text.find("!"), text.rfind("!") + 1), "tone: many exclamation marks"
    return None


def _loud(text: str, acronyms: frozenset[str]) -> tuple[int, int] | None:
    """Return from the first to the last word in capitals, where these prevail."""
    words = split(text)
    capitals = letters = 0
    loud: list[tuple[int, int]] = []
    for at, lower in enumerate(words.lower):
        written = words.written(at)
        shouts = written.isupper()
        if not lower.isalpha() or (shouts and lower in acronyms):
            continue
        letters += len(written)
        if shouts:
            capitals += len(written)
            loud.append(words.places[at])
    if letters < _FEWEST_LETTERS or capitals <= _MOST_SHARE * letters:
        return None
    return loud[0][0], loud[-1][1]


def _detection(text: Prepared, place: tuple[int, int], masked: str) -> Detection:
    return Detection("tone", "1", "weak", "", text.span(*place), masked)
