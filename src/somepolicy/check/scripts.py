"""The scripts of the letters of a name, and what is to be written instead of a mixture.

A name is *highly restrictive* in the words of UTS #39: of one script, or of those that are
written together in Chinese, Japanese and Korean, with Latin among them.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from somepolicy.look_alikes import called, look_the_same
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
    letters = Counter(found for char in name if (found := script(char)))
    homes = [*({each} for each in letters), *_TOGETHER]
    home = max(homes, key=lambda each: (sum(letters[x] for x in each), "Latin" in each, -len(each)))
    meant = {char: _meant(char, home) for char in name if _is_odd(char, home)}
    if not meant:
        return None
    among = ", the other letters are " + " and ".join(x for x in letters if x in home)
    written = None if None in meant.values() else "".join(meant.get(x) or x for x in name)
    return Mixture(next(iter(meant)), among if len(letters) > 1 else "", written)


def _is_odd(char: str, home: set[str]) -> bool:
    """Whether a character is of another script, or a letter of ASCII in a form of its own."""
    return (script(char) or next(iter(home))) not in home or _plain(char) is not None


def _plain(char: str) -> str | None:
    """Return what is written for a letter of ASCII that is wide, bold or joined with another."""
    plain = unicodedata.normalize("NFKC", char)
    return plain if plain.isascii() and not char.isascii() else None


def _meant(char: str, home: set[str]) -> str | None:
    """Return the letter of the home scripts that looks like one."""
    if (plain := _plain(char)) is not None:
        return plain
    alike = (x for x in look_the_same(char) if len(x) == 1 and x.isupper() == char.isupper())
    return next(
        (x for x in alike if script(x) in home and (x.isascii() or home != {"Latin"})), None
    )
