"""`somepolicy eval` on many documents: the same bytes whatever the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from somepolicy.cli.app import app
from somepolicy.documents import arrays
from somepolicy.documents import reading as inputs
from tests.batch.batch_cases import documents, line, post


@pytest.fixture
def evaluate(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> object:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.chdir(tmp_path)

    def run(*args: object, stdin: bytes = b"") -> Result:
        given = ["eval", "--policy", str(folder), *map(str, args)]
        result = CliRunner().invoke(app, given, input=stdin)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run


LINES = {
    "none": b"", "blank": b"\n\n", "one": line(post(0)), "mark": b"\xef\xbb\xbf" + line(post(0)),
    "crlf": b"\r\n".join([line(post(0)), line(post(1)), b"", line(post(2))]),
    "bad ones": documents(12), "broken first": b"{oh\n" + line(post(0)) + b"\n",
    "long": b'{"id":"' + b"x" * (9 << 20) + b'"}\n' + line(post(0)) + b"\n",
    "many": documents(400),
}  # fmt: skip


@pytest.mark.parametrize("text", LINES.values(), ids=LINES)
def test_a_file_gives_the_same_as_a_stream(evaluate, text: bytes) -> None:
    """The stream is read document by document, the file many at a time."""
    Path("posts.ndjson").write_bytes(text)
    Path("posts").write_bytes(text)
    one_by_one = evaluate("posts", "--format", "ndjson")
    many = evaluate("posts.ndjson", "--format", "ndjson")
    if text.strip(b"\n") and text.count(b"\n"):
        assert many.stdout == one_by_one.stdout.replace('"posts"', '"posts.ndjson"')
    assert (many.exit_code, many.stderr) == (one_by_one.exit_code, one_by_one.stderr)
    named = evaluate("posts", "--jobs", "1")
    assert (named.stdout, named.exit_code) == (one_by_one.stdout, one_by_one.exit_code)


@pytest.mark.slow
def test_every_way_gives_the_same_bytes(evaluate) -> None:
    text = documents(700)
    Path("posts.ndjson").write_bytes(text)
    expected = evaluate("posts.ndjson", "--format", "ndjson").stdout_bytes
    assert expected.count(b"\n") == 700
    for args in (["--jobs", 3], ["-o", "out"], ["-o", "out", "-j", 2]):
        result = evaluate("posts.ndjson", *args)
        assert result.exit_code == 2
        got = Path("out").read_bytes() if "-o" in args else result.stdout_bytes
        assert got == expected
    assert sorted(path.name for path in Path().iterdir()) == ["out", "posts.ndjson"]
    named = expected.replace(b'"posts.ndjson"', b'"-"')
    assert evaluate("-", "--jobs", 2, stdin=text).stdout_bytes == named


@pytest.mark.parametrize(("numbers", "code"), [([0, 3], 0), ([0, 1], 1), ([4], 1), ([], 2)])
def test_exit_code(evaluate, numbers: list[int], code: int) -> None:
    Path("posts.ndjson").write_bytes(b"\n".join(line(post(number)) for number in numbers))
    assert evaluate("posts.ndjson", "-o", "out.ndjson").exit_code == code
    assert evaluate("posts.ndjson", "--jobs", 1).exit_code == code


def test_an_output_is_summed_up(evaluate) -> None:
    Path("posts.ndjson").write_bytes(documents(10))
    result = evaluate("posts.ndjson", "-o", "out.ndjson")
    assert result.stdout == ""
    assert result.stderr == (
        "out.ndjson: quay 1.0.0: 10 documents: 2 allowed, 5 denied, 3 cannot be judged\n"
        "somepolicy: 3 of 10 cannot be judged; the output holds their `errors`\n"
    )


@pytest.mark.slow
def test_several_inputs(evaluate) -> None:
    Path("a.ndjson").write_bytes(documents(4))
    Path("b.json").write_bytes(b"[" + line(post(0)) + b",3," + line(post(1)) + b"]")
    names = ("a.ndjson", "nowhere.ndjson", "b.json")
    expected = evaluate(*names, "--format", "ndjson")
    assert evaluate(*names, "--jobs", 2).stdout == expected.stdout
    assert expected.stdout.count("\n") == 8


# --- a large list


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A list beyond what one document may be."""
    for module in (inputs, arrays):
        monkeypatch.setattr(module, "MOST_BYTES", 50_000)
    path = tmp_path / "large.json"
    texts = [line(post(number)) for number in range(300)]
    texts[7] = b'{"kind":"post","kind":"post"}'
    texts[8] = b'{"pad":"' + b"x" * 60_000 + b'"}'
    path.write_bytes(b"[" + b",\n".join(texts) + b"]")
    return path


@pytest.mark.parametrize("args", [["--format", "ndjson"], ["--jobs", "1"]])
def test_a_large_list_is_read_piece_by_piece(evaluate, large: Path, args: list[str]) -> None:
    for stdin in (b"", large.read_bytes()):
        result = evaluate("-" if stdin else large, *args, stdin=stdin)
        assert result.exit_code == 2
        found = [json.loads(each) for each in result.stdout.splitlines()]
        assert [
            (at, each["errors"][0]["code"], each["errors"][0]["pointer"])
            for at, each in enumerate(found)
            if "errors" in each
        ] == [(7, "D104", "/7"), (8, "D106", "/8")]
        assert len(found) == 300


# --- what does not go together


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--jobs", "2", "--format", "text"], "are for --format ndjson and parquet"),
        (["-o", "x", "--format", "json"], "are for --format ndjson and parquet"),
        (["--jobs", "2", "--log", "log.db"], "--log appends one decision at a time"),
        (["--resume"], "--resume needs --output FILE"),
        (["--format", "parquet"], "--format parquet needs --output FILE"),
        (["-o", "posts.ndjson"], "the answers would overwrite what they are made from"),
        (["-o", "."], "this is a folder"),
        (["-o", "no/where/out"], "no/where/out: no such file or directory"),
        (["--jobs", "2", "--explain"], "--explain is for --format text"),
        (["--jobs", "-1"], "--jobs"),
        (["--jobs", "many"], "--jobs"),
    ],
)
def test_bad_usage(evaluate, args: list[str], told: str) -> None:
    Path("posts.ndjson").write_bytes(documents(3))
    result = evaluate("posts.ndjson", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
    assert Path("posts.ndjson").read_bytes() == documents(3)


def test_standard_input_cannot_be_taken_up(evaluate) -> None:
    result = evaluate("-", "-o", "out", "--resume", stdin=documents(3))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--resume needs files, which can be read again" in result.stderr
