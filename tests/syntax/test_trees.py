"""What text becomes which tree, and where its parts stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from somepolicy.syntax import nodes as n
from somepolicy.syntax.parser import parse, read_source
from somepolicy.syntax.source import Source, Span
from tests.syntax.dump import dump

HERE = Path(__file__).parent
EVERY_FORM = HERE / "every_form.pol"


def module_of(text: str) -> n.Module:
    return parse(read_source("x.pol", text.encode()))


def body_of(expression: str) -> n.Expr:
    (define,) = module_of(f"define d = {expression}").declarations
    assert isinstance(define, n.Define)
    return define.body


def every(node: object) -> Iterator[object]:
    """Yield a node and all within it."""
    if isinstance(node, tuple):
        for each in node:
            yield from every(each)
    elif is_dataclass(node) and not isinstance(node, Span):
        yield node
        for field in fields(node):
            yield from every(getattr(node, field.name))


def test_every_form_of_the_grammar(golden: Callable[[Path, str], None]) -> None:
    module = parse(read_source("every_form.pol", EVERY_FORM.read_bytes()))
    golden(HERE / "golden" / "every_form.txt", dump(module))


def test_the_file_has_every_class_of_node() -> None:
    module = parse(read_source("every_form.pol", EVERY_FORM.read_bytes()))
    found = {type(node) for node in every(module.declarations)} | {n.Module, n.Comment}
    classes = {value for value in vars(n).values() if is_dataclass(value)}
    assert classes - found == set()


def test_comments_are_kept_with_their_places() -> None:
    module = module_of('# first\ndefine d = "# no comment" # second ""\n#')
    assert [(comment.text, comment.span.where) for comment in module.comments] == [
        ("# first", "x.pol:1:1"),
        ('# second ""', "x.pol:2:27"),
        ("#", "x.pol:3:1"),
    ]


def test_a_span_is_exact_where_characters_have_many_bytes() -> None:
    module = module_of('# blåbær 🫐\ndefine blåbær = ("🫐", søt.æble) # 🫐\n')
    (define,) = module.declarations
    assert isinstance(define, n.Define) and isinstance(define.body, n.Tuple)
    text, name = define.body.items
    assert (define.name.span.text, define.name.span.where) == ("blåbær", "x.pol:2:8")
    assert (text.span.text, text.span.where) == ('"🫐"', "x.pol:2:18")
    assert (name.span.text, name.span.where) == ("søt.æble", "x.pol:2:23")


def test_crlf_and_a_byte_order_mark_change_nothing() -> None:
    plain = EVERY_FORM.read_bytes()
    changed = b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n")
    first, second = (parse(read_source("x.pol", raw)) for raw in (plain, changed))
    assert first == second
    assert dump(first) == dump(second)


def test_two_texts_that_say_the_same_are_equal_trees() -> None:
    assert module_of("define d = a + 1") == module_of("define   d=\n\ta+1")
    assert module_of("define d = a + 1") != module_of("define d = a + 2")


@pytest.mark.parametrize("word", ["when", "that", "cites", "define", "rules", "empty", "by", "in"])
def test_a_word_of_the_language_is_a_name_after_a_dot(word: str) -> None:
    assert body_of(f"post.{word}.{word}s == 1") == n.Compare(
        "==", n.Name(n.Ident(f"post.{word}.{word}s", _no()), _no()), n.Literal(1, _no()), _no()
    )


def _no() -> Span:
    return Span(Source("", ""), 0, 0)


@pytest.mark.parametrize(
    "text",
    [
        "requirex cites a that b",
        "clause a.b at1.b1",
        "definex=1",
        'section3 "x"',
        "define a = nottrue and",
    ],
)
def test_a_keyword_is_a_whole_word(text: str) -> None:
    from somepolicy.syntax.diagnostics import PolicyError

    with pytest.raises(PolicyError):
        module_of(text)


def test_doubled_quotes_stand_for_one() -> None:
    assert body_of('""""') == n.Literal('"', _no())
    assert body_of('"a ""b"" c"') == n.Literal('a "b" c', _no())
    assert body_of('""') == n.Literal("", _no())


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a in (1)", "a in (1,)"),
        ("((a)) == (1)", "a == 1"),
        ("a - 1 + 2", "(a - 1) + 2"),
        ("not a == 1", "not (a == 1)"),
        ("a and b and c", "a and b  and c"),
        ("a == -1", "a == - 1"),
        ("x otherwise y < z", "(x otherwise y) < z"),
    ],
)
def test_two_ways_of_writing(text: str, same: str) -> None:
    assert body_of(text) == body_of(same)


@pytest.mark.parametrize(
    ("text", "other"),
    [("a and (b and c)", "a and b and c"), ("(not a) == b", "not a == b"), ("(a, )", "(a)")],
)
def test_brackets_that_matter(text: str, other: str) -> None:
    assert body_of(text) != body_of(other)
