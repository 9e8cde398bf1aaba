"""The words that commands and reports share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from somepolicy.texts.forms import fitting


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that commands and reports share, by the names that the policy language has."""

    or_else: str
    status: Mapping[str, str]
    force: Mapping[str, str]
    effect: Mapping[str, str]
    strength: Mapping[str, str]
    detector: Mapping[str, str]
    masked: Mapping[str, str]  # by what the detectors say in English
    answer: Mapping[str, str]
    why_not: Mapping[str, str]

    def detector_name(self, code: str) -> str:
        """Return what people call a detector; one that is not known, as in an old log, its code."""
        return self.detector.get(code, code)

    def masked_text(self, masked: str) -> str:
        """Return what a detector shows of what it found; a mere form, as `###`, is as it was."""
        found = fitting(masked, self.masked)
        return masked if found is None else found[0].format(**found[1])


@dataclass(frozen=True, slots=True)
class SectionTexts:
    """A part of the texts, with the words that all parts share at hand."""

    vocabulary: Vocabulary
