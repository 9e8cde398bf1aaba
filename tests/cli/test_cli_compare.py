"""`somepolicy compare`, from the command line."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from somepolicy import Policy
from tests.cli.conftest import HERE, Run, Start

Golden = Callable[[Path, str], None]
KAI = "../compare/policy/kai"
AS_OF = ("--as-of", "2026-11-22")
POSTS = (
    {"kind": "post", "id": "large", "cleared": True, "size": 9, "tone": "formal"},
    {"kind": "post", "id": "fits", "cleared": True, "size": 4, "tone": "formal"},
    {"kind": "post", "id": "blåbærøy", "cleared": True, "size": 5, "tone": "informal"},
    {"kind": "private_post", "id": "own", "secret": True},
)


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """A second version: another bound, another effect, a rule less, a message otherwise."""
    folder = tmp_path / "kai"
    shutil.copytree(HERE / KAI, folder)
    rules = folder / "post.pol"
    text = rules.read_text().replace("integer = 10", "integer = 4")
    text = text.replace("The post is not cleared.", "Nobody has cleared the post.")
    rules.write_text(text)
    clauses = folder / "clauses.pol"
    clauses.write_text(clauses.read_text().replace("quay.tone", "quay.voice"))
    rules.write_text(rules.read_text().replace("quay.tone", "quay.voice"))
    manifest = folder / "policy.toml"
    manifest.write_text(manifest.read_text().replace("1.0.0", "1.1.0"))
    private = folder / "private_post.pol"
    private.write_text(private.read_text().replace("forbid secret_told", "forbid secret_given"))
    return folder


@pytest.fixture
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A file of documents, and the current folder so that its name is the same everywhere."""
    lines = [json.dumps(each, ensure_ascii=False) + "\n" for each in POSTS]
    (tmp_path / "posts.ndjson").write_text("".join(lines), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return "posts.ndjson"


OLD = (HERE / KAI).resolve()


@pytest.mark.parametrize("form", ["text", "md"])
@pytest.mark.parametrize("language", ["nb", "en"])
def test_what_is_shown(
    run: Run, golden: Golden, new: Path, documents: str, form: str, language: str
) -> None:
    result = run("compare", OLD, new, documents, "--lang", language, "--format", form, *AS_OF)
    assert (result.exit_code, result.stderr) == (1, "")
    suffix = {"text": "txt", "md": "md"}[form]
    golden(HERE / "golden" / f"compare.{language}.{suffix}", result.stdout)


def test_json(run: Run, new: Path, documents: str) -> None:
    result = run("compare", OLD, new, documents, "--format", "json", *AS_OF)
    found = json.loads(result.stdout)
    assert result.exit_code == 1
    assert found.keys() == {
        "changed", "old", "new", "documents", "unchanged", "unjudged", "decisions", "clauses",
        "others", "edits", "unshown",
    }  # fmt: skip
    assert (found["changed"], found["documents"], found["unchanged"]) == (True, 4, 2)
    assert found["clauses"] == [
        {
            "clause": "quay.size",
            "before": "satisfied",
            "after": "violated",
            "count": 2,
            "witness": {
                "name": "posts.ndjson:1",
                "id": "large",
                "size": len(json.dumps(POSTS[0])) + 1,
            },
        }
    ]
    assert {"sort": "parameter", "name": "most", "what": "value", "before": "10", "after": "4"} in (
        found["edits"]
    )


def test_the_same_policy(run: Run, documents: str) -> None:
    result = run("compare", OLD, OLD, documents, "--lang", "en")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("= All 4 documents are answered alike")
    assert "one and the same policy" in result.stdout


def test_only_a_message(run: Run, tmp_path: Path, documents: str) -> None:
    shutil.copytree(OLD, tmp_path / "b")
    rules = tmp_path / "b" / "post.pol"
    rules.write_text(rules.read_text().replace("The post is not cleared.", "Not cleared."))
    result = run("compare", OLD, "b", documents, "--lang", "en")
    assert result.exit_code == 0
    old, new = (Policy.load(each).program.digest[7:15] for each in (OLD, "b"))
    assert f"kai 1.0.0 ({old}) → kai 1.0.0 ({new})" in result.stdout  # called alike
    assert "~ rule cleared: wording" in result.stdout
    assert "Only texts have changed." in result.stdout
    rules.write_text((OLD / "post.pol").read_text() + "\n# a remark\n")
    result = run("compare", OLD, "b", documents, "--lang", "nb")
    assert result.exit_code == 0
    assert "Bare kommentarer, oppsett eller rekkefølge" in result.stdout


def test_private_posts_are_never_told_no(run: Run, new: Path, documents: str) -> None:
    private = new / "private_post.pol"
    private.write_text(
        private.read_text().replace("if private_post.secret", "if not private_post.secret")
    )
    shown = run("compare", OLD, new, documents, "--lang", "en").stdout
    assert "private_post: would break a clause → breaks no clause  1 document" in shown


def test_nothing_to_compare(run: Run) -> None:
    for form, told in (("text", "? No document could be"), ("md", "**No document could be")):
        result = run("compare", OLD, OLD, "nowhere", "--lang", "en", "--format", form)
        assert result.exit_code == 2
        assert told in result.stdout
        assert "answered alike" not in result.stdout


def test_standard_input(run: Run, new: Path) -> None:
    line = json.dumps(POSTS[2])
    shown = run("compare", OLD, new, "-", "--lang", "en", stdin=line)
    assert shown.exit_code == 1
    assert "(blåbærøy)" in shown.stdout


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["nowhere", OLD, "posts.ndjson"], "nowhere: no such file or directory"),
        (
            [OLD, "posts.ndjson", "posts.ndjson"],
            "posts.ndjson: this is a file; name the folder of a policy",
        ),
        ([OLD, OLD, "posts.ndjson", "--format", "jsn"], "'jsn'"),
        ([OLD, OLD, "posts.ndjson", "--lang", "fr"], "no messages in `fr`"),
        ([OLD, OLD, "posts.ndjson", "--as-of", "yesterday"], "a day such as"),
        ([OLD, OLD], "Missing argument"),
        (["", OLD, "posts.ndjson"], "the name of the policy is empty"),
    ],
)
def test_bad_usage(run: Run, documents: str, args: list[object], told: str) -> None:
    assert documents == "posts.ndjson"
    result = run("compare", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


def test_the_errors_of_both_policies_are_told(run: Run, new: Path, documents: str) -> None:
    old = new.parent / "old"
    shutil.copytree(new, old)
    for folder in (old, new):
        (folder / "post.pol").write_text("ruels for post\n")
    result = run("compare", old, new, documents)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "old/post.pol:1:1: error[P" in result.stderr
    assert "kai/post.pol:1:1: error[P" in result.stderr


def test_what_neither_can_judge_is_bad_input(run: Run, new: Path, documents: str) -> None:
    lines = ["", "{", "[]", '{"kind": "none", "id": "x"}'] * 5
    with Path(documents).open("a", encoding="utf-8") as file:
        file.write("".join(f"{line}\n" for line in lines))
    result = run("compare", OLD, new, documents, "nowhere.json", "--lang", "en")
    assert result.exit_code == 2
    assert "2 documents are answered differently, of 4 compared" in result.stdout
    assert "21 documents cannot be judged by either" in result.stdout
    assert result.stderr.count("✗ ") == 10
    assert "11 more cannot be judged by either policy" in result.stderr


def test_what_one_can_judge_is_a_change(run: Run, new: Path, documents: str) -> None:
    schema = new / "post.schema.json"
    schema.write_text(schema.read_text().replace('"minimum": 0', '"minimum": 5'))
    result = run("compare", OLD, new, documents, "--lang", "nb")
    assert (result.exit_code, result.stderr) == (1, "")
    assert "post: i orden → kan ikke vurderes  1 dokument" in result.stdout


def test_nothing_is_shown_of_a_document_that_no_schema_has_passed(run: Run, new: Path) -> None:
    schema = new / "post.schema.json"
    schema.write_text(schema.read_text().replace('"maxLength": 40', '"maxLength": 4'))
    line = json.dumps({**POSTS[0], "id": "quiet word"})
    for stdin, name in ((line, "(quiet word)"), (line.replace("post", "pots"), "")):
        result = run("compare", OLD, new, "-", "--lang", "en", stdin=stdin)
        assert name in result.stdout
        assert "quiet" not in result.stderr
    assert "quiet" not in result.stdout


def test_names_cannot_command_a_page(run: Run, new: Path, tmp_path: Path) -> None:
    odd = tmp_path / "a|b`*c*\x1b[31m.json"
    odd.write_text(json.dumps({**POSTS[0], "id": "<b>|\n# x"}))
    for form in ("text", "md"):
        shown = run("compare", OLD, new, odd, "--format", form, "--lang", "en").stdout
        assert "\x1b" not in shown
        assert "\n# x" not in shown
        rows = [line.replace("\\|", "") for line in shown.splitlines() if line.startswith("|")]
        assert {row.count("|") for row in rows} <= {4, 6}


@pytest.mark.slow
def test_a_closed_pipe_ends_quietly(start: Start, new: Path, documents: str) -> None:
    process = start("compare", OLD, new, documents, "--format", "md")
    assert process.stdout is not None
    process.stdout.close()
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 141
    assert errors == b""


WORDS = {
    "nb": ("krever → gir råd", "foreslått, ikke signert → chair", "bør → skal ikke",
           "spørsmål under bør → skal"),
    "en": ("requires → advises", "proposed, not signed → chair", "should → must not",
           "question under should → must"),
}  # fmt: skip


@pytest.mark.parametrize("form", ["text", "md"])
@pytest.mark.parametrize("language", WORDS)
def test_keywords_are_shown_in_words(
    run: Run, new: Path, documents: str, language: str, form: str
) -> None:
    """And stay as they are in JSON."""
    rules, clauses = new / "post.pol", new / "clauses.pol"
    rules.write_text(rules.read_text().replace("require not_too_large", "advise not_too_large"))
    text = clauses.read_text().replace("status proposed", 'status signed "chair" on 2026-11-02')
    text = text.replace("  force should", "  force must_not", 1)
    clauses.write_text(text.replace("force question under should", "force must"))
    shown = run("compare", OLD, new, documents, "--lang", language, "--format", form).stdout
    assert [each for each in WORDS[language] if each not in " ".join(shown.split())] == []
    found = json.loads(run("compare", OLD, new, documents, "--format", "json").stdout)
    changed = {(each["before"], each["after"]) for each in found["edits"]}
    assert changed >= {
        ("require", "advise"), ("proposed", "chair, 2026-11-02"), ("should", "must_not"),
        ("question under should", "must"),
    }  # fmt: skip
