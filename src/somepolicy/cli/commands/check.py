"""`somepolicy check`: what is wrong with a policy, for its author."""

from __future__ import annotations

import datetime
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TextIO

import typer

from somepolicy.cli.inputs.completion import complete_policy
from somepolicy.cli.inputs.policies import find_policies
from somepolicy.cli.problems import BAD, GOOD, Unusable
from somepolicy.cli.screen import write
from somepolicy.cli.show.as_json import write_json
from somepolicy.cli.show.diagnostics import diagnostics_json, sarif, write_annotations
from somepolicy.governance.readings import unsigned_readings
from somepolicy.language.diagnostics import Diagnostic, PolicyError, in_order, render
from somepolicy.policy import Policy


class Format(StrEnum):
    """The forms of the output."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


def check_policies(
    path: Annotated[
        Path | None,
        typer.Argument(
            metavar="[PATH]",
            help="A policy, or a folder of policies. Default: policy/, else the installed one.",
            show_default=False,
            autocompletion=complete_policy,
        ),
    ] = None,
    *,
    strict: Annotated[bool, typer.Option("--strict", help="Count warnings as errors.")] = False,
    require_signed: Annotated[
        bool,
        typer.Option("--require-signed", help="Count readings that nobody has signed as errors."),
    ] = False,
    generated: Annotated[
        bool, typer.Option("--generated", help="Print the Python code the policy becomes.")
    ] = False,
    format: Annotated[
        Format,
        typer.Option(help="Text for people, JSON, SARIF 2.1.0, or annotations of GitHub Actions."),
    ] = Format.TEXT,
) -> int:
    """Check a policy and say what is wrong, with the place and how to mend it.

    Exit code: 0 no errors, 1 errors, 2 there is no policy.
    """
    folders = find_policies(path)
    if format is Format.TEXT:
        return max(
            [
                _check(folder, strict=strict, signed=require_signed, generated=generated)
                for folder in folders
            ]
        )
    if generated:
        raise Unusable("somepolicy: --generated is for --format text")
    found = [each for folder in folders for each in _diagnostics(folder, require_signed)]
    match format:
        case Format.JSON:
            write_json(diagnostics_json(found))
        case Format.SARIF:
            write_json(sarif(found))
        case Format.GITHUB:
            write_annotations(found)
    return BAD if any(strict or each.severity == "error" for each in found) else GOOD


def _diagnostics(folder: Path, signed: bool) -> tuple[Diagnostic, ...]:
    try:
        return _told(Policy.load(folder), signed)
    except PolicyError as error:
        return error.diagnostics


def _told(policy: Policy, signed: bool) -> tuple[Diagnostic, ...]:
    """Return the warnings, and with `signed` an error for each reading that is not."""
    if not signed:
        return policy.warnings
    today = policy.days.as_day(datetime.datetime.now().astimezone())
    return in_order((*policy.warnings, *unsigned_readings(policy.program, today)))


def _check(folder: Path, *, strict: bool, signed: bool, generated: bool) -> int:
    # the code is for a file or a pager, so the rest must not be mixed into it
    out = sys.stderr if generated else sys.stdout
    try:
        policy = Policy.load(folder)
    except PolicyError as error:
        _print(error.diagnostics, out)
        found = _counted(len(error.diagnostics), "error")
        write(f"{folder.resolve().name}: {found}", out)
        return BAD
    told = _told(policy, signed)
    errors = sum(each.severity == "error" for each in told)
    _print(told, out)
    if generated:
        sys.stdout.write(policy.compiled.python() + "\n")
    write(_summary(policy, errors), out)
    return BAD if errors or (strict and told) else GOOD


def _print(diagnostics: tuple[Diagnostic, ...], out: TextIO) -> None:
    for each in diagnostics:
        write(f"{render(each)}\n", out)


def _summary(policy: Policy, errors: int) -> str:
    """Count what there is; once loaded, a policy has no errors but readings not signed."""
    program = policy.program
    unsigned = errors or sum(reading.signed is None for reading in program.readings.values())
    parts = (
        _counted(len(program.clauses), "clause"),
        _counted(len(program.rules), "rule"),
        _counted(len(program.readings), "reading")
        + (f" ({unsigned or 'none'} unsigned)" if program.readings else ""),
        _counted(errors, "error"),
        _counted(len(policy.warnings), "warning"),
    )
    return f"{program.name} {program.version}: {', '.join(parts)}"


def _counted(number: int, word: str) -> str:
    return f"{number or 'no'} {word}{'s' * (number != 1)}"
