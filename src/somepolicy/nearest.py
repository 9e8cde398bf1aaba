"""The known name that somebody may have meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like the given one, or None if none is near.

    Similar means a ratio of at least 0.6; ties go to the first in alphabetical order.
    """
    if len(name) > 100:
        return None
    best, best_score = None, 0.6
    for candidate in sorted(set(known)):
        most = 2 * min(len(name), len(candidate)) / (len(name) + len(candidate) or 1)
        if most <= best_score:
            continue
        score = SequenceMatcher(None, name.lower(), candidate.lower()).ratio()
        if score > best_score:
            best, best_score = candidate, score
    return best
