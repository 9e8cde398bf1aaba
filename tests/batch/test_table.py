"""Parquet in and out."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest
from batch_cases import AS_OF, line, post
from typer.testing import CliRunner, Result

from somepolicy import Policy
from somepolicy.batch import table
from somepolicy.cli.app import app

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
        "large text": pa.table({"document": pa.array(texts, pa.large_string())}),
        "record": pa.table({"document": POSTS}),
        "columns": pa.Table.from_pylist(POSTS),
        "times": pa.Table.from_pylist(columns),
    }


@pytest.mark.parametrize("form", ["text", "bytes", "large text", "record", "columns", "times"])
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
        "policy_digest": policy.machine.executable.digest,
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
    told = "Parquet needs the extra `parquet`: pip install 'somepolicy[parquet]'"
    result = evaluate("posts.ndjson", "-o", "out.parquet")
    assert (result.exit_code, result.stderr) == (2, f"somepolicy: {told}\n")
    assert told in evaluate("posts.parquet", "--jobs", 1).stdout
