"""What a command says that cannot do what was asked is in the language of the reader."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from somepolicy.texts.catalogue import texts
from somepolicy.texts.forms import fitting
from tests.cli.conftest import Run

CLI = Path(__file__).parents[2] / "src" / "somepolicy" / "cli"
FILES = [
    CLI / "workflows" / "evaluation.py",
    *(CLI / "commands" / f"{name}.py" for name in ("eval", "detect", "report")),
    *(CLI / "inputs" / f"{name}.py" for name in ("endings", "times", "documents", "options")),
]


@pytest.mark.parametrize(
    ("arguments", "nb", "nn"),
    [
        (("eval", "x", "--lagn"), "valget --lagn finnes ikke", "valet --lagn finst ikkje"),
        (("eval", "x", "--jobs", "a"), "dette må være et heltall", "dette må vere eit heiltal"),
        (("eval", "x", "--jobs", "-1"), "det minste er 0", "det minste er 0"),
        (("eval", "x", "--as-of", "i går"), "skriv en dato", "skriv ein dato"),
        (("eval", "x", "--jobs"), "krever en verdi", "krev ein verdi"),
        (("eval", "--verbose"), "argumentet 'FILE' mangler", "argumentet 'FILE' manglar"),
        (("detect", "x", "--format", "y"), "er ikke en av", "er ikkje ein av"),
        (("detect", "x", "y"), "ett argument er for mye", "eitt argument er for mykje"),
        (("report", "decison"), "kommandoen 'decison' finnes ikke", "finst ikkje"),
        (("report", "citations", "--since", "2026-01-01"), "oppgi enten", "gi opp anten"),
        (("eval", "x", "--format", "json", "--explain"), "hører til", "høyrer til"),
        (("eval", "x", "--policy", "nix"), "finnes ikke", "finst ikkje"),
    ],
)
def test_errors_of_usage(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], nb: str, nn: str
) -> None:
    english = run(*arguments)
    assert english.exit_code == 2
    for language, said in (("nb", nb), ("nn", nn)):
        monkeypatch.setenv("LC_ALL", f"{language}_NO.UTF-8")
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (2, english.stdout)
        assert said in result.stderr
        monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    assert run(*arguments).stderr == english.stderr


def test_the_language_that_is_asked_for_goes_first(run: Run) -> None:
    assert "Feil: valet --xx finst ikkje" in run("eval", "x", "--lang", "nn", "--xx").stderr
    assert "Feil: valget --xx finnes ikke" in run("eval", "x", "--lang=nb", "--xx").stderr


def test_commands_for_authors_stay_english(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "nb_NO.UTF-8")
    assert "Error: No such option" in run("check", "--xx").stderr


def said() -> Iterator[str]:
    """Yield what these files say outright, with `x` for what is filled in."""
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
                ("Unusable", "say", "BadParameter")
            ):
                match node.args[0]:
                    case ast.Constant(value=str() as text):
                        yield text
                    case ast.JoinedStr(values=parts) if len(parts) > 2:
                        yield "".join(
                            str(each.value) if isinstance(each, ast.Constant) else "x"
                            for each in parts
                        )


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_every_message_has_its_text(language: str) -> None:
    messages = dict(texts(language).usage.messages)
    del messages["{name}: {why}"]
    found = {x.removeprefix("somepolicy: ") for x in said()} - {
        "x: x",
        "x: x; give the text itself, as a plain file",
    }  # reasons of their own
    assert len(found) > 15
    assert {x for x in found if fitting(x, messages) is None} == set()
