"""Functions that look for a pattern, and ask RE2 only where a text has what a match needs.

Each is made for its case, since a call costs as much as the look itself. They look from the
end: CPython finds a literal so in half the time.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import AnyStr

from somepolicy.patterns.engine import byte_search, text_search
from somepolicy.patterns.needs import LONGEST_LITERAL, ClassRun, needs_of

# In UTF-8 the two letters that RE2 takes for an s and a k have these bytes, and few others do:
# the long s is C5 BF, the sign for kelvin E2 84 AA.
_LONG_S = 0xC5
_KELVIN = 0xAA
_HEAD = 16


def finder(pattern: str) -> Callable[[str], bool]:
    """Return a function that tells whether a checked pattern occurs anywhere in a text.

    Half a surrogate pair occurs in no pattern; where RE2 has to look: UnicodeEncodeError.
    """
    search, needs = text_search(pattern), needs_of(pattern)
    if needs is None:
        return search
    if isinstance(needs, ClassRun):
        return _text_within(needs)
    literals, first = needs.literals, needs.literals[0]
    if needs.folded and needs.first:
        return _beginning_folded(literals, search)
    if needs.folded:
        occurs = byte_finder(pattern)
        return lambda text: occurs(text.encode())
    search = _certain if needs.decided else search
    if needs.first:
        return lambda text: text.startswith(literals) and search(text)
    if len(literals) > 1:
        return _with_any(literals, search)
    if len(first) > 1:
        return _with_literal(first, search)
    return lambda text: first in text and search(text)


def byte_finder(pattern: str) -> Callable[[bytes], bool]:
    """Return what `finder` does, for a text in UTF-8."""
    search, needs = byte_search(pattern), needs_of(pattern)
    if needs is None:
        return search
    if isinstance(needs, ClassRun):
        return _bytes_within(needs)
    literals = tuple(literal.encode() for literal in needs.literals)
    if needs.folded:
        return (_beginning_folded if needs.first else _with_any_folded)(literals, search)
    search = _certain if needs.decided else search
    first = literals[0]
    if needs.first:
        return lambda raw: raw.startswith(literals) and search(raw)
    if len(literals) > 1:
        return _with_any(literals, search)
    if len(first) > 1:
        return _with_literal(first, search)
    sign = first[0]
    return lambda raw: sign in raw and search(raw)


def _certain(_: object) -> bool:
    return True


def _with_literal(literal: AnyStr, search: Callable[[AnyStr], bool]) -> Callable[[AnyStr], bool]:
    return lambda text: text.rfind(literal) >= 0 and search(text)


def _with_any(
    literals: tuple[AnyStr, ...], search: Callable[[AnyStr], bool]
) -> Callable[[AnyStr], bool]:
    def occurs(text: AnyStr) -> bool:
        for literal in literals:
            if text.rfind(literal) >= 0:
                return search(text)
        return False

    return occurs


def _with_any_folded(
    literals: tuple[bytes, ...], search: Callable[[bytes], bool]
) -> Callable[[bytes], bool]:
    def occurs(raw: bytes) -> bool:
        lowered = raw.lower()
        for literal in literals:
            if lowered.rfind(literal) >= 0:
                return search(raw)
        if _LONG_S in raw or _KELVIN in raw:
            return search(raw)
        return False

    return occurs


def _beginning_folded(
    literals: tuple[AnyStr, ...], search: Callable[[AnyStr], bool]
) -> Callable[[AnyStr], bool]:
    def occurs(text: AnyStr) -> bool:
        head = text[:LONGEST_LITERAL]
        if head.lower().startswith(literals) or not head.isascii():
            return search(text)
        return False

    return occurs


# Prose is mostly refused by its first characters, however long it is. What stands at the ends of
# a text can be taken off it one by one; from all of a long text `translate` does it faster.


def _text_within(run: ClassRun) -> Callable[[str], bool]:
    members, least, most = run.members, run.least, _limit(run)
    letters = members.decode()

    def occurs(text: str) -> bool:
        return (
            least <= len(text) <= most
            and not text[:_HEAD].strip(letters)
            and text.isascii()
            and not text.encode().translate(None, members)
        )

    return occurs


def _bytes_within(run: ClassRun) -> Callable[[bytes], bool]:
    members, least, most = run.members, run.least, _limit(run)

    def occurs(raw: bytes) -> bool:
        return (
            least <= len(raw) <= most
            and not raw[:_HEAD].strip(members)
            and not raw.translate(None, members)
        )

    return occurs


def _limit(run: ClassRun) -> int:
    return sys.maxsize if run.most is None else run.most
