"""A text as detectors see it: evasions undone, every character traced to the original."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text ready for detectors.

    `text` is the normalised text: tags and HTML entities resolved, NFKC, invisible characters
    gone, odd blanks and dashes made plain. `places[i]` is the offset in `original` of the
    character that `text[i]` came from; `places` has one entry more, the end of the original.
    """

    original: str
    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the original of `text[start:end]`, end excluded."""
        return self.places[start], self.places[end - 1] + 1 if end > start else self.places[start]


def prepare(text: str) -> Prepared:
    """Placeholder."""
    return Prepared(text, text, tuple(range(len(text) + 1)))
