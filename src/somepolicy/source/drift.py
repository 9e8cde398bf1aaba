"""A policy compared with a copy of its source: what is as it was, and what depends on the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from somepolicy.ir import Clause, Program
from somepolicy.source.alignment import Match, Status, align
from somepolicy.source.copies import SourceCopy
from somepolicy.source.errors import SourceError
from somepolicy.source.expected import keys_of, places
from somepolicy.source.segments import Heading, Segment, SourceText
from somepolicy.source.spelling import digest, variants

HeadingStatus = Literal["unchanged", "moved", "renamed", "gone", "new"]
_WORST: tuple[Status, ...] = ("gone", "changed", "moved", "unchanged")


@dataclass(frozen=True, slots=True)
class ClauseMatch:
    """What became of a clause: the worst of what became of its segments."""

    clause: Clause
    status: Status
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class HeadingMatch:
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
    """The answer: every clause, lead-in and heading, and the segments nothing accounts for.

    `matches` are those of the policy's segments, in the order of its text, each once.
    `earlier_known` is how many of the policy's segments the earlier copy has, None without one.
    """

    copy: SourceCopy
    clauses: tuple[ClauseMatch, ...]
    matches: tuple[Match, ...]
    headings: tuple[HeadingMatch, ...]
    new: tuple[Segment, ...]
    segments: int
    earlier_known: int | None

    @property
    def found(self) -> bool:
        """Whether anything is not as the policy holds it."""
        return bool(
            self.new
            or any(each.status != "unchanged" for each in self.matches)
            or any(each.status != "unchanged" for each in self.headings)
        )


def compare(program: Program, copy: SourceCopy, earlier: SourceCopy | None = None) -> Drift:
    """Compare a policy with a copy; an earlier copy shows more of what changed.

    Raises SourceError where the earlier copy has none of the policy's segments.
    """
    expected = places(program)
    known = {} if earlier is None else _words(earlier.text)
    common = sum(place.digest in known for place in expected)
    if earlier is not None and expected and not common:
        raise SourceError(
            "this is not the copy the policy was written from: no segment is the same"
        )
    aligned = align(expected, copy.text.segments, known)
    by_key = {(match.place.locator, match.place.digest): match for match in aligned.matches}
    return Drift(
        copy=copy,
        clauses=tuple(
            _clause(clause, tuple(by_key[key] for key in keys_of(clause)))
            for clause in program.clauses.values()
        ),
        matches=aligned.matches,
        headings=_headings(program, copy.text, aligned.matches, known),
        new=aligned.new,
        segments=len(copy.text.segments),
        earlier_known=None if earlier is None else common,
    )


def _clause(clause: Clause, matches: tuple[Match, ...]) -> ClauseMatch:
    found = {match.status for match in matches}
    status = next(each for each in _WORST if each in found)
    if status == "gone" and found != {"gone"}:
        status = "changed"  # a part of it is still there
    return ClauseMatch(clause, status, matches)


def _words(text: SourceText) -> Mapping[str, str]:
    """Return the words of every segment and heading by each digest they may have."""
    found: dict[str, str] = {}
    texts = [
        *(segment.text for segment in text.segments),
        *(heading.text for heading in text.headings),
    ]
    for each in texts:
        for written in variants(each):
            found.setdefault(digest(written), each)
    return found | {digest(each): each for each in texts}


# --- headings


def _headings(
    program: Program, text: SourceText, matches: tuple[Match, ...], known: Mapping[str, str]
) -> tuple[HeadingMatch, ...]:
    """Compare headings with the sections that state a digest; without any, yield nothing."""
    if not any(section.digest for section in program.sections.values()):
        return ()
    left = {heading.number: heading for heading in text.headings}
    same: dict[int, Heading] = {}
    for section in program.sections.values():
        for number, heading in left.items():
            if section.digest is not None and section.digest in _digests(heading):
                same[section.number] = left.pop(number)
                break
    now_at = _sections_now(matches)
    found: list[HeadingMatch] = []
    for section in program.sections.values():
        number = section.number
        if section.digest is None:
            continue
        before = known.get(section.digest)
        if number in same:
            status: HeadingStatus = "unchanged" if same[number].number == number else "moved"
            found.append(HeadingMatch(status, number, section.title, same[number], before))
        elif renamed := left.pop(now_at.get(number, number), None):
            found.append(HeadingMatch("renamed", number, section.title, renamed, before))
        else:
            found.append(HeadingMatch("gone", number, section.title, None, before))
    found += [HeadingMatch("new", None, None, heading) for heading in left.values()]
    return tuple(found)


def _digests(heading: Heading) -> set[str]:
    return {heading.digest, *(digest(each) for each in variants(heading.text))}


def _sections_now(matches: tuple[Match, ...]) -> Mapping[int, int]:
    """Return in which section most segments of each of the policy's sections stand now."""
    seen: dict[int, Counter[int]] = {}
    for match in matches:
        for segment in match.segments:
            seen.setdefault(_section(match.place.locator), Counter())[
                _section(segment.locator)
            ] += 1
    return {number: counted.most_common(1)[0][0] for number, counted in seen.items()}


def _section(locator: str) -> int:
    return int(locator.partition(".")[0])
