"""`somepolicy export`: a policy's rules in the language of another engine."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from somepolicy.backends.rego import rego as rego_module
from somepolicy.backends.sql import export as export_sql
from somepolicy.cli.inputs.endings import hold_ending
from somepolicy.cli.inputs.options import PolicyOption, output_file
from somepolicy.cli.inputs.policies import load_policy
from somepolicy.cli.problems import BAD, GOOD, Unusable, guarded, say
from somepolicy.file_access import is_of_folder, reason, replace_file
from somepolicy.normal_form import normal
from somepolicy.policy import Policy
from somepolicy.syntax.diagnostics import did_you_mean

_Kind = Annotated[
    str | None,
    typer.Option(metavar="KIND", help="Of this kind of documents alone. Default: of each."),
]
_Output = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", parser=output_file, help="Default: standard output."
    ),
]
_AtLeast = Annotated[
    int,
    typer.Option(metavar="NUMBER", min=0, help="Fail where fewer rules than this are carried."),
]


def sql(
    *,
    policy: PolicyOption = None,
    kind: _Kind = None,
    output: _Output = None,
    at_least: _AtLeast = 0,
) -> int:
    """Write the rules as queries of DuckDB over a table of documents, one for each kind.

    The table `documents` has the columns document (JSON), as_of and digest. A query gives two
    columns for each rule: whether it is violated, whether it is unproven. Rules that SQL cannot
    say exactly are left out and named on standard error.

    Exit code: 0 written, 1 too few rules can be carried, 2 nothing can be written.
    """
    chosen = load_policy(policy)
    _refuse_output(output, chosen)
    hold_ending(output, (".sql",), chosen)
    made = {each: export_sql(chosen.program, each) for each in _kinds(chosen, kind)}
    for each, query in made.items():
        _report(each, query.carried, query.refused)
    if _too_few(sum(len(query.carried) for query in made.values()), at_least):
        return BAD
    _write("\n".join(query.sql for query in made.values()), output)
    return GOOD


def rego(*, policy: PolicyOption = None, output: _Output = None, at_least: _AtLeast = 0) -> int:
    """Write the policy as one Rego module, for Open Policy Agent.

    Rules that Rego cannot say exactly are left out and named on standard error.

    Exit code: 0 written, 1 too few rules can be carried, 2 nothing can be written.
    """
    chosen = load_policy(policy)
    _refuse_output(output, chosen)
    hold_ending(output, (".rego",), chosen)
    made = rego_module(chosen.program)
    _report(chosen.name, made.carried, made.refused)
    if _too_few(len(made.carried), at_least):
        return BAD
    _write(made.text, output)
    return GOOD


def _kinds(policy: Policy, kind: str | None) -> tuple[str, ...]:
    """Return the kind that is asked for, else all. Raises Unusable for one that does not exist."""
    known = policy.program.kinds
    if kind is None:
        return tuple(known)
    if (name := normal(kind)) in known:
        return (name,)
    hint = did_you_mean(name, known) or f"its kinds are {', '.join(known)}"
    raise Unusable(f"somepolicy: the policy {policy.name} has no kind `{name}`; {hint}")


def _report(kind: str, carried: Iterable[str], refused: Mapping[str, str]) -> None:
    """Say how many rules of a kind are carried, and of each other one why it is not."""
    number = len(tuple(carried))
    say(f"{kind}: {number} of {number + len(refused)} rules carried")
    for rule, why in refused.items():
        say(f"{kind}: {rule} is not carried: {why}")


def _too_few(carried: int, at_least: int) -> bool:
    """Whether fewer rules are carried than was asked for, and say so."""
    if carried < at_least:
        say(f"somepolicy: {carried} rules are carried, fewer than {at_least}: nothing is written")
    return carried < at_least


def _refuse_output(output: Path | None, policy: Policy) -> None:
    """Raise Unusable for a file that is not to be replaced."""
    if output is not None and output.is_dir():
        raise Unusable(f"somepolicy: {output}: this is a folder; name a file")
    if output is not None and is_of_folder(output, policy.folder, policy.files):
        raise Unusable(f"somepolicy: {output}: this belongs to the policy; name another file")


def _write(text: str, output: Path | None) -> None:
    """Write to a file, whole or not at all, or to standard output. Raises Unusable."""
    if output is None:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
        return
    try:
        replace_file(output, text.encode())
    except OSError as error:
        raise Unusable(f"somepolicy: {output}: {reason(error)}") from None


export_app = typer.Typer(
    name="export",
    help="Write a policy's rules in the language of another engine.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)
export_app.command("sql")(guarded(sql))
export_app.command("rego")(guarded(rego))
