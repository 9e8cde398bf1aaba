"""words/NAME.toml -> Lexicon: the word lists of a policy."""

from __future__ import annotations

import unicodedata

from somepolicy.functions.lexicon import Lexicon
from somepolicy.language.diagnostics import Diagnostic, PolicyError
from somepolicy.language.source import Source
from somepolicy.semantics.toml import key_span, read_toml


def read_lexicon(name: str, source: Source) -> Lexicon:
    """Parse one word list. Raises PolicyError P607.

    `source` says where the words come from and `clause` which clause they serve; every other
    key is a group, a list of words.
    """
    content = read_toml(source, "P607")
    origin, clause = content.pop("source", None), content.pop("clause", None)
    if not isinstance(origin, str) or not origin.strip():
        raise _refused(source, "source", "`source` has to say where the words come from")
    if not isinstance(clause, str | None):
        raise _refused(source, "clause", "`clause` has to be the name of a clause")
    entries = {}
    for group, words in content.items():
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise _refused(source, group, f"the group `{group}` is not a list of words")
        entries[group] = tuple(unicodedata.normalize("NFC", word) for word in words)
    return Lexicon(name, origin, clause, entries)


def _refused(source: Source, key: str, message: str) -> PolicyError:
    help = 'every key but `source` and `clause` is a group, as `nb = ["ord"]`'
    return PolicyError([Diagnostic("P607", message, key_span(source, (key,)), help)])
