r"""Whether a text says something: one answer for schemas, rules and the checker alike.

`\S` asks for it, in a schema and in `matches`; so does `is not empty` of a text.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from somepolicy import patterns
from somepolicy.functions.no.browser import without_tags
from somepolicy.functions.no.characters import form, is_seen
from somepolicy.functions.no.prepare import read_as_page, shown

_SIGNS = "<&]"  # with which markup begins
_BEGINNING, _LONGEST = 400, 40  # that much is looked at first; a reference is no longer
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZÆØÅabcdefghijklmnopqrstuvwxyzæøå0123456789")
_ONE = r"(?:\\S|\[\\S\]|\[\^\\s\]|\[\^\[:space:\]\])(?:\+\??|\{1,?\})?"
_START, _END = r"(?:\^|\\A)", r"(?:\$|\\z)"
_SPELLINGS = re.compile(
    rf"{_START}?\\s\*\??{_ONE}(?:\.\*)?"
    rf"|(?:\.\*\??)?{_ONE}(?:\.\*|\\s\*{_END})?"
    rf"|\(\?s\)(?:{_START}?\.\*\??)?{_ONE}(?:\.\*{_END}?)?"
)


def says_something(text: str) -> bool:
    """Whether a reader sees anything in a text.

    Blanks, characters that are ignored or fill a place, controls, private codes, marks without
    a letter, and tags, comments and references that show nothing say nothing; nor does what a
    browser hides, or takes for a tag by its name, though another reader may see it.
    """
    if text[:1] in _LETTERS:
        return True
    for char in text:
        if is_seen(char):
            if not any(sign in form(char) for sign in _SIGNS):
                return True
            if _begins_openly(text):
                return True
            bare = without_tags(shown(text), named=True)
            return all(any(map(is_seen, view.text)) for view in (bare, read_as_page(text)))
    return False


def _begins_openly(text: str) -> bool:
    """Whether something is seen ahead of all that may be a tag; a quick look at the beginning."""
    start = text[:_BEGINNING]
    if any("<" in form(char) for char in start):
        return False
    seen = shown(start).text
    return "<" not in seen and any(map(is_seen, seen[:-_LONGEST]))


def asks_for_something(pattern: str) -> bool:
    r"""Whether a pattern asks for anything but white space: `\S`, or the same spelt otherwise."""
    return _SPELLINGS.fullmatch(pattern) is not None


def finder(pattern: str) -> Callable[[str], bool]:
    """Return a function that says whether a checked pattern occurs anywhere in a text.

    Half a surrogate pair occurs in no pattern; where RE2 has to look: UnicodeEncodeError.
    """
    return says_something if asks_for_something(pattern) else patterns.finder(pattern)


def byte_finder(pattern: str) -> Callable[[bytes], bool]:
    """Return what `finder` does, for a text in UTF-8."""
    if asks_for_something(pattern):
        return lambda raw: says_something(raw.decode())
    return patterns.byte_finder(pattern)
