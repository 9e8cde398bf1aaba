"""Whether tests kill mutants: small policies whose answer is known."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from pathlib import Path

import pytest

from somepolicy import WorkerError
from somepolicy.policy import Policy
from somepolicy.processes.pool import run_tasks
from somepolicy.workbench.load import load_suite
from somepolicy.workbench.mutation import Mutation, mutate
from tests.workbench.small_suites import cases, clause, small

BERGEN = Path(__file__).parents[2] / "policy" / "bergen"
RULE = "require r cites one that post.a and post.size <= 10 SAYS\n"
THOROUGH = cases(
    "with post.a = true with post.size = 10 expect allow expect r satisfied",
    "with post.a = true with post.size = 11 expect deny expect r violated expect clause one violated",
    "with post.a = false with post.size = 10 expect deny expect r violated because /a",
)


def told(mutation: Mutation) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for each in mutation.verdicts:
        found.setdefault(each.outcome, Counter())[each.mutant.operator] += 1
    return found


def test_a_rule_fully_tested_leaves_no_survivor(tmp_path: Path) -> None:
    mutation = mutate(*small(tmp_path, RULE, THOROUGH), jobs=1)
    assert mutation.survivors == ()
    assert mutation.score == 100
    assert mutation.failing == ()
    assert told(mutation) == {
        "killed": Counter(negate=3, bound=3, operand=2, junction=1),
        "refused": Counter(effect=1),  # a must takes no advice
    }


def test_a_rule_that_no_test_reaches_survives(tmp_path: Path) -> None:
    rules = f"{RULE}require s cites one for each x in post.items that x.ok SAYS\n"
    mutation = mutate(*small(tmp_path, rules, THOROUGH, items=[]), jobs=1)
    of_s = {x.mutant.operator: x.outcome for x in mutation.verdicts if x.mutant.owner == "s"}
    assert of_s == {"negate": "survived", "effect": "refused"}
    assert {x.outcome for x in mutation.verdicts if x.mutant.owner == "r"} == {"killed", "refused"}


def test_a_survivor_says_which_test_to_write(tmp_path: Path) -> None:
    tests = cases(
        "with post.a = true with post.size = 3 expect allow",
        "with post.a = false with post.size = 3 expect deny expect r violated",
    )
    mutation = mutate(*small(tmp_path, RULE, tests), jobs=1)
    bound = {x.mutant.text: x.advice for x in mutation.survivors if x.mutant.operator == "bound"}
    assert set(bound) == {"<", "9", "11"}
    assert bound["<"] == "write a test: a document with the value exactly at the bound"
    assert [x.mutant.diff for x in mutation.survivors if x.mutant.text == "<"] == [
        "\n".join((
            f"--- {mutation.survivors[0].mutant.span.source.path}",
            f"+++ {mutation.survivors[0].mutant.span.source.path}",
            "@@ -2,1 +2,1 @@",
            '-require r cites one that post.a and post.size <= 10 says nb "Nei." en "No."',
            '+require r cites one that post.a and post.size < 10 says nb "Nei." en "No."',
        ))
    ]  # fmt: skip


def test_an_outcome_that_nothing_expects_is_named(tmp_path: Path) -> None:
    rules = "advise r cites one when post.b that post.a SAYS\n"
    tests = cases("with post.a = true with post.b = true expect allow")
    mutation = mutate(*small(tmp_path, rules, tests, clause("one", "should")), jobs=1)
    assert mutation.of("killed") == ()
    advice = {x.mutant.operator: x.advice for x in mutation.survivors}
    assert advice["negate"] == "in 't > 0' expect r satisfied"


def test_what_the_schema_decides_is_equivalent(tmp_path: Path) -> None:
    rules = "require r cites one that post.size > 0 SAYS\n"
    tests = cases(
        "with post.size = 1 expect allow", "with post.size = 0 expect deny expect r violated"
    )
    mutation = mutate(*small(tmp_path, rules, tests), jobs=1)
    same = {each.mutant.text for each in mutation.of("equivalent")}
    assert same == {">=", "-1"}
    assert mutation.survivors == ()


def test_a_definition_is_judged_by_the_rules_that_use_it(tmp_path: Path) -> None:
    rules = (
        'define warm = ("red", "green")\ndefine unused = post.c\n'
        "define fine(x) = x.colour in warm\n"
        "require r cites one for each item in post.items that fine(item) SAYS\n"
    )
    tests = cases("expect deny expect r violated at /items/1 expect r satisfied at /items/0")
    items = [{"colour": "red"}, {"colour": "blue"}]
    mutation = mutate(*small(tmp_path, rules, tests, items=items), jobs=1)
    outcomes = {(x.mutant.owner, x.mutant.text): x.outcome for x in mutation.verdicts}
    assert outcomes["warm", '("green",)'] == "killed"
    assert outcomes["warm", '("red",)'] == "survived"
    assert outcomes["fine", "not in"] == "killed"
    assert "unused" not in {owner for owner, _ in outcomes}


def test_a_parameter_that_a_test_sets_is_as_the_test_sets_it(tmp_path: Path) -> None:
    rules = "parameter strict: boolean = true\nrequire r cites one when strict that post.a SAYS\n"
    set_so = cases("with strict = true with post.a = false expect deny expect r violated")
    first = mutate(*small(tmp_path / "set", rules, set_so), jobs=1)
    assert [x.outcome for x in first.verdicts if x.mutant.owner == "strict"] == ["survived"]
    unset = cases("with post.a = false expect deny expect r violated")
    second = mutate(*small(tmp_path / "unset", rules, unset), jobs=1)
    assert [x.outcome for x in second.verdicts if x.mutant.owner == "strict"] == ["killed"]


def test_a_failing_test_judges_nothing(tmp_path: Path) -> None:
    tests = cases("with post.a = false with post.size = 3 expect allow")
    mutation = mutate(*small(tmp_path, RULE, tests), jobs=1)
    assert mutation.failing == ("t > 0",)
    assert mutation.of("killed") == ()


@pytest.mark.slow
def test_several_processes_say_the_same_and_tell_of_progress(tmp_path: Path) -> None:
    rules = "".join(RULE.replace(" r ", f" r{i} ") for i in range(3))
    tests = cases("with post.a = true with post.size = 10 expect allow expect r1 satisfied")
    policy, suite = small(tmp_path, rules, tests)
    seen: list[tuple[int, int]] = []
    several = mutate(policy, suite, 2, lambda done, total: seen.append((done, total)))
    alone = mutate(policy, suite, 1)
    assert [(x.outcome, x.trial, x.advice) for x in several.verdicts] == [
        (x.outcome, x.trial, x.advice) for x in alone.verdicts
    ]
    assert seen == [(i + 1, len(alone.verdicts)) for i in range(len(alone.verdicts))]


def test_a_process_that_ends_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = "".join(RULE.replace(" r ", f" r{i} ") for i in range(3))
    policy, suite = small(tmp_path, rules, THOROUGH.replace(" r ", " r1 "))
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with pytest.raises(WorkerError, match="a worker process ended with code 1"):
        mutate(policy, suite, 2)


@pytest.mark.slow
def test_a_policy_that_has_changed_is_not_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each process loads the policy anew: its mutants would be others."""
    rules = "".join(RULE.replace(" r ", f" r{i} ") for i in range(3))
    policy, suite = small(tmp_path, rules, THOROUGH.replace(" r ", " r1 "))

    def changed(*args: object) -> object:
        file = policy.folder / policy.files[-1]
        file.write_bytes(file.read_bytes() + b"\n")
        return run_tasks(*args)  # type: ignore[arg-type]

    monkeypatch.setattr("somepolicy.workbench.mutation.run_tasks", changed)
    with pytest.raises(WorkerError, match="is not the one that was loaded"):
        mutate(policy, suite, 2)


@pytest.mark.slow
def test_of_the_policy_of_bergen() -> None:
    policy = Policy.load(BERGEN)
    mutation = mutate(policy, load_suite(policy, BERGEN), 2)
    assert mutation.failing == ()
    assert mutation.score > 85
