"""`somepolicy eval` on many documents: chunk by chunk, in several processes, to be taken up again."""

from __future__ import annotations

import datetime
import hashlib
import os
import sys
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from somepolicy.batch.resumable import Facts, Part, Progress, ResumeError
from somepolicy.batch.table import write_decisions
from somepolicy.batch.tasks import answer_chunks
from somepolicy.batch.work import INVALID, Terms, Worker, Written
from somepolicy.cli.problems import Unusable, say
from somepolicy.cli.show.answers import Tally, point_at_errors
from somepolicy.cli.show.progress import Meter
from somepolicy.documents.chunks import Chunk
from somepolicy.documents.reading import read_chunks
from somepolicy.documents.sources import STANDARD_INPUT, Source
from somepolicy.documents.table import TableError, arrow_modules
from somepolicy.file_access import (
    is_of_folder,
    is_same_file,
    is_standard_input,
    open_through,
    plain_file,
    reason,
    target_of,
)
from somepolicy.policy import Policy
from somepolicy.processes.jobs import count_jobs
from somepolicy.texts.commands import EvalTexts

_PIECE = 1 << 16  # bytes
_SAMPLE = 1 << 16  # bytes at either end of an input


@dataclass(frozen=True, slots=True)
class Batch:
    """What is asked for. `output` None: standard output; `table`: Parquet instead of lines."""

    sources: Sequence[Source]
    as_of: datetime.datetime | None
    jobs: int
    output: Path | None
    table: bool
    resume: bool


def run_batch(policy: Policy, batch: Batch, tally: Tally, words: EvalTexts) -> None:
    """Answer every document and count the answers. Raises Unusable."""
    try:
        if batch.table:
            arrow_modules()
        _to_output(policy, batch, tally, words)
    except (TableError, ResumeError) as error:
        raise Unusable(f"somepolicy: {error}") from None
    point_at_errors(tally)


def _to_output(policy: Policy, batch: Batch, tally: Tally, words: EvalTexts) -> None:
    if batch.output is None:
        _to_stream(policy, batch, sys.stdout.buffer, tally, words)
        return
    try:
        through = open_through(batch.output)
        target = batch.output if through else Path(target_of(batch.output))
    except OSError as error:
        raise Unusable(f"somepolicy: {batch.output}: {reason(error)}") from None
    if through is None:
        _to_file(policy, batch, target, tally, words)
        return
    with through:
        if batch.table or batch.resume:
            wanted = "--resume" if batch.resume else "a table"
            raise Unusable(f"somepolicy: {target}: this is no file, and {wanted} needs one")
        _to_stream(policy, batch, through, tally, words)


def _to_stream(
    policy: Policy, batch: Batch, stream: BinaryIO, tally: Tally, words: EvalTexts
) -> None:
    chunks = read_chunks(batch.sources)
    found = _answers(policy, Terms(batch.as_of), chunks, batch.jobs)
    with closing(found), Meter(batch.sources, words) as meter:
        for each in found:
            _write(stream, each.lines)
            tally.add_counts(each.counts)
            _advance(meter, each)


def _write(stream: BinaryIO, lines: bytes) -> None:
    """Write in pieces that a pipe can hold: a reader that has gone is noticed at the next."""
    whole = memoryview(lines)
    for at in range(0, len(whole), _PIECE):
        stream.write(whole[at : at + _PIECE])
        stream.flush()


def _to_file(policy: Policy, batch: Batch, output: Path, tally: Tally, words: EvalTexts) -> None:
    _hold_files(policy, batch, output)
    with Part(output, _facts(policy, batch), resume=batch.resume) as part:
        begun = part.begun
        tally.add_counts({(kind, decision): n for kind, decision, n in begun.counts})
        if begun.chunks:
            say(f"somepolicy: going on after {begun.documents} documents")
        clock = datetime.datetime.fromisoformat(str(part.facts["clock"]))
        chunks = _rest(read_chunks(batch.sources), part)
        found = _answers(policy, Terms(batch.as_of, clock=clock), chunks, batch.jobs)
        meter = Meter(batch.sources, words, aside=True, read=begun.read)
        try:
            with closing(found), meter:
                for each in found:
                    part.add(each)
                    tally.add_counts(each.counts)
                    _advance(meter, each)
        except KeyboardInterrupt:
            say(_interrupted(part.progress))
            raise
        part.finish(write_decisions if batch.table else None)
    compiled = policy.evaluator.compiled
    named = f"{compiled.name} {compiled.version}"
    say(f"{batch.output}: {named}: {tally.summary(words)}")


def _rest(chunks: Iterator[Chunk], part: Part) -> Iterator[Chunk]:
    """Pass over the chunks that are answered. Raises ResumeError where they are not there."""
    passed = [chunk.size for chunk in islice(chunks, part.begun.chunks)]
    if (len(passed), sum(passed)) != (part.begun.chunks, part.begun.read):
        raise part.unusable()
    return chunks


def _answers(
    policy: Policy, terms: Terms, chunks: Iterable[Chunk], jobs: int
) -> Generator[Written]:
    return answer_chunks(Worker(policy, terms).write, chunks, count_jobs(jobs))


def _advance(meter: Meter, written: Written) -> None:
    denied = sum(n for (_, decision), n in written.counts.items() if decision == "deny")
    meter.advance(written.size, sum(written.counts.values()), denied)


def _hold_files(policy: Policy, batch: Batch, output: Path) -> None:
    if batch.resume and any(each.size is None and not each.error for each in batch.sources):
        raise Unusable("somepolicy: --resume needs files, which can be read again")
    read = [each.name for each in batch.sources if each.size is not None]
    piped = any(each.name == STANDARD_INPUT for each in batch.sources)
    if (
        is_of_folder(output, policy.folder, policy.files)
        or (piped and is_standard_input(output))
        or any(is_same_file(output, each) for each in read)
    ):
        raise Unusable(f"somepolicy: {output}: the answers would overwrite what they are made from")


def _facts(policy: Policy, batch: Batch) -> Facts:
    """Return what has to be the same when the run is taken up, by what people call it."""
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    return {
        "the input": [_fingerprint(each) for each in batch.sources],
        "the policy": policy.evaluator.compiled.digest,
        "the version of somepolicy": policy.engine,
        "--as-of": None if batch.as_of is None else batch.as_of.isoformat(),
        "clock": now.isoformat(),
    }


def _fingerprint(source: Source) -> list[str | int | None]:
    """Return name, size, time of the last change and a digest of both ends."""
    nothing: list[str | int | None] = [source.name, None, None, None]
    if source.size is None:
        return nothing
    try:
        with open(source.name, "rb", opener=plain_file) as file:
            digest = hashlib.sha256(file.read(_SAMPLE))
            file.seek(max(0, source.size - _SAMPLE))
            digest.update(file.read(_SAMPLE))
            changed = os.fstat(file.fileno()).st_mtime_ns
    except OSError:  # the answer in its place says why
        return nothing
    return [source.name, source.size, changed, digest.hexdigest()]


def _interrupted(progress: Progress) -> str:
    counts = Counter({(kind, decision): n for kind, decision, n in progress.counts})
    invalid = f", {counts[INVALID]} of them invalid" if counts[INVALID] else ""
    return (
        f"somepolicy: interrupted after {progress.documents} documents{invalid}; "
        "the same command with --resume goes on"
    )
