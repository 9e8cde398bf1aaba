r"""Whether a pattern can match what it reads as in texts of a form, or is refused.

A letter that is spelled with a mark of its own stands in no text in form NFC. To bring the
pattern into the form would change what `[…]`, `+` or `\x{…}` are about, so that is left to its
author.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
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
_Near = frozenset[str] | None
_ANY: _Near = None


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
    accepts. A mark stands after a letter that it is no one character with, or at the beginning.
    """
    run: list[_Char] = []
    near = prior = _ANY  # what may stand right before what comes, and before the last part
    groups: list[tuple[_Near, list[_Near]]] = []  # what stands before each, and ends its branches
    at = 0
    while at < len(pattern):
        found = _TOKEN.match(pattern, at)
        assert found is not None
        word, at = found[0], found.end()
        if word.startswith("["):
            members, at = _members(pattern, at)
            wrong = _in_class(members, near, form)
            run, prior, near = [], near, _each(members) if word == "[" else _ANY
        elif chars := _named(found):
            wrong = next(filter(None, _in_run(run, chars, near, form)), None)
            run = [*run, *chars][-_LONGEST_RUN:]
            prior = frozenset(run[-2].value) if len(run) > 1 else near
            near = frozenset(chars[-1].value)
        else:
            wrong, run = None, []
            if word.startswith("(") and not word.endswith(")"):
                groups.append((near, []))
            elif word == "|":
                before, ends = groups[-1] if groups else (_ANY, [])
                ends.append(near)
                near = before
            elif word == ")":
                prior, ends = groups.pop()
                near = _either(near, *ends)
            elif not found["repeat"]:
                prior, near = (near, near) if word.startswith("(") else (near, _ANY)
            elif word[0] in "*?" or word.startswith("{0"):
                near = _either(near, prior)
        if wrong is not None:
            return wrong
    return None


def _either(*nears: _Near) -> _Near:
    known = [near for near in nears if near is not None]
    return frozenset("".join(map("".join, known))) if len(known) == len(nears) else _ANY


def _each(members: list[tuple[_Char, _Char] | None]) -> _Near:
    """Return the characters of a class, where they are few and known."""
    chars: set[str] = set()
    for member in members:
        if member is None or ord(member[1].value) - ord(member[0].value) > _MOST_MEMBERS:
            return _ANY
        chars.update(map(chr, range(ord(member[0].value), ord(member[1].value) + 1)))
    return frozenset(chars) if len(chars) <= _MOST_MEMBERS else _ANY


def _joined(near: _Near, chars: Iterable[str]) -> bool:
    """Whether whatever may stand before is read as one with each of some characters."""
    return bool(near) and not any(
        is_normal(before + char) for char in chars if is_normal(char) for before in near or ()
    )


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


def _in_run(
    run: list[_Char], chars: list[_Char], near: _Near, form: Form
) -> Iterator[Misspelt | None]:
    """Look at characters that follow a run of others, or else one that may stand before."""
    before = list(run)
    for char in chars:
        yield _never(char, form)
        if before:
            spelled = "".join(each.value for each in before[-_LONGEST_RUN:]) + char.value
            if not is_normal(spelled):
                yield _apart(before[-1], char)
        elif _joined(near, char.value):
            why = f"U+{ord(char.value):04X} is read as one with the letter before it"
            yield Misspelt(char.start, char.end, why)
        before.append(char)


def _in_class(
    members: list[tuple[_Char, _Char] | None], near: _Near, form: Form
) -> Misspelt | None:
    """Look at the members of a class, ranges of characters; None is a member of another kind."""
    before: _Char | None = None
    for member in members:
        if member is None:
            before = None
            continue
        low, high = member
        if wrong := _never(low, form) or _never(high, form):
            return wrong
        if before is not None and len(normal(before.value + low.value)) == 1:
            return _apart(before, low)  # one letter was meant, and typed as two
        before = high
    each = _each(members)
    if members[0] and each is not None and _joined(near, each):
        why = "a mark is read as one with the letter before it"
        return Misspelt(members[0][0].start, members[0][1].end, why)
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
