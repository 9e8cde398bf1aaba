"""`somepolicy test`: run the tests of a policy."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from somepolicy.cli.policies import find_policies
from somepolicy.cli.problems import BAD, GOOD, tell
from somepolicy.cli.screen import write
from somepolicy.policy import Policy

if TYPE_CHECKING:
    from somepolicy.testing.runner import CaseResult


def run_policy_tests(
    path: Annotated[
        Path | None,
        typer.Argument(
            metavar="[PATH]",
            help="A policy, or a folder of policies. Default: policy/, else the installed one.",
            show_default=False,
        ),
    ] = None,
    *,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="List the tests that passed, too.")
    ] = False,
) -> int:
    """Run the tests of a policy.

    Exit code: 0 all passed, 1 one failed or there is none, 2 one cannot be run.
    """
    from somepolicy.testing.runner import run_tests  # noqa: PLC0415 - no other command needs it

    results: list[CaseResult] = []
    for folder in find_policies(path):
        found = run_tests(Policy.load(folder), folder).results
        _print(found, verbose)
        results += found
    if not results:
        tell("somepolicy: there are no tests; they belong in the policy's folder tests/")
        return BAD
    failed = sum(bool(each.failures) for each in results)
    write(f"{len(results) - failed} passed, {failed} failed", sys.stdout)
    return BAD if failed else GOOD


def _print(results: Iterable[CaseResult], verbose: bool) -> None:
    for each in results:
        where = each.span.where.rpartition(":")[0]
        if each.failures:
            write(f"{where}: FAILED {each.name}", sys.stdout)
            for failure in each.failures:
                told = failure.replace("\n", "\n    ")
                write(f"    {told}", sys.stdout)
        elif verbose:
            write(f"{where}: passed {each.name}", sys.stdout)
