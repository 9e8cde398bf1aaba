"""The known name that somebody may have meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from somepolicy.look_alikes import skeleton


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like the given one, or None if none is near.

    Similar means a ratio of at least 0.6; ties go to the first in alphabetical order. What looks
    the same, in letters of other scripts, comes first.
    """
    if len(name) > 100:
        return None
    known = sorted(set(known))
    if not name.isascii() or not all(map(str.isascii, known)):
        seen = skeleton(name)
        if alike := [each for each in known if each != name and skeleton(each) == seen]:
            return alike[0]
    best, best_score = None, 0.6
    for candidate in known:
        most = 2 * min(len(name), len(candidate)) / (len(name) + len(candidate) or 1)
        if most <= best_score:
            continue
        score = SequenceMatcher(None, name.lower(), candidate.lower()).ratio()
        if score > best_score:
            best, best_score = candidate, score
    return best
