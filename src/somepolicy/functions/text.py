"""Measures of a text: words, sentences, readability. Pure, total, linear in the text."""

from __future__ import annotations

import re
from itertools import filterfalse
from typing import NamedTuple

from somepolicy.functions.no.prepare import Prepared, as_shown, prepare, shown
from somepolicy.normal_form import normal

_LINKS_AND_TAGS = re.compile(
    r"(?:(?<![a-z0-9+.-])[a-z0-9+.-]+://|www\.)\S+|[#@][\w.]+", re.IGNORECASE
)
_WORD = re.compile(r"[^\W_]+(?:[-'\u2019][^\W_]+)*")
_PLAIN_WORD = re.compile(r"\w+(?:[-'\u2019]\w+)*")  # the same where there is no `_`, and faster
# Python's `re` serves here and here alone: these patterns are linear, each run tried once.
_STOPS = ".!?:\u2026\n"
_AFTER = re.compile(r"[ \t]*(.)")
_LONG = 6


def _prose(text: str) -> str:
    """Leave out links, hashtags and mentions: they are not read as prose."""
    prose = normal(text)
    if not _may_link(prose):
        return prose
    lines = prose.split("\n")  # few have a sign, and nothing that is left out goes on in the next
    return "\n".join([_LINKS_AND_TAGS.sub(" ", x) if _may_link(x) else x for x in lines])


def _may_link(text: str) -> bool:
    return "#" in text or "@" in text or "://" in text or "w." in text or "W." in text


def _as_written(prepared: Prepared) -> str:
    """Return what a reader sees; a dash parts words, so none becomes a hyphen."""
    shown = as_shown(prepared)
    if shown.text is shown.original or "-" not in shown.text:
        return shown.text
    chars = list(shown.text)
    for hyphen in re.finditer("-", shown.text):
        sign = shown.original[shown.places[hyphen.start()]]
        if sign not in "&%":
            chars[hyphen.start()] = sign
    return "".join(chars)


class Measures(NamedTuple):
    """What words, sentences and readability are worked out from, found once for a text.

    `long_words` have more than six letters; a number is no word, and a sentence holds one.
    """

    words: int
    long_words: int
    sentences: int


def measure(text: str, prepared: Prepared | None = None) -> Measures:
    """Count the words and sentences of a text as a reader sees it; `prepared`: made of it."""
    prose = _prose(_as_written(prepared or prepare(text)))
    pieces = prose.split()
    plain = [*filter(str.isalpha, pieces)]  # mostly, and each is one word
    found, long_words = len(plain), sum(map(_LONG.__lt__, map(len, plain)))
    if found < len(pieces):
        rest = " ".join(filterfalse(str.isalpha, pieces))
        for word in (_WORD if "_" in rest else _PLAIN_WORD).findall(rest):
            letters = len(word) if word.isalpha() else sum(map(str.isalpha, word))
            found += letters > 0
            long_words += letters > _LONG
    return Measures(found, long_words, _sentences(prose))


def _sentences(prose: str) -> int:
    count, start = 0, 0
    for at, end in stops(prose):
        if not _ends(prose, at, end):
            continue
        count += _holds_letter(prose[start:at])
        start = end
    return count + _holds_letter(prose[start:])


def stops(prose: str) -> list[tuple[int, int]]:
    """Return the runs of stops and line breaks; one sign after the other is found fastest."""
    runs: list[tuple[int, int]] = []
    for at in sorted([at for sign in _STOPS if sign in prose for at in _places_of(sign, prose)]):
        if runs and runs[-1][1] == at:
            runs[-1] = runs[-1][0], at + 1
        else:
            runs.append((at, at + 1))
    return runs


def _places_of(sign: str, prose: str) -> list[int]:
    found, at = [], prose.find(sign)
    while at >= 0:
        found.append(at)
        at = prose.find(sign, at + 1)
    return found


def _ends(prose: str, at: int, end: int) -> bool:
    """Whether a run of stops and line breaks ends a sentence, which every line break does.

    One full stop does not where a lower-case letter or a digit follows: `kl. 12`, `bl.a. når`.
    """
    following = prose[end : end + 1]
    if following.isspace():
        if end - at > 1 or prose[at] != "." or prose[end + 1 : end + 2].isupper():
            return True
        after = _AFTER.match(prose, end)
        return after is None or not (after[1].islower() or after[1].isdigit())
    return not following or "\n" in prose[at:end]


def _holds_letter(piece: str) -> bool:
    return piece.lstrip()[:1].isalpha() or any(map(str.isalpha, piece))


def words(text: Measures) -> int:
    """Count the words: runs with a letter; links, hashtags, mentions and numbers do not count."""
    return text.words


def sentences(text: Measures) -> int:
    """Count the sentences that hold a word.

    A sentence ends at `. ! ? : …` before white space or the end, and at a line break; a stop
    before a lower-case letter or a digit (`kl. 12`, `bl.a. når`) does not end one.
    """
    return text.sentences


def lix(text: Measures) -> float:
    """Return the readability index LIX, 0 for a text without words.

    Words per sentence plus the percentage of words of more than six letters. Under 30 is
    very easy, 40 to 50 medium, above 60 very hard. Source: Björnsson, Läsbarhet (1968).
    """
    if not text.words:
        return 0.0
    return text.words / max(1, text.sentences) + 100 * text.long_words / text.words


def length(text: str) -> int:
    """Count the characters (code points after normalisation)."""
    return len(normal(text))


def as_words(text: str) -> str:
    """Return the words of a text as `has_word` compares them; none of a text that says nothing.

    White space parts words, however much of it and of whatever kind.
    """
    return " ".join(normal(shown(text).text).casefold().split())


def has_word(text: str, word: str) -> bool:
    """Whether the word or phrase occurs whole, whatever the case of its letters."""
    hay, needle = as_words(text), as_words(word)
    if not needle:
        return False
    at = hay.find(needle)
    while at >= 0:
        before, after = hay[at - 1 : at] if at else "", hay[at + len(needle) : at + len(needle) + 1]
        if not (_joins(before) or _joins(after)):
            return True
        at = hay.find(needle, at + 1)
    return False


def _joins(char: str) -> bool:
    return char.isalnum() or char == "_"
