"""What depends on a clause: the rules that cite it, its readings, the tests that expect either."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from somepolicy.ir import Program
from somepolicy.policy import Policy
from somepolicy.syntax import nodes as n
from somepolicy.syntax.diagnostics import PolicyError
from somepolicy.workbench.load import read_tests


@dataclass(frozen=True, slots=True)
class Dependents:
    """Names, each in the order of the policy: rules, readings, tests (without their cases)."""

    rules: tuple[str, ...]
    readings: tuple[str, ...]
    tests: tuple[str, ...]


def dependents(policy: Policy) -> Mapping[str, Dependents]:
    """Return what depends on each clause. Raises PolicyError for tests that cannot be parsed."""
    program = policy.program
    tests, errors = read_tests(policy.folder)
    if errors:
        raise PolicyError(errors)
    expected = [(test.name, _expected(test, program)) for test in tests]
    return {
        name: Dependents(
            tuple(rule.name for rule in program.rules if name in rule.clauses),
            tuple(each.name for each in program.readings.values() if name in each.clauses),
            tuple(dict.fromkeys(test for test, clauses in expected if name in clauses)),
        )
        for name in program.clauses
    }


def _expected(test: n.Test, program: Program) -> frozenset[str]:
    """Return the clauses a test is about: those it expects, and those of the rules it expects."""
    cited = {rule.name: rule.clauses for rule in program.rules}
    found: set[str] = set()
    for each in _expectations((test.steps, *(case.steps for case in test.cases))):
        match each:
            case n.ExpectClause(clause):
                found.add(clause.text)
            case n.ExpectRule(rule):
                found.update(cited.get(rule.text, ()))
            case _:
                pass
    return frozenset(found)


def _expectations(steps: Iterable[n.Steps]) -> Iterator[n.Expectation]:
    return (each for step in steps for each in step.expectations)
