"""`somepolicy eval`: decide on documents."""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, cast

import typer

from somepolicy.cli.inputs.documents import list_sources
from somepolicy.cli.inputs.endings import form_of, hold_ending
from somepolicy.cli.inputs.language import choose_language
from somepolicy.cli.inputs.options import Language, PolicyOption, output_file
from somepolicy.cli.inputs.policies import load_policy
from somepolicy.cli.inputs.times import read_time
from somepolicy.cli.problems import BAD, GOOD, UNUSABLE, Unusable, say
from somepolicy.cli.show.answer_table import TableWriter
from somepolicy.cli.show.answers import (
    Answer,
    JsonWriter,
    NdjsonWriter,
    Tally,
    TextWriter,
    Writer,
)
from somepolicy.cli.show.listing import ListWriter
from somepolicy.cli.show.progress import Meter
from somepolicy.cli.show.reasons import Wordings
from somepolicy.cli.workflows.batches import Batch, run_batch
from somepolicy.cli.workflows.copies import read_quotes
from somepolicy.cli.workflows.recording import Recording
from somepolicy.documents.reading import Item, read
from somepolicy.documents.sources import Source
from somepolicy.engine.errors import InvalidDocument
from somepolicy.normal_form import normal
from somepolicy.policy import Policy
from somepolicy.texts.catalogue import texts


class Format(StrEnum):
    """The forms of the output."""

    TEXT = "text"
    JSON = "json"
    TABLE = "table"
    JUNIT = "junit"
    GITHUB = "github"
    SARIF = "sarif"
    NDJSON = "ndjson"
    PARQUET = "parquet"


_KEPT = (Format.JUNIT, Format.GITHUB, Format.SARIF)  # by servers, for others to read
_WORDED = (Format.TEXT, Format.TABLE, *_KEPT)
_ENDINGS = {".ndjson": Format.NDJSON, ".jsonl": Format.NDJSON, ".parquet": Format.PARQUET}


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
    many = jobs is not None or output is not None or resume
    form = form_of(output, format, _ENDINGS, Format.NDJSON if many else Format.TEXT)
    if explain and form is not Format.TEXT:
        raise Unusable("somepolicy: --explain is for --format text")
    if verbose and form is not Format.TEXT:
        raise Unusable("somepolicy: --verbose is for --format text")
    if source is not None and form is not Format.TEXT:
        raise Unusable("somepolicy: --source is for --format text")
    if lang is not None and form not in _WORDED and output is None and log is None:
        worded = ", ".join(_WORDED)
        raise Unusable(f"somepolicy: --lang is for --format {worded}, --output and --log")
    if many or form is Format.PARQUET:
        _hold_batch(form, output, log, resume=resume)
    chosen = load_policy(policy)
    if format is None:
        hold_ending(output, _ENDINGS, chosen)
    compiled = chosen.evaluator.compiled  # the program is read for what is shown to people only
    language = choose_language(lang, compiled, os.environ)
    words = texts(language).eval
    moment = None if as_of is None else chosen.days.noon(as_of)
    quoted = None if source is None else read_quotes(chosen.program, source)
    kinds = compiled.kinds
    tally = Tally(frozenset(name for name, kind in kinds.items() if kind.advisory))
    sources = list_sources(files)
    if many or form is Format.PARQUET or _only_lines(form, sources, log):
        table = form is Format.PARQUET
        run_batch(
            chosen,
            Batch(sources, moment, 1 if jobs is None else jobs, output, table, resume),
            tally,
            words,
        )
        return _exit_code(tally)
    writer = _writer(form, chosen, language, tally.advisory, whole=verbose or explain)
    if quoted is not None:
        writer = TextWriter(chosen, Wordings.of(chosen, language), quoted)
    left_out = 0
    with Recording(log, chosen, language) as recording, Meter(sources, words) as meter:
        for item in read(sources):
            if form in _KEPT and _is_of(item, tally.advisory):
                left_out += 1
                continue
            answer = _answer(chosen, item, moment, explain)
            recording.add(answer)
            writer.write(answer)
            tally.add(answer)
            meter.advance(item.size)
    writer.end(tally)
    if left_out:
        say(words.not_reported(left_out))
    return _exit_code(tally)


def _hold_batch(form: Format, output: Path | None, log: str | None, *, resume: bool) -> None:
    """Raise Unusable for options that do not go together."""
    if form not in (Format.NDJSON, Format.PARQUET):
        raise Unusable(
            "somepolicy: --jobs, --output and --resume are for --format ndjson and parquet"
        )
    if log is not None:
        raise Unusable(
            "somepolicy: --log appends one decision at a time, in its order: leave out --jobs, "
            "--output, --resume and --format parquet"
        )
    if output is None and (resume or form is Format.PARQUET):
        needs = "--resume" if resume else "--format parquet"
        raise Unusable(f"somepolicy: {needs} needs --output FILE")


def _only_lines(form: Format, sources: list[Source], log: str | None) -> bool:
    """Whether documents may be taken many at a time: nobody waits for the answer to a line."""
    return form is Format.NDJSON and log is None and all(each.is_lines for each in sources)


def _writer(
    form: Format, policy: Policy, language: str, advisory: frozenset[str], *, whole: bool
) -> Writer:
    if form is Format.JSON:
        return JsonWriter()
    if form in (Format.NDJSON, Format.PARQUET):
        return NdjsonWriter()
    wordings = Wordings.of(policy, language)
    if form is Format.TABLE:
        return TableWriter(wordings, advisory)
    if form in _KEPT:
        return _kept(form, policy, wordings)
    text = TextWriter(policy, wordings)
    return text if whole else ListWriter(text, wordings, advisory)


def _kept(form: Format, policy: Policy, wordings: Wordings) -> Writer:
    from somepolicy.cli.show.answer_files import (  # noqa: PLC0415 - most runs do without XML
        GithubWriter,
        JunitWriter,
        SarifWriter,
    )

    if form is Format.JUNIT:
        return JunitWriter(wordings, policy)
    return GithubWriter(wordings) if form is Format.GITHUB else SarifWriter(wordings, policy)


def _is_of(item: Item, kinds: frozenset[str]) -> bool:
    """Whether a document says that it is of one of these kinds."""
    kind = item.document.get("kind") if isinstance(item.document, dict) else None
    return isinstance(kind, str) and normal(kind) in kinds


def _answer(policy: Policy, item: Item, as_of: datetime.datetime | None, explain: bool) -> Answer:
    if item.errors:
        return Answer(item, None, (), item.errors)
    # the policy itself says what is wrong with a document that is no object
    document = cast("Mapping[str, object]", item.document)
    try:
        if explain:
            explained = policy.explain(document, as_of=as_of)
            return Answer(item, explained.decision, explained.trace, ())
        return Answer(item, policy.evaluate(document, as_of=as_of), (), ())
    except InvalidDocument as error:
        return Answer(item, None, (), error.errors)


def _exit_code(tally: Tally) -> int:
    if tally.invalid:
        return UNUSABLE
    return BAD if tally.denied or tally.would_break else GOOD
