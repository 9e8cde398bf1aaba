"""The words that commands and reports share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that commands and reports share, by the names that the policy language has."""

    or_else: str
    status: Mapping[str, str]
    force: Mapping[str, str]
    effect: Mapping[str, str]
    strength: Mapping[str, str]
    answer: Mapping[str, str]
    why_not: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SectionTexts:
    """A part of the texts, with the words that all parts share at hand."""

    vocabulary: Vocabulary
