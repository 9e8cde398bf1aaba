"""A policy held against a copy of its source: what is as it was, and what hangs on the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from somepolicy.ir import Clause, Program
from somepolicy.source.alignment import Fate, Status, align
from somepolicy.source.errors import SourceError
from somepolicy.source.expected import keys_of, places
from somepolicy.source.held import Held
from somepolicy.source.spelling import digest, variants
from somepolicy.source.units import Heading, Text, Unit

HeadingStatus = Literal["unchanged", "moved", "renamed", "gone", "new"]
_WORST: tuple[Status, ...] = ("gone", "changed", "moved", "unchanged")


@dataclass(frozen=True, slots=True)
class ClauseFate:
    """What became of a clause: the worst of what became of its units."""

    clause: Clause
    status: Status
    fates: tuple[Fate, ...]


@dataclass(frozen=True, slots=True)
class HeadingFate:
    """What became of a heading. `number` and `title` are the policy's, None where it is new.

    `now` is the heading as the copy has it; `before` its earlier words, where known.
    """

    status: HeadingStatus
    number: int | None
    title: str | None
    now: Heading | None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Drift:
    """The answer: every clause, lead-in and heading, and the units nothing accounts for.

    `fates` are those of the policy's units, in the order of its text, each once.
    `earlier_known` is how many of the policy's units the earlier copy has, None without one.
    """

    held: Held
    clauses: tuple[ClauseFate, ...]
    fates: tuple[Fate, ...]
    headings: tuple[HeadingFate, ...]
    new: tuple[Unit, ...]
    units: int
    earlier_known: int | None

    @property
    def found(self) -> bool:
        """Whether anything is not as the policy holds it."""
        return bool(
            self.new
            or any(each.status != "unchanged" for each in self.fates)
            or any(each.status != "unchanged" for each in self.headings)
        )


def compare(program: Program, held: Held, earlier: Held | None = None) -> Drift:
    """Hold a policy against a copy; an earlier copy tells more of what changed.

    Raises SourceError where the earlier copy has none of the policy's units.
    """
    expected = places(program)
    known = {} if earlier is None else _words(earlier.text)
    common = sum(place.digest in known for place in expected)
    if earlier is not None and expected and not common:
        raise SourceError("this is not the copy the policy was written from: no unit is the same")
    aligned = align(expected, held.text.units, known)
    by_key = {(fate.place.locator, fate.place.digest): fate for fate in aligned.fates}
    return Drift(
        held=held,
        clauses=tuple(
            _clause(clause, tuple(by_key[key] for key in keys_of(clause)))
            for clause in program.clauses.values()
        ),
        fates=aligned.fates,
        headings=_headings(program, held.text, aligned.fates, known),
        new=aligned.new,
        units=len(held.text.units),
        earlier_known=None if earlier is None else common,
    )


def _clause(clause: Clause, fates: tuple[Fate, ...]) -> ClauseFate:
    found = {fate.status for fate in fates}
    status = next(each for each in _WORST if each in found)
    if status == "gone" and found != {"gone"}:
        status = "changed"  # a part of it is still there
    return ClauseFate(clause, status, fates)


def _words(text: Text) -> Mapping[str, str]:
    """Return the words of every unit and heading by each digest they may have."""
    found: dict[str, str] = {}
    texts = [*(unit.text for unit in text.units), *(heading.text for heading in text.headings)]
    for each in texts:
        for written in variants(each):
            found.setdefault(digest(written), each)
    return found | {digest(each): each for each in texts}


# --- headings


def _headings(
    program: Program, text: Text, fates: tuple[Fate, ...], known: Mapping[str, str]
) -> tuple[HeadingFate, ...]:
    """Hold headings against the sections that state a digest; without any, nothing is said."""
    if not any(section.digest for section in program.sections.values()):
        return ()
    left = {heading.number: heading for heading in text.headings}
    same: dict[int, Heading] = {}
    for section in program.sections.values():
        for number, heading in left.items():
            if section.digest is not None and section.digest in _digests(heading):
                same[section.number] = left.pop(number)
                break
    now_at = _sections_now(fates)
    found: list[HeadingFate] = []
    for section in program.sections.values():
        number = section.number
        if section.digest is None:
            continue
        before = known.get(section.digest)
        if number in same:
            status: HeadingStatus = "unchanged" if same[number].number == number else "moved"
            found.append(HeadingFate(status, number, section.title, same[number], before))
        elif renamed := left.pop(now_at.get(number, number), None):
            found.append(HeadingFate("renamed", number, section.title, renamed, before))
        else:
            found.append(HeadingFate("gone", number, section.title, None, before))
    found += [HeadingFate("new", None, None, heading) for heading in left.values()]
    return tuple(found)


def _digests(heading: Heading) -> set[str]:
    return {heading.digest, *(digest(each) for each in variants(heading.text))}


def _sections_now(fates: tuple[Fate, ...]) -> Mapping[int, int]:
    """Return in which section most units of each of the policy's sections stand now."""
    seen: dict[int, Counter[int]] = {}
    for fate in fates:
        for unit in fate.units:
            seen.setdefault(_section(fate.place.locator), Counter())[_section(unit.locator)] += 1
    return {number: counted.most_common(1)[0][0] for number, counted in seen.items()}


def _section(locator: str) -> int:
    return int(locator.partition(".")[0])
