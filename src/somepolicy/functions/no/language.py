"""Bokmål or nynorsk, by a vote of the words in which they differ."""

from __future__ import annotations

from collections.abc import Callable

from somepolicy.functions.no.prepare import Prepared
from somepolicy.lexicon import Lexicon

_FEWEST_WORDS = 8
_FEWEST_VOTES = 2
_TELLING = 4
_MARGIN = 2
_AROUND = ".,!?:"


def make_language_of(words: Lexicon) -> Callable[[Prepared], str]:
    """Return the function `language_of` for a word list.

    Groups: `nb` and `nn`, words that only the one has; `other`, common words of the languages
    next door, which count against both. Raises ValueError.
    """
    missing = sorted({"nb", "nn", "other"} - words.entries.keys())
    if missing:
        raise ValueError(f"word list `{words.name}` has no group `{missing[0]}`")
    nb, nn, other = (frozenset(words.entries[name]) for name in ("nb", "nn", "other"))

    def language_of(text: Prepared) -> str:
        """Return `nb`, `nn`, or `unknown` for up to eight words or a close vote.

        Each marker word votes once, however often it stands there. The winner needs more than
        twice the votes of every rival, and two votes or one of four letters.
        """
        lower = text.text.lower()
        for mark in _AROUND:
            lower = lower.replace(mark, " ")
        split_text = lower.split()
        if len(split_text) <= _FEWEST_WORDS:
            return "unknown"
        used = frozenset(split_text)
        for_nb, for_nn, against = used & nb, used & nn, len(used & other)
        if _wins(for_nb, max(len(for_nn), against)):
            return "nb"
        return "nn" if _wins(for_nn, max(len(for_nb), against)) else "unknown"

    return language_of


def _wins(votes: frozenset[str], rival: int) -> bool:
    """Whether the votes are clear; a single short word may be of any language."""
    sure = len(votes) >= _FEWEST_VOTES or any(len(word) >= _TELLING for word in votes)
    return sure and len(votes) > _MARGIN * rival
