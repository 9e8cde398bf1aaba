"""A list is cut into its elements wherever the pieces of the stream end."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from somepolicy.documents import arrays
from somepolicy.documents.arrays import elements


class Pieces:
    """A stream that gives a few bytes at a time."""

    def __init__(self, text: bytes, size: int) -> None:
        self.stream = io.BytesIO(text)
        self.size = size

    def read(self, size: int) -> bytes:
        return self.stream.read(min(size, self.size))


def cut(text: bytes, size: int = 1 << 20) -> list[tuple[object, str]]:
    """Return each element and its place, or else what is wrong."""
    return [
        (each.document, each.at) if not each.errors else (each.errors[0].message, each.at)
        for each in elements(Pieces(text, size))
    ]


CASES = [
    (b"[]", [("the list holds no document", "")]),
    (b"[1]", [(b"1", "/0")]),
    (b"\xef\xbb\xbf \n[1 ,\t2]\r\n", [(b"1", "/0"), (b"2", "/1")]),
    (b'[{"a":"]\\"{,\\\\"},[1,[2]]]', [(b'{"a":"]\\"{,\\\\"}', "/0"), (b"[1,[2]]", "/1")]),
    # what is wrong within an element is for whoever parses it
    (b'[{"a":1}{"b":2},nul]', [(b'{"a":1}{"b":2}', "/0"), (b"nul", "/1")]),
    (b"[1,]", [(b"1", "/0"), ("not JSON: a document is missing at byte 4", "")]),
    (b"[1", [("not JSON: the text breaks off at byte 3", "")]),
    (b'[1,"ab', [(b"1", "/0"), ("not JSON: the text breaks off at byte 7", "")]),
    (b"{}", [("not JSON: a list is needed at byte 1", "")]),
    (b"", [("not JSON: a list is needed at byte 1", "")]),
    (b"[1] 2", [(b"1", "/0"), ("not JSON: there is more after the list at byte 5", "")]),
    (b"[1 }]", [("not JSON: a bracket closes what is not open at byte 4", "")]),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
@pytest.mark.parametrize("size", [1, 2, 5, 1000])
def test_cut(text: bytes, expected: list[tuple[object, str]], size: int) -> None:
    assert cut(text, size) == expected


TREES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.lists(TREES, min_size=1, max_size=5), st.integers(1, 20), st.sampled_from([None, 1]))
def test_any_list(values: list[object], size: int, indent: int | None) -> None:
    text = json.dumps(values, indent=indent, ensure_ascii=False).encode()
    assert [json.loads(str(raw, "utf-8")) for raw, _ in cut(text, size)] == values


@pytest.mark.parametrize("size", [3, 7, 1000])
def test_what_is_too_large_is_passed_over(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(arrays, "MOST_BYTES", 100)
    long = [b'{"a":"' + b'x\\"' * 100 + b'"}', b'{"b":[' + b"1," * 200 + b"3]}", b"7" * 101]
    found = cut(b"[1," + b" ,".join(long) + b",2]", size)
    assert [raw for raw, _ in (found[0], found[-1])] == [b"1", b"2"]
    assert [at for _, at in found] == ["/0", "/1", "/2", "/3", "/4"]
    assert all("bytes, the most is" in str(told) for told, _ in found[1:4])


SPACE = st.text(" \t\r\n", max_size=12).map(str.encode)
LONG = st.integers(0, 60).map(lambda size: "x" * size)


@given(
    st.lists(st.tuples(SPACE, st.one_of(TREES, LONG), SPACE), min_size=1, max_size=5),
    st.integers(1, 40),
    st.integers(1, 300),
    st.integers(1, 300),
)
@example([(b"", 1, b""), (b"", "x" * 200, b""), (b"", 2, b"")], 100, 10, 300)
@example([(b" " * 99, 1, b" " * 99), (b" " * 99, 12, b" " * 99)], 2, 10, 10)
def test_cutting_is_parsing_whatever_is_read_at_a_time(
    values: list[tuple[bytes, object, bytes]], most: int, read: int, size: int
) -> None:
    raws = [json.dumps(value, ensure_ascii=False).encode() for _, value, _ in values]
    padded = (a + raw + b for raw, (a, _, b) in zip(raws, values, strict=True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrays, "MOST_BYTES", most)
        patch.setattr(arrays, "_READ", read)
        found = list(elements(Pieces(b"[" + b",".join(padded) + b"]", size)))
    assert [each.at for each in found] == [f"/{index}" for index in range(len(raws))]
    for each, raw in zip(found, raws, strict=True):
        large = len(raw) > most
        assert (each.document, [x.code for x in each.errors]) == (
            (None, ["D106"]) if large else (raw, [])
        )


def test_white_space_is_no_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "MOST_BYTES", 10)
    text = b"[1," + b" " * 50 + b"]"
    assert cut(text, 7) == [(b"1", "/0"), ("not JSON: a document is missing at byte 54", "")]
    for size in range(1, 20):
        (one,) = cut(b"[1" + b" " * 50 + b"2]", size)
        assert one != (b"12", "/0")
