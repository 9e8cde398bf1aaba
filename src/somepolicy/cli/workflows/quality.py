"""How good the tests of a policy are: coverage by clause, and whether they bite."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from somepolicy.cli.problems import BAD, GOOD, Unusable, say
from somepolicy.cli.show.coverage import FORMATS
from somepolicy.cli.show.progress import counted
from somepolicy.cli.terminal import write
from somepolicy.policy import Policy
from somepolicy.workbench.coverage import measure
from somepolicy.workbench.load import Suite, load_suite
from somepolicy.workbench.mutation import Mutation, Outcome, mutate
from somepolicy.workbench.runner import run_suite
from somepolicy.workbench.select import Selection

_MOST_REPORTED = 10


class CoverageFormat(StrEnum):
    """How coverage is shown."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"
    COBERTURA = "cobertura"
    LCOV = "lcov"


@dataclass(frozen=True)
class Quality:
    """What is asked for: coverage, else mutation. Below `threshold` percent the run fails."""

    coverage: bool
    form: CoverageFormat
    threshold: float | None
    jobs: int | None


def measure_tests(folders: Sequence[Path], selection: Selection, quality: Quality) -> int:
    """Measure the tests of one policy that are asked for; return the exit code.

    A test that fails shows nothing: it is left out of the coverage, and nothing is mutated.
    """
    if quality.threshold is not None and not 0 <= quality.threshold <= 100:
        raise Unusable("somepolicy: --threshold is a percentage from 0 to 100")
    if len(folders) > 1:
        names = ", ".join(map(str, folders))
        raise Unusable(f"somepolicy: there are several policies, name one to measure: {names}")
    policy = Policy.load(folders[0])
    suite = load_suite(policy, folders[0])
    empty = nothing_to_run([(policy, suite)], selection)
    if empty is not None:
        raise Unusable(empty)
    results = run_suite(policy, suite, selection).results
    failed = [each for each in results if not each.passed]
    for each in failed[:_MOST_REPORTED]:
        why = ", ".join(each.failures) if each.broken else "it fails, and shows nothing"
        say(f"somepolicy: {each.span.where}: {each.name}: {why}")
    if failed:
        say(f"somepolicy: {len(failed)} of {len(results)} tests fail: see somepolicy test")
    if any(each.broken for each in failed):  # of what it would show nothing is known
        return BAD
    passing = replace(suite, rows=tuple(each.row for each in results if each.passed))
    if quality.coverage:
        return max(_cover(policy, passing, quality), BAD if failed else GOOD)
    return BAD if failed else _mutate(policy, passing, quality)


def nothing_to_run(loaded: Sequence[tuple[Policy, Suite]], selection: Selection) -> str | None:
    """Say why there is no case to run, None where there is one in every policy asked for."""
    named = selection.pattern is not None or selection.within is not None
    listed = [row for _, suite in loaded for row in suite.rows]
    if not named or not listed:
        without = [policy.program for policy, suite in loaded if not suite.rows]
        names = ", ".join(f"{each.name} {each.version}" for each in without)
        message = (
            f"somepolicy: {names}: there are no tests; they belong in the policy's folder tests/"
        )
        return message if without else None
    if any(row in selection for row in listed):
        return None
    if selection.pattern is None:
        return f"somepolicy: {selection.within}: there are no tests in it"
    near = selection.nearest(listed)
    hint = f"; did you mean `{near}`?" if near else ""
    refused = f" (as a pattern it is refused: {selection.refused})" if selection.refused else ""
    return f"somepolicy: no test, clause or rule fits `{selection.pattern}`{hint}{refused}"


def _cover(policy: Policy, suite: Suite, quality: Quality) -> int:
    covered = measure(policy, suite)
    write(FORMATS[quality.form.value](covered).rstrip("\n"), sys.stdout)
    if not any(each.deciding for each in covered.clauses):
        raise Unusable("somepolicy: there is nothing to cover, for no rule decides a clause")
    return _verdict(covered.percent, quality.threshold, "clauses covered")


def _mutate(policy: Policy, suite: Suite, quality: Quality) -> int:
    with counted("mutants") as step:
        found = mutate(policy, suite, quality.jobs, step)
    _show(policy, found)
    if not found.of("killed") and not found.survivors:
        raise Unusable("somepolicy: there is nothing to change that a test could notice")
    return _verdict(found.score, quality.threshold, "mutants killed")


def _show(policy: Policy, found: Mutation) -> None:
    for each in found.survivors:
        write(f"{each.mutant.span.where}: survived: {each.mutant.operator}", sys.stdout)
        write(each.mutant.diff.rstrip("\n"), sys.stdout)
        write(f"  {each.advice}\n", sys.stdout)
    words: tuple[Outcome, ...] = ("killed", "survived", "equivalent", "refused")
    listed = ", ".join(f"{len(found.of(word))} {word}" for word in words)
    name = f"{policy.program.name} {policy.program.version}"
    mutants = f"{len(found.verdicts)} mutants: {listed}; score {found.score:.1f} %"
    write(f"{name}: {mutants}", sys.stdout)


def _verdict(percent: float, threshold: float | None, what: str) -> int:
    if threshold is None or percent >= threshold:
        return GOOD
    say(f"somepolicy: {percent:.1f} % {what}, less than {threshold:g} %")
    return BAD
