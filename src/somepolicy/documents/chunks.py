"""What is handed to whoever decides: some documents of one source, with their places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from somepolicy.engine.errors import DocumentError

MOST_TOGETHER = 256  # documents
MUCH = 256 << 10  # bytes


class Entry(NamedTuple):
    """One document, or what is wrong with what stands in its place.

    `document` is JSON text as bytes or a parsed value. `line` is the 1-based line where there
    are lines, `at` the JSON Pointer of the document in its text; `size` is in bytes.
    """

    document: object
    line: int | None = None
    at: str = ""
    errors: tuple[DocumentError, ...] = ()
    size: int = 0


class Lines(NamedTuple):
    """Whole lines. `first` is the 1-based line number."""

    source: str
    first: int
    block: bytes

    @property
    def size(self) -> int:
        """How many bytes of the source these are."""
        return len(self.block)

    @property
    def entries(self) -> Iterator[Entry]:
        """A document for each line, unparsed."""
        lines = self.block.removesuffix(b"\n").split(b"\n")
        for number, line in enumerate(lines, self.first):
            yield Entry(line.removesuffix(b"\r"), number, size=len(line) + 1)


class Entries(NamedTuple):
    """Documents one by one."""

    source: str
    entries: tuple[Entry, ...]

    @property
    def size(self) -> int:
        """How many bytes of the source these are."""
        return sum(entry.size for entry in self.entries)


Chunk = Lines | Entries


def in_chunks(source: str, entries: Iterable[Entry]) -> Iterator[Entries]:
    """Gather entries to chunks, at most so many documents and about so many bytes."""
    held: list[Entry] = []
    size = 0
    for entry in entries:
        held.append(entry)
        size += entry.size
        if len(held) >= MOST_TOGETHER or size >= MUCH:
            yield Entries(source, tuple(held))
            held, size = [], 0
    if held:
        yield Entries(source, tuple(held))


def refused(source: str, error: DocumentError, size: int = 0, line: int | None = None) -> Entries:
    """Return the chunk that stands for something that cannot be read."""
    return Entries(source, (Entry(None, line, errors=(error,), size=size),))
