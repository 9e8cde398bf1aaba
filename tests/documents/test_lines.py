"""Blocks of lines hold the same lines, with the same numbers, as reading line by line."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import chain, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from somepolicy.documents import lines
from somepolicy.documents.chunks import Chunk, Lines
from somepolicy.documents.lines import blocks

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
    """Return the same of a text that is taken apart as a whole."""
    found: Told = [
        (number, b"" if not raw.strip() else raw.removesuffix(b"\r"))
        for number, raw in enumerate(text.split(b"\n"), 1)
    ]
    while found and not found[-1][1]:
        found.pop()
    return found or [(None, "the text is empty")]


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


@pytest.mark.parametrize("size", range(1, 25))
def test_a_line_as_long_as_a_document_may_be(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Wherever it is cut, also between the two bytes of its end."""
    monkeypatch.setattr(lines, "MOST_BYTES", 20)
    text = b"{}\n" + b"x" * 20 + b"\r\n{}\r\n"
    assert taken_apart(blocks("x", io.BytesIO(text), size=size)) == one_by_one(text)


@pytest.mark.parametrize("size", [1, 5, 30, 200])
def test_blank_lines_at_the_end_after_one_that_is_too_long(
    monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(lines, "MOST_BYTES", 20)
    text = b"x" * 300 + b"\n{}\n\n\n"
    told = "the text has 300 bytes, the most is 20"
    found = taken_apart(blocks("x", io.BytesIO(text), size=size))
    assert found == [(1, told), (2, b"{}")]


def test_a_long_line_in_small_pieces_takes_no_time() -> None:
    """Pieces of a pipe that somebody writes little to: each is copied once."""
    text = Endless((b"x" * 40, 200_000), (b"\n", 1))
    (found,) = taken_apart(blocks("x", text))
    assert found == (1, b"x" * 8_000_000)


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
