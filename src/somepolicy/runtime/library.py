"""The functions of a policy, bound to its word lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from somepolicy.functions.lexicon import Lexicon
from somepolicy.functions.table import FUNCTIONS, Code


class Library(Mapping[str, Code]):
    """The code of every function whose word lists the policy has, bound at its first use.

    The checker has made sure that a function in use has its lists.
    """

    def __init__(self, lexicons: Mapping[str, Lexicon]) -> None:
        self._lexicons = lexicons
        self._bound: dict[str, Code] = {}

    def __getitem__(self, name: str) -> Code:
        code = self._bound.get(name)
        if code is None:
            row = FUNCTIONS[name]
            code = self._bound[name] = row.make(*(self._lexicons[each] for each in row.lists))
        return code

    def __iter__(self) -> Iterator[str]:
        for row in FUNCTIONS.values():
            if all(each in self._lexicons for each in row.lists):
                yield row.name

    def __len__(self) -> int:
        return sum(1 for _ in self)


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
