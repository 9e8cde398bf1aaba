"""Suite -> TestReport: every test and case decided and held against its expectations."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from somepolicy.language import nodes as n
from somepolicy.language.source import Span
from somepolicy.policy import Explained, Policy
from somepolicy.runtime.decision import Decision, Finding
from somepolicy.runtime.errors import InvalidDocument
from somepolicy.runtime.evaluation import Rank
from somepolicy.runtime.reference import Instance
from somepolicy.testing.change import NoSuchPlaceError, changed, parameters_of
from somepolicy.testing.load import Suite, load_suite
from somepolicy.types import Json

_WORDS = {
    Rank.VIOLATED: "violated",
    Rank.UNPROVEN: "unproven",
    Rank.ADVISED: "advised",
    Rank.SATISFIED: "satisfied",
    Rank.PERMITTED: "permitted",
    Rank.NOT_APPLICABLE: "not applicable",
}


@dataclass(frozen=True)
class CaseResult:
    """The outcome of one test, or of one case of it; no failures means passed."""

    name: str
    span: Span
    failures: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether every expectation was met."""
        return not self.failures


@dataclass(frozen=True)
class TestReport:
    """The results in order of file and place."""

    __test__ = False  # not a test class of pytest

    results: tuple[CaseResult, ...]

    @property
    def passed(self) -> bool:
        """Whether there was a test and none failed."""
        return bool(self.results) and all(result.passed for result in self.results)


@dataclass(frozen=True)
class Trial:
    """One document to decide, and what is expected of the decision."""

    name: str
    span: Span
    document: dict[str, Json]
    at: datetime.datetime | None
    parameters: tuple[tuple[str, Json], ...]
    expectations: tuple[n.Expectation, ...]


def run_tests(policy: Policy, folder: Path) -> TestReport:
    """Run the tests below a policy's folder. Raises PolicyError where a test file is wrong."""
    suite = load_suite(policy, folder)
    variants: dict[tuple[tuple[str, Json], ...], Policy] = {(): policy}
    results = []
    for trial in trials(suite):
        if isinstance(trial, Trial) and trial.parameters not in variants:
            variants[trial.parameters] = policy.with_parameters(dict(trial.parameters))
        chosen = variants[trial.parameters] if isinstance(trial, Trial) else policy
        results.append(_result(chosen, trial))
    return TestReport(tuple(results))


def trials(suite: Suite) -> Iterator[Trial | CaseResult]:
    """Yield one trial per case, or per test without cases; a result where none can be made."""
    for test in suite.tests:
        document = suite.documents[test.given.text]
        rows = [(f"{test.name} > {case.name}", case.span, case.steps) for case in test.cases]
        for name, span, steps in rows or [(test.name, test.span, n.Steps((), None, ()))]:
            try:
                made = changed(document, test.steps.changes + steps.changes)
            except NoSuchPlaceError as reason:
                yield CaseResult(name, span, (str(reason),))
                continue
            yield Trial(
                name,
                span,
                made,
                steps.at or test.steps.at,
                tuple(parameters_of(test.steps.changes + steps.changes).items()),
                test.steps.expectations + steps.expectations,
            )


def _result(policy: Policy, trial: Trial | CaseResult) -> CaseResult:
    if isinstance(trial, CaseResult):
        return trial
    return CaseResult(trial.name, trial.span, tuple(_failures(policy, trial)))


def _failures(policy: Policy, trial: Trial) -> Iterator[str]:
    invalid = [x for x in trial.expectations if isinstance(x, n.ExpectInvalid)]
    try:
        explained = policy.explain(trial.document, as_of=trial.at)
    except InvalidDocument as error:
        places = {each.pointer for each in error.errors}
        for expected in invalid:
            if expected.at.text not in places:
                yield f"expected invalid {expected.at.text}, got {', '.join(sorted(places))}"
        if not invalid:
            yield f"the document is invalid: {error}"
        return
    compiled = policy.evaluate(trial.document, as_of=trial.at)
    if compiled.to_json() != explained.decision.to_json():
        yield "the two evaluators disagree; please report this"
    for expectation in trial.expectations:
        yield from _failure(expectation, explained)
    yield from _unnamed(trial.expectations, explained.decision)


def _failure(expectation: n.Expectation, explained: Explained) -> Iterator[str]:
    decision = explained.decision
    match expectation:
        case n.ExpectDecision():
            if decision.decision != expectation.decision:
                yield f"expected {expectation.decision}, got {_summary(decision)}"
        case n.ExpectInvalid():
            yield f"expected invalid {expectation.at.text}, got a valid document"
        case n.ExpectUnregulated():
            if expectation.at.text not in decision.unregulated:
                listed = ", ".join(decision.unregulated) or "nothing"
                yield f"expected unregulated {expectation.at.text}, got {listed}"
        case n.ExpectClause():
            name = expectation.clause.text
            wanted = expectation.status.replace(" ", "_")
            status = {each.clause: each.status for each in decision.citations}
            if status.get(name) != wanted:
                got = status.get(name, "not cited for this kind").replace("_", " ")
                yield f"expected clause {name} {expectation.status}, got {got}"
        case n.ExpectRule():
            yield from _rule_failure(expectation, explained)
        case _:
            assert_never(expectation)


def _rule_failure(expectation: n.ExpectRule, explained: Explained) -> Iterator[str]:
    name = expectation.rule.text
    instances = [each for each in explained.trace if each.rule.name == name]
    if expectation.at is not None:
        instances = [each for each in instances if each.at == expectation.at.text]
    if any(_meets(each, expectation) for each in instances):
        return
    got = "; ".join(_described(each) for each in instances)
    yield f"expected {_expected(expectation)}, got {got or 'no such instance'}"


def _meets(instance: Instance, expectation: n.ExpectRule) -> bool:
    because = {pointer.text for pointer in expectation.because}
    return expectation.outcome in _outcomes(instance) and because <= {
        *instance.facts,
        *instance.missing,
    }


def _outcomes(instance: Instance) -> set[str]:
    """Return the words for an instance; broken advice is also violated or unproven."""
    words = {_WORDS[instance.rank]}
    if instance.rank is Rank.ADVISED:
        words.add("violated" if instance.violated else "unproven")
    return words


def _expected(expectation: n.ExpectRule) -> str:
    at = f" at {expectation.at.text}" if expectation.at else ""
    because = ", ".join(pointer.text for pointer in expectation.because)
    reason = f" because {because}" if because else ""
    return f"{expectation.rule.text} {expectation.outcome}{at}{reason}"


def _described(instance: Instance) -> str:
    at = f" at {instance.at}" if instance.at else ""
    reasons = ", ".join((*instance.facts, *instance.missing))
    return f"{_WORDS[instance.rank]}{at}{f' because {reasons}' if reasons else ''}"


def _unnamed(expectations: tuple[n.Expectation, ...], decision: Decision) -> Iterator[str]:
    """No test passes for the wrong reason: every blocking finding has to be named."""
    rules = {x.rule.text for x in expectations if isinstance(x, n.ExpectRule)}
    clauses = {
        x.clause.text
        for x in expectations
        if isinstance(x, n.ExpectClause) and x.status in ("violated", "unproven")
    }
    for finding in decision.findings:
        if finding.blocking and finding.rule not in rules and not clauses & {*finding.clauses}:
            yield f"no expectation names the blocking finding {_found(finding)}"


def _summary(decision: Decision) -> str:
    blocking = [_found(finding) for finding in decision.findings if finding.blocking]
    return decision.decision + (f" ({'; '.join(blocking)})" if blocking else "")


def _found(finding: Finding) -> str:
    at = f" at {finding.at}" if finding.at else ""
    reasons = ", ".join((*finding.facts, *finding.missing))
    return f"{finding.rule} {finding.outcome}{at}{f' because {reasons}' if reasons else ''}"
