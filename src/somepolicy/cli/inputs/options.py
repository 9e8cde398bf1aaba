"""Arguments and options that several commands have."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from somepolicy.cli.inputs.completion import (
    complete_language,
    complete_path,
    complete_policy,
)


def output_file(text: str) -> Path:
    """Read the name of a file to write. Raises BadParameter for one that only a folder can have."""
    # a Path forgets the last slash; of a folder that is there the command says what it is
    if os.path.basename(text) in ("", ".", "..") and not Path(text).is_dir():  # noqa: PTH119
        raise typer.BadParameter("this is the name of a folder, not of a file")
    return Path(text)


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
        metavar="LANGUAGE",
        help="The language of the text. Default: as LANG says.",
        autocompletion=complete_language,
    ),
]
