"""What tests cover: small policies whose answer is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from somepolicy.policy import Policy
from somepolicy.workbench.coverage import measure
from somepolicy.workbench.coverage_report import Atom, Coverage
from somepolicy.workbench.load import load_suite
from tests.workbench.small_suites import cases, clause, small

BERGEN = Path(__file__).parents[2] / "policy" / "bergen"


def atoms(coverage: Coverage) -> dict[str, Atom]:
    return {atom.span.text: atom for atom in coverage.atoms}


def of(folder: Path, rule: str, *rows: str, force: str = "must", **document: object) -> Coverage:
    text = rule if "define" in rule else f"{rule} SAYS\n"
    return measure(*small(folder, text, cases(*rows), clause("one", force), **document))


def test_and_is_covered_by_three_documents(tmp_path: Path) -> None:
    coverage = of(
        tmp_path,
        "require r cites one that post.a and post.b",
        "with post.a = true with post.b = true expect allow",
        "with post.a = true with post.b = false expect deny",
        "with post.a = false with post.b = true expect deny",
    )
    assert coverage.percent == coverage.percent_of_conditions == 100
    found = atoms(coverage)
    assert found["post.a"].decided == {True: ("t > 0",), False: ("t > 2",)}
    assert found["post.b"].decided == {True: ("t > 0",), False: ("t > 1",)}
    assert coverage.rules[0].tests == {"satisfied": ("t > 0",), "violated": ("t > 1", "t > 2")}
    assert coverage.clauses[0].covered


def test_a_sibling_masks(tmp_path: Path) -> None:
    coverage = of(
        tmp_path,
        "require r cites one that post.a or post.b",
        "with post.a = true with post.b = true expect allow",
        "with post.a = false with post.b = false expect deny",
    )
    (gap,) = atoms(coverage)["post.a"].gaps
    assert (gap.wanted, gap.reason) == (True, "masked whenever it is true: `post.b` was true")
    assert (gap.within, gap.change) == ("t > 1", "with post.a = true")
    assert coverage.percent == 100
    assert coverage.percent_of_conditions == 50


def test_a_guard_that_is_false_keeps_the_rest_from_evaluation(tmp_path: Path) -> None:
    coverage = of(
        tmp_path,
        "require r cites one when post.c that post.a",
        "with post.c = false with post.a = true expect allow",
    )
    assert coverage.percent == 0
    assert not coverage.rules[0].covered
    reasons = {gap.reason for gap in atoms(coverage)["post.a"].gaps}
    assert reasons == {"never evaluated, because the guard was false"}
    gaps = {gap.wanted: gap for gap in atoms(coverage)["post.c"].gaps}
    assert gaps[True].reason == "never true: always false"
    assert gaps[False].reason == "masked whenever it is false: the rule held anyway"


def test_an_unknown_value_decides_neither_way(tmp_path: Path) -> None:
    coverage = of(tmp_path, "require r cites one that post.a", "expect deny")
    (true, false) = atoms(coverage)["post.a"].gaps
    assert (true.reason, true.change) == ("never true: always unknown", "with post.a = true")
    assert (false.reason, false.change) == ("never false: always unknown", "with post.a = false")
    assert coverage.rules[0].tests == {"unproven": ("t > 0",)}


@pytest.mark.parametrize(("condition", "given", "change"), [
    ('post.colour == "red"', {"colour": "red"}, 'with post.colour = "green"'),
    ('post.colour == "red"', {"colour": "blue"}, 'with post.colour = "red"'),
    ('post.colour in ("red", "green")', {"colour": "red"}, 'with post.colour = "blue"'),
    ('post.colour not in ("red", "green")', {"colour": "blue"}, 'with post.colour = "red"'),
    ("post.size <= 10", {"size": 10}, "with post.size = 11"),
    ("post.size > 10", {"size": 3}, "with post.size = 11"),
    ("post.day < 2026-11-22", {"day": "2026-01-01"}, "with post.day = 2026-11-22"),
    ("post.a", {"a": True}, "with post.a = false"),
    ("not post.a", {"a": True}, "with post.a = false"),
    ('post.title matches "1"', {"title": "x"}, 'with post.title = "1"'),
])  # fmt: skip
def test_the_change_that_fills_a_gap(
    tmp_path: Path, condition: str, given: dict[str, object], change: str
) -> None:
    coverage = of(tmp_path, f"require r cites one that {condition}", "expect allow", **given)
    (gap,) = coverage.atoms[0].gaps
    assert (gap.within, gap.change) == ("t > 0", change)


def test_what_the_schema_refuses_is_said(tmp_path: Path) -> None:
    coverage = of(
        tmp_path, "require r cites one that post.title is not empty", "expect allow", title="x"
    )
    (gap,) = coverage.atoms[0].gaps
    assert gap.change is None
    assert gap.reason.startswith("never false: always true; the schema refuses")


def test_elements_that_where_leaves_out_count_for_it(tmp_path: Path) -> None:
    rule = 'require r cites one for each x in post.items where x.colour == "red" that x.ok'
    coverage = of(
        tmp_path,
        rule,
        "expect deny",
        items=[{"colour": "red", "ok": False}, {"colour": "blue", "ok": False}],
    )
    found = atoms(coverage)
    assert found['x.colour == "red"'].covered
    (gap,) = found["x.ok"].gaps
    assert (gap.wanted, gap.change) == (True, "with post.items[0].ok = true")


def test_definitions_and_predicates_are_covered_where_they_stand(tmp_path: Path) -> None:
    rules = (
        "define agreed = post.a and post.b\ndefine fine(x) = x.ok\n"
        "require r cites one that agreed and every x in post.items (fine(x)) SAYS\n"
    )
    coverage = of(
        tmp_path,
        rules,
        "with post.a = true expect allow",
        "with post.a = false expect deny",
        b=True,
        items=[{"ok": True}, {"ok": True}],
    )
    found = atoms(coverage)
    assert {(x.owner, x.part) for x in coverage.atoms} == {
        ("agreed", "definition"),
        ("fine", "predicate"),
    }
    assert found["post.a"].covered
    assert [gap.change for gap in found["post.b"].gaps] == ["with post.b = false"]
    assert [gap.change for gap in found["x.ok"].gaps] == ["with post.items[0].ok = false"]


def test_advice_without_a_condition(tmp_path: Path) -> None:
    always = of(tmp_path / "a", "advise r cites one", "expect allow", force="should")
    assert always.percent == 100
    assert always.rules[0].covered
    guarded = of(
        tmp_path / "b", "advise r cites one when post.a", "expect allow", force="should", a=True
    )
    assert guarded.percent == 0
    assert [gap.change for gap in guarded.atoms[0].gaps] == ["with post.a = false"]


def test_a_permit_is_covered_where_it_is_permitted(tmp_path: Path) -> None:
    coverage = of(tmp_path, "permit r cites one when post.a", "expect allow", force="may", a=True)
    assert coverage.rules[0].covered
    assert coverage.clauses[0].covered
    assert not coverage.clauses[0].deciding


@pytest.mark.slow
def test_the_policy_of_bergen_decides_every_clause_both_ways() -> None:
    policy = Policy.load(BERGEN)
    suite = load_suite(policy, BERGEN)
    coverage = measure(policy, suite)
    assert coverage.tests > 400
    assert coverage.percent == 100
    assert coverage.percent_of_conditions > 75
