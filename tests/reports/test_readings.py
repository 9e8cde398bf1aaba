"""The register of readings of a small policy: order, what relies on what, and signatures."""

from __future__ import annotations

import dataclasses
import datetime
import shutil
from pathlib import Path

import pytest

from somepolicy.installed import installed_policy
from somepolicy.policy import Policy
from somepolicy.reports.readings import Entry, register, standing, unsigned_readings
from somepolicy.syntax.diagnostics import PolicyError
from somepolicy.syntax.nodes import Signature

KAI = Path(__file__).parents[1] / "compare" / "policy" / "kai"
DAY = datetime.date(2026, 11, 22)


@pytest.fixture(scope="module")
def kai() -> Policy:
    return Policy.load(KAI)


@pytest.fixture(scope="module")
def entries(kai: Policy) -> dict[str, Entry]:
    return {entry.name: entry for entry in register(kai, DAY).entries}


def test_those_not_signed_come_first_and_of_them_those_that_deny(entries: dict[str, Entry]) -> None:
    assert [(name, each.standing) for name, each in entries.items()] == [
        ("K3", "proposed"),  # a rule that denies relies on it
        ("K2", "proposed"),
        ("K4", "dated_ahead"),
        ("K1", "signed"),
    ]


def test_what_a_reading_moves(entries: dict[str, Entry]) -> None:
    moved = [(each.name, each.locator, each.force, each.under) for each in entries["K3"].clauses]
    assert moved == [
        ("quay.tone", "1.b3", "should", None),
        ("quay.checked", "1.b4", "question", "should"),
    ]


def test_what_relies_on_a_reading(entries: dict[str, Entry]) -> None:
    (rule,) = entries["K3"].rules
    assert (rule.name, rule.effect, rule.denies) == ("was_checked", "attest", True)
    assert rule.departs == ("quay.checked",)  # a question that denies
    (rule,) = entries["K2"].rules
    assert (rule.name, rule.effect, rule.denies, rule.departs) == (
        "formal_tone", "advise", False, (),
    )  # fmt: skip
    assert entries["K4"].rules == ()


def test_tests_are_those_in_which_a_rule_applies(entries: dict[str, Entry]) -> None:
    """Of three tests one has a size at which nothing is asked."""
    assert {name: each.tests for name, each in entries.items()} == {
        "K1": 3, "K2": 3, "K3": 2, "K4": 0,
    }  # fmt: skip
    assert [rule.tests for rule in entries["K3"].rules] == [2]


@pytest.mark.parametrize("lacking", ["tests", "examples"])
def test_a_policy_without_tests_or_their_documents(tmp_path: Path, lacking: str) -> None:
    """As installed, a policy has tests and no documents for them."""
    shutil.copytree(KAI, tmp_path / "kai", ignore=shutil.ignore_patterns(lacking))
    found = register(Policy.load(tmp_path / "kai"), DAY)
    assert {each.tests for each in found.entries} == {None}
    assert {rule.tests for each in found.entries for rule in each.rules} == {None}


def test_a_test_file_that_is_wrong(tmp_path: Path) -> None:
    shutil.copytree(KAI, tmp_path / "kai")
    (tmp_path / "kai" / "tests" / "post.pol").write_text("tset")
    with pytest.raises(PolicyError):
        register(Policy.load(tmp_path / "kai"), DAY)


@pytest.mark.parametrize(
    ("signature", "day", "expected"),
    [
        (None, DAY, "proposed"),
        (Signature("chair", DAY), DAY, "signed"),
        (Signature("chair", DAY), DAY - datetime.timedelta(days=1), "dated_ahead"),
        (Signature(" ", DAY), DAY, "proposed"),
        (Signature("", DAY), DAY - datetime.timedelta(days=1), "proposed"),
    ],
)
def test_standing(
    kai: Policy, signature: Signature | None, day: datetime.date, expected: str
) -> None:
    reading = dataclasses.replace(kai.program.readings["K1"], signed=signature)
    assert standing(reading, day) == expected


def test_who_signed_and_when(entries: dict[str, Entry]) -> None:
    assert (entries["K1"].signed_by, entries["K1"].signed_on) == (
        "head of the quay", datetime.date(2026, 11, 1),
    )  # fmt: skip
    assert (entries["K2"].signed_by, entries["K2"].signed_on) == (None, None)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (datetime.date(2026, 10, 31), {"K1", "K2", "K3", "K4"}),
        (DAY, {"K2", "K3", "K4"}),
        (datetime.date(2999, 3, 1), {"K2", "K3"}),
    ],
)
def test_the_errors_and_the_register_agree(
    kai: Policy, day: datetime.date, expected: set[str]
) -> None:
    errors = unsigned_readings(kai.program, day)
    assert {each.span.text for each in errors} == expected
    assert {each.code for each in errors} == {"P408"}
    assert {each.name for each in register(kai, day).unsigned} == expected


def test_how_it_is_told(kai: Policy) -> None:
    told = {each.span.text: each for each in unsigned_readings(kai.program, DAY)}
    assert told["K2"].message == "reading K2 is only proposed, and 1 rule relies on it"
    assert told["K4"].message == "reading K4 is signed on 2999-03-01, which is still to come"
    assert [label.text for label in told["K2"].labels] == ["rule `formal_tone`"]
    blank = dataclasses.replace(kai.program.readings["K1"], signed=Signature(" ", DAY))
    program = dataclasses.replace(kai.program, readings={"K1": blank})
    (error,) = unsigned_readings(program, DAY)
    assert error.message.startswith("reading K1 is signed by no one")


@pytest.mark.slow
def test_every_reading_of_the_installed_policy_is_told() -> None:
    policy = installed_policy()
    found = register(policy, DAY)
    assert {each.name for each in found.entries} == set(policy.program.readings)
    assert all(each.clauses for each in found.entries)
    assert all(each.tests for each in found.entries if each.rules)
