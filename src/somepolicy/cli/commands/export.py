"""`somepolicy export`: the rules of a policy in the language of another engine."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from somepolicy.backends.rego import rego
from somepolicy.cli.inputs.options import PolicyOption, output_file
from somepolicy.cli.inputs.policies import load_policy
from somepolicy.cli.problems import BAD, GOOD, Unusable, guarded, reason, tell
from somepolicy.file_access import is_of_folder, replace_file
from somepolicy.policy import Policy

_Output = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", parser=output_file, help="Default: standard output."
    ),
]
_AtLeast = Annotated[
    int,
    typer.Option(min=0, metavar="N", help="Fail unless so many rules are carried."),
]


def export_rego(
    *, policy: PolicyOption = None, output: _Output = None, at_least: _AtLeast = 0
) -> int:
    """Write the policy as a Rego module, for Open Policy Agent.

    Standard error says how many rules it carries, and why not the others. Exit code: 0 it was
    written, 1 it carries fewer than --at-least, 2 it cannot be written.
    """
    chosen = load_policy(policy)
    made = rego(chosen.program)
    _write(made.text, output, chosen)
    return _told("Rego", made.carried, made.refused, at_least)


def _write(text: str, output: Path | None, policy: Policy) -> None:
    """Write what was made. Raises Unusable where it would replace a file of the policy."""
    if output is None:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
        return
    if output.is_dir():
        raise Unusable(f"somepolicy: {output}: this is a folder; name a file")
    if is_of_folder(output, policy.folder, policy.files):
        raise Unusable(f"somepolicy: {output}: this belongs to the policy; name another file")
    try:
        replace_file(output, text.encode())
    except OSError as error:
        raise Unusable(f"somepolicy: {output}: {reason(error)}") from None


def _told(target: str, carried: tuple[str, ...], refused: Mapping[str, str], at_least: int) -> int:
    """Report how many rules are carried, which are not and why; return the exit code."""
    for name, why in refused.items():
        tell(f"somepolicy: not carried: {name}: {why}")
    count = len(carried)
    tell(f"somepolicy: {target} carries {count} of {count + len(refused)} rules")
    if count < at_least:
        tell(f"somepolicy: at least {at_least} were asked for")
        return BAD
    return GOOD


export_app = typer.Typer(
    name="export",
    help="Write the rules of a policy for another engine.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)
export_app.command("rego")(guarded(export_rego))
