"""A pattern -> what a text needs to match it, read off the pattern without running it.

Where a pattern has something that is not understood, nothing is known and RE2 always runs: a
need that is none would let a rule pass silently. The pattern has to be one that RE2 accepts.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from somepolicy.patterns.parts import needed
from somepolicy.patterns.syntax import Reader, UnknownSyntaxError

LONGEST_LITERAL = 16  # bounds the time of a search; longer ones are cut
LONGEST_PATTERN = 400  # a longer one is a list of words: too many to look for them one by one


class Needs(NamedTuple):
    """One of `literals`, of at most 16 characters, stands in every text that matches.

    `folded`: they are in small letters, and the text may have either. `first`: it stands at the
    start of the text. `decided`: a text with one of them matches.
    """

    literals: tuple[str, ...]
    folded: bool = False
    first: bool = False
    decided: bool = False


class ClassRun(NamedTuple):
    """A text matches if it has `least` to `most` characters (None: any), each in ASCII members."""

    members: bytes
    least: int
    most: int | None


@lru_cache(maxsize=1024)
def needs_of(pattern: str) -> Needs | ClassRun | None:
    """Return what a text needs to match; None where nothing is known."""
    if len(pattern) > LONGEST_PATTERN:
        return None
    try:
        return _class_run(pattern) or _needs(pattern)
    except UnknownSyntaxError:
        return None


def _needs(pattern: str) -> Needs | None:
    reader = Reader(pattern)
    whole = reader.whole()
    if whole.exact is not None and not whole.anchored and not reader.folded:
        spelt = needed(whole.exact)
        if spelt and max(map(len, spelt)) <= LONGEST_LITERAL:
            return Needs(spelt, decided=True)
    # RE2 itself soon gives up where a match could stand at the start alone
    found = whole.needs if whole.starts is None else whole.starts
    literals = tuple(dict.fromkeys(each[:LONGEST_LITERAL] for each in found))
    if not all(literals):
        return None
    caseless = all(each.lower() == each.upper() for each in literals)
    folded = reader.folded and not caseless
    return Needs(literals, folded, first=whole.starts is not None) if literals else None


def _class_run(pattern: str) -> ClassRun | None:
    """Return the run where the pattern is one class from the start of the text to its end."""
    start = re.match(r"(?:\^|\\A)(?=\[)", pattern)
    if start is None:
        return None
    reader = Reader(pattern, start.end())
    members = reader.members()
    least, most = reader.quantifier() or (1, 1)
    if pattern[reader.at :] not in ("$", r"\z") or members is None:
        return None
    together = "".join(sorted(members))
    return ClassRun(together.encode(), least, most) if together.isascii() else None
