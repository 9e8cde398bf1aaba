"""Measures of a text: words, sentences, readability. Pure, total, linear in the text."""

from __future__ import annotations

import re
import unicodedata

_LINKS_AND_TAGS = re.compile(r"(?:https?://|www\.)\S+|[#@][\w.]+")
_WORD = re.compile(r"[^\W_]+(?:[-'\u2019][^\W_]+)*")
# Python's `re` serves here and here alone: these patterns are linear, each run tried once.
_STOP = re.compile(r"(?<![.!?:\u2026])[.!?:\u2026]+(?=\s|$)|\n+")
_AFTER = re.compile(r"[ \t]*(.)")
_LONG = 6


def normal(text: str) -> str:
    """Return the text in Unicode normal form C, in which all comparisons are made."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _prose(text: str) -> str:
    """Leave out links, hashtags and mentions: they are not read as prose."""
    prose = normal(text)
    if "#" in prose or "@" in prose or "://" in prose or "www." in prose:
        return _LINKS_AND_TAGS.sub(" ", prose)
    return prose


def _letters(word: str) -> int:
    return len(word) if word.isalpha() else sum(map(str.isalpha, word))


def _words(prose: str) -> list[str]:
    return [word for word in _WORD.findall(prose) if word.isalpha() or _letters(word)]


def words(text: str) -> int:
    """Count the words: runs with a letter; links, hashtags, mentions and numbers do not count."""
    return len(_words(_prose(text)))


def sentences(text: str) -> int:
    """Count the sentences that hold a word.

    A sentence ends at `. ! ? : …` before white space or the end, and at a line break; a stop
    before a lower-case letter or a digit (`kl. 12`, `bl.a. når`) does not end one.
    """
    return _sentences(_prose(text))


def _sentences(prose: str) -> int:
    count, start = 0, 0
    for stop in _STOP.finditer(prose):
        following = _AFTER.match(prose, stop.end())
        if stop[0] == "." and following and (following[1].islower() or following[1].isdigit()):
            continue
        count += _holds_word(prose, start, stop.start())
        start = stop.end()
    return count + _holds_word(prose, start, len(prose))


def _holds_word(prose: str, start: int, end: int) -> bool:
    return any(prose[index].isalpha() for index in range(start, end))


def lix(text: str) -> float:
    """Return the readability index LIX, 0 for a text without words.

    Words per sentence plus the percentage of words of more than six letters. Under 30 is
    very easy, 40 to 50 medium, above 60 very hard. Source: Björnsson, Läsbarhet (1968).
    """
    prose = _prose(text)
    found = _words(prose)
    if not found:
        return 0.0
    long_words = sum(len(word) > _LONG and _letters(word) > _LONG for word in found)
    return len(found) / max(1, _sentences(prose)) + 100 * long_words / len(found)


def length(text: str) -> int:
    """Count the characters (code points after normalisation)."""
    return len(normal(text))


def has_word(text: str, word: str) -> bool:
    """Whether the word or phrase occurs whole, whatever the case of its letters."""
    hay, needle = normal(text).casefold(), normal(word).casefold()
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
