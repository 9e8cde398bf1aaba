"""Markup undone: tags, comments, character references and percent escapes, nested or mixed.

All of it in time linear in the text, and with the place of every character kept.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache

from somepolicy.functions.no.characters import form, is_mark, join_mark
from somepolicy.functions.no.prepared import Prepared

_STARTS = re.compile(r"<[A-Za-z/!?]|&#?[0-9A-Za-z]|%[0-9A-Fa-f]{2}|\]\]>")
_SIGN = re.compile("[<>&%]")
_DECIMAL = frozenset("0123456789")
_HEXADECIMAL = _DECIMAL | frozenset("abcdefABCDEF")
_LONGEST_REFERENCE = 32
_LONGEST_LEGACY = 6
_MOST_DIGITS = 10  # a reference with more is no character, whatever they are
_LONGEST_ESCAPE = len("%F0%9F%98%80")
_COMMENT, _CDATA = "<!--", "<![CDATA["
_BREAKS = frozenset(
    ("br", "p", "div", "li", "ul", "ol", "tr", "td", "th", "table", "hr", "pre", "blockquote",
     "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "header", "footer"),
)  # fmt: skip
_NAME = "[A-Za-z][A-Za-z0-9_-]*+"
_TAG = re.compile(
    rf"/?\s?({_NAME}(?::{_NAME})?+)(?:\s*/?|[\s/][^=]*=.*)|(?i:!doctype)\s.*|\?{_NAME}.*\?",
    re.DOTALL,
)
_BROWSER_TAG = re.compile(
    r"""</?[A-Za-z](?:[^>=]|=(?!\s*["'])|=\s*(?:"[^"]*"|'[^']*'))*+>""", re.DOTALL
)
_BROWSER_NAME = re.compile(rf"</?({_NAME}(?::{_NAME})?+)(?=[\s/>])")
# elements of which a browser shows nothing: those whose content it does not read as markup,
# and others; what has no content; attributes that hide an element
_RAW = frozenset(("iframe", "noembed", "noframes", "noscript", "script", "style", "title"))
_NEVER_SHOWN = frozenset(("audio", "canvas", "datalist", "rp", "template", "video"))
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
     "wbr"),
)  # fmt: skip
_HIDING = re.compile(
    rf"hidden|display|visibility|<(?:{'|'.join(sorted(_RAW | _NEVER_SHOWN))})", re.IGNORECASE
)
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_HIDDEN = re.compile(r"""[\s"']hidden(?=[\s=/>])""", re.IGNORECASE)
_NO_DISPLAY = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)

_HEX, _MORE = "[0-9A-Fa-f]", "%[89ABab][0-9A-Fa-f]"
_ESCAPE = (
    rf"%(?:[0-7]{_HEX}|[CDcd]{_HEX}{_MORE}|[Ee]{_HEX}(?:{_MORE}){{2}}|[Ff]{_HEX}(?:{_MORE}){{3}})"
)
_LAST_ESCAPE = re.compile(rf"{_ESCAPE}\Z")
_REFERENCE = rf"&(?:#(?:[0-9]+|[xX]{_HEX}+)|[A-Za-z][A-Za-z0-9]*);?"
_FIRST = re.compile(rf"<[A-Za-z/!?]|{_REFERENCE}|{_ESCAPE}|\]\]>")
_WHOLE = re.compile(rf"{_REFERENCE}|{_ESCAPE}|<!--(?:[^<>&%]*--)?>|<[^<>&%]*>")

_ONCE_REFERENCE = re.compile(_REFERENCE)
_ONCE = re.compile(f"{_REFERENCE}|{_ESCAPE}")

Span = tuple[int, int]
_Change = tuple[int, int, str]
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
        return _resolved(body, word[1 + len(body) :])[0] is not None
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
    of a character hangs on what stands there, not on what was taken off: so nothing is left to
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
            decoded, taken = _resolved(body, word[1 + len(body) :])
            end = at + 1 + taken if taken < len(body) else end
        elif word[0] == "%":
            decoded = _decoded(word) if self._escapes else None
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
        if word.startswith(_COMMENT):
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
        if _is_idle(body, char):
            self.ends[-1] = end
            return []
        decoded, taken = _resolved(body, char)
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
        if char not in _HEXADECIMAL or self.chars[-2:-1] != ["%"]:
            return None
        tail = "".join(self.chars[1 - _LONGEST_ESCAPE :]) + char
        found = _LAST_ESCAPE.search(tail)
        if found is None or (decoded := _decoded(found[0])) is None:
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
        if char == "-" and self._comment < 0 and self._opened_by(_COMMENT):
            self._comment = len(self.chars) - len(_COMMENT)
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


def _decoded(escapes: str) -> str | None:
    """Return the character that percent escapes stand for, None for none in UTF-8."""
    try:
        return bytes.fromhex(escapes.replace("%", "")).decode()
    except UnicodeDecodeError:
        return None


def _resolved(body: str, char: str) -> tuple[str | None, int]:
    """Return what a reference that a character ends stands for, and how much of it that is.

    None where it goes on or is none.
    """
    return (_numeric(body, char), len(body)) if body[0] == "#" else _named(body, char)


def _named(body: str, char: str) -> tuple[str | None, int]:
    """Do so for a name; as in HTML, some old ones need no `;`."""
    from html.entities import html5  # noqa: PLC0415 - few texts hold a reference

    if char == ";" and (whole := html5.get(f"{body};")) is not None:
        return whole, len(body)
    if char and _begins_name(body + char):
        return None, 0
    for size in range(min(len(body), _LONGEST_LEGACY), 1, -1):
        if (found := html5.get(body[:size])) is not None:
            return found, size
    return None, 0


@cache
def _names() -> tuple[str, ...]:
    from html.entities import html5  # noqa: PLC0415 - as above

    return tuple(sorted(html5))


def _begins_name(text: str) -> bool:
    names = _names()
    at = bisect_left(names, text)
    return at < len(names) and names[at].startswith(text)


def _digits(body: str) -> tuple[str, frozenset[str]]:
    """Return the digits of `#…` or `#x…`, and which may follow; none of a name."""
    if body[0] != "#":
        return "", frozenset()
    return (body[2:], _HEXADECIMAL) if body[1:2] in ("x", "X") else (body[1:], _DECIMAL)


def _is_idle(body: str, char: str) -> bool:
    """Whether a digit changes nothing in `&#…`: one more zero ahead, or one of too many."""
    digits, allowed = _digits(body)
    if char not in allowed or not allowed.issuperset(digits):
        return False
    return digits == char == "0" or len(digits) >= _MOST_DIGITS


def _numeric(body: str, char: str) -> str | None:
    """Return what `&#…` stands for if the character does not go on with it, else None."""
    digits, allowed = _digits(body)
    if not digits or char in allowed or not allowed.issuperset(digits):
        return None
    from html import unescape  # noqa: PLC0415 - as above

    least = digits.lstrip("0")[:_MOST_DIGITS] or "0"
    return unescape(f"&{body.removesuffix(digits)}{least};")


# --- as a browser does it


def decoded_once(source: Prepared, *, escapes: bool) -> Prepared:
    """Return a text whose references, and escapes if so said, are resolved, each once.

    What comes of one is never read as a part of another: `&#&#49;5` is `&#15`.
    """
    found = (_ONCE if escapes else _ONCE_REFERENCE).finditer(source.text)
    return _replaced(source, filter(None, map(_once, found)))


def _once(found: re.Match[str]) -> _Change | None:
    word, (start, end) = found[0], found.span()
    if word[0] == "%":
        decoded = _decoded(word)
    else:
        body = word[1:].removesuffix(";")
        decoded, taken = _resolved(body, word[1 + len(body) :])
        end = start + 1 + taken if taken < len(body) else end
    return None if decoded is None else (start, end, decoded)


def without_tags(source: Prepared, *, named: bool = False) -> Prepared:
    """Return a text without what a browser takes for tags and comments, odd ones too.

    `named`: what is no comment and bears no plain name, as `<ola@example.org>`, is left.
    """
    tags = _browser_tags(source.text)
    return _replaced(
        source, ((at, end, "") for at, end in tags if not named or _is_named(source.text, at))
    )


def may_hide(text: str) -> bool:
    """Whether there may be an element that a browser does not show; a quick look."""
    return _HIDING.search(text) is not None


def page(source: Prepared, *, named: bool = False) -> Prepared:
    """Return the same without the content that a browser does not show, either."""
    return _replaced(source, ((at, end, "") for at, end in _unseen(source.text, named)))


def _replaced(source: Prepared, changes: Iterable[_Change]) -> Prepared:
    """Return a text with other characters at some places, not ready to be searched."""
    start = 0
    chars: list[str] = []
    places: list[int] = []
    ends: list[int] = []
    for at, end, instead in [*changes, (len(source.text), len(source.text), "")]:
        chars.append(source.text[start:at])
        places += source.places[start:at]
        ends += source.ends[start:at] if source.ends else range(start + 1, at + 1)
        if instead:
            place, until = source.span(at, end)
            chars.append(instead)
            places += [place] * len(instead)
            ends += [until] * len(instead)
        start = end
    if len(chars) == 1:
        return source
    return source.rewritten("".join(chars), places, ends)


def _browser_tags(text: str, *, raw: bool = False) -> Iterator[Span]:
    """Yield where tags and comments stand; where a quote is never closed, quotes count no more.

    `raw`: an element whose content is not read as markup, such as a script, goes as a whole.
    """
    last, last_comment, quotes = text.rfind(">"), text.rfind("-->"), True
    at = text.find("<")
    while 0 <= at < last:
        end = at + 1
        if text.startswith(_COMMENT, at) and at + 2 <= last_comment:
            end = text.index("-->", at + 2) + 3
        elif _STARTS.match(text, at):
            found = _BROWSER_TAG.match(text, at) if quotes else None
            quotes = quotes and (found is not None or text[at + 1] in "!?/")
            end = text.index(">", at) + 1 if found is None else found.end()
            if raw and text[at + 1] != "/" and (name := _name(text, at)) in _RAW:
                closing = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(text, end)
                end = closing.start() if closing else len(text)
        if end > at + 1:
            yield at, end
        at = text.find("<", end)


def _name(text: str, at: int) -> str:
    """Return the name of a tag in small letters, nothing where it has no plain one."""
    tag = _BROWSER_NAME.match(text, at)
    return tag[1].lower() if tag else ""


def _is_named(text: str, at: int) -> bool:
    return text[at + 1] in "!?/" or _name(text, at) != ""


def _unseen(text: str, named: bool) -> Iterator[Span]:
    """Yield tags and comments, and hidden elements as a whole; one without an end hides the rest."""
    start, hidden, depth = 0, "", 0
    for at, end in _browser_tags(text, raw=True):
        name, opens = _name(text, at), text[at + 1] != "/"
        if depth:
            if name == hidden:
                depth += 1 if opens else -1
            if not depth:
                yield start, end
        elif name and opens and name not in _VOID and _hides(name, text[at:end]):
            start, hidden, depth = at, name, 1
        elif not named or _is_named(text, at):
            yield at, end
    if depth:
        yield start, len(text)


def _hides(name: str, tag: str) -> bool:
    return (
        name in _NEVER_SHOWN
        or _HIDDEN.search(_QUOTED.sub('""', tag)) is not None
        or _NO_DISPLAY.search(tag) is not None
    )
