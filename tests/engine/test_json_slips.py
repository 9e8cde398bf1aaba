"""Slips in JSON: each has its own sentence, its place, and a caret, and shows no text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from somepolicy.engine import json_slips as slips
from somepolicy.engine.errors import DocumentError, InvalidDocument
from somepolicy.engine.json_text import parse_json

SLIPS = {
    "trailing comma": ('{"a": 1,\n}', slips.TRAILING, 1, 8),
    "trailing comma in a list": ("[1, 2, ]", slips.TRAILING, 1, 6),
    "two commas": ("[1,, 2]", slips.MANY_COMMAS, 1, 4),
    "a comma first": ('{, "a": 1}', slips.MANY_COMMAS, 1, 2),
    "no value": ('{"a": }', slips.NO_VALUE, 1, 7),
    "no value, then a comma": ('{"a": , "b": 1}', slips.NO_VALUE, 1, 7),
    "single quotes of a name": ("{'a': 1}", slips.SINGLE, 1, 2),
    "single quotes of a text": ("{\"a\": 'b'}", slips.SINGLE, 1, 7),
    "typographic quotes of a name": ("{“a”: 1}", slips.CURLY, 1, 2),
    "typographic quotes of a text": ('{"a": „b“}', slips.CURLY, 1, 7),
    "guillemets": ('{"a": «b»}', slips.CURLY, 1, 7),
    "a typographic quote at the end": ('{"a": "b”}', slips.CURLY, 1, 7),
    "a comment": ('{"a": 1, // x\n "b": 2}', slips.COMMENT, 1, 10),
    "a comment of several lines": ('{/* x */ "a": 1}', slips.COMMENT, 1, 2),
    "a comment of Python": ('{"a": 1 # x\n}', slips.COMMENT, 1, 9),
    "a comment behind": ('{"a": 1} // x', slips.COMMENT, 1, 10),
    "a comment before": ('// x\n{"a": 1}', slips.COMMENT, 1, 1),
    "a name without quotes": ("{a: 1}", slips.UNQUOTED_NAME, 1, 2),
    "a text without quotes": ('{"a": post}', slips.UNQUOTED, 1, 7),
    "None": ('{"a": None}', slips.LITERAL.format(word="null"), 1, 7),
    "True": ('{"a": True}', slips.LITERAL.format(word="true"), 1, 7),
    "FALSE": ('{"a": FALSE}', slips.LITERAL.format(word="false"), 1, 7),
    "NaN": ('{"a NaN": "NaN",\n "b": NaN}', slips.NOT_FINITE, 2, 7),
    "-Infinity": ("[1, -Infinity]", slips.NOT_FINITE, 1, 5),
    "nan": ("[nan]", slips.NOT_FINITE, 1, 2),
    "no comma": ('{"a": 1\n "b": 2}', slips.NO_COMMA, 2, 2),
    "a quote within": ('{"a": "b"c"}', slips.NO_COMMA, 1, 10),
    "no colon": ('{"a" 1}', slips.NO_COLON, 1, 6),
    "an open text": ('{"a": "b}', slips.OPEN_TEXT, 1, 7),
    "a line break": ('{"a": "b\nc"}', slips.CONTROL, 1, 9),
    "a backslash": ('{"a": "C:\\d"}', slips.ESCAPE, 1, 10),
    "a plus": ("[+1]", slips.NUMBER, 1, 2),
    "a point first": ("[.5]", slips.NUMBER, 1, 2),
    "a zero first": ("[01]", slips.NUMBER, 1, 3),
    "a point last": ("[1.]", slips.NUMBER, 1, 3),
    "hexadecimal": ("[0xff]", slips.NUMBER, 1, 3),
    "broken off": ('{"a": [1', slips.BREAKS_OFF, 1, 9),
    "broken off after a comma": ('{"a": 1,', slips.BREAKS_OFF, 1, 9),
    "documents per line": ('{"a": 1}\n{"a": 2}\n', slips.SECOND, 2, 1),
    "more": ('{"a": 1} x', slips.MORE, 1, 10),
    "a mark within": ("\ufeff\ufeff{}", slips.MARK, 1, 1),
    "YAML": ("kind: post\nid: x\n", slips.YAML, 1, 1),
    "YAML with a mark": ("---\nkind: post\n", slips.YAML, 1, 1),
    "YAML, a list": ("- kind: post\n", slips.YAML, 1, 1),
    "CSV": ("kind;id\npost;x\n", slips.CSV, 1, 1),
    "CSV with commas": ("kind,id\npost,x\n", slips.CSV, 1, 1),
    "XML": ("<post/>", slips.MARKUP, 1, 1),
}  # fmt: skip


def refused(raw: bytes) -> DocumentError:
    with pytest.raises(InvalidDocument) as caught:
        parse_json(raw)
    (error,) = caught.value.errors
    return error


@pytest.mark.parametrize(("text", "slip", "line", "column"), SLIPS.values(), ids=SLIPS)
def test_a_slip_has_its_sentence_and_its_place(
    text: str, slip: str, line: int, column: int
) -> None:
    error = refused(text.encode())
    assert error.message == f"not JSON at line {line}, column {column}: {slip}"
    assert error.code == ("D105" if slip is slips.NOT_FINITE and "nan" not in text else "D103")
    shown, caret = error.excerpt
    assert caret == " " * (column - 1) + "^"
    assert len(shown) <= len(text.split("\n")[line - 1])


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ('{"a": "å"}'.encode("latin-1"), slips.NOT_UTF8.format(byte=7)),
        ('{"a": "å"}'.encode("utf-16"), slips.UTF16),
        ('{"a": "å"}'.encode("utf-16-be"), slips.UTF16),
        ('{"a": "a"}'.encode("utf-16-le"), slips.UTF16),
        ('{"a": "a"}'.encode("utf-32"), slips.UTF16),
    ],
)
def test_other_encodings_are_named(raw: bytes, told: str) -> None:
    assert refused(raw).message.endswith(told)


def test_a_mark_of_byte_order_is_passed_over() -> None:
    assert parse_json(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


@given(st.sampled_from(sorted(SLIPS)), st.text("ab\u00e6 7", min_size=8, max_size=200))
def test_no_text_is_shown(name: str, text: str) -> None:
    error = refused(f'{{"{text}": "{text}", {SLIPS[name][0]}'.encode())
    assert not any(char.isalnum() for line in error.excerpt for char in line)
    assert text not in error.message


@given(st.text(max_size=60) | st.text("{}[]\",:'/#0123.-+ntfa\\\n", max_size=60))
def test_whatever_is_no_json_is_told(text: str) -> None:
    try:
        parse_json(text.encode("utf-8", "surrogatepass"))
    except InvalidDocument as error:
        for each in error.errors:
            assert each.message
            assert not each.excerpt or len(each.excerpt[1]) <= 62
