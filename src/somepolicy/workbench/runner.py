"""Suite -> TestReport: every test and case decided and compared with its expectations."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import assert_never

from somepolicy.backends.walk.results import Instance
from somepolicy.engine.days import Days
from somepolicy.engine.decision import Decision, Finding
from somepolicy.engine.errors import InvalidDocument
from somepolicy.engine.evaluation import StatusCode
from somepolicy.json_type import Json
from somepolicy.normal_form import normal
from somepolicy.policy import Explained, Policy
from somepolicy.syntax import nodes as n
from somepolicy.syntax.source import Span
from somepolicy.workbench.change import NoSuchPlaceError, changed, parameters_of
from somepolicy.workbench.load import Suite, load_suite
from somepolicy.workbench.select import Row, Selection


def status_words(status: StatusCode) -> str:
    """Return the status as tests name it."""
    return status.word.replace("_", " ")


@dataclass(frozen=True)
class Unmet:
    """An expectation that was not met. `rules` are those whose trace says why.

    `expected` is None where no expectation is to blame, but something was not expected.
    """

    expected: str | None
    got: str
    span: Span
    rules: tuple[str, ...] = ()

    def __str__(self) -> str:
        """`expected …, got …`."""
        return self.got if self.expected is None else f"expected {self.expected}, got {self.got}"


@dataclass(frozen=True)
class CaseResult:
    """The outcome of one test, or of one case of it; nothing unmet means passed.

    `broken`: the case could not be decided on at all. `explained` and `policy` (as the case
    changed it) are kept of what failed.
    """

    row: Row
    unmet: tuple[Unmet, ...]
    seconds: float = 0.0
    broken: bool = False
    policy: Policy | None = None
    explained: Explained | None = None

    @property
    def name(self) -> str:
        """`test > case`, or `test`."""
        return self.row.name

    @property
    def span(self) -> Span:
        """Where the case stands, or the test if it has none."""
        return self.row.span

    @property
    def failures(self) -> tuple[str, ...]:
        """What is wrong, in words."""
        return tuple(str(each) for each in self.unmet)

    @property
    def passed(self) -> bool:
        """Whether every expectation was met."""
        return not self.unmet


@dataclass(frozen=True)
class TestReport:
    """The results in order of file and place.

    `unselected` cases were not asked for, `not_run` ones came after a failure.
    """

    __test__ = False  # not a test class of pytest

    results: tuple[CaseResult, ...]
    unselected: int = 0
    not_run: int = 0

    @property
    def passed(self) -> bool:
        """Whether there was a test and none failed."""
        return bool(self.results) and all(result.passed for result in self.results)


@dataclass(frozen=True)
class Trial:
    """One document to decide, and what is expected of the decision."""

    row: Row
    document: dict[str, Json]
    parameters: tuple[tuple[str, Json], ...]
    days: Days

    @property
    def name(self) -> str:
        """`test > case`, or `test`."""
        return self.row.name

    @property
    def span(self) -> Span:
        """Where the case stands, or the test if it has none."""
        return self.row.span

    @property
    def at(self) -> datetime.datetime | None:
        """The time to decide as of: of a day its noon."""
        return None if self.row.at is None else self.days.noon(self.row.at)

    @property
    def expectations(self) -> tuple[n.Expectation, ...]:
        """What is expected of the decision."""
        return self.row.expectations


def run_tests(
    policy: Policy, folder: Path, *, selection: Selection | None = None, fail_fast: bool = False
) -> TestReport:
    """Run the tests below a policy's folder. Raises PolicyError where a test file is wrong."""
    suite = load_suite(policy, folder)
    return run_suite(policy, suite, selection, fail_fast)


def run_suite(
    policy: Policy, suite: Suite, selection: Selection | None = None, fail_fast: bool = False
) -> TestReport:
    """Run cases of a suite: those selected, to the first failure if that is enough."""
    chosen = [row for row in suite.rows if selection is None or row in selection]
    variants: dict[tuple[tuple[str, Json], ...], Policy] = {(): policy}
    results: list[CaseResult] = []
    for trial in _trials(chosen, suite):
        if isinstance(trial, Trial) and trial.parameters not in variants:
            variants[trial.parameters] = policy.with_parameters(dict(trial.parameters))
        changed_policy = variants[trial.parameters] if isinstance(trial, Trial) else policy
        results.append(_result(changed_policy, trial))
        if fail_fast and not results[-1].passed:
            break
    return TestReport(tuple(results), len(suite.rows) - len(chosen), len(chosen) - len(results))


def trials(suite: Suite) -> Iterator[Trial | CaseResult]:
    """Yield one trial per case, or per test without cases; a result where none can be made."""
    return _trials(suite.rows, suite)


def _trials(listed: Iterable[Row], suite: Suite) -> Iterator[Trial | CaseResult]:
    for row in listed:
        try:
            made = changed(suite.documents[row.given.text], row.changes)
        except NoSuchPlaceError as reason:
            yield CaseResult(row, (Unmet(None, str(reason), row.span),), broken=True)
            continue
        yield Trial(row, made, tuple(parameters_of(row.changes).items()), suite.days)


def _result(policy: Policy, trial: Trial | CaseResult) -> CaseResult:
    if isinstance(trial, CaseResult):
        return trial
    begun = perf_counter()
    explained: Explained | None = None
    try:
        explained = policy.explain(trial.document, as_of=trial.at)
    except InvalidDocument as error:
        unmet = tuple(_of_invalid(trial, error))
    else:
        unmet = tuple(_of_decision(policy, trial, explained))
    seconds = perf_counter() - begun
    if not unmet:
        return CaseResult(trial.row, (), seconds)
    return CaseResult(trial.row, unmet, seconds, policy=policy, explained=explained)


def _of_invalid(trial: Trial, error: InvalidDocument) -> Iterator[Unmet]:
    invalid = [x for x in trial.expectations if isinstance(x, n.ExpectInvalid)]
    places = {normal(each.pointer) for each in error.errors}
    for expected in invalid:
        if normal(expected.at.text) not in places:
            yield Unmet(f"invalid {expected.at.text}", ", ".join(sorted(places)), expected.span)
    if not invalid:
        yield Unmet(None, f"the document is invalid: {error}", trial.span)


def _of_decision(policy: Policy, trial: Trial, explained: Explained) -> Iterator[Unmet]:
    compiled = policy.evaluate(trial.document, as_of=trial.at)
    if compiled != explained.decision:
        yield Unmet(None, "the two evaluators disagree; please report this", trial.span)
    for expectation in trial.expectations:
        yield from unmet_expectation(expectation, explained)
    yield from unnamed_findings(trial, explained.decision)


def unmet_expectation(expectation: n.Expectation, explained: Explained) -> Iterator[Unmet]:
    """Yield how a decision falls short of an expectation; nothing where it is met."""
    decision, span = explained.decision, expectation.span
    match expectation:
        case n.ExpectDecision():
            if decision.decision != expectation.decision:
                blocking = tuple(each.rule for each in decision.findings if each.blocking)
                yield Unmet(expectation.decision, _summary(decision), span, blocking)
        case n.ExpectInvalid():
            yield Unmet(f"invalid {expectation.at.text}", "a valid document", span)
        case n.ExpectUnregulated():
            if normal(expectation.at.text) not in decision.unregulated:
                listed = ", ".join(decision.unregulated) or "nothing"
                yield Unmet(f"unregulated {expectation.at.text}", listed, span)
        case n.ExpectClause():
            name = expectation.clause.text
            wanted = expectation.status.replace(" ", "_")
            status = {each.clause: each.status for each in decision.citations}
            if status.get(name) != wanted:
                got = status.get(name, "not cited for this kind").replace("_", " ")
                yield Unmet(
                    f"clause {name} {expectation.status}", got, span, _behind(name, got, explained)
                )
        case n.ExpectRule():
            yield from _of_rule(expectation, explained)
        case _:
            assert_never(expectation)


def _behind(clause: str, status: str, explained: Explained) -> tuple[str, ...]:
    """Return the rules that gave a clause its status, or all that cite it."""
    citing = [each for each in explained.trace if clause in each.rule.clauses]
    agreeing = [each for each in citing if status in _outcomes(each)]
    return tuple(each.rule.name for each in agreeing or citing)


def _of_rule(expectation: n.ExpectRule, explained: Explained) -> Iterator[Unmet]:
    name = expectation.rule.text
    instances = [each for each in explained.trace if each.rule.name == name]
    if expectation.at is not None:
        instances = [each for each in instances if each.at == normal(expectation.at.text)]
    if any(_meets(each, expectation) for each in instances):
        return
    got = "; ".join(_described(each) for each in instances)
    yield Unmet(_expected(expectation), got or "no such instance", expectation.span, (name,))


def _meets(instance: Instance, expectation: n.ExpectRule) -> bool:
    because = {normal(pointer.text) for pointer in expectation.because}
    return expectation.outcome in _outcomes(instance) and because <= {
        *instance.facts,
        *instance.missing,
    }


def _outcomes(instance: Instance) -> set[str]:
    """Return the words for an instance; unmet advice is also violated or unproven."""
    words = {status_words(instance.status)}
    if instance.status is StatusCode.ADVISED:
        words.add("violated" if instance.violated else "unproven")
    return words


def _expected(expectation: n.ExpectRule) -> str:
    at = f" at {expectation.at.text}" if expectation.at else ""
    because = ", ".join(pointer.text for pointer in expectation.because)
    reason = f" because {because}" if because else ""
    return f"{expectation.rule.text} {expectation.outcome}{at}{reason}"


def _described(instance: Instance) -> str:
    at = f" at {instance.at}" if instance.at else ""
    reasons = ", ".join((*instance.facts, *instance.missing, *instance.unset))
    return f"{status_words(instance.status)}{at}{f' because {reasons}' if reasons else ''}"


def unnamed_findings(trial: Trial, decision: Decision) -> Iterator[Unmet]:
    """No test passes for the wrong reason: every blocking finding has to be named."""
    rules = {x.rule.text for x in trial.expectations if isinstance(x, n.ExpectRule)}
    clauses = {
        x.clause.text
        for x in trial.expectations
        if isinstance(x, n.ExpectClause) and x.status in ("violated", "unproven")
    }
    for finding in decision.findings:
        if finding.blocking and finding.rule not in rules and not clauses & {*finding.clauses}:
            message = f"no expectation names the blocking finding {_found(finding)}"
            yield Unmet(None, message, trial.span, (finding.rule,))


def _summary(decision: Decision) -> str:
    blocking = [_found(finding) for finding in decision.findings if finding.blocking]
    return decision.decision + (f" ({'; '.join(blocking)})" if blocking else "")


def _found(finding: Finding) -> str:
    at = f" at {finding.at}" if finding.at else ""
    reasons = ", ".join((*finding.facts, *finding.missing, *(x.name for x in finding.unset)))
    return f"{finding.rule} {finding.outcome}{at}{f' because {reasons}' if reasons else ''}"
