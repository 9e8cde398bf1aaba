"""Markup undone: tags, comments, character references and percent escapes, nested or mixed.

All of it in time linear in the text, and with the place of every character kept.
"""

from __future__ import annotations

import re

from somepolicy.functions.no.characters import form, is_mark, join_mark
from somepolicy.functions.no.prepared import Prepared
from somepolicy.functions.no.references import (
    ESCAPE,
    HEXADECIMAL,
    REFERENCE,
    decoded_escapes,
    is_idle,
    resolved,
)

_SIGN = re.compile("[<>&%]")
_LONGEST_REFERENCE = 32
_LONGEST_ESCAPE = len("%F0%9F%98%80")
COMMENT, _CDATA = "<!--", "<![CDATA["
_BREAKS = frozenset(
    ("br", "p", "div", "li", "ul", "ol", "tr", "td", "th", "table", "hr", "pre", "blockquote",
     "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "header", "footer"),
)  # fmt: skip
NAME = "[A-Za-z][A-Za-z0-9_-]*+"
_TAG = re.compile(
    rf"/?\s?({NAME}(?::{NAME})?+)(?:\s*/?|[\s/][^=]*=.*)|(?i:!doctype)\s.*|\?{NAME}.*\?",
    re.DOTALL,
)
_LAST_ESCAPE = re.compile(rf"{ESCAPE}\Z")
_FIRST = re.compile(rf"<[A-Za-z/!?]|{REFERENCE}|{ESCAPE}|\]\]>")
_WHOLE = re.compile(rf"{REFERENCE}|{ESCAPE}|<!--(?:[^<>&%]*--)?>|<[^<>&%]*>")

Piece = tuple[str, int, int]
"""A character, and the start and end of what it stands for in the original."""


def may_hold_markup(text: str) -> bool:
    """Whether there may be something to undo; a quick look.

    What is undone first is spelt out: `&c=2` of a link, which is no reference, begins nothing.
    """
    if not ("<" in text or "&" in text or "%" in text or "]]>" in text):
        return False
    closes = ">" in text or _CDATA in text
    return any(_may_begin(found[0], closes=closes) for found in _FIRST.finditer(text))


def _may_begin(word: str, *, closes: bool) -> bool:
    if word[0] == "&":
        body = word[1:].removesuffix(";")
        return resolved(body, word[1 + len(body) :])[0] is not None
    return word[0] != "<" or closes


def undone(source: Prepared, *, tags: bool = True, escapes: bool = True) -> Prepared:
    """Return a text with its references resolved, without tags and comments, and unescaped.

    A tag is a name alone, or a name and at least one `attribute=value`: `<ola@example.org>`
    and `a <b eller c>` are text. Done again it changes nothing.
    """
    stack = _Stack(source, tags, escapes)
    found = stack.written()
    if stack.escaped:
        return found._replace(unescaped=undone(source, tags=tags, escapes=False))
    return found


class _Stack:
    """The text written so far: what turns out to be markup is taken off its end.

    Each character is put on and taken off a few times at most, so the whole is linear; what
    completes a reference (`&am&#112;;`) or stands in a tag (`<<b>i>`) is undone too. What comes
    of a character depends on what stands there, not on what was taken off: so nothing is left to
    undo. `_references` are the places of `&`, `_openings` those of each `<` that a `>` may
    close, `_comment` that of an open `<!--`, else -1. `escaped`: an escape was undone.
    """

    __slots__ = (
        "_comment", "_escapes", "_openings", "_references", "_source", "_tags",
        "chars", "ends", "escaped", "places",
    )  # fmt: skip

    def __init__(self, source: Prepared, tags: bool, escapes: bool) -> None:
        self.chars: list[str] = []
        self.places: list[int] = []
        self.ends: list[int] = []
        self.escaped = False
        self._source = source
        self._tags = tags
        self._escapes = escapes
        self._references: list[int] = []
        self._openings: list[int] = []
        self._comment = -1

    def written(self) -> Prepared:
        """Write the whole source and return what is left of it."""
        text = self._source.text
        start = 0
        while sign := _SIGN.search(text, start):
            at = sign.start()
            self._copy(start, at)
            start = self._whole(at)
            if start == at:
                start += 1
                self._write(self._piece(at, start))
        self._copy(start, len(text))
        self._settle(("", 0, 0))
        return self._source.rewritten("".join(self.chars), self.places, self.ends)

    def _piece(self, at: int, end: int) -> Piece:
        return (self._source.text[at], *self._source.span(at, end))

    def _copy(self, start: int, stop: int) -> None:
        """Write a stretch of the source without signs; it may go on with what one began."""
        source = self._source
        while start < stop and self._goes_on():
            self._write(self._piece(start, start + 1))
            start += 1
        self.chars += source.text[start:stop]
        self.places += source.places[start:stop]
        self.ends += source.ends[start:stop] if source.ends else range(start + 1, stop + 1)

    def _goes_on(self) -> bool:
        """Whether the next character may matter to a sign before it."""
        chars, size = self.chars, len(self.chars)
        if self._escapes and "%" in chars[-2:]:
            return True
        near = bool(self._references) and size - self._references[-1] <= _LONGEST_REFERENCE + 1
        if near and (chars[-1].isalnum() or chars[-1] in "&#"):
            return True
        opened = self._openings[-1] if self._openings else size
        return opened < size < opened + len(_CDATA) and chars[opened + 1 : opened + 2] in (
            [],
            ["!"],
        )

    def _whole(self, at: int) -> int:
        """Write at once what a sign begins that is spelt out in the source; return its end.

        It comes to what its characters come to one by one, sooner. `at`: nothing was written.
        """
        found = _WHOLE.match(self._source.text, at)
        if found is None:
            return at
        word, end = found[0], found.end()
        if word[0] == "&":
            body = word[1:].removesuffix(";")
            decoded, taken = resolved(body, word[1 + len(body) :])
            end = at + 1 + taken if taken < len(body) else end
        elif word[0] == "%":
            decoded = decoded_escapes(word) if self._escapes else None
            self.escaped |= decoded is not None
        else:
            decoded = self._of_tag(word)
        if decoded is None:
            return at
        sign, place, until = self._piece(at, end)
        self._settle((sign, place, until))
        for char in "".join(map(form, decoded)):
            self._write((char, place, until))
        return end

    def _of_tag(self, word: str) -> str | None:
        """Return what stands for `<…>` without a sign within, None where it is no tag."""
        if not self._tags or self._comment >= 0 or word.endswith("]]>"):
            return None
        if word.startswith(COMMENT):
            return "" if word.endswith("-->") else None
        return _of_tag(word[1:-1])

    def _write(self, piece: Piece) -> None:
        """Write a character, or what it makes of those before it."""
        waiting = [piece]
        while waiting:
            piece = waiting.pop()
            pieces = self._reference(piece) if self._references else None
            if pieces is None and self._escapes:
                pieces = self._escape(piece)
            if pieces is None:
                self._put(*piece)
            else:
                waiting += reversed(pieces)

    def _settle(self, piece: Piece) -> None:
        """Resolve the references that a character ends which is written afterwards."""
        while self._references and (pieces := self._reference(piece)) is not None:
            for each in pieces[:-1]:
                self._write(each)

    # --- references

    def _reference(self, piece: Piece) -> list[Piece] | None:
        """Take off the reference that a character ends; return what takes the place of both.

        None where it ends none.
        """
        char, _, end = piece
        start = self._references[-1]
        size = len(self.chars) - start - 1
        if not 0 < size <= _LONGEST_REFERENCE:
            return None
        body = "".join(self.chars[start + 1 :])
        if is_idle(body, char):
            self.ends[-1] = end
            return []
        decoded, taken = resolved(body, char)
        if decoded is None:
            return None
        rest = start + 1 + taken
        closed = char == ";" and taken == size
        place, until = self.places[start], end if closed else self.ends[rest - 1]
        pieces = [(part, place, until) for part in "".join(map(form, decoded))]
        pieces += zip(self.chars[rest:], self.places[rest:], self.ends[rest:], strict=True)
        self._take_off(start)
        return pieces if closed else [*pieces, piece]

    # --- percent escapes

    def _escape(self, piece: Piece) -> list[Piece] | None:
        """Take off the escapes that a character ends; return what they stand for, else None."""
        char, _, end = piece
        if char not in HEXADECIMAL or self.chars[-2:-1] != ["%"]:
            return None
        tail = "".join(self.chars[1 - _LONGEST_ESCAPE :]) + char
        found = _LAST_ESCAPE.search(tail)
        if found is None or (decoded := decoded_escapes(found[0])) is None:
            return None
        start = len(self.chars) + 1 - len(found[0])
        place = self.places[start]
        self._take_off(start)
        self.escaped = True
        return [(part, place, end) for part in form(decoded)]

    # --- tags and comments

    def _put(self, char: str, place: int, end: int) -> None:
        if char == ">" and self._tags and self._close(place, end):
            return
        if not char.isascii() and is_mark(char):
            join_mark(self.chars, self.ends, char, end)
            return
        if char == "&":
            self._references.append(len(self.chars))
        elif char == "<" and self._tags:
            self._openings.append(len(self.chars))
        self.chars.append(char)
        self.places.append(place)
        self.ends.append(end)
        if char == "-" and self._comment < 0 and self._opened_by(COMMENT):
            self._comment = len(self.chars) - len(COMMENT)
        elif char == "[" and self._opened_by(_CDATA):  # what stands in it is text
            self._take_off(len(self.chars) - len(_CDATA))

    def _opened_by(self, words: str) -> bool:
        """Whether the text ends with what the last `<` begins."""
        start = len(self.chars) - len(words)
        return self._openings[-1:] == [start] and self.chars[start:] == list(words)

    def _close(self, place: int, end: int) -> bool:
        """Take off the comment or the tag that a `>` closes; say whether there was one."""
        if self.chars[-2:] == ["]", "]"]:
            self._take_off(len(self.chars) - 2)
            return True
        if self._comment >= 0 and "".join(self.chars[-3:]).rstrip("!").endswith("--"):
            self._take_off(self._comment)
            return True
        if not self._openings or self._openings[-1] <= self._comment:
            return False
        start = self._openings[-1]
        instead = _of_tag("".join(self.chars[start + 1 :]))
        if instead is None:  # nothing is a tag that holds this: it would be read ever again
            while self._openings and self._openings[-1] > self._comment:
                self._openings.pop()
            return False
        place = self.places[start]
        self._take_off(start)
        for char in instead:
            self._put(char, place, end)
        return True

    def _take_off(self, start: int) -> None:
        del self.chars[start:], self.places[start:], self.ends[start:]
        for signs in (self._references, self._openings):
            while signs and signs[-1] >= start:
                signs.pop()
        if self._comment >= start:
            self._comment = -1


def _of_tag(inner: str) -> str | None:
    """Return what stands for a tag, a line break or nothing; None where it is none."""
    tag = _TAG.fullmatch(inner)
    if tag is None:
        return None
    return "\n" if (tag[1] or "").lower() in _BREAKS else ""
