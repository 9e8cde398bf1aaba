"""What is wrong with a text that is not JSON: which slip it is, where, and how to mend it.

The text itself is never shown: of the line that a caret points into, only the signs of JSON are.
"""

from __future__ import annotations

import re
from json import JSONDecodeError

_MOST_SHOWN = 60  # characters of a line
_HIDDEN = re.compile(r"[^\s{}\[\]:,\"'`\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb#/*]")
_BLANK = " \t\r\n"
_WORD = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)
_LITERALS = {
    "none": "null", "nil": "null", "undefined": "null", "null": "null",
    "true": "true", "yes": "true", "on": "true", "false": "false", "no": "false", "off": "false",
}  # fmt: skip
_NAN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|(-?Infinity|NaN)', re.DOTALL)
_NOT_FINITE = ("NaN", "nan", "Infinity", "inf", "Inf")
_YAML = re.compile(r"\s*(---\s|%YAML|-\s+\w|[\w-]+:(\s|$))", re.ASCII)
_BRACKETS = frozenset("{}[]")
_SEPARATORS = frozenset(";,\t")

YAML = "this looks like YAML, and only JSON is read: convert it"
CSV = "this looks like CSV, and only JSON is read: make a document of each row"
MARKUP = "this looks like XML or HTML, and only JSON is read"
SECOND = "a second document begins here: a file with a document per line is called .ndjson"
MORE = "there is more after the document: take it out"
BREAKS_OFF = "the text breaks off: a bracket, a brace or a quote is not closed"
TRAILING = "the comma before the closing bracket is one too many: take it out"
MANY_COMMAS = "something is missing before this comma, or it is one too many"
NO_VALUE = "a value is missing here"
SINGLE = "single quotes are no quotes of JSON: write double ones"
CURLY = "typographic quotes are no quotes of JSON: write straight double ones"
COMMENT = "JSON has no comments: take this one out"
UNQUOTED_NAME = "a name stands in double quotes: add them"
UNQUOTED = "a text stands in double quotes: add them, or write true, false or null"
LITERAL = "this word is written {word} in JSON"
NOT_FINITE = "JSON has no such number: leave the member out"
NO_COMMA = "a comma is missing before this, or a quote within a text lacks its backslash"
NO_COLON = "a colon is missing between a name and its value"
OPEN_TEXT = "the text that begins here has no closing quote"
CONTROL = "a text holds a line break or another control character: write it as an escape"
ESCAPE = "a backslash within a text is written twice"
NUMBER = "a number is written as 1, -2 or 0.5, without other signs"
MARK = "a mark of byte order stands here: take it out"
UTF16 = "the text is UTF-16, not UTF-8: save it as UTF-8"
NOT_UTF8 = "byte {byte} is not UTF-8: the text may be Latin-1 or Windows-1252; save it as UTF-8"
OTHER = "a name in double quotes or a value is needed here"


def not_utf8(raw: bytes, byte: int) -> str:
    """Say in which encoding a text seems to be that is not UTF-8."""
    wide = raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in raw[:4]
    return UTF16 if wide else NOT_UTF8.format(byte=byte)


def not_json(text: str, error: JSONDecodeError) -> tuple[str, int]:
    """Return a sentence about the slip that the parser stopped at, and its place in the text."""
    at = error.pos
    whole = text.lstrip(_BLANK + "\ufeff")
    if at == len(text) - len(whole) and (form := _other_form(whole)):
        return form, at
    if "\0" in text[:4]:
        return UTF16, 0
    if error.msg.startswith("Invalid control"):
        return CONTROL, at
    at = _filled(text, at)
    before = text[:at].rstrip(_BLANK)
    sign = text[at : at + 1]
    if error.msg.startswith("Extra data"):
        return _extra(text, at, before), at
    if error.msg.startswith("Unterminated string"):
        return (CURLY if re.search("[\u201c\u201d\u201e]", text[at:]) else OPEN_TEXT), at
    if error.msg.startswith(("Invalid \\", "Invalid escape")):
        return ESCAPE, at
    if error.msg.startswith("Illegal trailing"):
        return TRAILING, at
    if not sign:
        return BREAKS_OFF, len(before)
    if sign in "}]" and before.endswith(","):
        return TRAILING, len(before) - 1
    return _at_sign(text, at, before, error.msg), at


def _other_form(text: str) -> str | None:
    """Return what a text seems to be that does not even begin as JSON does."""
    if text.startswith("<"):
        return MARKUP
    if _WORD.match(text) is None and not text.startswith(("-", "%")):
        return None
    word = _WORD.match(text)
    if word is not None and word[0].lower() in _LITERALS and len(word[0]) == len(text.strip()):
        return None
    if _YAML.match(text):
        return YAML
    row = frozenset(text.partition("\n")[0])
    return CSV if row & _SEPARATORS and not row & _BRACKETS else None


def _extra(text: str, at: int, before: str) -> str:
    if text.startswith(("{", "["), at) and before.endswith(("}", "]")):
        return SECOND
    if text[at] in "/#":
        return COMMENT
    if text[at] == "\ufeff":
        return MARK
    return NUMBER if before and before[-1].isdigit() and at == len(before) else MORE


def _at_sign(text: str, at: int, before: str, said: str) -> str:
    sign, previous = text[at], before[-1:]
    simple = {
        "\ufeff": MARK, "'": SINGLE, "`": SINGLE, "\u2018": SINGLE, "\u2019": SINGLE,
        "\u201c": CURLY, "\u201d": CURLY, "\u201e": CURLY, "\u00ab": CURLY, "\u00bb": CURLY,
        "#": COMMENT,
    }  # fmt: skip
    if sign in simple:
        return simple[sign]
    if text.startswith(("//", "/*"), at):
        return COMMENT
    if "':'" in said or "colon" in said:
        return NO_COLON
    if "','" in said:
        number = at == len(before) and previous.isdigit()
        return NUMBER if number else NO_COMMA
    named = "property name" in said
    if sign == ",":
        return NO_VALUE if previous == ":" else MANY_COMMAS
    if sign in "}]":
        return NO_VALUE
    if word := _WORD.match(text, at):
        if named:
            return UNQUOTED_NAME
        if word[0] in _NOT_FINITE:
            return NOT_FINITE
        known = _LITERALS.get(word[0].lower())
        return LITERAL.format(word=known) if known else UNQUOTED
    if not named and (sign in "+-." or sign.isdigit()):
        return NUMBER
    return OTHER


def _filled(text: str, at: int) -> int:
    """Return the place of the next character that is not blank; the end where there is none."""
    return at + len(text[at:]) - len(text[at:].lstrip(_BLANK))


def not_finite(text: str) -> int:
    """Return the place of the first number that is none of JSON."""
    return next((each.start(1) for each in _NAN.finditer(text) if each[1]), 0)


def position(text: str, at: int) -> tuple[int, int]:
    """Return the line and column of a place, both from 1."""
    begin = text.rfind("\n", 0, at) + 1
    return text.count("\n", 0, at) + 1, at - begin + 1


def excerpt(text: str, at: int) -> tuple[str, str]:
    """Return the line of a place, all but the signs of JSON hidden, and a caret below it."""
    begin = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    start = max(begin, at - _MOST_SHOWN // 2)
    line = text[start : min(len(text) if end < 0 else end, start + _MOST_SHOWN)]
    shown = _HIDDEN.sub("\u00b7", line.translate({9: " ", 13: " "})).rstrip()
    return shown, " " * (at - start) + "^"
