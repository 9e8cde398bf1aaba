"""Files, folders and standard input -> documents, one at a time and in bounded memory."""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from somepolicy.cli.lines import Line, Rejoined, numbered
from somepolicy.cli.problems import reason
from somepolicy.runtime.errors import DocumentError, InvalidDocument
from somepolicy.runtime.json_text import MOST_BYTES, parse_json
from somepolicy.types import Json

STANDARD_INPUT = "-"
_LINES = (".ndjson", ".jsonl")
_WHOLE = (".json",)
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

    What cannot be read takes its place in the list, with its error.
    """
    return [source for name in names for source in _sources(name)]


def _sources(name: str) -> Iterator[Source]:
    if name == STANDARD_INPUT:
        yield Source(name)
        return
    try:
        # an empty name would be the current folder to Path
        status = Path(name or "\0").stat()
    except (OSError, ValueError) as error:
        yield Source(name, error=_unreadable(error))
        return
    if stat.S_ISDIR(status.st_mode):
        yield from _folder(name)
    else:
        yield Source(name, status.st_size if stat.S_ISREG(status.st_mode) else None)


def _folder(name: str) -> Iterator[Source]:
    failed: list[OSError] = []
    found = sorted(
        Path(folder) / file
        for folder, _, files in os.walk(name, onerror=failed.append)
        for file in files
        if Path(file).suffix.lower() in _WHOLE + _LINES
    )
    for error in failed:
        yield Source(str(error.filename), error=_unreadable(error))
    for path in found:
        yield from _sources(str(path))
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
            yield from _items(source)
        except OSError as error:
            yield Item(source.name, None, "", None, (_unreadable(error),), 0)


def _items(source: Source) -> Iterator[Item]:
    if source.name == STANDARD_INPUT:
        if sys.stdin is None:
            raise OSError(errno.EBADF, "it is closed")
        yield from _either(source.name, sys.stdin.buffer)
        return
    with Path(source.name).open("rb") as stream:
        match Path(source.name).suffix.lower():
            case suffix if suffix in _LINES:
                yield from _per_line(source.name, numbered(stream))
            case suffix if suffix in _WHOLE:
                yield from _one_text(source.name, stream, source.size)
            case _:
                yield from _either(source.name, stream)


def _one_text(name: str, stream: BinaryIO, size: int | None) -> Iterator[Item]:
    raw = stream.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        yield Item(name, None, "", None, (_too_large(size),), size or len(raw))
        return
    yield from _whole(name, raw)


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
            errors = (_too_large(line.size),)
        else:
            try:
                document = parse_json(line.raw)
            except InvalidDocument as error:
                errors = error.errors
        yield Item(name, line.number, "", document, errors, line.size + 1)
    if empty:
        yield Item(name, None, "", None, (DocumentError("D102", "", "the text is empty"),), 0)


def _either(name: str, stream: BinaryIO) -> Iterator[Item]:
    """Read a text of unknown form: one JSON text if it is one as a whole, else a line each.

    A first line that is JSON by itself settles it as soon as a second line comes, so that a
    stream is answered while it is still being written.
    """
    head = _filled_line(stream)
    if _is_json(head):
        second = _filled_line(stream)
        if second.strip():
            yield from _per_line(name, numbered(Rejoined(head + second, stream)))
        else:
            yield from _whole(name, head)
        return
    head += stream.read(max(MOST_BYTES + 1 - len(head), 0))
    complete = len(head) <= MOST_BYTES
    if complete and (_is_json(head) or b"\n" not in head.strip() or _is_one_text(head)):
        yield from _whole(name, head)
    elif not complete and _is_one_text(head):
        yield Item(name, None, "", None, (_too_large(None),), len(head))
    else:
        yield from _per_line(name, numbered(Rejoined(head, stream)))


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


def _unreadable(error: OSError | ValueError) -> DocumentError:
    # a name that no file can have, with a zero byte in it, is a ValueError
    told = reason(error) if isinstance(error, OSError) else "no such file or directory"
    return DocumentError("D001", "", f"cannot be read: {told}")


def _too_large(size: int | None) -> DocumentError:
    has = "more bytes than allowed" if size is None else f"{size} bytes"
    return DocumentError("D106", "", f"the text has {has}, the most is {MOST_BYTES}")
