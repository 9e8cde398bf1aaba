"""Bokmål or nynorsk, by a vote of the words in which they differ."""

from __future__ import annotations

from collections.abc import Callable

from somepolicy.functions.detectors.prepare import Prepared
from somepolicy.functions.lexicon import Lexicon

_FEWEST_WORDS = 8
_FEWEST_VOTES = 2
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

        Each marker word votes once, however often it stands there. The winner needs two votes
        and more than twice those of every rival.
        """
        lower = text.text.lower()
        for mark in _AROUND:
            lower = lower.replace(mark, " ")
        split_text = lower.split()
        if len(split_text) <= _FEWEST_WORDS:
            return "unknown"
        used = frozenset(split_text)
        votes = {"nb": len(used & nb), "nn": len(used & nn), "other": len(used & other)}
        winner = max(votes, key=lambda name: votes[name])
        rival = max(count for name, count in votes.items() if name != winner)
        clear = votes[winner] >= _FEWEST_VOTES and votes[winner] > _MARGIN * rival
        return winner if clear and winner != "other" else "unknown"

    return language_of
