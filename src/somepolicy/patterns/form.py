r"""Whether a pattern can match what it reads as in texts of a form, or is refused.

A letter that is spelled with a mark of its own stands in no text in form NFC. To bring the
pattern into the form would change what `[…]`, `+` or `\x{…}` are about, so that is left to its
author.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from somepolicy.normal_form import is_normal, normal

_MOST_MEMBERS = 1024  # of a range, each looked at
_LONGEST_RUN = 32
_NUMBERED = (
    r"\\x\{(?P<long>[0-9A-Fa-f]{1,6})\}|\\(?:x(?P<short>[0-9A-Fa-f]{2})|(?P<octal>[0-7]{1,3}))"
)
_ESCAPE = rf"{_NUMBERED}|\\[pP](?:\{{[^{{}}]*\}}|.)|\\(?P<sign>[^A-Za-z0-9])|\\."
_TOKEN = re.compile(
    rf"\\Q(?P<quoted>.*?)(?:\\E|\Z)|{_ESCAPE}|\[\^?|\(\?P?<[^>]*>|\(\?[A-Za-z-]*[:)]"
    r"|(?P<repeat>[*+?]\??|\{[0-9]+(?:,[0-9]*)?\}\??)|[|().^$]|(?P<plain>.)",
    re.DOTALL,
)
_MEMBER = re.compile(rf"{_ESCAPE}|\[:\^?[a-z]+:\]|(?P<plain>.)", re.DOTALL)
Form = Callable[[str], str]
_JAMO = (("\u1161", "\u1175"), ("\u11a8", "\u11c2"))  # that join the syllable before them


class Misspelt(NamedTuple):
    """What of a pattern, as [start, end), stands in no text of the form, and why."""

    start: int
    end: int
    why: str


class _Char(NamedTuple):
    """A character that a pattern names, and where."""

    value: str
    start: int
    end: int


def misspelt(pattern: str, form: Form) -> Misspelt | None:
    """Return the first part of a pattern that stands in no text of a form; None: there is none.

    `form` brings a text into it, and it is at least form NFC. The pattern has to be one that RE2
    accepts.
    """
    run: list[_Char] = []
    near = ""  # the character right before, repeated or not
    at = 0
    while at < len(pattern):
        found = _TOKEN.match(pattern, at)
        assert found is not None
        if found[0].startswith("["):
            members, at = _members(pattern, found.end())
            wrong = _in_class(members, near, form)
            run, near = [], ""
        else:
            at = found.end()
            chars = _named(found)
            wrong = next(filter(None, _in_run(run, chars, form)), None)
            run = [*run, *chars][-_LONGEST_RUN:] if chars else []
            if chars or not found["repeat"]:
                near = chars[-1].value if chars else ""
        if wrong is not None:
            return wrong
    return None


def _named(found: re.Match[str]) -> list[_Char]:
    """Return the characters that a token names; none for what stands for several, or for none."""
    parts = found.groupdict()
    start, end = found.span()
    if quoted := parts.get("quoted"):
        return [_Char(char, each, each + 1) for each, char in enumerate(quoted, start + 2)]
    if number := parts["long"] or parts["short"]:
        code = int(number, 16)
    elif octal := parts["octal"]:
        code = int(octal, 8)
    else:
        literal = parts["plain"] or parts["sign"]
        return [_Char(literal, start, end)] if literal else []
    return [_Char(chr(code), start, end)] if code < 0xD800 or 0xE000 <= code <= 0x10FFFF else []


def _in_run(run: list[_Char], chars: list[_Char], form: Form) -> Iterator[Misspelt | None]:
    """Look at characters that follow a run of others."""
    before = list(run)
    for char in chars:
        yield _never(char, form)
        if before:
            spelled = "".join(each.value for each in before[-_LONGEST_RUN:]) + char.value
            if not is_normal(spelled):
                yield _apart(before[-1], char)
        elif _joins(char.value):
            why = f"U+{ord(char.value):04X} is read as one with the letter before it"
            yield Misspelt(char.start, char.end, why)
        before.append(char)


def _in_class(members: list[tuple[_Char, _Char] | None], near: str, form: Form) -> Misspelt | None:
    """Look at the members of a class, ranges of characters; None is a member of another kind."""
    before: _Char | None = None
    for member in members:
        if member is None:
            before = None
            continue
        low, high = member
        if wrong := _never(low, form) or _never(high, form):
            return wrong
        if before is not None and not is_normal(before.value + low.value):
            return _apart(before, low)
        last = min(ord(high.value), ord(low.value) + _MOST_MEMBERS)
        if near and any(
            is_normal(chr(code)) and not is_normal(near + chr(code))
            for code in range(ord(low.value), last + 1)
        ):
            why = f"a mark after `{near}` is read as one with it"
            return Misspelt(low.start, high.end, why)
        before = high
    return None


def _members(pattern: str, at: int) -> tuple[list[tuple[_Char, _Char] | None], int]:
    """Read the members of a class, and where it ends."""
    members: list[tuple[_Char, _Char] | None] = []
    first = at
    while at == first or pattern[at] != "]":
        low, at = _member(pattern, at)
        high = low
        if pattern[at] == "-" and pattern[at + 1] != "]":
            high, at = _member(pattern, at + 1)
        members.append((low, high) if low and high else None)
    return members, at + 1


def _member(pattern: str, at: int) -> tuple[_Char | None, int]:
    found = _MEMBER.match(pattern, at)
    assert found is not None
    named = _named(found)
    return named[0] if named else None, found.end()


def _never(char: _Char, form: Form) -> Misspelt | None:
    read = form(char.value)
    if read == char.value:
        return None
    why = f"{_codes(char.value)} is {f'read as {_codes(read)}' if read else 'left out'}"
    return Misspelt(char.start, char.end, why)


def _apart(letter: _Char, mark: _Char) -> Misspelt:
    spelled = letter.value + mark.value
    why = f"{_codes(spelled)} are read as {_codes(normal(spelled))}"
    return Misspelt(letter.start, mark.end, why)


def _codes(chars: str) -> str:
    return " and ".join(f"U+{ord(char):04X}" for char in chars)


@lru_cache(maxsize=256)
def _joins(mark: str) -> bool:
    """Whether some letter and the mark are one character in form NFC."""
    if any(first <= mark <= last for first, last in _JAMO):
        return True
    return unicodedata.category(mark).startswith("M") and any(
        len(normal(chr(code) + mark)) == 1 for code in range(0x41, 0x3100)
    )
