"""words/NAME.toml -> Lexicon: the word lists of a policy."""

from __future__ import annotations

import re
from collections.abc import Collection

from somepolicy.check.toml import key_span, read_toml
from somepolicy.functions.no.prepare import prepare
from somepolicy.functions.something import says_something
from somepolicy.lexicon import PATTERN_LISTS, Lexicon
from somepolicy.nearest import nearest
from somepolicy.syntax.diagnostics import Diagnostic, PolicyError, did_you_mean
from somepolicy.syntax.source import Source, Span

_LACKS_GROUP = re.compile(r"has no group `([^`]+)`")
_QUOTED = re.compile(r"`([^`]+)`")
_PREFIX = 3  # `nb_`
_MAY_BE_EMPTY = frozenset({"links"})  # whose groups have to be there, of what there may be none


def read_lexicon(name: str, source: Source) -> Lexicon:
    """Parse one word list. Raises PolicyError P607.

    `source` says where the words come from and `clause` which clause they serve; every other
    key is a group, a list of words.
    """
    content = read_toml(source, "P607")
    origin, clause = content.pop("source", None), content.pop("clause", None)
    if not isinstance(origin, str) or not says_something(origin):
        raise _refused(source, "source", "`source` has to say where the words come from")
    if not isinstance(clause, str | None):
        raise _refused(source, "clause", "`clause` has to be the name of a clause")
    entries = {}
    for group, words in content.items():
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise _refused(source, group, f"the group `{group}` is not a list of words")
        if not words and name not in _MAY_BE_EMPTY:
            raise _refused(source, group, f"the group `{group}` is empty: leave it out")
        shown = words if name in PATTERN_LISTS else [prepare(word).text for word in words]
        if not all(map(str.strip, shown)):
            raise _refused(source, group, f"a word of the group `{group}` is blank")
        entries[group] = tuple(shown)
    return Lexicon(name, origin, clause, entries)


def refused_list(lexicon: Lexicon, source: Source, reason: str) -> Diagnostic:
    """Return P607 for a list that a function refuses, at the entry that its reason quotes.

    Where the list lacks a group, at the one with the nearest name.
    """
    found = _LACKS_GROUP.search(reason)
    if found is None:
        return Diagnostic("P607", reason, _quoted(source, reason))
    wanted = found[1]
    near = _nearest_group(wanted, lexicon)
    if near is None:
        return Diagnostic("P607", reason, Span(source, 0, 0), f'add it, as `{wanted} = ["…"]`')
    right = wanted if near[_PREFIX - 1 : _PREFIX] != "_" else near[:_PREFIX] + wanted
    help = f"is `{near}` meant? then write `{right}`"
    return Diagnostic("P607", reason, key_span(source, (near,)), help)


def unread_group(source: Source, group: str, purposes: Collection[str]) -> Diagnostic:
    """Return P607 for a group that no function reads, with the name that may be meant."""
    before = group[:_PREFIX] if group[_PREFIX - 1 : _PREFIX] == "_" else ""
    near = nearest(group.removeprefix(before), purposes)
    meant = f"{before}{near}" if f"{before}{near}" != group else near
    help = f"is `{meant}` meant?" if near else f"there are {', '.join(sorted(purposes))}"
    return Diagnostic(
        "P607", f"no function reads the group `{group}`", key_span(source, (group,)), help
    )


def unknown_clause(lexicon: Lexicon, source: Source, clauses: Collection[str]) -> Diagnostic:
    """Return P607 for a list that serves a clause that the policy does not have."""
    help = did_you_mean(str(lexicon.clause), clauses)
    help = help or "leave `clause` out where a list serves several or none"
    message = f"unknown clause `{lexicon.clause}`"
    return Diagnostic("P607", message, key_span(source, ("clause",)), help)


def _quoted(source: Source, reason: str) -> Span:
    """Find the first word or phrase of a list that a text quotes, else the start."""
    for piece in _QUOTED.findall(reason):
        for quote in "\"'":
            if (at := source.text.find(f"{quote}{piece}{quote}")) >= 0:
                return Span(source, at, at + len(piece) + 2)
    return Span(source, 0, 0)


def _nearest_group(wanted: str, lexicon: Lexicon) -> str | None:
    """Return the group most like a name, with or without its language, as `nb_` in `nb_claim`."""
    names = {name[_PREFIX:]: name for name in lexicon.entries if name[_PREFIX - 1 : _PREFIX] == "_"}
    names |= {name: name for name in lexicon.entries}
    near = nearest(wanted, names)
    return None if near is None else names[near]


def _refused(source: Source, key: str, message: str) -> PolicyError:
    help = 'every key but `source` and `clause` is a group, as `nb = ["ord"]`'
    return PolicyError([Diagnostic("P607", message, key_span(source, (key,)), help)])
