"""The Rego module of a policy finds in OPA what the reference evaluator finds."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from somepolicy import ir as p
from somepolicy.backends.rego import RegoModule, rego, rego_input
from somepolicy.backends.rego.time import instant, number
from somepolicy.cli.app import build
from somepolicy.engine.days import days_of
from somepolicy.engine.decision import Decision
from somepolicy.engine.errors import InvalidDocument
from somepolicy.installed import installed_policy
from somepolicy.ir.traversal import walk
from somepolicy.policy import Policy
from somepolicy.syntax.diagnostics import PolicyError
from somepolicy.workbench.load import load_suite
from somepolicy.workbench.runner import Trial, trials
from tests.properties.generate import draw_document, draw_policy
from tests.properties.small_policies import (
    AS_OF,
    INTEGER,
    NUMBER,
    SAYS,
    clause,
    kind,
    listing,
    load_policy,
)

ROOT = Path(__file__).parents[2]
KINDS = ("profile", "post", "private_post")
DOCUMENTS = sorted(path for kind in KINDS for path in (ROOT / "examples" / kind).rglob("*.json"))
ZONES = ("Europe/Oslo", "Pacific/Apia", "America/Sao_Paulo", "Australia/Lord_Howe",
         "Africa/Casablanca", "Europe/Dublin", "Etc/GMT+12")  # fmt: skip


class Opa:
    """A module in OPA, asked for its decisions."""

    def __init__(self, policy: Policy) -> None:
        bindings = pytest.importorskip(
            "opa_bindings", reason="the OPA bindings are not installed: see .ci/run"
        )
        self.policy = policy
        self.module: RegoModule = rego(policy.program)
        self.engine = bindings.OpaEngine()
        self.engine.add_policy("policy.rego", self.module.text)

    def ask(self, query: str, given: object = None) -> Any:
        return self.engine.eval_document(f"somepolicy.{query}", given)

    def compare(self, document: Any, as_of: datetime.datetime | None = None) -> Counter[str]:
        """Compare with the reference; return how often each outcome was found."""
        kind, clean, moment, _ = self.policy.validate(document, as_of)
        decision = self.policy.explain(document, as_of=as_of).decision
        given = rego_input(clean, moment, self.policy.content_digest(document))
        got = self.ask("decision", given)
        refused = self.module.refused
        violated = found(decision, "violated") - set(refused)
        unproven = found(decision, "unproven") - set(refused) - violated
        assert (set(got["violated"]), set(got["unproven"])) == (violated, unproven)
        left_out = [x for x in self.policy.program.rules if kind in x.kinds and x.name in refused]
        assert set(got["not_carried"]) == {rule.name for rule in left_out}
        answer = "allow" if decision.allowed else "deny"
        if got["effect"] != "deny" and any(rule.denies for rule in left_out):
            answer = "undecided"
        assert got["effect"] == answer
        return Counter(violated=len(violated), unproven=len(unproven), **{got["effect"]: 1})


def found(decision: Decision, outcome: str) -> set[str]:
    return {finding.rule for finding in decision.findings if finding.outcome == outcome}


@pytest.fixture(scope="module")
def bergen() -> Opa:
    return Opa(installed_policy())


# --- drawn policies and documents


def compare_drawn(least: int, word: str) -> Counter[str]:
    seen: Counter[str] = Counter()
    for seed in itertools.count():
        if seen["pairs"] >= least:
            return seen
        rng = random.Random(f"{word} {seed}")
        drawn = draw_policy(rng, rules=12)
        try:
            opa = Opa(drawn.load())
        except PolicyError:
            continue
        seen["carried"] += len(opa.module.carried)
        for _ in range(15):
            document = draw_document(rng, drawn, opa.policy)
            try:
                seen += opa.compare(document)
            except AssertionError as error:
                shown = json.dumps(document, ensure_ascii=False)
                pytest.fail(f"seed {seed}\n{drawn.text}\n{shown}\n{error}")
            seen["pairs"] += 1
    raise AssertionError


def test_opa_agrees_on_drawn_policies():
    seen = compare_drawn(150, "rego")
    assert min(seen["violated"], seen["unproven"], seen["carried"]) > 20


@pytest.mark.slow
def test_opa_agrees_on_drawn_policies_for_long():
    seen = compare_drawn(2_000, "rego for long")
    assert min(seen["violated"], seen["unproven"]) > 500
    assert min(seen["deny"], seen["allow"], seen["undecided"]) > 100


# --- Bergen and Fjellvik


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_opa_agrees_on_the_examples(bergen, path):
    document = {"as_of": "2026-11-22T12:00:00+01:00", **json.loads(path.read_bytes())}
    assert bergen.compare(document)


@pytest.mark.parametrize(
    "folder",
    [pytest.param("policy/bergen", marks=pytest.mark.slow), "examples/policies/fjellvik"],
)
def test_opa_agrees_on_the_documents_of_the_policys_own_tests(folder):
    policy = Policy.load(ROOT / folder)
    modules = {(): Opa(policy)}  # by the parameters that a test sets
    seen: Counter[str] = Counter()
    for trial in trials(load_suite(policy, ROOT / folder)):
        assert isinstance(trial, Trial)
        if trial.parameters not in modules:
            modules[trial.parameters] = Opa(policy.with_parameters(dict(trial.parameters)))
        try:
            seen += modules[trial.parameters].compare(trial.document, trial.at)
        except InvalidDocument:
            continue
    assert min(seen["violated"], seen["unproven"]) > 5


def rules_of_functions(program: p.Program) -> set[str]:
    """The rules that ask a function of the table, or a pattern."""

    def asks(body: p.Expr) -> bool:
        for expr in walk(body):
            match expr:
                case p.Called() | p.Operation(operator="matches"):
                    return True
                case p.Defined(name=name) if asks(program.definitions[name].body):
                    return True
                case p.Applied(predicate=name) if asks(program.predicates[name].body):
                    return True
                case _:
                    pass
        return False

    bodies = {
        rule.name: (rule.guard, rule.condition, rule.exception, rule.each and rule.each.where)
        for rule in program.rules
    }
    return {name for name, each in bodies.items() if any(x is not None and asks(x) for x in each)}


def test_every_rule_of_bergen_that_asks_no_detector_or_pattern_is_carried():
    program = installed_policy().program
    made = rego(program)
    others = {rule.name for rule in program.rules} - rules_of_functions(program)
    assert len(others) > 70
    assert others <= set(made.carried)
    assert set(made.carried) | set(made.refused) == {rule.name for rule in program.rules}


def test_facts_that_are_not_given_leave_rules_unproven_and_never_allow(bergen):
    path = ROOT / "examples" / "post" / "road-closure.json"
    document = json.loads(path.read_bytes())
    assert bergen.ask("decision", {"document": document})["effect"] != "allow"
    assert bergen.ask("decision", {"document": {"kind": "letter"}})["effect"] == "undecided"


# --- sums


def sums(condition: str) -> Policy:
    element = {"type": "integer", "minimum": 0, "maximum": 10**9}
    fields = {"l": listing(element), "wide": listing(INTEGER), "r": listing(NUMBER)}
    text = f"rules for post require row cites must.do that {condition}{SAYS}"
    files = {"a.pol": clause("must.do", "must", 1, "post"), "b.pol": text}
    return load_policy({"post": kind("post", **fields)}, files)


@pytest.mark.parametrize("members", [{"l": [2, 2, 1]}, {"l": [10**9] * 20}, {"l": []}, {}])
@pytest.mark.parametrize("condition", [
    "sum(n in post.l: n) == 5", "sum(n in post.l: n - 1) >= 0", "every n in post.l (n > sum(m in post.l: 1))",
])  # fmt: skip
def test_opa_agrees_on_sums(condition, members):
    opa = Opa(sums(condition))
    assert opa.module.carried == ("row",)
    assert opa.compare({"kind": "post", "id": "1", "as_of": AS_OF, **members})


@pytest.mark.parametrize("condition", ["sum(n in post.wide: n) > 5", "sum(n in post.r: n) > 5"])
def test_a_sum_of_decimals_or_beyond_what_is_exact_is_refused(condition):
    refused = rego(sums(condition).program).refused
    assert dict(refused) == {"row": "`sum` of decimals, or beyond 2^53"}


# --- time


@pytest.mark.parametrize("name", ZONES)
def test_days_in_a_zone_are_those_of_the_pinned_rules(name, tmp_path):
    program = dataclasses.replace(installed_policy().program, time_zone=name)
    opa = Opa(Policy(tmp_path, program=program))
    days = days_of(name)
    rng = random.Random(name)
    first = datetime.datetime.min.replace(tzinfo=datetime.UTC)
    moments = []
    for _ in range(400):
        at = rng.choice((rng.randrange(3_652_058), rng.randrange(690_000, 770_000)))
        offset = datetime.timezone(datetime.timedelta(minutes=rng.randint(-1439, 1439)))
        far = first + datetime.timedelta(at, rng.randrange(86_400))
        moments.append(far.replace(tzinfo=offset))
    for hours in (-14, 0, 14):
        offset = datetime.timezone(datetime.timedelta(hours=hours))
        moments += [first.replace(tzinfo=offset), far.replace(9999, 12, 31, tzinfo=offset)]
    counts = [rng.choice((1, -1, 180, rng.randint(-10_000, 10_000), 10**9)) for _ in moments]
    asked = {"given": [[x.isoformat(), n] for x, n in zip(moments, counts, strict=True)]}
    (got,) = opa.engine.eval_query(
        "x := [[data.somepolicy.as_day(i), data.somepolicy.instant_moved(i, n)] |"
        " some [text, n] in input.given; i := data.somepolicy.instant(text)]",
        asked,
    )
    moved = [days.add_days(x, n) for x, n in zip(moments, counts, strict=True)]
    wanted = [[number(days.as_day(x)), instant(y)] for x, y in zip(moments, moved, strict=True)]
    assert got["x"] == wanted


# --- the command


def test_export_says_what_it_carries(tmp_path):
    file = tmp_path / "policy.rego"
    runner = CliRunner()
    asked = ["export", "rego", "--policy", "bergen", "-o", str(file)]
    result = runner.invoke(build(), asked)
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    made = rego(installed_policy().program)
    assert file.read_text(encoding="utf-8") == made.text
    carried, total = len(made.carried), len(made.carried) + len(made.refused)
    assert f"bergen: {carried} of {total} rules carried" in result.stderr
    assert "calm_tone is not carried: `tone_signals`" in result.stderr
    assert runner.invoke(build(), [*asked, "--at-least", str(carried)]).exit_code == 0
    assert runner.invoke(build(), [*asked, "--at-least", str(carried + 1)]).exit_code == 1
