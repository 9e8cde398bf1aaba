"""Nothing is too deep, too long or too many: a diagnostic or a module, and soon."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from somepolicy.syntax.diagnostics import Diagnostic, PolicyError, render
from somepolicy.syntax.nodes import And, Define, Module
from somepolicy.syntax.parser import _BEYOND, MOST_BYTES, parse, read_source
from tests.examples import one_in


def module_of(text: str) -> Module:
    return parse(read_source("x.pol", text.encode()))


def codes(text: str | bytes) -> list[str]:
    """Return the codes of the diagnostics, each of which can be drawn."""
    raw = text if isinstance(text, bytes) else text.encode()
    found: tuple[Diagnostic, ...] = ()
    try:
        parse(read_source("x.pol", raw))
    except PolicyError as error:
        found = error.diagnostics
    assert all(len(render(diagnostic)) < 3000 for diagnostic in found)
    return [diagnostic.code for diagnostic in found]


@pytest.mark.parametrize("times", [41, 1_000, 100_000])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("(", ")"),
        ("not (", ")"),
        ("(a and ", ")"),
        ("(1 + ", ")"),
        ("(1, ", ")"),
        ("f(", ")"),
        ("a in (", ")"),
        ("some x in y (", ")"),
        ("every x in y (a or ", ")"),
    ],
)
def test_brackets_nested_too_deep(before: str, after: str, times: int) -> None:
    text = f"define d = {before * times}a{after * times}"
    assert codes(text if len(text) <= MOST_BYTES else text[:MOST_BYTES]) == ["P501"]


@pytest.mark.parametrize("text", ["define d = " + "(" * 500, "define d = " + ")" * 500 + "(" * 500])
def test_brackets_that_are_never_closed(text: str) -> None:
    assert codes(text) in (["P501"], ["P106"])


def test_brackets_in_texts_and_comments_do_not_count() -> None:
    assert codes(f'define d = "{"(" * 500}" # {"(" * 500}\n') == []


@pytest.mark.slow
def test_not_in_a_row() -> None:
    assert codes(f"define d = {'not ' * 20}a") == []
    assert codes(f"define d = {'not ' * 30}a") == ["P501"]
    assert codes(f"define d = {'not ' * 100_000}a") == ["P501"]


def test_not_in_a_row_within_brackets() -> None:
    """Each alone is allowed; together they are too deep."""
    assert codes(f"define d = {('not ' * 18 + '(') * 30}a{')' * 30}") == ["P501"]


@pytest.mark.slow
def test_terms_of_a_sum() -> None:
    assert codes(f"define d = {' + '.join('1' * 40)} == 3") == []
    assert codes(f"define d = {' + '.join('1' * 50)} == 3") == ["P501"]
    assert codes(f"define d = {' - '.join('1' * 20_000)} == 3") == ["P501"]


def test_terms_of_a_sum_within_brackets() -> None:
    text = "1"
    for _ in range(30):
        text = f"({text}{' + 1' * 30})"
    assert codes(f"define d = {text} == 3") == ["P501"]


@pytest.mark.slow
@pytest.mark.parametrize("word", ["and", "or"])
def test_ten_thousand_operands(word: str) -> None:
    (define,) = module_of(f"define d = {f' {word} '.join(['a'] * 10_000)}").declarations
    assert isinstance(define, Define)
    assert len(define.body.operands) == 10_000  # type: ignore[union-attr]
    assert (type(define.body) is And) == (word == "and")


@pytest.mark.slow
def test_ten_thousand_values_and_arguments() -> None:
    assert codes(f"define d = ({', '.join(['1'] * 10_000)})") == []
    assert codes(f"define d = f({', '.join(['1'] * 10_000)})") == []


@pytest.mark.slow
def test_ten_thousand_declarations() -> None:
    assert len(module_of("define d = 1\n" * 10_000).declarations) == 10_000
    assert len(codes("define d = = 1\n" * 10_000)) == 25


@pytest.mark.slow
def test_ten_thousand_names_in_lists() -> None:
    names = ", ".join(f"n{number}" for number in range(10_000))
    assert codes(f'rules for {names}\nrequire r cites {names} that a says nb "x"') == []
    assert codes(f"define d({names}) = 1") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("define d = " + "9" * 10_000, ["P505"]),
        ("define d = -" + "9" * 10_000, ["P505"]),
        ("define d = 0." + "9" * 10_000, ["P505"]),
        ("define d = 999999999999999", []),
        ("define d = 0000000000000001", ["P505"]),
        ("section " + "9" * 10_000 + ' "x"', ["P505"]),
        ('section 1.5 "x"', ["P106"]),
        ("define d = a[999999999]", ["P112"]),
        ("define d = a[9999999999]", ["P105"]),
        ("define d = a[" + "9" * 10_000 + "]", ["P105"]),
        ("parameter p: number = " + "9" * 10_000, ["P505"]),
    ],
)
def test_numbers(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "define " + "a" * 100_000 + " = 1",
        "define d = " + "a" * 100_000,
        "define d = a" + ".b" * 50_000,
        'define d = "' + "a" * 100_000 + '"',
        'define d = "' + '""' * 50_000 + '"',
        "# " + "a" * 1_000_000,
        " " * 1_000_000,
        "\n" * 1_000_000,
        "",
    ],
)
def test_long_names_texts_and_lines(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    "text",
    one_in(
        4,
        [
            "a" * 1_000_000,
            "a " * 500_000,
            '"' * 1_000_000,
            '"a' * 500_000,
            "(" * 1_000_000,
            "define d = a == " * 60_000,
            "/a" * 500_000,
            "1.b1" * 250_000,
            "2026-11-22" * 100_000,
            "§" * 500_000,
            "=" * 1_000_000,
            "1," * 500_000,
        ],
    ),
)
def test_a_megabyte_of_nonsense(text: str) -> None:
    assert codes(text)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"define d = 1\x00", ["P102"]),
        (b"define d = 1\x7f", ["P102"]),
        ("define d = 1\x85".encode(), ["P102"]),
        (b"define d = 1\r", ["P102"]),
        (b"define d =\x0b1", ["P102"]),
        ("define d = \ufeff1".encode(), ["P105"]),
        ("\ufeffdefine d = 1".encode(), []),
        ("\ufeff\ufeffdefine d = 1".encode(), ["P105"]),
        ("define d = \u00a01".encode(), ["P105"]),
        ("define d = \u200b1".encode(), ["P105"]),
        ("define d = 1 # \u202e".encode(), ["P103"]),
        ('define d = "\u2066x\u2069"'.encode(), ["P103", "P103"]),
        (b'define d = "\xff"', ["P101"]),
        (b"define d = \xc3", ["P101"]),
        (b"\xed\xa0\x80", ["P101"]),
        (b"\xff\xfed\x00e\x00f\x00", ["P101"]),
        (b"\xf0\x9f\xab", ["P101"]),
    ],
)
def test_bytes_and_characters(raw: bytes, expected: list[str]) -> None:
    assert codes(raw) == expected


@pytest.mark.parametrize("size", [MOST_BYTES, MOST_BYTES + 1, 3 * MOST_BYTES])
def test_the_size_of_a_file(size: int) -> None:
    assert codes(b"#" * size) == ([] if size <= MOST_BYTES else ["P502"])


def test_the_letters_that_keywords_look_ahead_for_are_soon_compiled() -> None:
    """`re` goes through each range of a class, and there is one for each keyword in each state."""
    pairs = re.findall(r"\\[xu]([0-9a-f]+)-\\[xu]([0-9a-f]+)", _BEYOND)
    assert len(pairs) == 10
    assert sum(int(last, 16) - int(first, 16) for first, last in pairs) < 5000


@pytest.mark.slow
def test_a_large_policy_of_good_rules() -> None:
    """A quarter of a megabyte of rules parses; a hang would show here."""
    rules = (Path(__file__).parent / "every_form.pol").read_text(encoding="utf-8")
    rules = rules[rules.index("require picture_cleared") : rules.index("\ntest ")]
    times = 250_000 // len(rules)
    assert len(module_of(rules * times).declarations) == 9 * times
