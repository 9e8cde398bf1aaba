"""The commands, and what holds for all of them."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from somepolicy.cli.check import check_policies
from somepolicy.cli.compare import compare_policies
from somepolicy.cli.detect import detect
from somepolicy.cli.digest import print_digests
from somepolicy.cli.eval import evaluate
from somepolicy.cli.fmt import format_policies
from somepolicy.cli.log import log_app
from somepolicy.cli.new import new_policy
from somepolicy.cli.problems import GOOD, guarded, settled
from somepolicy.cli.readings import list_readings
from somepolicy.cli.report import report_app
from somepolicy.cli.source import source_app
from somepolicy.cli.test import run_policy_tests
from somepolicy.version import __version__

app = typer.Typer(
    name="somepolicy",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def run() -> None:
    """Run the command that sys.argv names, with standard streams that can take any text."""
    _open_streams()
    # typer ends the process itself, unless it cannot write a help text
    raise SystemExit(settled(_run_typer))


def _run_typer() -> int:
    app(prog_name="somepolicy")
    return GOOD


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"somepolicy {__version__}")
        raise typer.Exit


@app.callback()
def somepolicy(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """A municipality's guideline for social media as policy-as-code.

    Decides whether planned profiles and posts keep the guideline, and cites the clauses.
    """


def _open_streams() -> None:
    """Give closed standard streams a place to go, and let any text be written.

    A terminal that is not UTF-8 shows `?` for what it cannot show; JSON is written as bytes
    and always UTF-8.
    """
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - lasts as long as the process
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - lasts as long as the process
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


app.command("eval", no_args_is_help=True)(guarded(evaluate))
app.command("detect", no_args_is_help=True)(guarded(detect))
app.command("digest", no_args_is_help=True)(guarded(print_digests))
app.command("new", no_args_is_help=True)(guarded(new_policy))
app.command("check")(guarded(check_policies))
app.command("test")(guarded(run_policy_tests))
app.command("fmt")(guarded(format_policies))
app.command("readings")(guarded(list_readings))
app.command("compare", no_args_is_help=True)(guarded(compare_policies))
app.add_typer(source_app)
app.add_typer(report_app)
app.add_typer(log_app)
