"""The ending of an output says its form, or is refused with those that are known."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tests.cli.conftest import HERE, POLICY, Run

BERGEN = HERE.parents[1] / "policy" / "bergen"
POST = HERE.parents[1] / "examples" / "post" / "comment.json"
REPORTS: dict[str, list[object]] = {
    "traceability": [],
    "citations": [POST],
    "decision": ["documents/allowed.json"],
}
BEGINS = {
    "html": b"<!doctype html>",
    "htm": b"<!doctype html>",
    "md": b"# ",
    "csv": b"\xef\xbb\xbf",
    "xlsx": b"PK",
    "json": b"{",
}
WRITE: dict[str, list[object]] = {
    "eval": ["eval", "documents/allowed.json"],
    "sql": ["export", "sql"],
    "rego": ["export", "rego"],
    **{name: ["report", name, *files] for name, files in REPORTS.items()},
}


def written(run: Run, command: str, file: Path, *more: object) -> bytes:
    result = run(
        *WRITE[command], "--policy", BERGEN if command == "citations" else POLICY, "-o", file, *more
    )
    assert result.exit_code == 0, result.stderr
    return file.read_bytes()


@pytest.mark.parametrize("command", REPORTS)
@pytest.mark.parametrize("ending", [*BEGINS, "XLSX", "Json"])
def test_a_report_has_the_form_that_its_ending_says(
    run: Run, tmp_path: Path, command: str, ending: str
) -> None:
    content = written(run, command, tmp_path / f"a.b.{ending}")
    assert content.lower().startswith(BEGINS[ending.lower()].lower())
    if ending == "xlsx":
        assert zipfile.is_zipfile(tmp_path / f"a.b.{ending}")


@pytest.mark.parametrize("ending", ["ndjson", "jsonl", "NDJSON"])
def test_answers_are_lines(run: Run, tmp_path: Path, ending: str) -> None:
    content = written(run, "eval", tmp_path / f"x.{ending}")
    assert json.loads(content)["decision"] == "allow"


@pytest.mark.parametrize("ending", ["parquet", "PARQUET"])
def test_answers_are_a_table(run: Run, tmp_path: Path, ending: str) -> None:
    pytest.importorskip("pyarrow")
    assert written(run, "eval", tmp_path / f"x.{ending}").startswith(b"PAR1")


@pytest.mark.parametrize("command", WRITE)
def test_without_an_ending_the_form_is_the_usual_one(
    run: Run, tmp_path: Path, command: str
) -> None:
    assert written(run, command, tmp_path / "x")


@pytest.mark.parametrize("command", WRITE)
@pytest.mark.parametrize("ending", ["txt", "pdf", "yaml", "docx", "csvx"])
def test_an_unknown_ending_is_refused(run: Run, tmp_path: Path, command: str, ending: str) -> None:
    refused(run, command, tmp_path / f"x.{ending}", ending)


@pytest.mark.parametrize(
    ("command", "ending"),
    [("eval", "csv"), ("eval", "xlsx"), ("eval", "html"), ("traceability", "ndjson"),
     ("sql", "rego"), ("rego", "sql"), ("decision", "parquet")],
)  # fmt: skip
def test_an_ending_of_another_command_is_refused(
    run: Run, tmp_path: Path, command: str, ending: str
) -> None:
    refused(run, command, tmp_path / f"x.{ending}", ending)


def refused(run: Run, command: str, file: Path, ending: str) -> None:
    result = run(
        *WRITE[command], "--policy", BERGEN if command == "citations" else POLICY, "-o", file
    )
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"`*.{ending}`" in result.stderr
    assert "the endings are ." in result.stderr
    assert not file.exists()


@pytest.mark.parametrize(
    ("command", "form", "ending"),
    [("traceability", "html", "xlsx"), ("citations", "csv", "JSON"), ("decision", "md", "html"),
     ("eval", "ndjson", "parquet"), ("eval", "parquet", "ndjson")],
)  # fmt: skip
def test_a_contradiction_says_both(
    run: Run, tmp_path: Path, command: str, form: str, ending: str
) -> None:
    file = tmp_path / f"x.{ending}"
    result = run(
        *WRITE[command],
        "--policy",
        BERGEN if command == "citations" else POLICY,
        "-o",
        file,
        "--format",
        form,
    )
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"--format {form}" in result.stderr and ending.lower() in result.stderr
    assert not file.exists()


def test_a_form_that_is_asked_for_needs_no_ending_that_says_it(run: Run, tmp_path: Path) -> None:
    assert written(run, "citations", tmp_path / "x.tmp", "--format", "json").startswith(b"{")


def test_a_table_goes_with_the_ending(run: Run, tmp_path: Path) -> None:
    assert written(run, "traceability", tmp_path / "x.csv", "--table", "clauses")
