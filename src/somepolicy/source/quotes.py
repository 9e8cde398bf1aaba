"""The source's own words for a clause, taken from a copy at hand: never kept, never guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from somepolicy.ir import Program
from somepolicy.source.alignment import Match
from somepolicy.source.copies import SourceCopy, read_source_copy
from somepolicy.source.drift import Drift, compare


@dataclass(frozen=True, slots=True)
class Passage:
    """The words of a clause: a text for each segment it is, and where they stand in the copy.

    `heading` is None where no heading stands over them. `moved` where the digest is the same
    but the policy names another place.
    """

    texts: tuple[str, ...]
    locators: tuple[str, ...]
    heading: str | None
    moved: bool

    @property
    def text(self) -> str:
        """The words as one text."""
        return " ".join(self.texts)


@dataclass(frozen=True)
class Quotes(Mapping[str, str]):
    """The words of each clause whose digest is the policy's, by clause.

    `drifted` names the clauses whose words in the copy are not those the policy was written
    from: they have no quote. `held` is the copy.
    """

    passages: Mapping[str, Passage]
    drifted: tuple[str, ...]
    copy: SourceCopy

    def __getitem__(self, clause: str) -> str:
        """Return the words of a clause. Raises KeyError where they drifted."""
        return self.passages[clause].text

    def __iter__(self) -> Iterator[str]:
        """Yield the names of the clauses that have a quote, in the order of the policy."""
        return iter(self.passages)

    def __len__(self) -> int:
        """Count the clauses that have a quote."""
        return len(self.passages)


def quotes(program: Program, file: Path) -> Quotes:
    """Read a copy of the source and return the words of the clauses that stand in it unchanged.

    Raises SourceError for a copy that cannot be read.
    """
    copy = read_source_copy(file)
    drift = compare(program, copy)
    passages = passages_of(drift)
    drifted = (each.clause.name for each in drift.clauses if each.clause.name not in passages)
    return Quotes(passages, tuple(drifted), copy)


def passages_of(drift: Drift) -> Mapping[str, Passage]:
    """Return the words of every clause whose digest the copy has, by clause."""
    return {
        each.clause.name: _passage(each.matches, drift.copy, moved=each.status == "moved")
        for each in drift.clauses
        if each.status in ("unchanged", "moved")
    }


def _passage(matches: tuple[Match, ...], copy: SourceCopy, *, moved: bool) -> Passage:
    segments = [segment for match in matches for segment in match.segments]
    return Passage(
        tuple(segment.text for segment in segments),
        tuple(segment.locator for segment in segments),
        copy.text.heading(segments[0].locator),
        moved,
    )
