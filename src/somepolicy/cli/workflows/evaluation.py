"""`somepolicy eval`: from what is asked to the answers and the exit code."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import cast

from somepolicy.cli.inputs.documents import list_sources
from somepolicy.cli.inputs.endings import form_of, hold_ending
from somepolicy.cli.inputs.language import choose_language
from somepolicy.cli.inputs.policies import load_policy
from somepolicy.cli.problems import BAD, GOOD, UNUSABLE, Unusable, say
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


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of `eval`, each part as its option says."""

    files: Sequence[str]
    policy: str | None = None
    as_of: datetime.date | None = None
    format: Format | None = None
    lang: str | None = None
    explain: bool = False
    verbose: bool = False
    source: Path | None = None
    log: str | None = None
    jobs: int | None = None
    output: Path | None = None
    resume: bool = False


def evaluate(asked: Asked) -> int:
    """Decide on the documents, write the answers, return the exit code. Raises Unusable."""
    many = asked.jobs is not None or asked.output is not None or asked.resume
    form = form_of(asked.output, asked.format, _ENDINGS, Format.NDJSON if many else Format.TEXT)
    if asked.explain and form is not Format.TEXT:
        raise Unusable("somepolicy: --explain is for --format text")
    if asked.verbose and form is not Format.TEXT:
        raise Unusable("somepolicy: --verbose is for --format text")
    if asked.source is not None and form is not Format.TEXT:
        raise Unusable("somepolicy: --source is for --format text")
    if (
        asked.lang is not None
        and form not in _WORDED
        and asked.output is None
        and asked.log is None
    ):
        worded = ", ".join(_WORDED)
        raise Unusable(f"somepolicy: --lang is for --format {worded}, --output and --log")
    if many or form is Format.PARQUET:
        _hold_batch(form, asked.output, asked.log, resume=asked.resume)
    chosen = load_policy(asked.policy)
    if asked.format is None:
        hold_ending(asked.output, _ENDINGS, chosen)
    compiled = chosen.evaluator.compiled  # the program is read for what is shown to people only
    language = choose_language(asked.lang, compiled, os.environ)
    words = texts(language).eval
    moment = None if asked.as_of is None else chosen.days.noon(asked.as_of)
    quoted = None
    if asked.source is not None:
        from somepolicy.cli.workflows.copies import read_quotes  # noqa: PLC0415 - loaded where asked for

        quoted = read_quotes(chosen.program, asked.source)
    kinds = compiled.kinds
    tally = Tally(frozenset(name for name, kind in kinds.items() if kind.advisory))
    sources = list_sources(asked.files)
    if many or form is Format.PARQUET or _only_lines(form, sources, asked.log):
        from somepolicy.cli.workflows.batches import Batch, run_batch  # noqa: PLC0415 - likewise

        table = form is Format.PARQUET
        run_batch(
            chosen,
            Batch(
                sources,
                moment,
                1 if asked.jobs is None else asked.jobs,
                asked.output,
                table,
                asked.resume,
            ),
            tally,
            words,
        )
        return _exit_code(tally)
    writer = _writer(form, chosen, language, tally.advisory, whole=asked.verbose or asked.explain)
    if quoted is not None:
        writer = TextWriter(chosen, Wordings.of(chosen, language), quoted)
    left_out = 0
    with _recording(asked.log, chosen, language) as record, Meter(sources, words) as meter:
        for item in read(sources):
            if form in _KEPT and _is_of(item, tally.advisory):
                left_out += 1
                continue
            answer = _answer(chosen, item, moment, asked.explain)
            record(answer)
            writer.write(answer)
            tally.add(answer)
            meter.advance(item.size)
    writer.end(tally)
    if left_out:
        say(words.not_reported(left_out))
    return _exit_code(tally)


@contextmanager
def _recording(
    url: str | None, policy: Policy, language: str
) -> Iterator[Callable[[Answer], None]]:
    """Give what appends an answer to the log at an address; None: to none. Raises Unusable."""
    if url is None:
        yield lambda _: None
        return
    from somepolicy.cli.workflows.recording import Recording  # noqa: PLC0415 - likewise

    with Recording(url, policy, language) as recording:
        yield recording.add


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
        from somepolicy.cli.show.answer_table import TableWriter  # noqa: PLC0415 - likewise

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
