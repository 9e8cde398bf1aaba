"""Tests and examples of a policy -> what each shows about the clauses."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from somepolicy import ir as p
from somepolicy.engine.errors import InvalidDocument
from somepolicy.file_access import read_file
from somepolicy.files import files_below, shown_path
from somepolicy.json_type import Json
from somepolicy.loading import unreadable
from somepolicy.policy import Explained, Policy
from somepolicy.syntax import nodes as n
from somepolicy.syntax.diagnostics import PolicyError
from somepolicy.workbench.coverage_report import ClauseCoverage
from somepolicy.workbench.coverage_seen import always_said
from somepolicy.workbench.load import example_folders, load_suite
from somepolicy.workbench.runner import Trial, trials, unmet_expectation, unnamed_findings


@dataclass(frozen=True, slots=True)
class TestEvidence:
    """A test or an example that was decided: the status of every clause it cites.

    `named` are the clauses that its expectations name, by themselves or by a rule.
    """

    name: str
    passed: bool
    statuses: Mapping[str, str]
    named: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What there is to show for a policy. Without examples there can be no tests."""

    tests: tuple[TestEvidence, ...]
    examples: tuple[TestEvidence, ...]
    at_hand: bool

    def coverage(self, clause: p.Clause, program: p.Program) -> ClauseCoverage:
        """Say which tests that passed decide a clause, by status."""
        deciding = [
            rule
            for rule in program.rules
            if clause.name in rule.clauses and rule.effect != "permit"
        ]
        other: str | None = "satisfied"
        if not any(rule.condition is not None or rule.question for rule in deciding):
            other = None if any(map(always_said, deciding)) else "not applicable"
        tests: dict[str, tuple[str, ...]] = {}
        for test in self.tests:
            if test.passed and clause.name in test.statuses:
                status = test.statuses[clause.name].replace("_", " ")
                tests[status] = (*tests.get(status, ()), test.name)
        return ClauseCoverage(clause.name, clause.span, bool(deciding), other, tests)


def gather(policy: Policy) -> Evidence:
    """Decide every test and example of a policy's folder.

    A policy that came without its examples, as an installed one does, has no tests to run.
    Raises PolicyError where a test file is wrong.
    """
    folders = example_folders(policy.folder)
    if not folders:
        return Evidence((), (), at_hand=False)
    return Evidence(tuple(_tests(policy)), tuple(_examples(policy, folders)), at_hand=True)


def _tests(policy: Policy) -> Iterator[TestEvidence]:
    clauses = {rule.name: rule.clauses for rule in policy.program.rules}
    variants: dict[tuple[tuple[str, Json], ...], Policy] = {(): policy}
    for trial in trials(load_suite(policy, policy.folder)):
        if not isinstance(trial, Trial):
            yield TestEvidence(trial.name, passed=False, statuses={})
            continue
        if trial.parameters not in variants:
            variants[trial.parameters] = policy.with_parameters(dict(trial.parameters))
        yield _test(variants[trial.parameters], trial, clauses)


def _test(policy: Policy, trial: Trial, clauses: Mapping[str, tuple[str, ...]]) -> TestEvidence:
    named: set[str] = set()
    for each in trial.expectations:
        if isinstance(each, n.ExpectClause):
            named.add(each.clause.text)
        elif isinstance(each, n.ExpectRule):
            named.update(clauses[each.rule.text])
    try:
        explained = policy.explain(trial.document, as_of=trial.at)
    except InvalidDocument:
        expected = any(isinstance(x, n.ExpectInvalid) for x in trial.expectations)
        return TestEvidence(trial.name, expected, {})
    unmet = any(
        True for each in trial.expectations for _ in unmet_expectation(each, explained)
    ) or any(True for _ in unnamed_findings(trial, explained.decision))
    return TestEvidence(trial.name, not unmet, _statuses(explained), frozenset(named))


def _examples(policy: Policy, folders: list[Path]) -> Iterator[TestEvidence]:
    seen: set[str] = set()
    for folder in folders:
        for name in _documents(folder):
            if name in seen:
                continue
            seen.add(name)
            try:
                explained = policy.explain(json.loads(read_file(folder / name)))
            except (OSError, ValueError, RecursionError):  # InvalidDocument is a ValueError
                continue  # an example of what is refused, or of another policy
            yield TestEvidence(name, passed=True, statuses=_statuses(explained))


def _documents(folder: Path) -> list[str]:
    try:
        return files_below(folder, ".json")
    except OSError as error:
        raise PolicyError([unreadable(shown_path(folder), error)]) from None


def _statuses(explained: Explained) -> dict[str, str]:
    return {each.clause: each.status for each in explained.decision.citations}
