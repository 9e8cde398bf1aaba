"""What a person reads: golden texts in both languages, masked, calm and without escape codes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import HERE, POLICY, Run

Golden = Callable[[Path, str], None]
CANARY = "CANARY"
DOCUMENTS = ("allowed", "denied", "invalid", "private", "private-open", "unsigned")


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_text(evaluate: Run, golden: Golden, name: str, language: str) -> None:
    result = evaluate(f"documents/{name}.json", "--lang", language)
    golden(HERE / "golden" / f"{name}.{language}.txt", result.stdout + result.stderr)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_explain(evaluate: Run, golden: Golden, language: str) -> None:
    result = evaluate("documents/denied.json", "--lang", language, "--explain")
    golden(HERE / "golden" / f"explain.{language}.txt", result.stdout)


def test_several_documents_are_summed_up(evaluate: Run) -> None:
    result = evaluate("documents")
    assert result.stdout.splitlines()[-1] == (
        "6 documents: 1 allowed, 2 denied, 1 breaks no clause, 1 would break a clause, "
        "1 cannot be judged"
    )


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("more", [[], ["--explain"]])
def test_free_text_never_appears(evaluate: Run, language: str, more: list[str]) -> None:
    documents = [f"documents/{name}.json" for name in DOCUMENTS]
    assert all(CANARY in Path(name).read_text() for name in documents[:3])
    result = evaluate(*documents, "--lang", language, *more)
    assert CANARY not in result.stdout + result.stderr


def test_free_text_is_counted_in_the_trace(evaluate: Run) -> None:
    result = evaluate("documents/denied.json", "--explain")
    assert "post.text.body = text of 26 characters  /text/body" in result.stdout
    assert "item.people = minors  /media/0/people" in result.stdout
    assert "the last day counts" not in result.stdout, "a comment of the policy is left out"


@pytest.mark.parametrize("name", ["private", "private-open"])
@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_private_post_is_never_forbidden(evaluate: Run, name: str, language: str) -> None:
    shown = evaluate(f"documents/{name}.json", "--lang", language, "--explain").stdout
    never = r"forbid|forbud|den(y|ied)|refuse|avsl|not allowed|ikke (lov|tillatt|i orden)"
    assert not re.search(never, shown, re.IGNORECASE)
    assert shown[0] in "✓!"
    assert ("Du har ytringsfrihet." if language == "nb" else "freedom of expression.") in shown


def test_a_document_cannot_act_on_the_terminal(evaluate: Run) -> None:
    document = {"kind": "post", "id": "a\x1b[31m\nb[bold]\u202e", "te\x1bxt": 1}
    del document["te\x1bxt"]
    shown = evaluate("-", stdin=json.dumps(document)).stdout
    assert shown.splitlines()[0] == "✗ DENIED  a\ufffd[31m b[bold]\ufffd"
    misspelt = evaluate("-", stdin=json.dumps({**document, "te\x1bxt": 1}))
    assert "/te\ufffdxt" in misspelt.stderr


@pytest.mark.slow
@pytest.mark.parametrize("argument", ["documents/denied.json", "documents/invalid.json"])
def test_piped_text_is_plain(argument: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    command = [sys.executable, "-c", "from somepolicy.cli import main; main()"]
    done = subprocess.run(
        [*command, "eval", "--policy", POLICY, argument, "--explain"],
        capture_output=True,
        check=False,
    )
    shown = (done.stdout + done.stderr).decode()
    assert "\x1b" not in shown
    lines = shown.splitlines()
    assert max(map(len, lines)) <= 100
    assert [line for line in lines if line != line.rstrip()] == []


@pytest.mark.parametrize(
    ("environment", "headline"),
    [
        ({"LC_ALL": "nb_NO.UTF-8"}, "✓ I ORDEN"),
        ({"LC_ALL": "nn_NO"}, "✓ I ORDEN"),
        ({"LC_ALL": "no"}, "✓ I ORDEN"),
        ({"LC_ALL": "", "LANG": "nb_NO.UTF-8"}, "✓ I ORDEN"),
        ({"LC_ALL": "", "LC_MESSAGES": "en_US", "LANG": "nb_NO.UTF-8"}, "✓ ALLOWED"),
        ({"LC_ALL": "C.UTF-8", "LANG": "nb_NO.UTF-8"}, "✓ ALLOWED"),
        ({"LC_ALL": "", "LC_MESSAGES": "", "LANG": ""}, "✓ ALLOWED"),
        ({"LC_ALL": "nova_XX"}, "✓ ALLOWED"),
    ],
)
def test_the_language_of_the_surroundings(
    evaluate: Run, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], headline: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert evaluate("documents/allowed.json").stdout.startswith(headline)


def test_a_language_that_the_policy_lacks(evaluate: Run) -> None:
    result = evaluate("documents/allowed.json", "--lang", "sv")
    assert result.exit_code == 2
    assert result.stderr == (
        "somepolicy: the policy havn has no messages in `sv`; the languages are nb, en, nn\n"
    )
