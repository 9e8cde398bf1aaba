"""`somepolicy eval`: decide on documents."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated

import typer

from somepolicy.cli.inputs.options import Language, PolicyOption, output_file
from somepolicy.cli.inputs.times import read_time
from somepolicy.cli.workflows import evaluation
from somepolicy.cli.workflows.evaluation import Asked, Format


def evaluate(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE",
            help="JSON, NDJSON or Parquet files, folders of JSON, or - for standard input.",
            show_default=False,
        ),
    ],
    *,
    policy: PolicyOption = None,
    as_of: Annotated[
        datetime.date | None,
        typer.Option(
            metavar="TIME",
            parser=read_time,
            help="Decide as of a day (its noon, in the policy's time zone) or a time with offset.",
        ),
    ] = None,
    format: Annotated[
        Format | None,
        typer.Option(
            help="Text or a table for people, JSON, a line of JSON or a row of Parquet per "
            "document; for servers of continuous integration: junit, github, sarif. "
            "Default: text; with --output what its ending says, else ndjson, as with --jobs.",
            show_default=False,
        ),
    ] = None,
    lang: Language = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show how every rule came out, and why.")
    ] = False,
    verbose: Annotated[
        bool,
        typer.Option(
            "--verbose", "-v", help="Show each of several documents in full, not in a line."
        ),
    ] = False,
    source: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Quote the cited clauses from this copy of the guideline."
        ),
    ] = None,
    log: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Append to the decision log at this path or address."),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs",
            "-j",
            metavar="N",
            min=0,
            help="Decide in so many processes; 0: one for each processor. Default: 1.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            parser=output_file,
            help="Write the answers to this file, which appears when all is done.",
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an --output that was interrupted.")
    ] = False,
) -> int:
    """Decide on documents, citing the clauses.

    Exit code: 0 all are allowed, 1 one is denied, 2 one cannot be read or judged.
    """
    return evaluation.evaluate(
        Asked(
            files,
            policy,
            as_of,
            format,
            lang,
            explain,
            verbose,
            source,
            log,
            jobs,
            output,
            resume,
        )
    )
