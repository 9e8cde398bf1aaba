"""Places the policy holds + segments of a copy -> what became of each place, and what is new.

Four passes, surest first: the same digest; a small edit undone that gives the digest; likeness
to the earlier words, where an earlier copy gives them; the same place between neighbours.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from somepolicy.source.expected import Place
from somepolicy.source.inverse_edits import How, inverse_edit, joined, parted
from somepolicy.source.likeness import bag, difference, held_in, likeness
from somepolicy.source.segments import Segment, block_of
from somepolicy.source.spelling import digest, variants

Status = Literal["unchanged", "moved", "changed", "gone"]
Move = Literal["renumbered", "reordered"]
Basis = Literal["digest", "likeness", "place"]

_ALIKE = 0.5  # share of words that makes one segment an edit of another
_MOST_OF = 0.7  # of the words of a part, where segments were split or merged
_MOST_TRIED = 200  # segments for which edits are undone; beyond that it is another document
_MOST_PARTS = 3


@dataclass(frozen=True, slots=True)
class Match:
    """What became of one place.

    `segments` are where it is now: none where it is gone, several where it was split. `how` is
    how it moved or changed, `basis` how that is known, `words` the force words before and
    after, `before` the earlier words if an earlier copy gave them. `respelled`: its quotation
    marks, dashes or ellipses have another form, which does not count as drift.
    """

    place: Place
    status: Status
    segments: tuple[Segment, ...] = ()
    how: How | Move | None = None
    basis: Basis | None = None
    words: tuple[str, ...] = ()
    before: str | None = None
    respelled: bool = False


@dataclass(frozen=True, slots=True)
class Alignment:
    """The match of every place, in order, and the segments that no place accounts for."""

    matches: tuple[Match, ...]
    new: tuple[Segment, ...]


def align(
    places: Sequence[Place], segments: Sequence[Segment], earlier: Mapping[str, str]
) -> Alignment:
    """Find what became of each place. `earlier` gives words by digest, as far as known."""
    aligner = _Aligner(places, segments, earlier)
    aligner.by_digest()
    aligner.by_undoing()
    aligner.by_likeness()
    aligner.by_place()
    matches = tuple(
        aligner.matches.get(i) or Match(place, "gone", before=earlier.get(place.digest))
        for i, place in enumerate(places)
    )
    return Alignment(
        matches, tuple(segment for j, segment in enumerate(segments) if j not in aligner.used)
    )


class _Aligner:
    def __init__(
        self, places: Sequence[Place], segments: Sequence[Segment], earlier: Mapping[str, str]
    ) -> None:
        self.places = places
        self.segments = segments
        self.earlier = earlier
        self.matches: dict[int, Match] = {}
        self.used: set[int] = set()
        self.found: dict[int, int] = {}  # place -> first segment

    def open_places(self) -> list[int]:
        return [i for i in range(len(self.places)) if i not in self.matches]

    def open_segments(self) -> list[int]:
        return [j for j in range(len(self.segments)) if j not in self.used]

    def settle(self, i: int, segments: Sequence[int], match: Match) -> None:
        self.matches[i] = match
        self.used.update(segments)
        self.found[i] = segments[0]

    # --- the same digest

    def by_digest(self) -> None:
        wanted = {place.digest for place in self.places}
        seen = {j: found for j in range(len(self.segments)) if (found := self._held(j, wanted))}
        where: dict[str, list[int]] = {}
        for i, place in enumerate(self.places):
            where.setdefault(place.digest, []).append(i)
        pairs = [(i, j) for j, found in seen.items() for i in reversed(where[found])]
        in_order = _longest_rise(pairs)
        for i, j in in_order:
            self._same(i, j, "renumbered")
        for j, found in seen.items():
            nearest = None if j in self.used else self._nearest(where[found], j)
            if nearest is not None:
                self._same(nearest, j, "reordered")

    def _held(self, j: int, wanted: set[str]) -> str | None:
        segment = self.segments[j]
        if segment.digest in wanted:
            return segment.digest
        return next((x for text in variants(segment.text) if (x := digest(text)) in wanted), None)

    def _nearest(self, candidates: Iterable[int], j: int) -> int | None:
        left = [i for i in candidates if i not in self.matches]
        same = [i for i in left if self.places[i].locator == self.segments[j].locator]
        return next(iter(same or left), None)

    def _same(self, i: int, j: int, move: Move) -> None:
        place, segment = self.places[i], self.segments[j]
        respelled = segment.digest != place.digest
        if place.locator == segment.locator:
            match = Match(place, "unchanged", (segment,), respelled=respelled)
        else:
            match = Match(place, "moved", (segment,), move, "digest", respelled=respelled)
        self.settle(i, [j], match)

    # --- a small edit undone

    def by_undoing(self) -> None:
        wanted = {self.places[i].digest: i for i in reversed(self.open_places())}
        tried = self.open_segments()[:_MOST_TRIED]
        for j in tried:
            if wanted and (edit := inverse_edit(self.segments[j].text, wanted)):
                self._proved([wanted.pop(edit.digest)], [j], edit.how, edit.words)
        for size in range(2, _MOST_PARTS + 1):
            for run in _runs(self.open_segments()[:_MOST_TRIED], size):
                texts = [self.segments[j].text for j in run]
                fresh = wanted and self.used.isdisjoint(run)
                if fresh and (found := joined(texts, wanted)):
                    self._proved([wanted.pop(found)], run, "split")
        for j in tried:
            if j not in self.used and (both := parted(self.segments[j].text, wanted)):
                one, other = both
                if one != other:
                    self._proved([wanted.pop(one), wanted.pop(other)], [j], "merged")

    def _proved(
        self, places: Sequence[int], segments: Sequence[int], how: How, words: tuple[str, ...] = ()
    ) -> None:
        for i in places:
            self._changed(i, segments, how, "digest", words)

    def _changed(
        self, i: int, segments: Sequence[int], how: How, basis: Basis, words: tuple[str, ...] = ()
    ) -> None:
        place = self.places[i]
        now = tuple(self.segments[j] for j in segments)
        before = self.earlier.get(place.digest)
        self.settle(i, segments, Match(place, "changed", now, how, basis, words, before))

    # --- likeness to the earlier words

    def by_likeness(self) -> None:
        known = [i for i in self.open_places() if self.places[i].digest in self.earlier]
        left = self.open_segments()[: _MOST_TRIED * 2]
        if not known or not left:
            return
        old = {i: bag(self.earlier[self.places[i].digest]) for i in known}
        new = {j: bag(self.segments[j].text) for j in left}
        scored: list[tuple[float, tuple[int, ...], tuple[int, ...]]] = []
        for i in known:
            scored += [(likeness(old[i], new[j]), (i,), (j,)) for j in left]
        for size in range(2, _MOST_PARTS + 1):
            for run in _runs(left, size):
                whole = sum((new[j] for j in run), start=bag(""))
                for i in known:
                    if all(held_in(new[j], old[i]) >= _MOST_OF for j in run):
                        scored.append((likeness(old[i], whole), (i,), run))
            for run in _runs(known, size):
                whole = sum((old[i] for i in run), start=bag(""))
                for j in left:
                    if all(held_in(old[i], new[j]) >= _MOST_OF for i in run):
                        scored.append((likeness(whole, new[j]), run, (j,)))
        scored.sort(key=lambda each: (-each[0], each[1], each[2]))
        for score, places, segments in scored:
            if score < _ALIKE:
                return
            if self.used.isdisjoint(segments) and not any(i in self.matches for i in places):
                self._alike(places, segments)

    def _alike(self, places: Sequence[int], segments: Sequence[int]) -> None:
        if len(places) == len(segments) == 1:
            before = self.earlier[self.places[places[0]].digest]
            how, words = difference(before, self.segments[segments[0]].text)
            self._changed(places[0], segments, how, "likeness", words)
            return
        for i in places:
            self._changed(i, segments, "split" if len(segments) > 1 else "merged", "likeness")

    # --- the same place between neighbours

    def by_place(self) -> None:
        rise = _longest_rise(sorted((i, j) for i, j in self.found.items()), by_place=True)
        windows: dict[tuple[int, str], list[int]] = {}
        for i in self.open_places():
            if self.places[i].digest not in self.earlier:
                before = bisect_left(rise, (i, 0))
                windows.setdefault((before, _kind(self.places[i].locator)), []).append(i)
        for (before, kind), places in windows.items():
            low = rise[before - 1][1] if before else -1
            high = rise[before][1] if before < len(rise) else len(self.segments)
            segments = [
                j
                for j in range(low + 1, high)
                if j not in self.used and _kind(self.segments[j].locator) == kind
            ]
            self._paired(places, segments)

    def _paired(self, places: Sequence[int], segments: Sequence[int]) -> None:
        if len(places) == len(segments):
            for i, j in zip(places, segments, strict=True):
                self._changed(i, [j], "wording", "place")
        elif len(places) == 1 and len({block_of(self.segments[j].locator) for j in segments}) == 1:
            self._changed(places[0], segments, "split", "place")
        elif len(segments) == 1 and len({block_of(self.places[i].locator) for i in places}) == 1:
            for i in places:
                self._changed(i, segments, "merged", "place")
        else:
            by_locator = {self.segments[j].locator: j for j in segments}
            for i in places:
                here = by_locator.get(self.places[i].locator)
                if here is not None:
                    self._changed(i, [here], "wording", "place")


def _kind(locator: str) -> str:
    """Return `p` or `b`: whether a segment stands in a paragraph or in a point."""
    return locator.split(".")[1][0]


def _runs(indexes: Sequence[int], size: int) -> Iterator[tuple[int, ...]]:
    """Yield runs of neighbours, `size` long."""
    for start in range(len(indexes) - size + 1):
        run = tuple(indexes[start : start + size])
        if run[-1] - run[0] == size - 1:
            yield run


def _longest_rise(
    pairs: Iterable[tuple[int, int]], *, by_place: bool = False
) -> list[tuple[int, int]]:
    """Return the longest run of (place, segment) in which both rise (Hunt and Szymanski, 1977).

    The pairs come by segment, those of one segment with falling places; `by_place`: one segment for
    each place, by place.
    """
    key = 1 if by_place else 0
    ends: list[int] = []  # the smallest last value of a run of each length
    nodes: list[tuple[tuple[int, int], int]] = []  # a pair and the node before it, -1: none
    last: list[int] = []
    for pair in pairs:
        length = bisect_left(ends, pair[key])
        nodes.append((pair, last[length - 1] if length else -1))
        if length == len(ends):
            ends.append(pair[key])
            last.append(len(nodes) - 1)
        else:
            ends[length] = pair[key]
            last[length] = len(nodes) - 1
    found: list[tuple[int, int]] = []
    at = last[-1] if last else -1
    while at >= 0:
        pair, at = nodes[at]
        found.append(pair)
    return found[::-1]
