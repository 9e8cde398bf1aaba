"""The functions of a policy, bound to its word lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from somepolicy.functions.implementations import IMPLEMENTATIONS, Code
from somepolicy.functions.no.phrases import Searcher, serves, trigger
from somepolicy.functions.no.prepare import Prepared
from somepolicy.lexicon import Lexicon

# groups that are read by just this name, of some not before a text comes
_ASKED_BY_NAME: Mapping[str, frozenset[str]] = {
    "accounts": frozenset({"bank_account", "kid", "organisation_number", "amount"}),
    "case_numbers": frozenset({"keyword", "bare", "public"}),
    "contacts": frozenset({"telephones", "role_mailboxes", "amount"}),
    "language": frozenset({"nb", "nn", "other"}),
    "links": frozenset({"own_domains", "public_suffixes", "short_link_hosts"}),
    "tone": frozenset({"acronym"}),
}


class _Tests(dict[str, Callable[[Prepared], bool] | None]):
    """The quick test of each detector, None where it has none."""

    def __init__(self, library: Library) -> None:
        super().__init__()
        self._library = library

    def __missing__(self, name: str) -> Callable[[Prepared], bool] | None:
        code = self._library[name]
        self[name] = code.may if isinstance(code, Searcher) else IMPLEMENTATIONS[name].may
        return self[name]


class Library(Mapping[str, Code]):
    """The code of every function whose word lists the policy has, bound at its first use.

    The checker has made sure that a function in use has its lists.
    """

    def __init__(self, lexicons: Mapping[str, Lexicon]) -> None:
        self._lexicons = lexicons
        self._bound: dict[str, Code] = {}
        self.tests = _Tests(self)

    def __getitem__(self, name: str) -> Code:
        code = self._bound.get(name)
        if code is None:
            found = IMPLEMENTATIONS[name]
            code = self._bound[name] = found.make(*(self._lexicons[each] for each in found.lists))
        return code

    def __iter__(self) -> Iterator[str]:
        for each in IMPLEMENTATIONS.values():
            if all(name in self._lexicons for name in each.lists):
                yield each.name

    def __len__(self) -> int:
        return sum(1 for _ in self)


def refusals(lexicons: Mapping[str, Lexicon]) -> list[tuple[str, str]]:
    """Return the name of each word list that a function refuses, with the reason."""
    found = []
    for each in IMPLEMENTATIONS.values():
        if each.lists and all(name in lexicons for name in each.lists):
            try:
                each.make(*(lexicons[name] for name in each.lists))
            except ValueError as reason:
                found.append((each.lists[0], str(reason)))
    return found


def unread_groups(lexicons: Mapping[str, Lexicon]) -> list[tuple[str, str, frozenset[str]]]:
    """Return each group that no function reads: its list, its name, and the purposes there are.

    Of a list that is not read by the names of its groups nothing is known.
    """
    asked: dict[str, set[str]] = {name: set() for name in lexicons}
    for each in IMPLEMENTATIONS.values():
        if each.lists and all(name in lexicons for name in each.lists):
            each.make(*(lexicons[name]._replace(asked=asked[name]) for name in each.lists))
    return [
        (name, group, frozenset(asked[name]))
        for name, words in lexicons.items()
        for group in words.entries
        if asked[name] and not any(serves(group, purpose) for purpose in asked[name])
    ] + [
        (name, group, known)
        for name, known in _ASKED_BY_NAME.items()
        if name in lexicons
        for group in lexicons[name].entries
        if group not in known
    ]


def accepted(lexicons: Mapping[str, Lexicon]) -> dict[str, Lexicon]:
    """Return the word lists, none of which a function refuses, with their triggers."""
    groups_of: dict[str, list[tuple[str, ...]]] = {name: [] for name in lexicons}
    for each in IMPLEMENTATIONS.values():
        if each.trigger_groups and each.lists[0] in groups_of:
            groups_of[each.lists[0]].append(each.trigger_groups)
    return {
        name: words._replace(
            triggers={groups: trigger(words, *groups) for groups in groups_of[name]}
        )
        for name, words in lexicons.items()
    }
