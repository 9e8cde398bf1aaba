r"""Whether any text at all can match a pattern: `a^b`, `$a` and `[^\s\S]` match none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from re import _constants as c
from typing import Any, NamedTuple

from somepolicy.patterns.engine import has_no_match
from somepolicy.patterns.tree import SOME_CHARACTER, tree

_LAST = 0x10FFFF
_BEGIN = (c.AT_BEGINNING, c.AT_BEGINNING_STRING)
_END = (c.AT_END, c.AT_END_STRING)
_REPEATS = (c.MAX_REPEAT, c.MIN_REPEAT)
_SETTLED = 8  # there are no more ways than these, so that more rounds change nothing
# as RE2 has them: of ASCII
_CLASSES = {
    c.CATEGORY_DIGIT: ((48, 57),),
    c.CATEGORY_SPACE: ((9, 10), (12, 13), (32, 32)),
    c.CATEGORY_WORD: ((48, 57), (65, 90), (95, 95), (97, 122)),
}
_OTHERS = {
    c.CATEGORY_NOT_DIGIT: c.CATEGORY_DIGIT,
    c.CATEGORY_NOT_SPACE: c.CATEGORY_SPACE,
    c.CATEGORY_NOT_WORD: c.CATEGORY_WORD,
}
Ranges = tuple[tuple[int, int], ...]


class _Way(NamedTuple):
    """How a part may match: whether it takes a character, and stands at an end of the text."""

    takes: bool = False
    begins: bool = False
    ends: bool = False

    def then(self, other: _Way) -> _Way | None:
        """Return both, one after the other; None where that cannot be."""
        if (self.takes and other.begins) or (self.ends and other.takes):
            return None
        return _Way(*(a or b for a, b in zip(self, other, strict=True)))


_Ways = frozenset[_Way]
_NOTHING: _Ways = frozenset([_Way()])


def may_match(pattern: str, alphabet: str | None = None) -> bool:
    """Whether a text may match a checked pattern, one of these characters alone where given.

    True where nothing is known.
    """
    if has_no_match(pattern):
        return False
    parsed = tree(pattern)
    if parsed is None:
        return True
    flags = parsed.state.flags
    return bool(_Analysis(alphabet).ways(parsed, flags))


class _Analysis:
    def __init__(self, alphabet: str | None) -> None:
        self._alphabet = None if alphabet is None else sorted(map(ord, alphabet))

    def ways(self, parts: Iterable[tuple[Any, Any]], flags: int) -> _Ways:
        """Return the ways in which parts may match one after the other."""
        found = _NOTHING
        for kind, value in parts:
            found = _both(found, self._of_part(kind, value, flags))
        return found

    def _of_part(self, kind: Any, value: Any, flags: int) -> _Ways:
        if kind is c.AT:
            if flags & re.MULTILINE:
                return _NOTHING
            return frozenset([_Way(begins=value in _BEGIN, ends=value in _END)])
        if kind is c.BRANCH:
            return frozenset().union(*(self.ways(each, flags) for each in value[1]))
        if kind is c.SUBPATTERN:
            _, added, removed, inner = value
            return self.ways(inner, (flags | added) & ~removed)
        if kind in _REPEATS:
            least, most, inner = value
            return self._repeated(self.ways(inner, flags), least, most)
        return frozenset([_Way(takes=True)] if self._some(kind, value, flags) else [])

    def _repeated(self, once: _Ways, least: int, most: int) -> _Ways:
        found = _NOTHING
        for _ in range(min(least, _SETTLED)):
            found = _both(found, once)
        for _ in range(min(most - least, _SETTLED)):
            found |= _both(found, once)
        return found

    def _some(self, kind: Any, value: Any, flags: int) -> bool:
        """Whether there is a character that a part of one character matches."""
        items = value if kind is c.IN else [(kind, value)]
        if kind in (c.ANY, c.NOT_LITERAL) and self._alphabet is None:
            return True
        ranges = _ranges(items)
        if ranges is None or flags & re.IGNORECASE:
            return True
        if self._alphabet is None:
            return bool(ranges)
        return any(low <= char <= high for low, high in ranges for char in self._alphabet)


def _both(first: _Ways, second: _Ways) -> _Ways:
    made = (a.then(b) for a in first for b in second)
    return frozenset(each for each in made if each is not None)


def _ranges(items: Iterable[tuple[Any, Any]]) -> Ranges | None:
    """Return the characters of a class; None where they are not known."""
    found: list[tuple[int, int]] = []
    negated = False
    for kind, value in items:
        match kind:
            case c.NEGATE:
                negated = True
            case c.LITERAL:
                found.append((value, value))
            case c.NOT_LITERAL:
                found += _without([(value, value)])
            case c.RANGE:
                found.append(value)
            case c.CATEGORY if value in _CLASSES:
                found += _CLASSES[value]
            case c.CATEGORY if value in _OTHERS:
                found += _without(_CLASSES[_OTHERS[value]])
            case _:
                return None
    if any(low <= ord(SOME_CHARACTER) <= high and low == high for low, high in found):
        return None
    return _without(found) if negated else tuple(found)


def _without(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Return all other characters."""
    found: list[tuple[int, int]] = []
    at = 0
    for low, high in sorted(ranges):
        if low > at:
            found.append((at, low - 1))
        at = max(at, high + 1)
    return (*found, (at, _LAST)) if at <= _LAST else tuple(found)
