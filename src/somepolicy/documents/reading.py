"""Sources -> their documents in order, in bounded memory: in chunks, or one by one and parsed."""

from __future__ import annotations

import errno
import re
import sys
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BufferedIOBase, BytesIO, UnsupportedOperation
from pathlib import Path
from typing import cast

from somepolicy.documents.arrays import elements
from somepolicy.documents.chunks import Chunk, Entry, in_chunks, refused
from somepolicy.documents.lines import blocks, too_large
from somepolicy.documents.sources import LINES, STANDARD_INPUT, TABLES, WHOLE, Source, unreadable
from somepolicy.documents.table import TableError, rows
from somepolicy.engine.errors import DocumentError, InvalidDocument
from somepolicy.engine.json_text import MOST_BYTES, parse_json
from somepolicy.file_access import file_or_pipe, hold_no_device
from somepolicy.json_type import Json

_BLANK = b" \t\r\n"
_OBJECT_LINE = re.compile(rb"^\{.*\}[ \t\r]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Item:
    """One document, or what is wrong with what stands in its place.

    `line` is the 1-based line of a file with a document per line; `at` the JSON Pointer of
    the document in its text, empty unless the text is a list of documents. `size` is how many
    bytes of the source were read for it.
    """

    source: str
    line: int | None
    at: str
    document: Json
    errors: tuple[DocumentError, ...]
    size: int

    @property
    def name(self) -> str:
        """`FILE`, `FILE:LINE` or `FILE#/INDEX`."""
        if self.line is not None:
            return f"{self.source}:{self.line}"
        return f"{self.source}#{self.at}" if self.at else self.source


def read(sources: Iterable[Source]) -> Iterator[Item]:
    """Read every document of the sources, in order; at least one item for each source.

    A line of a pipe is an item as soon as it has come.
    """
    for chunk in read_chunks(sources):
        for document, line, at, errors, size in chunk.entries:
            value = document
            if isinstance(document, bytes):
                try:
                    value = parse_json(document)
                except InvalidDocument as error:
                    value, errors = None, error.errors  # noqa: PLW2901 - of the same document
            yield Item(chunk.source, line, at, cast("Json", value), errors, size)


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


def standard_input() -> BufferedIOBase:
    """Return standard input. Raises OSError where it is closed, or a device without end."""
    if sys.stdin is None:
        raise OSError(errno.EBADF, "it is closed")
    with suppress(UnsupportedOperation):  # a stream that is no descriptor of the system
        hold_no_device(sys.stdin.fileno())
    return cast("BufferedIOBase", sys.stdin.buffer)


class Rejoined:
    """A stream with what was already read from it put back at its beginning."""

    def __init__(self, head: bytes, rest: BufferedIOBase) -> None:
        self._head = BytesIO(head)
        self._rest = rest

    def read(self, size: int, /) -> bytes:
        """Read what has come, at most `size` bytes; empty at the end."""
        return self._head.read(size) or self._rest.read1(size)


def _chunks(source: Source) -> Iterator[Chunk]:
    """Read the documents of a source that is there. Raises OSError."""
    if source.name == STANDARD_INPUT:
        yield from _either(source.name, standard_input())
        return
    with open(source.name, "rb", opener=file_or_pipe) as stream:
        if source.suffix in LINES:
            yield from blocks(source.name, Rejoined(b"", stream))
        elif source.suffix in TABLES:
            yield from _gathered(source.name, rows(Path(source.name)))
        elif source.suffix in WHOLE:
            text = _text(stream.read(MOST_BYTES + 1), stream, source.size)
            yield from _gathered(source.name, text)
        else:
            yield from _either(source.name, stream)


def _either(name: str, stream: BufferedIOBase) -> Iterator[Chunk]:
    """Read a text of unknown form."""
    settled = _settle(stream)
    if isinstance(settled, Rejoined):
        yield from blocks(name, settled)
    else:
        yield from _gathered(name, _text(settled, stream))


def _gathered(name: str, entries: Iterator[Entry]) -> Iterator[Chunk]:
    """Gather entries to chunks; those before an error are not lost."""

    def up_to_error() -> Iterator[Entry]:
        try:
            yield from entries
        except OSError as error:
            yield Entry(None, errors=(unreadable(error),))
        except TableError as error:
            yield Entry(None, errors=(DocumentError("D001", "", f"cannot be read: {error}"),))

    return in_chunks(name, up_to_error())


def _text(raw: bytes, stream: BufferedIOBase, size: int | None = None) -> Iterator[Entry]:
    """Read one text, of which `raw` was read; the rest was left where that is too much."""
    if len(raw) <= MOST_BYTES:
        yield from _whole(raw)
    elif _is_list(raw):
        yield from elements(Rejoined(raw, stream))
    else:
        yield Entry(None, errors=(too_large(size),), size=size or len(raw))


def _whole(raw: bytes) -> Iterator[Entry]:
    """Read a text that is one document or a list of documents."""
    try:
        value = parse_json(raw)
    except InvalidDocument as error:
        yield Entry(None, errors=error.errors, size=len(raw))
        return
    if not isinstance(value, list):
        yield Entry(value, size=len(raw))
        return
    for index, document in enumerate(value):
        yield Entry(document, at=f"/{index}", size=len(raw) // len(value))
    if not value:
        nothing = DocumentError("D002", "", "the list holds no document")
        yield Entry(None, errors=(nothing,), size=len(raw))


def _settle(stream: BufferedIOBase) -> Rejoined | bytes:
    """Say what a stream is: lines, or else one text, of which the first part is returned.

    It is one JSON text if it is one as a whole, else a line each. A first line that is JSON by
    itself settles it as soon as a second line comes, so that a stream is answered while it is
    still being written.
    """
    head = _filled_line(stream)
    if _is_json(head):
        second = _filled_line(stream)
        return Rejoined(head + second, stream) if second.strip() else head
    head += stream.read(max(MOST_BYTES + 1 - len(head), 0))
    if len(head) <= MOST_BYTES:
        # of lines none of which begins an object none can be a document
        one = b"\n" not in head.strip() or not _OBJECT_LINE.search(head) or _is_json(head)
    else:
        one = _is_one_text(head) or (_is_list(head) and not _OBJECT_LINE.search(head))
    return head if one else Rejoined(head, stream)


def _filled_line(stream: BufferedIOBase) -> bytes:
    """Read up to the end of the first line that is not blank, at most a document's size."""
    read = b""
    while len(read) <= MOST_BYTES and (line := stream.readline(MOST_BYTES + 1)):
        read += line
        if line.strip():
            break
    return read


def _is_json(raw: bytes) -> bool:
    try:
        parse_json(raw)
    except InvalidDocument:
        return False
    return True


def _is_one_text(raw: bytes) -> bool:
    """Whether broken lines are one broken document over several lines, or no text at all.

    Such a document would else be reported line by line. Nested objects are indented.
    """
    if b"\n" not in raw.strip() or _OBJECT_LINE.search(raw):
        return False
    first = raw.removeprefix(BOM_UTF8).lstrip()
    return first.startswith((b"{", b"[")) or b"\0" in raw


def _is_list(raw: bytes) -> bool:
    return raw.removeprefix(BOM_UTF8).lstrip(_BLANK).startswith(b"[")
