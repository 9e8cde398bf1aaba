"""`evaluate_many`: decisions on any number of documents, in order, one by one."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from contextlib import closing

from somepolicy.batch.tasks import answer_chunks
from somepolicy.batch.work import Errors, Terms, Worker
from somepolicy.documents.chunks import Entry, in_chunks
from somepolicy.engine.decision import Decision
from somepolicy.engine.errors import InvalidDocument
from somepolicy.engine.values import is_moment
from somepolicy.installed import installed_policy
from somepolicy.policy import Policy
from somepolicy.processes.jobs import count_jobs

Answer = Decision | InvalidDocument


def evaluate_many(
    documents: Iterable[object],
    *,
    policy: Policy | None = None,
    as_of: datetime.datetime | None = None,
    digest: bool = True,
    jobs: int = 1,
) -> Iterator[Answer]:
    """Decide on documents one after the other; yields an answer for each, in order.

    A document is a parsed JSON object, or JSON text as bytes. The answer on one that is
    malformed is the InvalidDocument that `evaluate` would raise: it is yielded, and the rest
    goes on. `policy`, `as_of` and `digest` are as for `evaluate`; None: the installed policy.

    With `jobs` over 1 so many worker processes decide (0: one for each processor; at most four
    for each), started as there is work for them, each with
    the policy loaded from its folder, and some hundred documents are taken ahead for each of
    them; with 1 each document is taken when its answer is asked for.

    Raises ValueError for an `as_of` without offset and negative `jobs`, WorkerError where a
    worker process ends, PolicyError where one finds the files of the policy wrong since.
    """
    if as_of is not None and not is_moment(as_of):
        raise ValueError("as_of is a datetime with an offset, as datetime(…, tzinfo=UTC)")
    number = count_jobs(jobs)
    chosen = installed_policy() if policy is None else policy
    worker = Worker(chosen, Terms(as_of, digest))
    return _alone(documents, worker) if number == 1 else _together(documents, worker, number)


def _alone(documents: Iterable[object], worker: Worker) -> Iterator[Answer]:
    for document in documents:
        yield _answer(worker.answer(document))


def _together(documents: Iterable[object], worker: Worker, jobs: int) -> Iterator[Answer]:
    entries = (Entry(each, size=len(each) if isinstance(each, bytes) else 0) for each in documents)
    with closing(answer_chunks(worker.decide, in_chunks("", entries), jobs)) as found:
        for answers in found:
            yield from map(_answer, answers)


def _answer(found: Decision | Errors) -> Answer:
    return found if isinstance(found, Decision) else InvalidDocument(found)
