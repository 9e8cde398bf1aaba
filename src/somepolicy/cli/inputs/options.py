"""Arguments and options that several commands have."""

from __future__ import annotations

from typing import Annotated

import typer

from somepolicy.cli.inputs.completion import (
    complete_language,
    complete_path,
    complete_policy,
)

PolicyOption = Annotated[
    str | None,
    typer.Option(
        "--policy",
        metavar="POLICY",
        help="The folder of a policy, or the name of the installed one. "
        "Default: the policy of this folder or above.",
        show_default=False,
        autocompletion=complete_policy,
    ),
]
PolicyPath = Annotated[
    str | None,
    typer.Argument(
        metavar="[PATH]",
        help="A policy, something within it, or a folder of policies. "
        "Default: those of this folder or above.",
        show_default=False,
        autocompletion=complete_path,
    ),
]
Language = Annotated[
    str | None,
    typer.Option(
        "--lang",
        metavar="nb|en",
        help="The language of the text. Default: as LANG says.",
        autocompletion=complete_language,
    ),
]
