"""Mutants of rules, by hand and by their nature."""

from __future__ import annotations

from pathlib import Path

import pytest

from somepolicy.syntax import nodes as n
from somepolicy.syntax.parser import parse, read_source
from somepolicy.syntax.source import Source
from somepolicy.workbench.mutants import Mutant, mutants_of, mutated
from tests.workbench.small_suites import clause

BERGEN = Path(__file__).parents[2] / "policy" / "bergen"
SAYS = ' says nb "N." en "N."'


def made(text: str, clauses: str = "") -> list[Mutant]:
    known = parse(Source("a.pol", clauses)).declarations
    listed = {x.name.text: x for x in known if isinstance(x, n.Clause)}
    return list(mutants_of(parse(Source("b.pol", f"rules for post\n{text}")), listed))


def texts(declaration: str) -> set[tuple[str, str]]:
    """Return each mutant as operator and the declaration's lines after the change."""
    return {
        (x.operator, x.span.source.text[: x.span.start].removeprefix("rules for post\n")
         + x.text + x.span.source.text[x.span.end :])
        for x in made(declaration)
    }  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), [
    ("post.a", {("negate", "not post.a")}),
    ("not post.a", {("negate", "post.a")}),
    ("post.x == 1", {("negate", "post.x != 1"), ("bound", "post.x == 0"), ("bound", "post.x == 2")}),
    ("post.x <= 1", {("negate", "post.x > 1"), ("bound", "post.x < 1"),
                     ("bound", "post.x <= 0"), ("bound", "post.x <= 2")}),
    ("post.d < 2026-03-01", {("negate", "post.d >= 2026-03-01"), ("bound", "post.d <= 2026-03-01"),
                             ("bound", "post.d < 2026-02-28"), ("bound", "post.d < 2026-03-02")}),
    ("post.d > as_of - days(7)", {
        ("negate", "post.d <= as_of - days(7)"), ("bound", "post.d >= as_of - days(7)"),
        ("bound", "post.d > as_of - days(6)"), ("bound", "post.d > as_of - days(8)")}),
    ("post.a == true", {("negate", "post.a != true"), ("constant", "post.a == false")}),
    ("post.c in post.list", {("negate", "post.c not in post.list")}),
    ("post.c not in post.list", {("negate", "post.c in post.list")}),
    ("post.c is present", {("negate", "post.c is missing")}),
    ("post.c is missing", {("negate", "post.c is present")}),
    ("post.c is empty", {("negate", "post.c is not empty")}),
    ("post.c is not empty", {("negate", "post.c is empty")}),
    ('post.c matches "not in"', {("negate", 'not post.c matches "not in"')}),
    ("attested yes by editor", {("negate", "not attested yes by editor"),
                                ("constant", "attested no by editor")}),
    ("(1, 2, 3)", {("member", "(2, 3)"), ("member", "(1, 3)"), ("member", "(1, 2)")}),
    ('("a", "b")', {("member", '("a",)'), ("member", '("b",)')}),
    ("(1,)", set()),
    ("post.a and post.b", {
        ("junction", "post.a or post.b"), ("operand", "post.a"), ("operand", "post.b"),
        ("negate", "not post.a and post.b"), ("negate", "post.a and not post.b"),
        ("negate", "not (post.a and post.b)")}),
    ("sum(x in post.list: x.n) > 5", {
        ("negate", "sum(x in post.list: x.n) <= 5"), ("bound", "sum(x in post.list: x.n) >= 5"),
        ("bound", "sum(x in post.list: x.n) > 4"), ("bound", "sum(x in post.list: x.n) > 6")}),
    ("sum(x in post.list: x.n + 1) == sum(x in post.list: x.m otherwise 2)", {
        ("negate", "sum(x in post.list: x.n + 1) != sum(x in post.list: x.m otherwise 2)"),
        ("bound", "sum(x in post.list: x.n + 0) == sum(x in post.list: x.m otherwise 2)"),
        ("bound", "sum(x in post.list: x.n + 2) == sum(x in post.list: x.m otherwise 2)"),
        ("bound", "sum(x in post.list: x.n + 1) == sum(x in post.list: x.m otherwise 1)"),
        ("bound", "sum(x in post.list: x.n + 1) == sum(x in post.list: x.m otherwise 3)")}),
    ("some x in post.list (x.ok)", {("quantifier", "every x in post.list (x.ok)"),
                                    ("negate", "some x in post.list (not x.ok)")}),
    ("every x in post.list (x.a or x.b)", {
        ("quantifier", "some x in post.list (x.a or x.b)"),
        ("junction", "every x in post.list (x.a and x.b)"),
        ("operand", "every x in post.list (x.a)"), ("operand", "every x in post.list (x.b)"),
        ("negate", "every x in post.list (not x.a or x.b)"),
        ("negate", "every x in post.list (x.a or not x.b)")}),
])  # fmt: skip
def test_of_a_definition(body: str, expected: set[tuple[str, str]]) -> None:
    assert texts(f"define d = {body}") == {(op, f"define d = {text}") for op, text in expected}


def test_brackets_and_comments_stay_whole() -> None:
    body = "(post.a # and\n  or post.b) and (post.c)"
    found = {text for operator, text in texts(f"define d = {body}") if operator == "operand"}
    assert found == {
        "define d = (post.a # and\n  or post.b)",
        "define d = (post.c)",
        "define d = (post.b) and (post.c)",
        "define d = (post.a) and (post.c)",
    }


def test_parts_of_a_rule_are_left_out_with_their_line() -> None:
    rule = f"require r\n  cites one\n  for each x in post.l where x.k\n  when post.g\n  that x.a\n  unless x.e\n {SAYS}"
    found = {x.operator: x for x in made(rule) if x.text == ""}
    assert set(found) == {"filter", "guard", "exception"}
    assert found["filter"].lines[1] == ("  for each x in post.l",)
    assert found["guard"].diff.endswith("@@ -5,1 +5,0 @@\n-  when post.g")
    assert found["exception"].diff.endswith("-  unless x.e")


def test_a_comment_before_a_part_keeps_its_end() -> None:
    rule = f"require r cites one\n  # why\n  when post.g that post.a{SAYS}"
    (guard,) = [x for x in made(rule) if x.operator == "guard"]
    assert guard.lines[1] == (f"  # why\n that post.a{SAYS}".split("\n")[1],)


def test_effect_answer_and_citation() -> None:
    clauses = clause("one") + clause("other", "may") + clause("two")
    rule = f'attest r cites one by editor asks no nb "asks yes" en "?"{SAYS}'
    assert {(x.operator, x.span.text, x.text) for x in made(rule, clauses)} == {
        ("citation", "one", "two"),
        ("constant", "no", "yes"),
    }
    rule = f"forbid r cites two if post.a{SAYS}"
    assert {(x.operator, x.span.text, x.text) for x in made(rule, clauses)} == {
        ("citation", "two", "one"),
        ("effect", "forbid", "advise"),
        ("negate", "post.a", "not post.a"),
    }


def test_parameters() -> None:
    assert texts("parameter p: boolean = true") == {("constant", "parameter p: boolean = false")}
    assert {text for _, text in texts("parameter p: number = 50 from 2026-01-01")} == {
        "parameter p: number = 49 from 2026-01-01",
        "parameter p: number = 51 from 2026-01-01",
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", ["post.pol", "profile.pol", "private_post.pol"])
def test_every_mutant_of_the_policy_differs_and_is_one_the_parser_takes(name: str) -> None:
    modules = {
        path.name: parse(read_source(path.name, path.read_bytes()))
        for path in (BERGEN / "clauses.pol", BERGEN / name)
    }
    nodes = modules["clauses.pol"].declarations
    clauses = {x.name.text: x for x in nodes if isinstance(x, n.Clause)}
    found = mutants_of(modules[name], clauses)
    assert len(found) > 50
    for mutant in found:
        assert mutant.text != mutant.span.text
        was, now = mutant.lines
        assert was != now
        changed = mutated(modules[name], mutant)
        assert changed is not None
        different = [
            x.name.text
            for x, y in zip(changed.declarations, modules[name].declarations, strict=True)
            if x != y and isinstance(x, n.Rule | n.Define | n.Parameter)
        ]
        assert different == [mutant.owner]
