"""Messages between processes of this package: a length, then a value as bytes."""

from __future__ import annotations

import marshal
import struct
from dataclasses import dataclass
from typing import IO

from somepolicy.batch.chunks import Chunk, Entries, Entry, Lines
from somepolicy.batch.work import Terms
from somepolicy.engine.errors import DocumentError
from somepolicy.policy import Policy

_LENGTH = struct.Struct("<Q")


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker is told first. `written`: whether answers are wanted as lines of JSON."""

    policy: Policy
    terms: Terms
    written: bool


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a worker cannot go on; says nothing of the documents."""

    reason: str


def send(stream: IO[bytes], message: bytes) -> None:
    """Write one message and send it off. Raises OSError where nobody listens."""
    stream.write(_LENGTH.pack(len(message)))
    stream.write(message)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """Read one message; None where the stream has ended, within one as well."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    message = stream.read(length)
    return message if len(message) == length else None


def packed(chunk: Chunk) -> bytes:
    """Write out a chunk. Raises ValueError where a document is more than plain values."""
    if isinstance(chunk, Lines):
        return marshal.dumps((chunk.source, chunk.first, chunk.block))
    entries = [
        (entry.document, entry.line, entry.at, [_members(each) for each in entry.errors])
        for entry in chunk.entries
    ]
    sizes = [entry.size for entry in chunk.entries]
    return marshal.dumps((chunk.source, entries, sizes))


def unpacked(message: bytes) -> Chunk:
    """Read what `packed` wrote in a process of this package."""
    source, second, third = marshal.loads(message)  # noqa: S302 - from the process that started this one
    if isinstance(second, int):
        return Lines(source, second, third)
    entries = (
        Entry(document, line, at, tuple(DocumentError(*each) for each in errors), size)
        for (document, line, at, errors), size in zip(second, third, strict=True)
    )
    return Entries(source, tuple(entries))


def _members(error: DocumentError) -> tuple[str, str, str, str | None]:
    return error.code, error.pointer, error.message, error.nearest
