"""The part of RE2's syntax that is understood, read into what a pattern's parts match.

Where anything else stands nothing is known about the whole pattern. The reader relies on RE2
having accepted the pattern: it tells no right pattern from a wrong one.
"""

from __future__ import annotations

import re

from somepolicy.patterns.parts import (
    ANYTHING,
    END,
    MOST_NEEDS,
    START,
    Part,
    chosen,
    joined,
    one_of,
    repeated,
)

_FEW_MEMBERS = MOST_NEEDS
_DEEPEST = 40
_ASCII = 0x80
_PLAIN = re.compile(r"[^\\.+*?()|\[\]{}^$]+")
_QUANTIFIER = re.compile(r"([*+?]|\{(0|[1-9][0-9]{0,3})(,(0|[1-9][0-9]{0,3})?)?\})\??")
_PROPERTY = re.compile(r"\\[pP](?:\{[^{}]*\}|[A-Za-z])")
# most classes have many members, and which they are is not worth finding out
_WIDE_CLASS = re.compile(r"\[(?:0-9|A-Z|a-z|\^[^\[\]\\]+|[^\[\]\\^][^\[\]\\]{7,})\]")
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^`{|}~")
_LETTERED = {"n": "\n", "r": "\r", "t": "\t"}
_SIGNS = {".": ANYTHING, "^": START, "$": END}
_CLASS_LETTERS = frozenset("dDsSwW")


class UnknownSyntaxError(Exception):
    """Here stands what the reader does not know."""


class Reader:
    """Reads a pattern from `at` on; `folded`: the case of letters does not count."""

    def __init__(self, pattern: str, at: int = 0) -> None:
        self.pattern = pattern
        self.at = at
        self.depth = 0
        self.folded = False

    def whole(self) -> Part:
        """Read all of the pattern."""
        self.folded = self._skip("(?i)")
        part = self._alternation()
        if self.at < len(self.pattern):
            raise UnknownSyntaxError
        return part

    def quantifier(self) -> tuple[int, int | None] | None:
        """Read how often, least and most, what stands before may be repeated; None: nothing."""
        found = _QUANTIFIER.match(self.pattern, self.at)
        if found is None:
            return None
        self.at = found.end()
        sign, least, several, most = found.groups()
        if least is None:
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        if several is None:
            return int(least), int(least)
        return int(least), None if most is None else int(most)

    def members(self) -> frozenset[str] | None:
        """Read a class in brackets; None where its members are too many or not known."""
        self._skip("[")
        known = not self._skip("^")
        members: set[str] = set()
        first = self.at
        while self.at == first or not self._ahead("]"):
            if self._ahead("[:"):
                raise UnknownSyntaxError
            low = self._member()
            if low is None:
                known = False
                continue
            if self._ahead("-") and not self._ahead("-]"):
                self.at += 1
                high = self._member()
                if high is None:
                    raise UnknownSyntaxError
                known = known and max(ord(low), ord(high)) < _ASCII
                if known:
                    members.update(map(chr, range(ord(low), ord(high) + 1)))
            else:
                members.add(low)
        self.at += 1
        return frozenset(members) if known else None

    # --- parts

    def _alternation(self) -> Part:
        branches = [self._concatenation()]
        while self._skip("|"):
            branches.append(self._concatenation())
        return chosen(branches)

    def _concatenation(self) -> Part:
        parts: list[Part] = []
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            part, often = self._atom(), self.quantifier()
            parts.append(part if often is None else repeated(part, *often))
        return joined(parts)

    def _atom(self) -> Part:
        if plain := _PLAIN.match(self.pattern, self.at):
            return self._spelt(plain)
        sign = self.pattern[self.at]
        if sign == "[":
            return self._class()
        if sign == "(":
            return self._group()
        if sign == "\\":
            return self._escaped()
        if sign not in _SIGNS:
            raise UnknownSyntaxError
        self.at += 1
        return _SIGNS[sign]

    def _spelt(self, plain: re.Match[str]) -> Part:
        """Read characters that stand for themselves; a quantifier is about the last alone."""
        text, self.at = plain[0], plain.end()
        if len(text) > 1 and self.pattern[self.at : self.at + 1] in ("*", "+", "?", "{"):
            text, self.at = text[:-1], self.at - 1
        if not self.folded or text.isascii():
            return self._literal(text)
        return joined([self._literal(char) for char in text])

    def _literal(self, text: str) -> Part:
        if not self.folded:
            return one_of((text,))
        # other letters may stand for one of ASCII, as the long s does
        return one_of((text.lower(),)) if text.isascii() else ANYTHING

    def _class(self) -> Part:
        if wide := _WIDE_CLASS.match(self.pattern, self.at):
            self.at = wide.end()
            return ANYTHING
        members = self.members()
        if members is None:
            return ANYTHING
        if self.folded:
            if not all(map(str.isascii, members)):
                return ANYTHING
            members = frozenset(map(str.lower, members))
        return one_of(sorted(members)) if len(members) <= _FEW_MEMBERS else ANYTHING

    def _group(self) -> Part:
        self.at += 1
        if self._ahead("?") and not self._skip("?:"):
            raise UnknownSyntaxError
        self.depth += 1
        if self.depth > _DEEPEST:
            raise UnknownSyntaxError
        part = self._alternation()
        self.depth -= 1
        if not self._skip(")"):
            raise UnknownSyntaxError
        return part

    def _escaped(self) -> Part:
        if self._skip(r"\A"):
            return START
        if self._skip(r"\z"):
            return END
        char = self._member()
        return ANYTHING if char is None else self._literal(char)

    # --- characters

    def _member(self) -> str | None:
        """Read one character, as itself or escaped; None for an escape that means a class."""
        if not self._skip("\\"):
            char = self.pattern[self.at : self.at + 1]
            if not char:
                raise UnknownSyntaxError
            self.at += 1
            return char
        if found := _PROPERTY.match(self.pattern, self.at - 1):
            self.at = found.end()
            return None
        escaped = self.pattern[self.at : self.at + 1]
        self.at += 1
        if escaped in _CLASS_LETTERS:
            return None
        if escaped in _PUNCTUATION:
            return escaped
        if escaped in _LETTERED:
            return _LETTERED[escaped]
        raise UnknownSyntaxError

    def _ahead(self, text: str) -> bool:
        return self.pattern.startswith(text, self.at)

    def _skip(self, text: str) -> bool:
        found = self._ahead(text)
        self.at += len(text) if found else 0
        return found
