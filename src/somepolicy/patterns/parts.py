"""What is known of the texts that a part of a pattern matches, and how parts are put together.

After the sets of strings in Russ Cox, "Regular Expression Matching with a Trigram Index" (2012).
Everything here may know too little; it must never claim too much.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

# Looking for a literal takes a sixth of the time that RE2 takes.
MOST_NEEDS = 4
_MOST_EXACT = 8
_MOST_COPIES = 16
_COMMON_SIGNS = frozenset(" \n.,:;!?'\"()-")
_RARE_SIGN = 3  # as telling as this many letters
_TELLING = 3  # what weighs less stands in nearly every text


class Part(NamedTuple):
    """What a part of a pattern matches.

    `exact`: all texts it matches, and unless `anchored` no others; None where they are too many
    or not known. `needs`: literals, one of which stands in every text it matches; none where
    nothing is known. `anchored`: something in it asks where in the whole text it stands.
    `starts`: with one of these the whole text begins where the part matches; None where the
    part may stand elsewhere.
    """

    exact: tuple[str, ...] | None
    needs: tuple[str, ...]
    anchored: bool = False
    starts: tuple[str, ...] | None = None


ANYTHING = Part(None, ())
START = Part(("",), (), anchored=True, starts=("",))
END = Part(("",), (), anchored=True)


def needed(literals: Iterable[str]) -> tuple[str, ...]:
    """Leave out literals that hold another; none where one is empty or too many are left."""
    each = tuple(dict.fromkeys(literals))
    if "" in each:
        return ()
    if len(each) > 1:
        each = tuple(
            literal
            for literal in each
            if not any(other in literal for other in each if other != literal)
        )
    return each if len(each) <= MOST_NEEDS else ()


def one_of(texts: Iterable[str]) -> Part:
    """Return the part that matches each of a few texts; too many are anything."""
    exact = tuple(dict.fromkeys(texts))
    return Part(exact, needed(exact)) if len(exact) <= _MOST_EXACT else ANYTHING


def chosen(branches: Sequence[Part]) -> Part:
    """Return the alternation of one part or more."""
    if len(branches) == 1:
        return branches[0]
    needs: tuple[str, ...] = ()
    if all(branch.needs for branch in branches):
        needs = needed(literal for branch in branches for literal in branch.needs)
    exact: list[str] | None = []
    starts: list[str] | None = []
    for branch in branches:
        exact = None if exact is None or branch.exact is None else [*exact, *branch.exact]
        starts = None if starts is None or branch.starts is None else [*starts, *branch.starts]
    whole = ANYTHING if exact is None else one_of(exact)
    return Part(
        whole.exact,
        _better(needs, whole.needs),
        any(branch.anchored for branch in branches),
        None if starts is None else _few(starts),
    )


def joined(parts: Sequence[Part]) -> Part:
    """Return the concatenation of parts; of none: what matches the empty text."""
    if len(parts) == 1:
        return parts[0]
    needs: tuple[str, ...] = ()
    starts = parts[0].starts if parts else None
    complete = True
    # what certainly stands right before this place: in all its spellings, and since the last
    # part that has several
    run: tuple[str, ...] = ("",)
    only = ""
    for part in parts:
        exact = part.exact
        if exact is not None and len(exact) == 1:
            only += exact[0]
        else:
            needs = _better(_better(needs, needed((only,))), part.needs)
            only = ""
        if exact is None:
            run, complete = ("",), False
            continue
        if len(run) * len(exact) > _MOST_EXACT:
            run, complete = ("",), False
        run = tuple(dict.fromkeys(before + after for before in run for after in exact))
        if len(run) > 1:
            needs = _better(needs, needed(run))
        if starts is not None and complete and len(run) <= MOST_NEEDS:
            starts = run
    needs = _better(needs, needed((only,)))
    anchored = any(part.anchored for part in parts)
    return Part(run if complete else None, needs, anchored, starts)


def repeated(part: Part, least: int, most: int | None) -> Part:
    """Return a part repeated; `most` is None where there is no limit."""
    if least == 0:
        known = part.exact if most == 1 else None
        exact = None if known is None else one_of(("", *known)).exact
        return Part(exact, (), part.anchored)
    copies = joined([part] * min(least, _MOST_COPIES))
    counted = least == most and least <= _MOST_COPIES
    return copies._replace(exact=copies.exact if counted else None)


def _few(starts: Iterable[str]) -> tuple[str, ...]:
    each = tuple(dict.fromkeys(starts))
    return each if len(each) <= MOST_NEEDS else ("",)


def _better(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """Return the needs that fewer texts meet, found with less work."""
    if not one or not other or one == other:
        return one or other
    return min(one, other, key=_rank)


def _rank(needs: tuple[str, ...]) -> tuple[bool, int, int]:
    weight = min(map(_weight, needs))
    return weight < _TELLING, len(needs), -weight


def _weight(literal: str) -> int:
    if literal.isalnum():
        return len(literal)
    return sum(1 if char.isalnum() or char in _COMMON_SIGNS else _RARE_SIGN for char in literal)
