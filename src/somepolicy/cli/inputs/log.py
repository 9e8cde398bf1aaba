"""Options of every command that reads a decision log."""

from __future__ import annotations

from typing import Annotated

import typer

Unverified = Annotated[
    bool,
    typer.Option(
        "--unverified", help="Go on with a log that was altered; what is made from it says so."
    ),
]
