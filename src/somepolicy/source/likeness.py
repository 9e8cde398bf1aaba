"""How a segment differs from what it was, where an earlier copy gives the earlier words."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher

from somepolicy.source.inverse_edits import FORCE_WORDS, SMALL_WORDS, How
from somepolicy.source.spelling import MOST_TRIED

_WORD = re.compile(r"\w+(?:[-’']\w+)*")


def bag(text: str) -> Counter[str]:
    """Count the words of a text, whatever the case of their letters."""
    return Counter(_WORD.findall(text.casefold()))


def likeness(one: Counter[str], other: Counter[str]) -> float:
    """Return the share of words that two texts have in common, from 0 to 1 (Dice)."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


def held_in(part: Counter[str], whole: Counter[str]) -> float:
    """Return the share of a text's words that another holds, from 0 to 1."""
    return (part & whole).total() / part.total() if part.total() else 0.0


def difference(before: str, after: str) -> tuple[How, tuple[str, ...]]:
    """Say what sort of edit lies between two texts, with the force words before and after it."""
    if max(len(before), len(after)) > MOST_TRIED:
        return "wording", ()
    old, new = _WORD.findall(before), _WORD.findall(after)
    if old == new:
        return "punctuation", ()
    if [word.casefold() for word in old] == [word.casefold() for word in new]:
        return "capitals", ()
    moves = [
        move
        for move in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if move[0] != "equal"
    ]
    taken = [word.casefold() for _, start, end, _, _ in moves for word in old[start:end]]
    given = [word.casefold() for _, _, _, start, end in moves for word in new[start:end]]
    lost = [word for word in taken if word in (*FORCE_WORDS, *SMALL_WORDS)]
    gained = [word for word in given if word in (*FORCE_WORDS, *SMALL_WORDS)]
    if lost != gained:
        return "force", (" ".join(lost), " ".join(gained))
    if all(move[0] == "insert" for move in moves):
        return "added", ()
    if all(move[0] == "delete" for move in moves):
        return "removed", ()
    return "wording", ()
