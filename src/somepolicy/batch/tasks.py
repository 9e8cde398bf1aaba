"""Chunks -> answers, in as many processes as are wanted; a chunk travels as plain values."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from somepolicy.documents.chunks import Chunk, Entries, Entry, Lines
from somepolicy.engine.errors import DocumentError
from somepolicy.processes.pool import run_tasks

T = TypeVar("T")


def answer_chunks(work: Callable[[Chunk], T], chunks: Iterable[Chunk], jobs: int) -> Generator[T]:
    """Yield what `work`, a method of a Worker, gives for each chunk, in order.

    Raises WorkerError.
    """
    return run_tasks(_OnPlain(work), map(_plain, chunks), jobs)


@dataclass(frozen=True, slots=True)
class _OnPlain(Generic[T]):
    work: Callable[[Chunk], T]

    def __call__(self, task: tuple[Any, ...]) -> T:
        return self.work(_chunk(task))


def _plain(chunk: Chunk) -> tuple[Any, ...]:
    if isinstance(chunk, Lines):
        return tuple(chunk)
    entries = [
        (entry.document, entry.line, entry.at, [each.values() for each in entry.errors], entry.size)
        for entry in chunk.entries
    ]
    return chunk.source, entries


def _chunk(task: tuple[Any, ...]) -> Chunk:
    if len(task) == len(Lines._fields):
        return Lines(*task)
    source, entries = task
    return Entries(
        source,
        tuple(
            Entry(document, line, at, tuple(DocumentError(*each) for each in errors), size)
            for document, line, at, errors, size in entries
        ),
    )
