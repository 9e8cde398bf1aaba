"""The functions of a policy, bound to its word lists."""

from __future__ import annotations

from collections.abc import Mapping

from somepolicy.functions.lexicon import Lexicon
from somepolicy.functions.table import FUNCTIONS, Code
from somepolicy.semantics.program import Program

Library = Mapping[str, Code]


def refusals(lexicons: Mapping[str, Lexicon]) -> list[tuple[str, str]]:
    """Return the name of each word list that a function refuses, with the reason."""
    found = []
    for row in FUNCTIONS.values():
        if row.lists and all(name in lexicons for name in row.lists):
            try:
                row.make(*(lexicons[name] for name in row.lists))
            except ValueError as reason:
                found.append((row.lists[0], str(reason)))
    return found


def bind(program: Program) -> Library:
    """Return the code of every function whose word lists the policy has.

    The checker has made sure that a function in use has its lists.
    """
    return {
        row.name: row.make(*(program.lexicons[name] for name in row.lists))
        for row in FUNCTIONS.values()
        if all(name in program.lexicons for name in row.lists)
    }
