"""`somepolicy check`: what is wrong with a policy, for its author."""

from __future__ import annotations

import datetime
import sys
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from somepolicy.cli.inputs.options import PolicyOption, PolicyPath
from somepolicy.cli.inputs.policies import called, find_policies
from somepolicy.cli.problems import BAD, GOOD, Unusable
from somepolicy.cli.show.as_json import write_json
from somepolicy.cli.show.diagnostics import diagnostics_json, sarif, write_annotations
from somepolicy.cli.terminal import write
from somepolicy.files import files_of_tests
from somepolicy.installed import installed_folder
from somepolicy.policy import Policy
from somepolicy.reports.readings import unsigned_readings
from somepolicy.syntax.diagnostics import Diagnostic, PolicyError, in_order, render
from somepolicy.workbench.load import example_folders, load_suite, read_tests


class Format(StrEnum):
    """The forms of the output."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


def check_policies(
    path: PolicyPath = None,
    *,
    policy: PolicyOption = None,
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
    """Check a policy with its tests and say what is wrong, with the place and how to mend it.

    Exit code: 0 no errors, 1 errors, 2 there is no policy.
    """
    folders = find_policies(path, policy)
    if generated and format is not Format.TEXT:
        raise Unusable("somepolicy: --generated is for --format text")
    checked = [_checked(folder, require_signed) for folder in folders]
    if format is Format.TEXT:
        for each in checked:
            _write(each, generated=generated)
    found = [each for one in checked for each in one.found]
    match format:
        case Format.TEXT:
            pass
        case Format.JSON:
            write_json(diagnostics_json(found))
        case Format.SARIF:
            write_json(sarif(found))
        case Format.GITHUB:
            write_annotations(found)
    return BAD if any(strict or each.severity == "error" for each in found) else GOOD


@dataclass(frozen=True)
class _Checked:
    """A policy, None where it cannot be loaded, its tests in words, and all that is wrong.

    `unsigned` counts the readings whose signature does not hold today.
    """

    folder: Path
    policy: Policy | None
    tests: str
    unsigned: int
    found: tuple[Diagnostic, ...]


def _checked(folder: Path, signed: bool) -> _Checked:
    try:
        policy = Policy.from_source(folder)
    except PolicyError as error:
        _, wrong = read_tests(folder)
        return _Checked(folder, None, "", 0, in_order((*error.diagnostics, *wrong)))
    found = [*policy.warnings]
    today = policy.days.as_day(datetime.datetime.now().astimezone())
    unsigned = unsigned_readings(policy.program, today)
    if signed:
        found += unsigned
    if folder == installed_folder() and not example_folders(folder):
        # it came with its tests, but without the documents they are about
        return _Checked(folder, policy, "tests not read", len(unsigned), in_order(found))
    try:
        tests = _counted(len(load_suite(policy, folder).rows), "test")
    except PolicyError as error:
        tests = "tests with errors"
        found += error.diagnostics
    return _Checked(folder, policy, tests, len(unsigned), in_order(found))


def _write(checked: _Checked, *, generated: bool) -> None:
    # the code is for a file or a pager, so the rest must not be mixed into it
    out = sys.stderr if generated else sys.stdout
    for each in checked.found:
        write(f"{render(each)}\n", out)
    if generated and checked.policy is not None:
        sys.stdout.write(checked.policy.compiled.python() + "\n")
    if checked.policy is not None:
        names = list(checked.policy.files)
        with suppress(OSError):  # what cannot be listed is among what was found
            names += files_of_tests(checked.folder)
        listed = f"{_counted(len(names), 'file')}: {', '.join(names)}"
        write(f"{called(checked.folder)}: {listed}", out)
    write(_summary(checked), out)


def _summary(checked: _Checked) -> str:
    """Name the policy and count what there is."""
    errors = sum(each.severity == "error" for each in checked.found)
    if checked.policy is None:
        return f"{called(checked.folder)}: {_counted(errors, 'error')}"
    program = checked.policy.program
    parts = (
        _counted(len(program.clauses), "clause"),
        _counted(len(program.rules), "rule"),
        _counted(len(program.readings), "reading")
        + (f" ({checked.unsigned or 'none'} unsigned)" if program.readings else ""),
        checked.tests,
        _counted(errors, "error"),
        _counted(len(checked.found) - errors, "warning"),
    )
    return f"{program.name} {program.version}: {', '.join(parts)}"


def _counted(number: int, word: str) -> str:
    return f"{number or 'no'} {word}{'s' * (number != 1)}"
