"""A stream with a document per line -> blocks of whole lines, in bounded memory.

A block is cut by bytes alone: whoever decides on it takes it apart, in a process of its own if
there is one. Blank lines at the very end are no documents.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Protocol

from somepolicy.documents.chunks import MUCH, Chunk, Lines, refused
from somepolicy.engine.errors import DocumentError
from somepolicy.engine.json_text import MOST_BYTES

_LINE_END = b"\n"


class Readable(Protocol):
    """What bytes can be read from."""

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes; empty at the end."""


def blocks(source: str, stream: Readable, *, size: int = MUCH) -> Iterator[Chunk]:
    """Yield every line but blank ones at the end, about `size` bytes at a time.

    Lines are handed on as soon as they are read. A line longer than a document may be is passed
    over, with D106 in its place; a text without any line is D102.
    """
    number, blank, passed, empty = 1, 0, 0, True
    rest = bytearray()  # what has begun of a line; of one that is too long, the last byte
    pieces = iter(lambda: stream.read(size), b"")
    for data in chain(pieces, (_LINE_END,)):  # the last line may lack its end
        cut = data.rfind(_LINE_END) + 1
        if cut:
            block = b"".join((rest, data[:cut]))
            rest = bytearray(data[cut:])
            if passed:
                line, _, block = block.partition(_LINE_END)
                length = passed + len(line.removesuffix(b"\r"))
                yield refused(source, too_large(length), length + 1, number)
                number, passed = number + 1, 0
            body = _without_blank_end(block)
            if body:
                yield from _blanks(source, number, blank)
                number += blank
                yield Lines(source, number, body)
                number += body.count(_LINE_END)
                blank, empty = 0, False
            blank += block.count(_LINE_END, len(body))
        else:
            rest += data
        if len(rest) > MOST_BYTES + len(b"\r"):
            yield from _blanks(source, number, blank)
            number, blank, empty = number + blank, 0, False
            passed += len(rest) - 1
            del rest[:-1]
    if empty:
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
