"""Which small edit made a segment what it is: undone, its digest is one that the policy holds.

A digest gives no text back, but it confirms a guess. So the small edits a text suffers are
undone one by one; where the policy holds the digest of the result, that edit is what happened. By
chance that happens to fewer than one in 10^9 segments.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from somepolicy.source.spelling import MOST_TRIED, digest

How = Literal["wording", "punctuation", "capitals", "force", "added", "removed", "split", "merged"]

# Words on which the force of a sentence depends; one in place of another changes what it demands.
FORCE_WORDS = (
    "skal", "skulle", "må", "måtte", "bør", "burde", "kan", "kunne", "vil", "får", "trenger",
    "must", "shall", "should", "may", "can", "will", "need",
)  # fmt: skip
SMALL_WORDS = (
    "ikke", "aldri", "alltid", "kun", "bare", "også", "gjerne", "ikkje", "alltid", "berre", "òg",
    "not", "never", "always", "only", "also",
)  # fmt: skip
_MARKS = ".,;:!?()\"“”«»'’–—-…"
_END_MARKS = (".", "!", "?", ":", ";", "…", "")
_WITHIN_MARKS = (",", ";", ":", " –")
_MOST_ADDED = 4  # words in a row
_MOST_WORDS = 120  # of a segment that is tried
_CONNECTORS = (
    " ", ", ", "; ", ": ", " – ", " og ", ", og ", " eller ", ", eller ", " men ", ", men ",
    " and ", ", and ", " or ", ", or ", " but ", ", but ",
)  # fmt: skip
_LEADING_CONNECTOR = re.compile(r"(?:og|eller|men|samt|and|or|but)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class InverseEdit:
    """The digest that was there before, how the segment was changed, and the force words if any."""

    digest: str
    how: How
    words: tuple[str, ...] = ()  # before, after; empty for none there


def inverse_edit(text: str, wanted: Collection[str]) -> InverseEdit | None:
    """Return the small edit that made the text out of a segment with one of the wanted digests."""
    if not wanted or len(text) > MOST_TRIED or text.count(" ") >= _MOST_WORDS:
        return None
    words = text.split(" ")
    for how, before, changed in _guesses(text, words):
        found = digest(before)
        if found in wanted:
            return InverseEdit(found, how, changed)
    return None


def _guesses(text: str, words: Sequence[str]) -> Iterator[tuple[How, str, tuple[str, ...]]]:
    for before in _punctuation(text, words):
        yield "punctuation", before, ()
    for before in _capitals(words):
        yield "capitals", before, ()
    yield from _force(words)
    for before in _without(words):
        yield "added", before, ()


def _punctuation(text: str, words: Sequence[str]) -> Iterator[str]:
    for index, char in enumerate(text):
        if char in _MARKS:
            yield " ".join((text[:index] + text[index + 1 :]).split())
            for mark in ".,;:!?":
                yield text[:index] + mark + text[index + 1 :]
    bare = text.rstrip(_MARKS)
    for mark in _END_MARKS:
        yield bare + mark
    for index in range(1, len(words)):
        for mark in _WITHIN_MARKS:
            yield f"{' '.join(words[:index])}{mark} {' '.join(words[index:])}"


def _capitals(words: Sequence[str]) -> Iterator[str]:
    for index, word in enumerate(words):
        for other in (word.capitalize(), word.lower(), word.upper(), word[:1].lower() + word[1:]):
            if other != word:
                yield " ".join((*words[:index], other, *words[index + 1 :]))


def _force(words: Sequence[str]) -> Iterator[tuple[How, str, tuple[str, ...]]]:
    """Exchange a force word, or put a small word back in."""
    for index, word in enumerate(words):
        bare = word.strip(_MARKS)
        if bare.casefold() in (*FORCE_WORDS, *SMALL_WORDS):
            for other in (*FORCE_WORDS, *SMALL_WORDS):
                same = other.capitalize() if bare[0].isupper() else other
                before = word.replace(bare, same)
                whole = " ".join((*words[:index], before, *words[index + 1 :]))
                yield "force", whole, (other, bare.casefold())
        if bare.casefold() in SMALL_WORDS and word == bare:
            rest = (*words[:index], *words[index + 1 :])
            yield "force", " ".join(rest), ("", bare.casefold())
    for index in range(1, len(words) + 1):
        for small in SMALL_WORDS:
            whole = " ".join((*words[:index], small, *words[index:]))
            yield "force", whole, (small, "")


def _without(words: Sequence[str]) -> Iterator[str]:
    """Leave out a few words in a row; a capital or a last mark goes over to what is left."""
    for length in range(1, min(_MOST_ADDED, len(words) - 1) + 1):
        for start in range(len(words) - length + 1):
            left = [*words[:start], *words[start + length :]]
            yield " ".join(left)
            if start == 0:
                yield " ".join((left[0][:1].upper() + left[0][1:], *left[1:]))
            elif start + length == len(words):
                taken = words[-1]
                mark = taken[len(taken.rstrip(_MARKS)) :]
                yield " ".join(left).rstrip(",;") + mark


# --- one segment to several, several to one


def joined(texts: Sequence[str], wanted: Collection[str]) -> str | None:
    """Return the wanted digest of a segment that was split into these, neighbours of each other."""
    if sum(map(len, texts)) > MOST_TRIED:
        return None
    wholes = [texts[0]]
    for text in texts[1:]:
        lowered = text[:1].lower() + text[1:]
        wholes = [
            start + connector + end
            for whole in wholes
            for start in dict.fromkeys((whole, whole.rstrip(".!?;,")))
            for connector in _CONNECTORS
            for end in dict.fromkeys((lowered, text))
        ]
    return next((found for whole in wholes if (found := digest(whole)) in wanted), None)


def parted(text: str, wanted: Collection[str]) -> tuple[str, str] | None:
    """Return the wanted digests of the two segments that were merged into this one."""
    words = text.split(" ")
    tried = len(words) <= _MOST_WORDS and len(text) <= MOST_TRIED
    for index in range(1, len(words) if tried else 0):
        start = " ".join(words[:index]).rstrip(",;:–— ")
        first = next(
            (found for mark in _END_MARKS if (found := digest(start + mark)) in wanted), None
        )
        if first is None:
            continue
        rest = " ".join(words[index:])
        for end in dict.fromkeys(
            (rest, _LEADING_CONNECTOR.sub("", rest, count=1), rest.lstrip("–— "))
        ):
            for whole in (end[:1].upper() + end[1:], end):
                if (second := digest(whole)) in wanted:
                    return first, second
    return None
