"""A stream with a document per line -> blocks of whole lines, in bounded memory.

A block is cut by bytes alone: whoever decides on it takes it apart, in a process of its own if
there is one. Blank lines at the very end are no documents.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from somepolicy.batch.chunks import MUCH, Chunk, Lines, refused
from somepolicy.engine.errors import DocumentError
from somepolicy.engine.json_text import MOST_BYTES

_LINE_END = b"\n"


class Readable(Protocol):
    """What bytes can be read from."""

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes; empty at the end."""


def blocks(source: str, stream: Readable, *, size: int = MUCH) -> Iterator[Chunk]:
    """Yield every line but blank ones at the end, about `size` bytes at a time.

    A line longer than a document may be is passed over, with D106 in its place; a text without
    any line is D102.
    """
    number, blank, rest, empty = 1, 0, b"", True
    while data := stream.read(size):
        piece = rest + data
        cut = piece.rfind(_LINE_END) + 1
        block, rest = piece[:cut], piece[cut:]
        body = _without_blank_end(block)
        if body:
            yield from _blanks(source, number, blank)
            number += blank
            yield Lines(source, number, body)
            number += body.count(_LINE_END)
            blank, empty = 0, False
        blank += block.count(_LINE_END, len(body))
        if len(rest) > MOST_BYTES:
            yield from _blanks(source, number, blank)
            number += blank
            length, rest = _pass_over(stream, rest, size)
            yield refused(source, too_large(length), length + 1, number)
            number, blank, empty = number + 1, 0, False
    if rest.strip():
        yield from _blanks(source, number, blank)
        yield Lines(source, number + blank, rest)
    elif empty:
        yield refused(source, DocumentError("D102", "", "the text is empty"))


def too_large(size: int | None) -> DocumentError:
    """Return D106. `size` is in bytes, None where it is not known."""
    has = "more bytes than allowed" if size is None else f"{size} bytes"
    return DocumentError("D106", "", f"the text has {has}, the most is {MOST_BYTES}")


def _without_blank_end(block: bytes) -> bytes:
    """Return the lines up to the last that is not blank."""
    filled = len(block.rstrip())
    return block[: block.find(_LINE_END, filled) + 1] if filled else b""


def _blanks(source: str, number: int, count: int) -> Iterator[Lines]:
    """Yield blank lines that have turned out to stand in the middle."""
    while count > 0:
        some = min(count, MUCH // 8)
        yield Lines(source, number, _LINE_END * some)
        number += some
        count -= some


def _pass_over(stream: Readable, begun: bytes, size: int) -> tuple[int, bytes]:
    """Read to the end of a line; return its length without the end, and what came after."""
    length, last = len(begun), begun[-1:]
    while data := stream.read(size):
        end = data.find(_LINE_END)
        if end >= 0:
            last = data[end - 1 : end] or last
            return length + end - (last == b"\r"), data[end + 1 :]
        length += len(data)
        last = data[-1:]
    return length - (last == b"\r"), b""
