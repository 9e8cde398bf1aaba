"""Blocks of lines hold the same lines, with the same numbers, as reading line by line."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import chain, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from somepolicy.batch import lines
from somepolicy.batch.chunks import Chunk, Lines
from somepolicy.batch.lines import blocks
from somepolicy.cli.inputs.lines import numbered

Told = list[tuple[int | None, bytes | str]]


def taken_apart(chunks: Iterator[Chunk]) -> Told:
    """Return line and text of every document, or its error code and size."""
    found: Told = []
    for chunk in chunks:
        if isinstance(chunk, Lines):
            texts = chunk.block.removesuffix(b"\n").split(b"\n")
            found += [(n, text.removesuffix(b"\r")) for n, text in enumerate(texts, chunk.first)]
        else:
            found += [(each.line, each.errors[0].message) for each in chunk.entries]
    return [(n, b"" if isinstance(text, bytes) and not text.strip() else text) for n, text in found]


def one_by_one(text: bytes) -> Told:
    read = [(line.number, line.raw or b"") for line in numbered(io.BytesIO(text))]
    read = [(number, b"" if not raw.strip() else raw) for number, raw in read]
    return [*read] or [(None, "the text is empty")]


CASES = {
    "empty": b"", "blank": b"\n \r\n\n", "one": b"{}\n", "no end": b"{}\n{}", "crlf": b"{}\r\n{}\r\n",
    "blank in the middle": b"{}\n\n\n{}\n", "blank at the end": b"{}\n\n \n", "mark": b"\xef\xbb\xbf{}\n{}\n",
    "blank first": b"\n\n{}\n", "odd spaces": b"{}\x0b\n\x0c\n{}\n", "carriage": b"{}\r\r\n\r\n{}\r",
}  # fmt: skip


@pytest.mark.parametrize("text", CASES.values(), ids=CASES)
@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_the_same_lines(text: bytes, size: int) -> None:
    assert taken_apart(blocks("x", io.BytesIO(text), size=size)) == one_by_one(text)


@given(st.lists(st.sampled_from([b"\n", b"\r", b" ", b"{}", b"ab"])), st.integers(1, 9))
def test_the_same_lines_of_any_text(parts: list[bytes], size: int) -> None:
    text = b"".join(parts)
    assert taken_apart(blocks("x", io.BytesIO(text), size=size)) == one_by_one(text)


@given(st.integers(1, 9), st.integers(0, 60), st.sampled_from([b"\n", b"\r\n", b""]))
def test_a_line_that_is_too_long_is_passed_over(size: int, more: int, end: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "MOST_BYTES", 20)
        text = b"{}\n\n" + b"x" * (31 + more) + end + (b"{}" if end else b"")
        found = taken_apart(blocks("x", io.BytesIO(text), size=size))
    told = (3, f"the text has {31 + more} bytes, the most is 20")
    assert found == [(1, b"{}"), (2, b""), told, *([(4, b"{}")] if end else [])]


class Endless:
    """Gives the same bytes again and again, as often as asked for."""

    def __init__(self, *parts: tuple[bytes, int]) -> None:
        self.parts = chain.from_iterable(repeat(part, count) for part, count in parts)

    def read(self, _: int) -> bytes:
        return next(self.parts, b"")


def test_a_line_of_a_gigabyte_takes_no_memory() -> None:
    text = Endless((b"x" * (1 << 20), 1024), (b"\n{}\n", 1))
    found = taken_apart(blocks("x", text))
    assert found == [(1, "the text has 1073741824 bytes, the most is 8388608"), (2, b"{}")]
