"""A stream of bytes -> numbered lines of bounded length."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, Protocol

from somepolicy.engine.json_text import MOST_BYTES

_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its line end; `raw` is None where it is longer than a document may be.

    `number` is 1-based; `size` is in bytes, without the line end.
    """

    number: int
    raw: bytes | None
    size: int


class Readable(Protocol):
    """What lines can be read from."""

    def readline(self, size: int, /) -> bytes:
        """Return the rest of the line, at most `size` bytes; empty at the end."""


class Rejoined:
    """A stream with what was already read from it put back at its beginning."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = BytesIO(head)
        self._rest = rest

    def readline(self, size: int, /) -> bytes:
        """Read a line, which may begin in the one part and end in the other."""
        line = self._head.readline(size)
        if line.endswith(b"\n") or len(line) == size:
            return line
        return line + self._rest.readline(size - len(line))

    def read(self, size: int, /) -> bytes:
        """Read at most `size` bytes, first of what was put back; empty at the end."""
        return self._head.read(size) or self._rest.read(size)


def numbered(stream: Readable) -> Iterator[Line]:
    """Yield every line but blank ones at the end. At most one line is held in memory."""
    blank: list[Line] = []
    number = 0
    while line := _next(stream, number + 1):
        number = line.number
        if line.raw is not None and not line.raw.strip():
            blank.append(line)
            continue
        yield from blank
        blank.clear()
        yield line


def _next(stream: Readable, number: int) -> Line | None:
    most = MOST_BYTES + len(b"\r\n")
    raw = stream.readline(most)
    if not raw:
        return None
    if len(raw) < most or raw.endswith(b"\n"):
        raw = raw.removesuffix(b"\n").removesuffix(b"\r")
        return Line(number, raw, len(raw))
    size = len(raw)
    while (piece := stream.readline(_PIECE)) and not piece.endswith(b"\n"):
        size += len(piece)
    return Line(number, None, size + len(piece.rstrip(b"\r\n")))
