"""Parquet in and out."""

from __future__ import annotations

import datetime
import decimal
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from somepolicy import Policy
from somepolicy.batch import table
from somepolicy.cli.app import app
from somepolicy.documents.table import rows
from somepolicy.version import install
from tests.batch.batch_cases import AS_OF, line, post

pa = pytest.importorskip("pyarrow", reason="Parquet is not tested: the extra `parquet` is absent")
pq = pytest.importorskip("pyarrow.parquet", reason="Parquet is not tested: pyarrow is absent")

POSTS = [post(number) for number in range(10)]


@pytest.fixture
def evaluate(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> object:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.chdir(tmp_path)

    def run(*args: object) -> Result:
        given = ["eval", "--policy", str(folder), *map(str, args)]
        result = CliRunner().invoke(app, given)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run


def expected(policy: Policy) -> bytes:
    return b"".join(policy.evaluate(each).to_json() + b"\n" for each in POSTS)


def tables() -> dict[str, object]:
    """Return the same documents in every form of a table."""
    texts = [line(each).decode() for each in POSTS]
    columns = [{**each, "as_of": datetime.datetime.fromisoformat(AS_OF)} for each in POSTS]
    return {
        "text": pa.table({"row": range(10), "document": texts}),
        "bytes": pa.table({"document": pa.array([t.encode() for t in texts])}),
        "by number": pa.table({"document": pa.array(texts).dictionary_encode()}),
        "large text": pa.table({"document": pa.array(texts, pa.large_string())}),
        "record": pa.table({"document": POSTS}),
        "columns": pa.Table.from_pylist(POSTS),
        "times": pa.Table.from_pylist(columns),
    }


@pytest.mark.parametrize(
    "form", ["text", "bytes", "large text", "by number", "record", "columns", "times"]
)
@pytest.mark.parametrize("args", [["--format", "ndjson"], ["--jobs", "1"]])
def test_documents_come_from_any_table(
    evaluate, policy: Policy, form: str, args: list[str]
) -> None:
    pq.write_table(tables()[form], "posts.parquet")
    result = evaluate("posts.parquet", *args)
    assert result.exit_code == 1
    found = [json.loads(each) for each in result.stdout.splitlines()]
    wanted = [json.loads(each) for each in expected(policy).splitlines()]
    if form == "times":  # the instant is the same, told with another offset
        for each in (*found, *wanted):
            moment = datetime.datetime.fromisoformat(each.pop("as_of"))
            each["as_of"] = moment.astimezone(datetime.UTC)
    assert found == wanted


def test_there_and_back(evaluate, policy: Policy) -> None:
    Path("posts.ndjson").write_bytes(b"\n".join([*map(line, POSTS), b"{"]))
    result = evaluate("posts.ndjson", "-o", "out.parquet")
    assert result.exit_code == 2
    rows = pq.read_table("out.parquet").to_pylist()
    assert "".join(f"{row['json']}\n" for row in rows[:-1]).encode() == expected(policy)
    assert rows[0] | {"json": ""} == {
        "decision": "allow",
        "because": None,
        "id": POSTS[0]["id"],
        "kind": "post",
        "as_of": AS_OF,
        "policy_digest": policy.evaluator.compiled.digest,
        "violated_rules": [],
        "violated_clauses": [],
        "error_codes": [],
        "json": "",
    }
    assert (rows[1]["violated_rules"], rows[1]["violated_clauses"]) == (["short"], ["text.short"])
    assert (rows[4]["decision"], rows[4]["because"]) == ("deny", "unproven")
    assert (rows[10]["decision"], rows[10]["error_codes"]) == (None, ["D103"])
    assert json.loads(rows[10]["json"])["line"] == 11
    assert not list(Path().glob("*.part"))


def test_groups_of_rows(evaluate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "_GROUP", 3)
    Path("posts.ndjson").write_bytes(b"\n".join(map(line, POSTS)))
    evaluate("posts.ndjson", "-o", "out", "--format", "parquet")
    assert pq.ParquetFile("out").metadata.num_row_groups == 4
    assert pq.read_table("out").column("id").to_pylist() == [each["id"] for each in POSTS]


def test_bad_rows_are_told_by_place(evaluate) -> None:
    pq.write_table(pa.table({"document": ["{", None, line(post(0)).decode()]}), "posts.parquet")
    result = evaluate("posts.parquet", "--jobs", 1)
    assert result.exit_code == 2
    first, second, third = (json.loads(each) for each in result.stdout.splitlines())
    told = [(each["errors"][0]["pointer"], each["errors"][0]["code"]) for each in (first, second)]
    assert told == [("/0", "D103"), ("/1", "D102")]
    assert third["decision"] == "allow"


def broken_text(*texts: bytes) -> object:
    """Return a column of text whose bytes nobody has looked at."""
    ends = [sum(map(len, texts[:count])) for count in range(len(texts) + 1)]
    offsets = b"".join(end.to_bytes(4, "little") for end in ends)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(b"".join(texts))]
    return pa.Array.from_buffers(pa.string(), len(texts), buffers)


ODD_COLUMNS = {
    "no UTF-8": lambda: broken_text(b"ok", b"\xff\xfe", b"ok"),
    "nanoseconds": lambda: pa.array([0, 1, 0], pa.int64()).cast(pa.timestamp("ns")),
    "a day out of range": lambda: pa.array([0, 2**31 - 1, 0], pa.int32()).cast(pa.date32()),
    "a time out of range": lambda: pa.array([0, 2**62, 0], pa.int64()).cast(pa.timestamp("us")),
}


@pytest.mark.parametrize("args", [["--format", "ndjson"], ["--jobs", "1"], ["--jobs", "2"]])
@pytest.mark.parametrize("odd", ODD_COLUMNS.values(), ids=ODD_COLUMNS)
def test_a_row_that_cannot_be_read_costs_no_other(evaluate, odd, args: list[str]) -> None:
    columns = {"kind": ["post"] * 3, "id": ["a", "b", "c"], "title": odd()}
    pq.write_table(pa.table(columns), "posts.parquet")
    result = evaluate("posts.parquet", *args)
    assert result.exit_code == 2
    first, second, third = (json.loads(each) for each in result.stdout.splitlines())
    assert (first["document"]["id"], third["document"]["id"]) == ("a", "c")
    (error,) = second["errors"]
    assert (error["code"], error["pointer"]) == ("D103", "/1")
    assert error["message"].startswith("the row cannot be read: ")


def twice_named() -> object:
    return pa.StructArray.from_arrays([pa.array([1, 2])] * 2, names=["x", "x"])


def map_of(key: object, *rows: object) -> object:
    return pa.array(rows, pa.map_(key, pa.int64()))


@pytest.mark.parametrize(
    ("column", "errors"),
    {
        "equal keys": (
            lambda: map_of(pa.string(), [("a", 1)], [("a", None), ("a", 2)]),
            [None, ("D104", "a member stands twice in one object")],
        ),
        "equal keys below": (
            lambda: pa.array(
                [[{"m": []}], [{"m": [("a", 1), ("a", 1)]}]],
                pa.list_(pa.struct([("m", pa.map_(pa.string(), pa.int64()))])),
            ),
            [None, ("D104", "a member stands twice in one object")],
        ),
        "keys that are no texts": (
            lambda: map_of(pa.int64(), [], [(1, 1)]),
            [None, ("D103", "the row cannot be read: a key of a map is no text")],
        ),
        "keys that are records": (
            lambda: map_of(pa.struct([("a", pa.int64())]), [], [({"a": 1}, 1)]),
            [None, ("D103", "the row cannot be read: a key of a map is no text")],
        ),
        "fields of one name": (
            twice_named,
            [("D104", "a member stands twice in one object")] * 2,
        ),
        "a zone that is none": (
            lambda: pa.array([0, 1], pa.timestamp("us", tz="Foo/Bar")),
            [("D103", "the row cannot be read: the time zone of a column is not known")] * 2,
        ),
        "too exact": (
            lambda: pa.array([0, 1], pa.timestamp("ns")),
            [
                None,
                ("D103", "the row cannot be read: a day or a time lies out of range, or is too exact"),
            ],
        ),
    }.values(),
)  # fmt: skip
def test_a_row_says_what_is_wrong_with_it(tmp_path: Path, column, errors) -> None:
    pq.write_table(pa.table({"id": ["a", "b"], "odd": column()}), tmp_path / "x.parquet")
    found = list(rows(tmp_path / "x.parquet"))
    told = [(e.errors[0].code, e.errors[0].message) if e.errors else None for e in found]
    assert told == errors
    assert [each.at for each in found] == ["/0", "/1"]


def test_a_map_is_an_object_and_an_empty_one_as_well(tmp_path: Path) -> None:
    made = map_of(pa.string(), [("a", 1), ("b", None)], [], None)
    pq.write_table(pa.table({"id": ["a", "b", "c"], "odd": made}), tmp_path / "x.parquet")
    found = [each.document for each in rows(tmp_path / "x.parquet")]
    assert found == [{"id": "a", "odd": {"a": 1}}, {"id": "b", "odd": {}}, {"id": "c"}]


@pytest.mark.parametrize("args", [["--format", "ndjson"], ["--jobs", "1"], ["-o", "out"]])
def test_a_table_without_rows_is_nothing_to_decide_on(evaluate, args: list[str]) -> None:
    pq.write_table(pa.table({"document": pa.array([], pa.string())}), "posts.parquet")
    result = evaluate("posts.parquet", *args)
    assert result.exit_code == 2
    text = Path("out").read_text() if "-o" in args else result.stdout
    (error,) = json.loads(text)["errors"]
    assert (error["code"], error["message"]) == ("D002", "the table has no row")


def test_values_are_those_of_json(evaluate) -> None:
    columns = {
        "kind": [b"post"] * 2,
        "id": pa.array(["a", "b"]).dictionary_encode(),
        "length": pa.array([decimal.Decimal("50.00"), decimal.Decimal("50.50")]),
    }
    pq.write_table(pa.table(columns), "posts.parquet")
    result = evaluate("posts.parquet", "--jobs", 1)
    first, second = (json.loads(each) for each in result.stdout.splitlines())
    assert first["document"]["id"] == "a"
    assert [(each["code"], each["pointer"]) for each in second["errors"]] == [("D303", "/1/length")]


@pytest.mark.parametrize("args", [["--format", "ndjson"], ["--jobs", "1"]])
@pytest.mark.parametrize("content", [b"", b"PAR1", b"hello" * 100, b"PAR1" + b"\0" * 50 + b"PAR1"])
def test_what_is_no_parquet(evaluate, content: bytes, args: list[str]) -> None:
    Path("posts.parquet").write_bytes(content)
    result = evaluate("posts.parquet", *args)
    assert result.exit_code == 2
    (error,) = json.loads(result.stdout)["errors"]
    assert error["code"] == "D001"
    assert error["message"].startswith("cannot be read: not Parquet: ")


def test_without_pyarrow_the_mend_is_told(evaluate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    Path("posts.ndjson").write_bytes(line(post(0)))
    Path("posts.parquet").write_bytes(b"")
    told = f"Parquet needs the extra `parquet`: {install('parquet')}"
    result = evaluate("posts.ndjson", "-o", "out.parquet")
    assert (result.exit_code, result.stderr) == (2, f"somepolicy: {told}\n")
    assert told in evaluate("posts.parquet", "--jobs", 1).stdout
