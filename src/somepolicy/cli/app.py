"""The commands, and what holds for all of them.

A process runs one command: only the module of that one is imported, which takes half of the
time that all take.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Annotated, Any

import typer

from somepolicy.cli.problems import GOOD, guarded
from somepolicy.cli.usage import Group
from somepolicy.version import __version__

_COMMANDS: Mapping[str, str] = MappingProxyType(  # in the order of the help
    {
        "eval": "eval:evaluate",
        "detect": "detect:detect",
        "digest": "digest:print_digests",
        "new": "new:new_policy",
        "check": "check:check_policies",
        "test": "test:run_policy_tests",
        "fmt": "fmt:format_policies",
        "readings": "readings:list_readings",
        "compare": "compare:compare_policies",
    }
)
_GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "source": "source:source_app",
        "report": "report:report_app",
        "log": "log:log_app",
        "export": "export:export_app",
    }
)
_NEED_ARGUMENTS = frozenset({"eval", "detect", "digest", "new", "compare"})


def run() -> int:
    """Run the command that sys.argv names; typer ends the process, unless it cannot write help."""
    build(_named(sys.argv[1:]))(prog_name="somepolicy")
    return GOOD


def _named(arguments: list[str]) -> str | None:
    """Return the command that is called; None where the names of all may be needed."""
    first = next((each for each in arguments if not each.startswith("-")), None)
    completing = any(name.endswith("_COMPLETE") for name in os.environ)
    return None if completing or first not in {*_COMMANDS, *_GROUPS} else first


@cache
def build(only: str | None = None) -> typer.Typer:
    """Return the command line, with all commands or a single one."""
    app = typer.Typer(
        name="somepolicy",
        cls=Group,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(somepolicy)
    for name, place in _COMMANDS.items():
        if only in (None, name):
            command = app.command(name, no_args_is_help=name in _NEED_ARGUMENTS)
            command(guarded(_found(place)))
    for name, place in _GROUPS.items():
        if only in (None, name):
            app.add_typer(_found(place))
    return app


def _found(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(f"somepolicy.cli.commands.{module}"), name)


def __getattr__(name: str) -> object:
    """Build `app`, the command line with all commands, when it is first used."""
    if name == "app":
        return build()
    raise AttributeError(name)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"somepolicy {__version__}")
        raise typer.Exit


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
