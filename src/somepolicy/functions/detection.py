"""What a detector returns: evidence with its strength and place, never the data itself."""

from __future__ import annotations

from typing import Literal

from somepolicy.record import Record

Strength = Literal["hard", "strong", "weak"]


class Detection(Record):
    """Evidence found in a text.

    `at` is the JSON Pointer of the text, filled in by the evaluator (empty until then);
    `span` is [start, end) in code points of the original text; `masked` shows the form of
    what was found and nothing that identifies. `hard` may deny, `strong` asks a person,
    `weak` advises.
    """

    detector: str
    version: str
    strength: Strength
    at: str
    span: tuple[int, int]
    masked: str

    def __repr__(self) -> str:
        start, end = self.span
        return f"<Detection {self.detector} {self.strength} at {self.at}[{start}:{end}]>"


Detections = tuple[Detection, ...]
OUTCOME = "case_outcome"


def hard(found: Detections) -> Detections:
    """Keep the detections that may deny."""
    return tuple([each for each in found if each.strength == "hard"])


def strong(found: Detections) -> Detections:
    """Keep the detections that ask a person."""
    return tuple([each for each in found if each.strength == "strong"])


def weak(found: Detections) -> Detections:
    """Keep the detections that advise."""
    return tuple([each for each in found if each.strength == "weak"])


def outcomes(found: Detections) -> Detections:
    """Keep the detections that say how a case went."""
    return tuple([each for each in found if each.detector == OUTCOME])
