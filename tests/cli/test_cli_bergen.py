"""The installed policy and the examples, through the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import HERE, Run

ROOT = HERE.parents[1]
FOLDERS = [ROOT / "examples" / kind for kind in ("private_post", "profile", "post")]
EXAMPLES = sorted(path for folder in FOLDERS for path in folder.rglob("*.json"))


def test_the_policy_is_good(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    here = run("check", "--strict")
    monkeypatch.chdir(ROOT / "tests")
    installed = run("check", "--strict", "--policy", "bergen")
    for result in (here, installed):
        assert result.exit_code == 0, result.stdout
        assert result.stdout.startswith("bergen ")
        assert "63 clauses" in result.stdout


def test_examples_in_one_run(run: Run) -> None:
    result = run("eval", "--policy", "bergen", *FOLDERS, "--format", "ndjson")
    decisions = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert len(decisions) == len(EXAMPLES)
    assert {each["decision"] for each in decisions} == {"allow", "deny"}


@pytest.mark.slow
@pytest.mark.parametrize("language", ["nb", "en"])
def test_examples_as_text(run: Run, language: str) -> None:
    result = run("eval", "--policy", "bergen", *FOLDERS, "--lang", language, "--explain")
    assert (result.exit_code, result.stderr) == (1, "")
    for path in EXAMPLES:
        document = json.loads(path.read_text())
        assert document["id"] in result.stdout
        body = document.get("text", {}).get("body")
        assert not body or body[:60] not in result.stdout


def test_a_class_photo_is_refused_with_its_clause(run: Run) -> None:
    path = ROOT / "examples" / "post" / "class-photo.json"
    shown = run("eval", "--policy", "bergen", path, "--lang", "en").stdout
    assert shown.startswith("✗ DENIED  ex-s13-class-photo\n")
    assert "rett.bilde (3.b4.s2)" in shown
    assert "/media/0/consent/status" in shown


def test_text_of_a_post_stays_out_of_the_trace(run: Run, tmp_path: Path) -> None:
    path = ROOT / "examples" / "post" / "road-closure.json"
    document = json.loads(path.read_text())
    document["text"]["body"] += " CANARY"
    document["media"][0]["alt"] = document["media"][0]["creator"] = "CANARY"
    spoilt = Path(tmp_path / "post.json")
    spoilt.write_text(json.dumps(document))
    result = run("eval", "--policy", "bergen", spoilt, "--explain")
    assert "How each rule came out" in result.stdout
    assert "CANARY" not in result.stdout + result.stderr
