"""A text with a place in the original for each of its characters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

Group = tuple[int, int]
"""A run of digits in a prepared text, as [start, end): no digit adjoins it."""

_ONLY_DIGITS = bytes(code if chr(code) in "0123456789" else 32 for code in range(256))


class Prepared(NamedTuple):
    """A text ready for detectors.

    `text` is the normalised text: markup undone, NFKC, invisible characters gone, odd blanks
    and dashes made plain. `places[i]` is the offset in `original` of the character that
    `text[i]` came from; `places` has one entry more, the end of the original. `ends[i]` is the
    offset behind that character, the whole entity or the letter with its marks; it is empty
    where every character stands for one of the original. `groups` are the runs of ASCII digits
    in `text` as [start, end), found once for all detectors of numbers.

    `others` are the other texts that a reader may have before them, where there is markup:
    with it shown as it stands, or undone as a browser does it. `unescaped` is the text in which
    percent escapes stand, None where there are none.
    """

    original: str
    text: str
    places: tuple[int, ...]
    ends: tuple[int, ...] = ()
    groups: tuple[Group, ...] | None = None
    others: tuple[Prepared, ...] = ()
    unescaped: Prepared | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the original of `text[start:end]`, end excluded."""
        if end <= start:
            return self.places[start], self.places[start]
        return self.places[start], self.ends[end - 1] if self.ends else self.places[end - 1] + 1

    def rewritten(self, text: str, places: Sequence[int], ends: Sequence[int]) -> Prepared:
        """Return another text for the same original; `places` lack its end."""
        traced = (*places, len(self.original))
        return Prepared(self.original, text, traced, tuple(ends), digit_groups(text))


def digit_groups(text: str) -> tuple[Group, ...]:
    """Return the runs of ASCII digits in their order."""
    flat = text.encode("ascii", "replace").translate(_ONLY_DIGITS)
    groups: list[Group] = []
    at = 0
    for run in flat.split():
        at = flat.find(run, at)
        groups.append((at, at := at + len(run)))
    return tuple(groups)


def as_shown(text: Prepared) -> Prepared:
    """Return the text as a reader sees it, in which percent escapes stand.

    What has to be there, such as a credit, has to be seen: no link may spell it.
    """
    return text.unescaped or text
