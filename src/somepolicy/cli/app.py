"""The commands, and what holds for all of them.

A process runs one command: only the module of that one is imported, which takes half of the
time that all take. The list of commands imports none.
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

_COMMANDS: Mapping[str, tuple[str, str]] = MappingProxyType(  # in the order of the help
    {
        "eval": ("eval:evaluate", "Decide on documents, citing the clauses."),
        "detect": ("detect:detect", "List what each detector finds in a text, masked."),
        "digest": ("digest:print_digests", "Print the digest that an attestation has to carry."),
        "new": ("new:new_policy", "Begin a policy, with rules, tests and an example."),
        "check": ("check:check_policies", "Check a policy and its tests, and say what is wrong."),
        "test": ("test:run_policy_tests", "Run the tests of a policy."),
        "fmt": ("fmt:format_policies", "Bring policies into their one form."),
        "readings": ("readings:list_readings", "List the readings of a policy, and who signed."),
        "compare": ("compare:compare_policies", "Compare two versions of a policy on documents."),
    }
)
_GROUPS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "source": ("source:source_app", "Compare a copy of the guideline with the policy."),
        "report": ("report:report_app", "Write reports on a policy, its use, or one decision."),
        "log": ("log:log_app", "Read and check a decision log."),
        "export": ("export:export_app", "Write a policy's rules for another engine."),
    }
)
_NEED_ARGUMENTS = frozenset({"eval", "detect", "digest", "new", "compare"})


def run() -> int:
    """Run the command that sys.argv names; typer ends the process, unless it cannot write help."""
    arguments = sys.argv[1:]
    listing = arguments in ([], ["-h"], ["--help"]) and not _completing()
    build(_named(arguments), listing=listing)(prog_name="somepolicy")
    return GOOD


def _named(arguments: list[str]) -> str | None:
    """Return the command that is called; None where the names of all may be needed."""
    first = next((each for each in arguments if not each.startswith("-")), None)
    return None if _completing() or first not in {*_COMMANDS, *_GROUPS} else first


def _completing() -> bool:
    return any(name.endswith("_COMPLETE") for name in os.environ)


@cache
def build(only: str | None = None, *, listing: bool = False) -> typer.Typer:
    """Return the command line, with all commands or a single one.

    With `listing` the commands have names and short helps alone, and nothing of them is imported.
    """
    app = typer.Typer(
        name="somepolicy",
        cls=Group,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(somepolicy)
    if listing:
        for name, (_, short) in {**_COMMANDS, **_GROUPS}.items():
            app.command(name, short_help=short)(lambda: None)
        return app
    for name, (place, short) in _COMMANDS.items():
        if only in (None, name):
            command = app.command(name, short_help=short, no_args_is_help=name in _NEED_ARGUMENTS)
            command(guarded(_found(place)))
    for name, (place, short) in _GROUPS.items():
        if only in (None, name):
            app.add_typer(_found(place), short_help=short)
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
