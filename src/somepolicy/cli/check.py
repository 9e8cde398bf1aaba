"""`somepolicy check`: what is wrong with a policy, for its author."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, TextIO

import typer

from somepolicy.cli.policies import find_policies
from somepolicy.cli.problems import BAD, GOOD
from somepolicy.cli.screen import write
from somepolicy.language.diagnostics import Diagnostic, PolicyError, render
from somepolicy.policy import Policy


def check_policies(
    path: Annotated[
        Path | None,
        typer.Argument(
            metavar="[PATH]",
            help="A policy, or a folder of policies. Default: policy/, else the installed one.",
            show_default=False,
        ),
    ] = None,
    *,
    strict: Annotated[bool, typer.Option("--strict", help="Count warnings as errors.")] = False,
    generated: Annotated[
        bool, typer.Option("--generated", help="Print the Python code the policy becomes.")
    ] = False,
) -> int:
    """Check a policy and say what is wrong, with the place and how to mend it.

    Exit code: 0 no errors, 1 errors, 2 there is no policy.
    """
    codes = [_check(folder, strict, generated) for folder in find_policies(path)]
    return max(codes)


def _check(folder: Path, strict: bool, generated: bool) -> int:
    # the code is for a file or a pager, so the rest must not be mixed into it
    out = sys.stderr if generated else sys.stdout
    try:
        policy = Policy.load(folder)
    except PolicyError as error:
        _print(error.diagnostics, out)
        found = _counted(len(error.diagnostics), "error")
        write(f"{folder.resolve().name}: {found}", out)
        return BAD
    _print(policy.warnings, out)
    if generated:
        sys.stdout.write(policy.compiled.python() + "\n")
    write(_summary(policy), out)
    return BAD if strict and policy.warnings else GOOD


def _print(diagnostics: tuple[Diagnostic, ...], out: TextIO) -> None:
    for each in diagnostics:
        write(f"{render(each)}\n", out)


def _summary(policy: Policy) -> str:
    program = policy.program
    unsigned = sum(reading.signed is None for reading in program.readings.values())
    parts = (
        _counted(len(program.clauses), "clause"),
        _counted(len(program.rules), "rule"),
        _counted(len(program.readings), "reading")
        + (f" ({unsigned or 'none'} unsigned)" if program.readings else ""),
        "no errors",
        _counted(len(policy.warnings), "warning"),
    )
    return f"{program.name} {program.version}: {', '.join(parts)}"


def _counted(number: int, word: str) -> str:
    return f"{number or 'no'} {word}{'s' * (number != 1)}"
