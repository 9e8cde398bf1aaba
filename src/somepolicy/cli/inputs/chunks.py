"""The same documents as documents.py reads, many at a time, unparsed where that can be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from somepolicy.batch.chunks import Chunk, Entry, in_chunks, refused
from somepolicy.batch.lines import blocks
from somepolicy.cli.inputs.documents import (
    LINES,
    STANDARD_INPUT,
    TABLES,
    WHOLE,
    Item,
    Source,
    items,
    one_text,
    settle,
    standard_input,
    table_rows,
    unreadable,
)
from somepolicy.cli.inputs.lines import Rejoined
from somepolicy.file_access import file_or_pipe


def read_chunks(sources: Iterable[Source]) -> Iterator[Chunk]:
    """Read the same documents many at a time, unparsed where they can be told apart unparsed."""
    for source in sources:
        if source.error is not None:
            yield refused(source.name, source.error)
            continue
        try:
            yield from _chunks(source)
        except OSError as error:
            yield refused(source.name, unreadable(error))


def is_lines(source: Source) -> bool:
    """Whether a source is a file on the disk with a document per line."""
    return source.size is not None and Path(source.name).suffix.lower() in LINES


def _chunks(source: Source) -> Iterator[Chunk]:
    if source.name == STANDARD_INPUT:
        yield from _either_chunks(source.name, standard_input())
        return
    with open(source.name, "rb", opener=file_or_pipe) as stream:
        match Path(source.name).suffix.lower():
            case suffix if suffix in LINES:
                yield from blocks(source.name, stream)
            case suffix if suffix in TABLES:
                yield from in_chunks(source.name, table_rows(source.name))
            case suffix if suffix in WHOLE:
                yield from in_chunks(source.name, map(_entry, items(source)))
            case _:
                yield from _either_chunks(source.name, stream)


def _either_chunks(name: str, stream: BinaryIO) -> Iterator[Chunk]:
    settled = settle(stream)
    if isinstance(settled, Rejoined):
        yield from blocks(name, settled)
    else:
        yield from in_chunks(name, map(_entry, one_text(name, settled, stream)))


def _entry(item: Item) -> Entry:
    return Entry(item.document, item.line, item.at, item.errors, item.size)
