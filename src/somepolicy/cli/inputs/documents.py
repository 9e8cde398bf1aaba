"""Files, folders and standard input -> documents, one at a time and in bounded memory."""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import UnsupportedOperation
from pathlib import Path
from typing import BinaryIO, cast

from somepolicy.batch.arrays import elements
from somepolicy.batch.chunks import Entry
from somepolicy.batch.lines import too_large
from somepolicy.batch.table import TableError, rows
from somepolicy.cli.inputs.lines import Line, Rejoined, numbered
from somepolicy.cli.problems import Unusable, reason, say
from somepolicy.engine.errors import DocumentError, InvalidDocument
from somepolicy.engine.json_text import MOST_BYTES, parse_json
from somepolicy.file_access import file_or_pipe, hold_no_device, is_output
from somepolicy.files import MANIFEST, files_below
from somepolicy.json_type import Json

STANDARD_INPUT = "-"
LINES = (".ndjson", ".jsonl")
WHOLE = (".json",)
TABLES = (".parquet",)
_MOST_FOLDERS = 100_000  # a link may lead to a whole disk
_BLANK = b" \t\r\n"
_NO_FILE = DocumentError("D001", "", "cannot be read: this is a pipe or a device, not a file")
_OBJECT_LINE = re.compile(rb"^\{.*\}[ \t\r]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read, or why there is none. `size` is in bytes, None where it is not known."""

    name: str
    size: int | None = None
    error: DocumentError | None = None


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


def list_sources(names: Sequence[str]) -> list[Source]:
    """Find every file to read, in the order asked for; the files of a folder are sorted.

    A folder within it that holds a policy is left out, and that is said; so are names that begin
    with a dot, which are an editor's or a system's. What cannot be read
    takes its place in the list, with its error. Links are followed. Raises Unusable for a file
    that the answers would be written to.
    """
    return [source for name in names for source in _sources(name)]


def _sources(name: str) -> Iterator[Source]:
    if name == STANDARD_INPUT:
        with suppress(OSError, ValueError, AttributeError):  # closed, or no descriptor
            _hold_answers(name, os.fstat(sys.stdin.fileno()))
        yield Source(name)
        return
    try:
        # an empty name would be the current folder to Path
        status = Path(name or "\0").stat()
    except (OSError, ValueError) as error:
        yield Source(name, error=unreadable(error))
        return
    _hold_answers(name, status)
    if stat.S_ISDIR(status.st_mode):
        yield from _folder(name)
    else:
        yield Source(name, status.st_size if stat.S_ISREG(status.st_mode) else None)


def _hold_answers(name: str, status: os.stat_result) -> None:
    """Raise Unusable for the file that is written to while it would be read, without end."""
    if not is_output(status):
        return
    raise Unusable(f"somepolicy: {name}: the answers would be written to what they are made from")


def _folder(name: str) -> Iterator[Source]:
    failed: list[OSError] = []

    def is_policy(inner: str) -> bool:
        found = os.path.lexists(Path(name, inner, MANIFEST))
        if found:
            folder = Path(name, inner)
            say(f"somepolicy: {folder}: left out, for it is a policy (see --policy)")
        return found

    found = files_below(name, WHOLE + LINES, without=is_policy, failed=failed, most=_MOST_FOLDERS)
    for error in failed:
        yield Source(str(error.filename), error=unreadable(error))
    for path in sorted(Path(name, each) for each in found):
        for source in _sources(str(path)):
            # nobody asked for this by name: a pipe that a folder happens to hold is not waited for
            special = source.size is None and source.error is None
            yield Source(source.name, error=_NO_FILE) if special else source
    if not found and not failed:
        nothing = "there is no .json, .ndjson or .jsonl file in this folder"
        yield Source(name, error=DocumentError("D002", "", nothing))


def read(sources: Iterable[Source]) -> Iterator[Item]:
    """Read every document of the sources, in order; at least one item for each source."""
    for source in sources:
        if source.error is not None:
            yield Item(source.name, None, "", None, (source.error,), 0)
            continue
        try:
            yield from items(source)
        except OSError as error:
            yield Item(source.name, None, "", None, (unreadable(error),), 0)


def table_rows(name: str) -> Iterator[Entry]:
    """Read the documents of a table, unparsed; what is no table is an entry with D001."""
    try:
        yield from rows(Path(name))
    except TableError as error:
        yield Entry(None, errors=(DocumentError("D001", "", f"cannot be read: {error}"),))


def _parsed(name: str, entries: Iterable[Entry]) -> Iterator[Item]:
    for entry in entries:
        document, errors = entry.document, entry.errors
        if isinstance(document, bytes):
            try:
                document = parse_json(document)
            except InvalidDocument as error:
                document, errors = None, error.errors
        yield Item(name, None, entry.at, cast("Json", document), errors, entry.size)


def standard_input() -> BinaryIO:
    """Return standard input. Raises OSError where it is closed, or a device without end."""
    if sys.stdin is None:
        raise OSError(errno.EBADF, "it is closed")
    with suppress(UnsupportedOperation):  # a stream that is no descriptor of the system
        hold_no_device(sys.stdin.fileno())
    return sys.stdin.buffer


def items(source: Source) -> Iterator[Item]:
    """Read every document of a source that can be read. Raises OSError."""
    if source.name == STANDARD_INPUT:
        yield from _either(source.name, standard_input())
        return
    with open(source.name, "rb", opener=file_or_pipe) as stream:
        match Path(source.name).suffix.lower():
            case suffix if suffix in LINES:
                yield from _per_line(source.name, numbered(stream))
            case suffix if suffix in TABLES:
                yield from _parsed(source.name, table_rows(source.name))
            case suffix if suffix in WHOLE:
                yield from _text_of(source.name, stream, source.size)
            case _:
                yield from _either(source.name, stream)


def _text_of(name: str, stream: BinaryIO, size: int | None) -> Iterator[Item]:
    raw = stream.read(MOST_BYTES + 1)
    if len(raw) <= MOST_BYTES:
        yield from _whole(name, raw)
    elif _is_list(raw):
        yield from _parsed(name, elements(Rejoined(raw, stream)))
    else:
        yield Item(name, None, "", None, (too_large(size),), size or len(raw))


def _whole(name: str, raw: bytes) -> Iterator[Item]:
    """Read a text that is one document or a list of documents."""
    try:
        value = parse_json(raw)
    except InvalidDocument as error:
        yield Item(name, None, "", None, error.errors, len(raw))
        return
    if not isinstance(value, list):
        yield Item(name, None, "", value, (), len(raw))
        return
    for index, document in enumerate(value):
        yield Item(name, None, f"/{index}", document, (), len(raw) // len(value))
    if not value:
        nothing = DocumentError("D002", "", "the list holds no document")
        yield Item(name, None, "", None, (nothing,), len(raw))


def _per_line(name: str, lines: Iterable[Line]) -> Iterator[Item]:
    """Read a document from each line. An empty line is an error: a document may be lost there."""
    empty = True
    for line in lines:
        empty = False
        document: Json = None
        errors: tuple[DocumentError, ...] = ()
        if line.raw is None:
            errors = (too_large(line.size),)
        else:
            try:
                document = parse_json(line.raw)
            except InvalidDocument as error:
                errors = error.errors
        yield Item(name, line.number, "", document, errors, line.size + 1)
    if empty:
        yield Item(name, None, "", None, (DocumentError("D102", "", "the text is empty"),), 0)


def _either(name: str, stream: BinaryIO) -> Iterator[Item]:
    """Read a text of unknown form."""
    settled = settle(stream)
    if isinstance(settled, Rejoined):
        yield from _per_line(name, numbered(settled))
    else:
        yield from one_text(name, settled, stream)


def one_text(name: str, raw: bytes, stream: BinaryIO) -> Iterator[Item]:
    """Read one text, of which `raw` was read; the rest was left where that is too much."""
    if len(raw) <= MOST_BYTES:
        yield from _whole(name, raw)
    elif _is_list(raw):
        yield from _parsed(name, elements(Rejoined(raw, stream)))
    else:
        yield Item(name, None, "", None, (too_large(None),), len(raw))


def settle(stream: BinaryIO) -> Rejoined | bytes:
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


def _filled_line(stream: BinaryIO) -> bytes:
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

    Such a document would else be told of line by line. Nested objects are indented.
    """
    if b"\n" not in raw.strip() or _OBJECT_LINE.search(raw):
        return False
    first = raw.removeprefix(b"\xef\xbb\xbf").lstrip()
    return first.startswith((b"{", b"[")) or b"\0" in raw


def _is_list(raw: bytes) -> bool:
    return raw.removeprefix(b"\xef\xbb\xbf").lstrip(_BLANK).startswith(b"[")


def unreadable(error: OSError | ValueError) -> DocumentError:
    """Return D001 with the reason of the system."""
    # a name that no file can have, with a zero byte in it, is a ValueError
    told = reason(error) if isinstance(error, OSError) else "no such file or directory"
    return DocumentError("D001", "", f"cannot be read: {told}")
