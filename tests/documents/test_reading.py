"""Items and chunks are one reading: what has come is handed on, and nothing read is lost."""

from __future__ import annotations

import errno
import io
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from somepolicy.documents import reading
from somepolicy.documents.chunks import Entry
from somepolicy.documents.reading import read, read_chunks
from somepolicy.documents.sources import OutputError, Source, list_sources

NO_POLICY = pytest.fail


@pytest.mark.parametrize("name", ["pipe", "pipe.ndjson", "pipe.jsonl"])
@pytest.mark.parametrize("way", [read, read_chunks])
def test_a_pipe_is_read_while_it_is_written(tmp_path: Path, name: str, way) -> None:
    path = tmp_path / name
    os.mkfifo(path)
    written = threading.Semaphore(0)

    def write() -> None:
        with path.open("wb") as file:
            file.write(b"1\n2\n")
            file.flush()
            assert written.acquire(timeout=30)
            file.write(b"3\n")

    writer = threading.Thread(target=write)
    writer.start()
    found = way([Source(str(path))])
    first = next(found)
    written.release()
    rest = list(found)
    writer.join()
    if way is read:
        assert [each.document for each in (first, *rest)] == [1, 2, 3]
        assert [each.line for each in (first, *rest)] == [1, 2, 3]
    else:
        assert b"".join(each.block for each in (first, *rest)) == b"1\n2\n3\n"


@pytest.mark.parametrize(
    "text", [b"{}\n{}\n\n{\n", b"[1,{},[2]]", b"", b"\n", b'{"a":1,"a":2}', b"[", b"1\n2", b"\0"]
)
@pytest.mark.parametrize("name", ["x.json", "x.ndjson", "x"])
def test_items_are_the_entries_of_the_chunks(tmp_path: Path, name: str, text: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(text)
    sources = list_sources([str(path)], NO_POLICY)
    entries = [(each.line, each.at, each.size) for x in read_chunks(sources) for each in x.entries]
    assert [(each.line, each.at, each.size) for each in read(sources)] == entries
    assert entries


def test_what_was_read_before_an_error_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Iterator[Entry]:
        yield Entry(b"1", at="/0")
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(reading, "rows", broken)
    monkeypatch.setattr("builtins.open", lambda *_, **__: io.BytesIO())
    first, second = read([Source("x.parquet")])
    assert (first.document, first.at) == (1, "/0")
    assert second.errors[0].message == "cannot be read: input/output error"


def test_a_folder_tells_of_a_policy_in_it(tmp_path: Path) -> None:
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "policy.toml").touch()
    (tmp_path / "a.json").write_bytes(b"{}")
    left_out: list[Path] = []
    assert [each.name for each in list_sources([str(tmp_path)], left_out.append)] == [
        str(tmp_path / "a.json")
    ]
    assert left_out == [tmp_path / "policy"]


def test_an_output_is_no_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("somepolicy.documents.sources.is_output", lambda _: True)
    with pytest.raises(OutputError, match="the answers would be written to what they are made"):
        list_sources([str(tmp_path)], NO_POLICY)
