"""The scripts of the letters of a name, and what is to be written instead of a mixture.

A name is *highly restrictive* in the words of UTS #39: of one script, or of those that are
written together in Chinese, Japanese and Korean, with Latin among them.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from somepolicy.look_alikes import called, look_the_same, skeleton
from somepolicy.patterns import finder

_SHARED = ("Common", "Inherited")  # digits, `_` and most marks
# the scripts that UAX #31 recommends for names, and those with letters that look like theirs
_SCRIPTS = (
    "Latin", "Cyrillic", "Greek", "Han", "Hiragana", "Katakana", "Bopomofo", "Hangul", "Arabic",
    "Armenian", "Bengali", "Devanagari", "Ethiopic", "Georgian", "Gujarati", "Gurmukhi", "Hebrew",
    "Kannada", "Khmer", "Lao", "Malayalam", "Myanmar", "Oriya", "Sinhala", "Tamil", "Telugu",
    "Thaana", "Thai", "Tibetan", "Cherokee", "Coptic", "Lisu", "Canadian_Aboriginal", "Nko",
    "Tifinagh", "Mongolian", "Syriac",
)  # fmt: skip
_TOGETHER = (
    {"Latin", "Han", "Hiragana", "Katakana"},
    {"Latin", "Han", "Bopomofo"},
    {"Latin", "Han", "Hangul"},
)
_LATIN = {"Latin"}
_ALPHABETS = (("\u0391", "\u03c9"), ("\u0400", "\u045f"))  # Greek and Cyrillic as written today
_UNUSUAL = "an unusual script"


class Mixture(NamedTuple):
    """What a name mixes: a letter that is out of place, and the name as it was meant, if known."""

    letter: str
    among: str
    meant: str | None

    @property
    def message(self) -> str:
        """What the letter is, and what the others are."""
        return f"`{self.letter}` is {called(self.letter)}{self.among}"


@lru_cache(maxsize=4096)
def script(char: str) -> str | None:
    """Return the script of a character, None for one that all scripts share."""
    if char.isascii():
        return "Latin" if char.isalpha() else None
    if "\ud800" <= char <= "\udfff":  # half of a pair, which stands in no document
        return None
    if any(finder(rf"\p{{{name}}}")(char) for name in _SHARED):
        return None
    return next((name for name in _SCRIPTS if finder(rf"\p{{{name}}}")(char)), _UNUSUAL)


def mixture(name: str) -> Mixture | None:
    """Return what is mixed in a name without dots; None where all is of one script."""
    if name.isascii():
        return None
    letters, home = _scripts_of(name)
    odd = _odd(name, home)
    if not odd:
        return None
    among = ", the other letters are " + " and ".join(x for x in letters if x in home)
    meant = {char: _meant(char, home) for char in odd}
    written = None if None in meant.values() else "".join(meant.get(x) or x for x in name)
    if written is not None and _odd(written, _scripts_of(written)[1]):
        written = None
    return Mixture(odd[0], among if len(letters) > 1 else "", written)


def _scripts_of(name: str) -> tuple[Counter[str], set[str]]:
    """Return how many letters of each script a name has, and the scripts that most are of."""
    letters = Counter(found for char in name if (found := script(char)))
    homes = [*({each} for each in letters), *_TOGETHER]
    return letters, max(
        homes, key=lambda each: (sum(letters[x] for x in each), "Latin" in each, -len(each))
    )


def _odd(name: str, home: set[str]) -> list[str]:
    """Return what is of another script, or a letter of ASCII in a form of its own, each once."""
    return [
        char
        for char in dict.fromkeys(name)
        if script(char) not in (None, *home) or _plain(char) is not None
    ]


def _plain(char: str) -> str | None:
    """Return what is written for a letter of ASCII that is wide, bold or joined with another."""
    plain = unicodedata.normalize("NFKC", char)
    return plain if plain.isascii() and not char.isascii() else None


def _meant(char: str, home: set[str]) -> str | None:
    """Return the letter of the home scripts that is meant by one, the likeliest that looks so.

    That is a letter of today's alphabets, and one whose capital looks the same as well.
    """
    plain = _plain(char) or char
    if plain.isascii() and ("Latin" in home or len(plain) > 1):
        return plain
    upper = skeleton(plain.upper())
    alike = (
        x
        for x in look_the_same(plain)
        if x.isupper() == plain.isupper() and script(x) in home and (x.isascii() or home != _LATIN)
    )
    return min(
        alike, key=lambda x: (not _is_common(x), skeleton(x.upper()) != upper, x), default=None
    )


def _is_common(char: str) -> bool:
    return char.isascii() or any(first <= char <= last for first, last in _ALPHABETS)
