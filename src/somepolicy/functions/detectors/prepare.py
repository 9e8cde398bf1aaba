"""A text as detectors see it: evasions undone, every character traced to the original."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

Group = tuple[int, int]
"""A run of digits in a prepared text, as [start, end): no digit adjoins it."""


class Prepared(NamedTuple):
    """A text ready for detectors.

    `text` is the normalised text: tags and HTML entities resolved, NFKC, invisible characters
    gone, odd blanks and dashes made plain. `places[i]` is the offset in `original` of the
    character that `text[i]` came from; `places` has one entry more, the end of the original.
    `ends[i]` is the offset behind that character, the whole entity or the letter with its
    marks; it is empty where every character stands for one of the original. `groups` are the
    runs of ASCII digits in `text` as [start, end), found once for all detectors of numbers.
    """

    original: str
    text: str
    places: tuple[int, ...]
    ends: tuple[int, ...] = ()
    groups: tuple[Group, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the original of `text[start:end]`, end excluded."""
        if end <= start:
            return self.places[start], self.places[start]
        return self.places[start], self.ends[end - 1] if self.ends else self.places[end - 1] + 1


def prepare(text: str) -> Prepared:
    """Return the text as detectors see it; ASCII without markup is left as it is.

    Linear in the text, and nothing is left to undo in what it returns:
    `prepare(prepare(text).text).text == prepare(text).text`.
    """
    if _is_plain(text):
        return _without_markup(text) if _may_hold_markup(text) else _unchanged(text, text)
    forms = {char: _form(char) for char in set(text)}
    if _may_hold_markup("".join(forms.values())):
        return _without_markup(text)
    changes = {char: form for char, form in forms.items() if form != char or _is_mark(char)}
    if any(len(form) != 1 or _is_mark(char) for char, form in changes.items()):
        return _rewritten(text, changes)
    plain = text
    for char, form in changes.items():
        plain = plain.replace(char, form)
    return _unchanged(text, plain)


_PLACES = tuple(range(4097))


def _unchanged(original: str, text: str) -> Prepared:
    """Return a text whose every character stands for the one at the same offset."""
    length = len(text) + 1
    places = _PLACES[:length] if length <= len(_PLACES) else tuple(range(length))
    return Prepared(original, text, places, (), digit_groups(text))


_DECIMAL = frozenset("0123456789")
_ONLY_DIGITS = bytes(code if chr(code) in _DECIMAL else 32 for code in range(256))


def digit_groups(text: str) -> tuple[Group, ...]:
    """Return the runs of ASCII digits in their order."""
    flat = text.encode("ascii", "replace").translate(_ONLY_DIGITS)
    groups: list[Group] = []
    at = 0
    for run in flat.split():
        at = flat.find(run, at)
        groups.append((at, at := at + len(run)))
    return tuple(groups)


# --- single characters

_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
_DASHES = frozenset("\u02d7\u2043\u2212\u2796")
_SLASHES = frozenset("\u2044\u2215\u29f8")
_LONGEST_FORM = 4
_BRAILLE_BLANK = "\u2800"
_NEXT_LINE = "\x85"
_MARKS = (
    (0x0300, 0x036F), (0x0483, 0x0489), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF),
    (0xFE20, 0xFE2F),
)  # fmt: skip
_SELECTORS = ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))


def _within(char: str, blocks: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= ord(char) <= last for first, last in blocks)


@lru_cache(maxsize=4096)
def _is_mark(char: str) -> bool:
    """Whether it is a mark any letter or digit may carry: an accent, a stroke, a keycap."""
    return (
        unicodedata.category(char) in ("Mn", "Me")
        and char not in _INVISIBLE
        and _within(char, _MARKS)
    )


@lru_cache(maxsize=4096)
def _form(char: str) -> str:
    """Return what detectors see in place of a character: mostly itself, sometimes nothing.

    Every digit becomes an ASCII digit, whatever its script or ring, every dash `-`, every
    blank a space or a line feed; the rest is its NFKC form, where that has up to four
    characters (an Arabic ligature has eighteen). A mark stays a mark.
    """
    if char.isascii() or _is_mark(char):
        return char
    kind = unicodedata.category(char)
    if kind in ("Zl", "Zp") or char == _NEXT_LINE:
        return "\n"
    if kind in ("Cf", "Cc") or char in _INVISIBLE or _within(char, _SELECTORS):
        return ""
    if kind == "Zs" or char == _BRAILLE_BLANK:
        return " "
    if kind == "Pd" or char in _DASHES:
        return "-"
    if char in _SLASHES:
        return "/"
    if kind == "Cs":
        return "\ufffd"
    if (digit := unicodedata.digit(char, None)) is not None:
        return str(digit)
    folded = unicodedata.normalize("NFKC", char)
    if folded == char or len(folded) > _LONGEST_FORM:
        return char
    return "".join(_form(part) for part in folded if not _is_mark(part))


_PLAIN = bytes(code for code in range(256) if _form(chr(code)) == chr(code))


def _is_plain(text: str) -> bool:
    """Whether every character is its own form, for a text in Latin-1; a quick look."""
    if text.isascii():
        return True
    try:
        return not text.encode("latin-1").translate(None, _PLAIN)
    except UnicodeEncodeError:
        return False


def _join_mark(chars: list[str], ends: list[int], mark: str, end: int) -> None:
    """Put a mark on the last character: as one letter with it, or it is left out."""
    if not chars:
        return
    ends[-1] = end
    if chars[-1].isalpha():
        joined = unicodedata.normalize("NFC", chars[-1] + mark)
        if len(joined) == 1 and _form(joined) == joined:
            chars[-1] = joined


def _rewritten(text: str, changes: Mapping[str, str]) -> Prepared:
    """Replace characters by more or fewer than one, in a text without markup."""
    chars: list[str] = []
    places: list[int] = []
    ends: list[int] = []
    start = 0
    for at in [at for at, char in enumerate(text) if char in changes]:
        chars += text[start:at]
        places += range(start, at)
        ends += range(start + 1, at + 1)
        start = at + 1
        if _is_mark(text[at]):
            _join_mark(chars, ends, text[at], start)
            continue
        form = changes[text[at]]
        chars += form
        places += [at] * len(form)
        ends += [start] * len(form)
    chars += text[start:]
    places += range(start, len(text) + 1)
    ends += range(start + 1, len(text) + 1)
    plain = "".join(chars)
    return Prepared(text, plain, tuple(places), tuple(ends), digit_groups(plain))


# --- markup

_LONGEST_REFERENCE = 40
_HEXADECIMAL = _DECIMAL | frozenset("abcdefABCDEF")
_BREAKS = frozenset(
    ("br", "p", "div", "li", "ul", "ol", "tr", "td", "th", "table", "hr", "pre", "blockquote",
     "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "header", "footer"),
)  # fmt: skip


def _may_hold_markup(text: str) -> bool:
    """Whether the text, or another order of its characters, holds a tag or an entity."""
    return ("<" in text and ">" in text) or ("&" in text and (";" in text or "#" in text))


def _without_markup(text: str) -> Prepared:
    """Read the text and take back what turns out to be markup."""
    forms = {char: _form(char) for char in set(text)}
    apart = {
        char for char, form in forms.items() if char in "<>&-" or char != form or _is_mark(char)
    }
    writer = _Writer()
    start = 0
    for at in [at for at, char in enumerate(text) if char in apart]:
        writer.copy(text, start, at)
        start = at + 1
        writer.write(forms[text[at]], at, start)
    writer.copy(text, start, len(text))
    writer.finish()
    plain, places = "".join(writer.chars), (*writer.places, len(text))
    return Prepared(text, plain, places, tuple(writer.ends), digit_groups(plain))


class _Writer:
    """The text written so far, as a stack: entities, tags and comments are taken off its end.

    Each character is put on once and taken off at most once, so the whole is linear; an
    entity that completes another (`&am&#112;;`) or a tag that stands in one (`<<b>i>`) is
    undone too. `_ampersands` and `_openings` are the places on the stack of `&` and of `<`,
    `_comment` that of an open `<!--`, else -1.
    """

    __slots__ = ("_ampersands", "_comment", "_openings", "chars", "ends", "places")

    def __init__(self) -> None:
        self.chars: list[str] = []
        self.places: list[int] = []
        self.ends: list[int] = []
        self._ampersands: list[int] = []
        self._openings: list[int] = []
        self._comment = -1

    def copy(self, text: str, start: int, stop: int) -> None:
        """Write a stretch of the original in which only an entity may go on or end."""
        while start < stop and self._in_reference():
            self.write(text[start], start, start + 1)
            start += 1
        self.chars += text[start:stop]
        self.places += range(start, stop)
        self.ends += range(start + 1, stop + 1)

    def _in_reference(self) -> bool:
        """Whether an `&` stands near enough to begin an entity."""
        length = len(self.chars)
        return bool(self._ampersands) and length - self._ampersands[-1] - 1 <= _LONGEST_REFERENCE

    def write(self, form: str, place: int, end: int) -> None:
        """Write characters which all stand for `original[place:end]`."""
        waiting = [(char, place, end) for char in reversed(form)]
        while waiting:
            char, place, end = waiting.pop()
            decoded = self._reference(char) if self._ampersands else None
            if decoded is None:
                self._put(char, place, end)
                continue
            start = self._ampersands[-1]
            stop = end if char == ";" else self.ends[-1]
            if char != ";":
                waiting.append((char, place, end))
            forms = "".join(map(_form, decoded))
            waiting += [(part, self.places[start], stop) for part in reversed(forms)]
            self._take_off(start)

    def finish(self) -> None:
        """Resolve a numeric entity that the text ends with, also without its `;`."""
        while self._ampersands and (decoded := self._reference("")) is not None:
            start = self._ampersands[-1]
            place, end = self.places[start], self.ends[-1]
            self._take_off(start)
            self.write("".join(map(_form, decoded)), place, end)

    def _reference(self, char: str) -> str | None:
        """Return what the entity at the end stands for if the character ends it, else None."""
        start = self._ampersands[-1] + 1
        if not 0 < len(self.chars) - start <= _LONGEST_REFERENCE:
            return None
        if self.chars[start] == "#":
            return _numeric(self.chars[start + 1 :], char)
        return _named("".join(self.chars[start:])) if char == ";" else None

    def _put(self, char: str, place: int, end: int) -> None:
        chars = self.chars
        if char == ">" and self._close(place, end):
            return
        if char == "<":
            self._openings.append(len(chars))
        elif char == "&":
            self._ampersands.append(len(chars))
        elif not char.isascii() and _is_mark(char):
            _join_mark(chars, self.ends, char, end)
            return
        chars.append(char)
        self.places.append(place)
        self.ends.append(end)
        if char == "-" and self._comment < 0 and chars[-4:] == ["<", "!", "-", "-"]:
            self._comment = len(chars) - 4

    def _close(self, place: int, end: int) -> bool:
        """Take off the comment or the tag that a `>` closes; tell whether there was one."""
        if self._comment >= 0 and self.chars[-2:] == ["-", "-"]:
            self._take_off(self._comment)
            return True
        if not self._openings or self._openings[-1] <= self._comment:
            return False
        start = self._openings.pop()
        name = _tag("".join(self.chars[start + 1 :]))
        if name is None:
            return False
        place = self.places[start]
        self._take_off(start)
        if name in _BREAKS:
            self._put("\n", place, end)
        return True

    def _take_off(self, start: int) -> None:
        del self.chars[start:], self.places[start:], self.ends[start:]
        for marked in (self._ampersands, self._openings):
            while marked and marked[-1] >= start:
                marked.pop()
        if self._comment >= start:
            self._comment = -1


def _named(name: str) -> str | None:
    """Return what `&name;` stands for, None for nothing."""
    from html.entities import html5  # noqa: PLC0415 - few texts hold an entity

    return html5.get(f"{name};")


def _numeric(body: list[str], char: str) -> str | None:
    """Return what `&#…` stands for if the character does not go on with it, else None."""
    if not body:
        return None
    hexadecimal = body[0] in ("x", "X")
    digits = body[1:] if hexadecimal else body
    allowed = _HEXADECIMAL if hexadecimal else _DECIMAL
    if not digits or char in allowed or not allowed.issuperset(digits):
        return None
    from html import unescape  # noqa: PLC0415 - as above

    return unescape(f"&#{'x' if hexadecimal else ''}{''.join(digits)};")


def _tag(inner: str) -> str | None:
    """Return the name of the tag with this between `<` and `>`; None if it is no tag.

    A tag is a name alone, or a name and at least one `attribute=value`: `<ola@example.org>`
    and `a <b eller c>` are text.
    """
    words = inner.removeprefix("/").removesuffix("/").split(None, 1)
    if not words or inner[:1].isspace():
        return None
    name = words[0]
    if not (name.isascii() and name[0].isalpha() and name.isalnum()):
        return None
    return name.lower() if len(words) == 1 or "=" in words[1] else None


def removed(prepared: Prepared) -> Iterator[tuple[int, str]]:
    """Yield what was taken out of the original, such as tags, as offset and stretch."""
    if not prepared.ends and prepared.text:
        return
    end = 0
    for place, following in zip(prepared.places, (*prepared.ends, 0), strict=True):
        if place > end:
            yield end, prepared.original[end:place]
        end = following
