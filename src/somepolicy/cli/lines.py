"""A stream of bytes -> numbered lines of bounded length."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from somepolicy.runtime.json_text import MOST_BYTES

_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its line end; `raw` is None where it is longer than a document may be.

    `number` is 1-based; `size` is in bytes, without the line end.
    """

    number: int
    raw: bytes | None
    size: int


def numbered(stream: BinaryIO) -> Iterator[Line]:
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


def _next(stream: BinaryIO, number: int) -> Line | None:
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
