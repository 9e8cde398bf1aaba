"""A search in every text that a reader may have before them, where markup leaves a doubt."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps

from somepolicy.functions.detection import Detection, Detections, Strength
from somepolicy.functions.no.prepared import Prepared

_RANK: dict[Strength, int] = {"hard": 2, "strong": 1, "weak": 0}
Detector = Callable[..., Detections]


def everywhere(detect: Detector) -> Detector:
    """Return a detector that searches the other texts, too, and reports each place once."""

    @wraps(detect)
    def found(text: Prepared, *more: object) -> Detections:
        hits = detect(text, *more)
        if not text.others:
            return hits
        return apart([*hits, *(hit for other in text.others for hit in detect(other, *more))])

    return found


def apart(hits: Iterable[Detection]) -> Detections:
    """Return the hits in order; of two that overlap without the weaker, or the later."""
    kept: list[Detection] = []
    for hit in sorted(hits, key=lambda hit: hit.span):
        if not kept or hit.span[0] >= kept[-1].span[1]:
            kept.append(hit)
        elif _RANK[hit.strength] > _RANK[kept[-1].strength]:
            kept[-1] = hit
    return tuple(kept)
