"""How good the tests of a policy are: coverage by clause, and whether they bite."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from somepolicy.cli.inputs.policies import find_policies
from somepolicy.cli.problems import BAD, GOOD, Unusable, tell
from somepolicy.cli.screen import write
from somepolicy.cli.show.coverage import FORMATS
from somepolicy.cli.show.progress import counted
from somepolicy.policy import Policy
from somepolicy.testing.coverage import measure
from somepolicy.testing.load import load_suite
from somepolicy.testing.mutation import Mutation, Outcome, mutate
from somepolicy.testing.runner import CaseResult, trials


class CoverageFormat(StrEnum):
    """How coverage is shown."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"
    COBERTURA = "cobertura"
    LCOV = "lcov"


@dataclass(frozen=True)
class Quality:
    """What is asked for; `threshold` is a percentage, below which the run fails."""

    coverage: bool
    mutate: bool
    form: CoverageFormat
    threshold: float | None
    jobs: int | None


def measure_tests(path: Path | None, quality: Quality) -> int:
    """Measure the tests of one policy; return the exit code."""
    if quality.coverage and quality.mutate:
        raise Unusable("somepolicy: --coverage and --mutate are two runs")
    if quality.threshold is not None and not 0 <= quality.threshold <= 100:
        raise Unusable("somepolicy: --threshold is a percentage from 0 to 100")
    folders = find_policies(path)
    if len(folders) > 1:
        raise Unusable("somepolicy: name one policy to measure")
    policy = Policy.load(folders[0])
    suite = load_suite(policy, folders[0])
    unmade = [each for each in trials(suite) if isinstance(each, CaseResult)]
    for each in unmade:  # measured without them, the tests would seem worse or better than they are
        tell(f"somepolicy: {each.span.where}: {each.name}: {', '.join(each.failures)}")
    if unmade:
        return BAD
    if quality.coverage:
        covered = measure(policy, suite)
        write(FORMATS[quality.form.value](covered).rstrip("\n"), sys.stdout)
        return _verdict(covered.percent, quality.threshold, "clauses covered")
    with counted("mutants") as step:
        found = mutate(policy, suite, quality.jobs, step)
    _show(found)
    return _verdict(found.score, quality.threshold, "mutants killed")


def _show(found: Mutation) -> None:
    for each in found.survivors:
        write(f"{each.mutant.span.where}: survived: {each.mutant.operator}", sys.stdout)
        write(each.mutant.diff.rstrip("\n"), sys.stdout)
        write(f"  {each.advice}\n", sys.stdout)
    for name in found.failing:
        tell(f"somepolicy: left out, for it fails as it is: {name}")
    words: tuple[Outcome, ...] = ("killed", "survived", "equivalent", "refused")
    listed = ", ".join(f"{len(found.of(word))} {word}" for word in words)
    write(f"{len(found.verdicts)} mutants: {listed}; score {found.score:.1f} %", sys.stdout)


def _verdict(percent: float, threshold: float | None, what: str) -> int:
    if threshold is None or percent >= threshold:
        return GOOD
    tell(f"somepolicy: {percent:.1f} % {what}, less than {threshold:g} %")
    return BAD
