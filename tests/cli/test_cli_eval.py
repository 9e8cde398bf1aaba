"""`somepolicy eval`: exit codes, formats, and every kind of input."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from somepolicy import Policy
from somepolicy.engine.json_text import MOST_BYTES
from tests.cli.conftest import POLICY, Run, one_line

Records = list[dict[str, object]]


def lines(text: str) -> Records:
    return [json.loads(line) for line in text.splitlines()]


def summary(text: str) -> list[object]:
    """Return for each line the decision, or the line number with its codes."""
    return [
        record.get("decision") or (record["line"], [error["code"] for error in record["errors"]])
        for record in lines(text)
    ]


# --- exit codes


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["allowed"], 0),
        (["private-open"], 0),
        (["denied"], 1),
        (["private"], 1),
        (["allowed", "denied", "allowed"], 1),
        (["invalid"], 2),
        (["allowed", "invalid"], 2),
        (["denied", "invalid"], 2),
        (["missing"], 2),
    ],
)
@pytest.mark.parametrize("form", ["text", "json", "ndjson"])
def test_exit_code(evaluate: Run, names: list[str], code: int, form: str) -> None:
    result = evaluate(*(f"documents/{name}.json" for name in names), "--format", form)
    assert result.exit_code == code


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["documents/allowed.json", "--format", "yaml"],
        ["documents/allowed.json", "--nope"],
        ["documents/allowed.json", "--as-of", "2026-11-22T12:00:00"],
        ["documents/allowed.json", "--as-of", "2026-02-30"],
        ["documents/allowed.json", "--as-of", "soon"],
        ["documents/allowed.json", "--explain", "--format", "json"],
        ["documents/allowed.json", "--explain", "--format", "ndjson"],
    ],
)
def test_bad_usage(evaluate: Run, args: list[str]) -> None:
    result = evaluate(*args)
    assert result.exit_code == 2
    assert result.stdout == "" or not args
    assert "Traceback" not in result.stderr


def test_bad_usage_names_the_mend(evaluate: Run) -> None:
    naive = evaluate("documents/allowed.json", "--as-of", "2026-11-22T12:00:00")
    assert "a time with offset such as 2026-11-22T12:00:00+01:00" in naive.stderr
    explained = evaluate("documents/allowed.json", "--explain", "--format", "json")
    assert explained.stderr == "somepolicy: --explain is for --format text\n"


# --- the time of the decision


@pytest.mark.parametrize(
    ("asked", "as_of"),
    [
        ("2026-11-22", "2026-11-22T12:00:00+00:00"),
        ("2026-11-22T08:30:00+01:00", "2026-11-22T08:30:00+01:00"),
        ("2026-11-22T08:30:00Z", "2026-11-22T08:30:00+00:00"),
    ],
)
def test_as_of(evaluate: Run, asked: str, as_of: str) -> None:
    result = evaluate("documents/allowed.json", "--as-of", asked, "--format", "json")
    decision = json.loads(result.stdout)
    assert (decision["as_of"], decision["as_of_source"]) == (as_of, "caller")


# --- formats


def test_json_of_one_document_is_the_decision(evaluate: Run) -> None:
    document = json.loads(Path("documents/denied.json").read_text())
    expected = Policy.load(POLICY).evaluate(document).to_json()
    result = evaluate("documents/denied.json", "--format", "json")
    assert result.stdout_bytes == expected + b"\n"
    assert evaluate("-", "--format", "ndjson", stdin=one_line("denied")).stdout_bytes == (
        expected + b"\n"
    )


def test_json_of_several_documents_is_a_list(evaluate: Run) -> None:
    names = [f"documents/{name}.json" for name in ("allowed", "invalid", "denied")]
    result = evaluate(*names, "--format", "json")
    allowed, invalid, denied = json.loads(result.stdout)
    assert allowed["document"]["id"] == "boat-day"
    assert denied["document"]["id"] == "school-trip"
    assert invalid == {
        "line": None,
        "source": "documents/invalid.json",
        "errors": [
            {
                "code": "D303",
                "pointer": "/media/0/kind",
                "message": "this is not one of image, video",
                "nearest": "image",
            },
            {
                "code": "D301",
                "pointer": "/txt",
                "message": "this field is unknown",
                "nearest": "text",
            },
        ],
    }
    assert result.stderr == "somepolicy: 1 of 3 cannot be judged; the output holds their `errors`\n"


def test_json_of_one_invalid_document_is_its_record(evaluate: Run) -> None:
    record = json.loads(evaluate("documents/invalid.json", "--format", "json").stdout)
    assert record["source"] == "documents/invalid.json"


# --- one document per line


def test_every_line_has_its_answer_in_order(evaluate: Run, tmp_path: Path) -> None:
    good, bad = one_line("allowed"), one_line("denied")
    path = tmp_path / "posts.ndjson"
    path.write_text(f"{good}\n{{broken\n\n{bad}\r\n[1]\n{one_line('invalid')}\n{good}")
    result = evaluate(path, "--format", "ndjson")
    assert result.exit_code == 2
    assert summary(result.stdout) == [
        "allow",
        (2, ["D103"]),
        (3, ["D102"]),
        "deny",
        (5, ["D201"]),
        (6, ["D303", "D301"]),
        "allow",
    ]
    assert {record["source"] for record in lines(result.stdout) if "errors" in record} == {
        str(path)
    }


def test_blank_lines_at_the_end_are_no_documents(evaluate: Run) -> None:
    result = evaluate("-", "--format", "ndjson", stdin=one_line("allowed") + "\n\n \r\n\n")
    assert summary(result.stdout) == ["allow"]
    assert result.exit_code == 0


def test_text_tells_of_bad_lines_by_number(evaluate: Run) -> None:
    result = evaluate("-", stdin=f"{one_line('allowed')}\n{{\n{one_line('denied')}\n")
    assert "✓ ALLOWED  boat-day\n" in result.stdout
    assert result.stdout.startswith("✗ DENIED   school-trip  ")
    assert "✗ CANNOT BE READ  standard input, line 2\n    D103  not JSON" in result.stderr


@pytest.mark.parametrize("form", ["text", "json", "ndjson"])
def test_a_very_long_line_is_skipped(evaluate: Run, tmp_path: Path, form: str) -> None:
    long = b'{"id":"' + b"x" * (9 << 20) + b'"}'
    path = tmp_path / "posts.jsonl"
    path.write_bytes(long + b"\n" + one_line("allowed").encode() + b"\n" + long)
    result = evaluate(path, "--format", form)
    assert result.exit_code == 2
    told = f"the text has {len(long)} bytes, the most is {MOST_BYTES}"
    assert (result.stdout + result.stderr).count(told) == 2
    assert "boat-day" in result.stdout
    assert len(result.stdout) < 10_000


# --- standard input


def test_standard_input_is_one_document_over_many_lines(evaluate: Run) -> None:
    text = Path("documents/denied.json").read_text()
    assert summary(evaluate("-", "--format", "ndjson", stdin=text).stdout) == ["deny"]


def test_standard_input_is_a_list(evaluate: Run) -> None:
    text = f"[{one_line('allowed')},\n3, {one_line('invalid')}]"
    result = evaluate("-", "--format", "ndjson", stdin=text)
    assert summary(result.stdout) == ["allow", (None, ["D201"]), (None, ["D303", "D301"])]
    pointers = [error["pointer"] for error in lines(result.stdout)[2]["errors"]]
    assert pointers == ["/2/media/0/kind", "/2/txt"]


def test_a_broken_document_over_many_lines_is_told_of_once(evaluate: Run) -> None:
    text = Path("documents/denied.json").read_text().replace('"case', "case").replace("]", "", 1)
    result = evaluate("-", "--format", "ndjson", stdin=text)
    assert summary(result.stdout) == [(None, ["D103"])]


def test_lines_after_a_broken_first_one_are_read(evaluate: Run) -> None:
    result = evaluate("-", "--format", "ndjson", stdin=f"{{oh\nno\n{one_line('allowed')}\n")
    assert summary(result.stdout) == [(1, ["D103"]), (2, ["D103"]), "allow"]


def test_a_byte_order_mark_is_no_error(evaluate: Run) -> None:
    text = Path("documents/allowed.json").read_bytes()
    assert evaluate("-", stdin=b"\xef\xbb\xbf" + text).exit_code == 0


# --- what cannot be read


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.json", b"", "D102"),
        ("blank.json", b" \n\n", "D102"),
        ("empty.ndjson", b"", "D102"),
        ("blank.ndjson", b"\n\n", "D102"),
        ("empty", b"", "D102"),
        ("broken.json", b'{"kind": "post",', "D103"),
        ("two.json", b"{}{}", "D103"),
        ("text.txt", b"hello", "D103"),
        ("latin.json", '{"id": "blåbær"}'.encode("latin-1"), "D101"),
        ("utf16.json", '{"id": 1}'.encode("utf-16"), "D101"),
        ("binary", bytes(range(256)) * 20, "D101"),
        ("zeros", b"{\n\0\0\n\0", "D103"),
        ("twice.json", b'{"kind": "post", "kind": "post"}', "D104"),
        ("nan.json", b'{"kind": "post", "id": NaN}', "D105"),
        ("infinity.json", b'{"kind": "post", "id": -Infinity}', "D105"),
        ("large.json", b'"' + b"x" * (9 << 20) + b'"', "D106"),
        ("large", b'"' + b"x" * (9 << 20) + b'"', "D106"),
        ("large-lines", b"{\n" + b'"x":\n' * (2 << 20) + b"}", "D106"),
        ("deep.json", b"[" * 100_000 + b"]" * 100_000, "D107"),
        ("deep-object.json", b'{"a":' * 65 + b"1" + b"}" * 65, "D107"),
        ("scalar.json", b"3", "D201"),
        ("null.json", b"null", "D201"),
        ("kind.json", b'{"kind": "pots"}', "D202"),
        ("none.json", b"[]", "D002"),
    ],
)
def test_broken_input(evaluate: Run, tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    result = evaluate(path, "--format", "ndjson")
    assert result.exit_code == 2
    (record,) = lines(result.stdout)
    assert record["source"] == str(path)
    assert {error["code"] for error in record["errors"]} == {code}
    told = evaluate(path)
    assert (told.exit_code, told.stdout) == (2, "")
    assert code in told.stderr


@pytest.mark.parametrize(
    "name", ["", "nowhere.json", "no/where.ndjson", "documents/allowed.json/x"]
)
def test_a_file_that_is_not_there(evaluate: Run, name: str) -> None:
    result = evaluate(name, "--format", "ndjson")
    assert result.exit_code == 2
    assert [error["code"] for error in lines(result.stdout)[0]["errors"]] == ["D001"]


def test_other_files_are_still_decided(evaluate: Run) -> None:
    result = evaluate("nowhere.json", "documents/allowed.json", "--format", "ndjson")
    assert summary(result.stdout) == [(None, ["D001"]), "allow"]


# --- folders


def test_a_folder_is_read_in_order(evaluate: Run, tmp_path: Path) -> None:
    (tmp_path / "b" / "c").mkdir(parents=True)
    for name in ("b/c/2.json", "b/1.ndjson", "a.jsonl", "c.JSON"):
        document = {"kind": "private_post", "id": name, "secret": False}
        (tmp_path / name).write_text(json.dumps(document))
    (tmp_path / "notes.txt").write_text("not a document")
    result = evaluate(tmp_path, "--format", "ndjson")
    ids = [record["document"]["id"] for record in lines(result.stdout)]
    assert ids == ["a.jsonl", "b/1.ndjson", "b/c/2.json", "c.JSON"]


def test_a_policy_within_a_folder_is_no_document(evaluate: Run, tmp_path: Path) -> None:
    shutil.copytree(POLICY, tmp_path / "policies" / "havn")
    shutil.copy("documents/allowed.json", tmp_path)
    shutil.copy("documents/allowed.json", tmp_path / "policies" / "havn" / "of-its-own.json")
    result = evaluate(tmp_path, "--format", "ndjson")
    assert summary(result.stdout) == ["allow"]
    left_out = tmp_path / "policies" / "havn"
    assert result.stderr == f"somepolicy: {left_out}: left out, for it is a policy (see --policy)\n"
    asked = evaluate(tmp_path / "policies" / "havn", "--format", "ndjson")  # named itself: read
    assert "allow" in summary(asked.stdout)
    assert "left out" not in asked.stderr


def test_a_kind_of_another_policy(evaluate: Run) -> None:
    hint = "another policy is chosen with --policy"
    for document, hinted in (
        ({"kind": "circular"}, True),
        ({"kind": "pots"}, False),
        ({"kind": 1}, False),
        ({}, False),
    ):
        told = evaluate("-", stdin=json.dumps(document)).stderr
        assert (hint in " ".join(told.split())) is hinted


def test_a_folder_without_documents(evaluate: Run, tmp_path: Path) -> None:
    result = evaluate(tmp_path)
    assert result.exit_code == 2
    assert "there is no .json, .ndjson or .jsonl file in this folder" in result.stderr


# --- the policy


@pytest.mark.parametrize("place", ["documents", "nowhere", "policy/havn/post.pol"])
def test_no_policy(run: Run, place: str) -> None:
    result = run("eval", "documents/allowed.json", "--policy", place)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"somepolicy: {place}: ")


def test_a_policy_that_does_not_load(run: Run, policies: Path) -> None:
    rules = policies / "havn" / "post.pol"
    rules.write_text(rules.read_text().replace("post.media", "post.medai"))
    result = run("eval", "documents/allowed.json", "--policy", policies / "havn")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "error[P203]: unknown field `post.medai`" in result.stderr
    assert "did you mean `post.media`?" in result.stderr
    assert result.stderr.endswith("somepolicy: the policy cannot be used: 2 errors\n")


def test_a_policy_in_one_language_is_spoken_in_it(run: Run, policies: Path) -> None:
    folder = policies / "havn"
    for path in folder.glob("*.pol"):
        kept = [line for line in path.read_text().splitlines() if not line.startswith("    en ")]
        path.write_text("\n".join(each for each in kept if not each.startswith("  en ")))
    manifest = folder / "policy.toml"
    manifest.write_text(manifest.read_text().replace('["nb", "en"]', '["nb"]'))
    result = run("eval", "documents/allowed.json", "--policy", folder)
    assert result.stdout.startswith("✓ I ORDEN")


# --- bugs


def test_a_bug_is_no_traceback_and_shows_no_text(
    evaluate: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("CANARY")

    monkeypatch.setattr(Policy, "evaluate", broken)
    result = evaluate("documents/allowed.json")
    assert result.exit_code == 2
    assert result.stderr.startswith(
        "somepolicy: internal error, please report it: RuntimeError in "
    )
    assert "CANARY" not in result.stderr


def test_a_text_that_is_no_json_is_reported_once(run, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# A page\n\nof *many* lines\n\n* one\n", encoding="utf-8")
    result = run("eval", "--policy", "policy/havn", page)
    assert result.exit_code == 2
    assert result.output.count("D103") == 1
