"""After an error parsing goes on at the next declaration, so that one run shows all."""

from __future__ import annotations

import pytest

from somepolicy.syntax.diagnostics import Diagnostic, PolicyError, render
from somepolicy.syntax.parser import parse, read_source


def errors(text: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(PolicyError) as caught:
        parse(read_source("x.pol", text.encode()))
    return caught.value.diagnostics


def test_an_error_in_each_of_three_declarations() -> None:
    text = """\
define one = = 1
define fine = 1
define two = 22.11.2026
define also_fine = 2
require three cites a.b taht c says nb "x"
"""
    assert [(e.code, e.span.text, e.span.where) for e in errors(text)] == [
        ("P106", "=", "x.pol:1:14"),
        ("P105", "22.11.2026", "x.pol:3:14"),
        ("P106", "taht", "x.pol:5:25"),
    ]


def test_a_declaration_that_breaks_off_does_not_hide_the_next() -> None:
    text = "define one =\ndefine two = = 1\n"
    assert [(e.code, e.span.where) for e in errors(text)] == [
        ("P107", "x.pol:2:1"),
        ("P106", "x.pol:2:14"),
    ]


def test_no_more_errors_than_a_person_reads() -> None:
    assert len(errors("define a = =\n" * 1000)) == 25
    assert len(errors("\x01" * 1000)) == 25
    assert len(errors("\u202e" * 1000)) == 25


def test_what_the_grammar_cannot_say_is_told_all_at_once() -> None:
    text = "define a.b = 2026-13-01\ndefine c = 1 < 2 < 3\ndefine d = a and b or c\n"
    assert [e.code for e in errors(text)] == ["P112", "P110", "P109", "P108"]


def test_the_end_of_the_file_is_behind_the_last_word() -> None:
    (error,) = errors("define a =   # not yet\n\n# and\n# many comments\n")
    assert (error.code, error.span.where, error.span.text) == ("P107", "x.pol:1:11", "")


def test_a_caret_stands_under_its_character() -> None:
    (error,) = errors('define a = ("漢字", "e\u0301", §)\n')
    assert render(error) == (
        "x.pol:1:25: error[P105]: `§` does not belong to the language\n"
        "  |\n"
        '1 | define a = ("漢字", "e\u0301", §)\n'
        f"  | {' ' * 25}^"  # two wide characters, and one that takes no column
    )


def test_a_long_line_is_shown_around_its_error() -> None:
    (error,) = errors(f"define a = ({'1, ' * 5000}§{', 1' * 5000})\n")
    shown = render(error).split("\n")
    assert all(len(line) < 200 for line in shown)
    assert shown[2].index("§") == shown[3].index("^")


def test_what_a_terminal_acts_upon_is_not_shown() -> None:
    (error,) = errors("define a = \x1b[31m\n")
    assert "\x1b" not in render(error)


def test_wrong_bytes_are_pointed_at_whatever_stands_before() -> None:
    with pytest.raises(PolicyError) as caught:
        read_source("x.pol", b"\xef\xbb\xbf# bl\xc3\xa5\r\n# b\xff\r\n")
    (error,) = caught.value.diagnostics
    assert render(error) == (
        "x.pol:2:4: error[P101]: these bytes are not UTF-8\n"
        "  |\n"
        "2 | # b\N{REPLACEMENT CHARACTER}\n"
        "  |    ^\n"
        "  = help: save the file with the encoding UTF-8"
    )
