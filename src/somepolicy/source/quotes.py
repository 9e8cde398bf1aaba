"""The source's own words for a clause, taken from a copy at hand: never kept, never guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from somepolicy.ir import Program
from somepolicy.source.alignment import Fate
from somepolicy.source.drift import Drift, compare
from somepolicy.source.held import Held, read_held


@dataclass(frozen=True, slots=True)
class Passage:
    """The words of a clause: a text for each unit it is, and where they stand in the copy.

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
    held: Held

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
    held = read_held(file)
    drift = compare(program, held)
    passages = passages_of(drift)
    drifted = (each.clause.name for each in drift.clauses if each.clause.name not in passages)
    return Quotes(passages, tuple(drifted), held)


def passages_of(drift: Drift) -> Mapping[str, Passage]:
    """Return the words of every clause whose digest the copy has, by clause."""
    return {
        each.clause.name: _passage(each.fates, drift.held, moved=each.status == "moved")
        for each in drift.clauses
        if each.status in ("unchanged", "moved")
    }


def _passage(fates: tuple[Fate, ...], held: Held, *, moved: bool) -> Passage:
    units = [unit for fate in fates for unit in fate.units]
    return Passage(
        tuple(unit.text for unit in units),
        tuple(unit.locator for unit in units),
        held.text.heading(units[0].locator),
        moved,
    )
