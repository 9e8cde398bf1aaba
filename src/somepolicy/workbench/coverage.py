"""Policy + tests -> Coverage: the clauses, rules and conditions that the tests decide.

A condition counts as covered where, in one test, changing its value alone would change whether
the instance passes while it is true, and in another while it is false: masking MC/DC, after
Chilenski, "An investigation of three forms of the MC/DC coverage criterion" (2001). An instance
passes where (not guard) or condition or exception is true. A definition that stands twice in a
rule counts as two conditions, each changed alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from somepolicy import ir as p
from somepolicy.backends.walk.reference import evaluation
from somepolicy.policy import Policy
from somepolicy.workbench.coverage_gaps import (
    Gaps,
)
from somepolicy.workbench.coverage_report import (
    ClauseCoverage,
    Coverage,
    RuleCoverage,
)
from somepolicy.workbench.coverage_seen import (
    Seen,
    always_said,
)
from somepolicy.workbench.load import Suite
from somepolicy.workbench.mutation import settings
from somepolicy.workbench.runner import status_words

Names = tuple[str, ...]
Truth = bool | None
Ways = Mapping[Truth, bool]


def measure(policy: Policy, suite: Suite) -> Coverage:
    """Evaluate every test of the suite and say what it covers, and what would cover the rest."""
    program = policy.program
    seen = Seen(program)
    clauses: dict[str, dict[str, dict[str, None]]] = {name: {} for name in program.clauses}
    rules: dict[str, dict[str, dict[str, None]]] = {rule.name: {} for rule in program.rules}
    count = 0
    for setting in settings(policy, suite):
        count += 1
        instances = seen.setting(setting)
        name = setting.trial.name
        for each in instances:
            rules[each.rule.name].setdefault(status_words(each.status), {})[name] = None
        decided = setting.policy.evaluator.assembled(
            setting.kind,
            setting.context,
            evaluation(program, setting.kind, instances),
            setting.source,
            digest=False,
        )
        for citation in decided.citations:
            status = citation.status.replace("_", " ")
            clauses[citation.clause].setdefault(status, {})[name] = None
    return Coverage(
        program.name,
        program.version,
        count,
        tuple(
            _clause(clause, program, clauses[clause.name])
            for clause in program.clauses.values()
            if clause.kinds and not clause.undecided
        ),
        tuple(
            RuleCoverage(x.name, x.effect, x.span, always_said(x), _names(rules[x.name]))
            for x in program.rules
        ),
        tuple(Gaps(seen, each).atom() for each in seen.notes.values()),
    )


def _names(tests: Mapping[str, Mapping[str, None]]) -> dict[str, Names]:
    return {status: tuple(names) for status, names in tests.items()}


def _clause(
    clause: p.Clause, program: p.Program, tests: Mapping[str, Mapping[str, None]]
) -> ClauseCoverage:
    citing = [rule for rule in program.rules if clause.name in rule.clauses]
    deciding = [rule for rule in citing if rule.effect != "permit"]
    other: str | None = "satisfied"
    if not any(rule.condition is not None or rule.question for rule in deciding):
        other = None if any(map(always_said, deciding)) else "not applicable"
    return ClauseCoverage(clause.name, clause.span, bool(deciding), other, _names(tests))
