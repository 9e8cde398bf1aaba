"""A language is added with a file of texts and a tag in the manifest, and any tag will do."""

from __future__ import annotations

import json
import os
import re
import shutil
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from typer.testing import CliRunner, Result

from somepolicy.check.languages import is_language
from somepolicy.cli.app import app
from somepolicy.cli.inputs.language import choose_language
from somepolicy.ir import Program
from somepolicy.policy import Policy
from somepolicy.texts import catalogue
from somepolicy.texts.catalogue import TextsError, languages, texts
from tests.examples import one_in

ROOT = Path(__file__).parents[2]


def table(language: str) -> dict[str, Any]:
    file = ROOT / "src" / "somepolicy" / "texts" / f"{language}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def invented(text: str) -> str:
    """Return a text of the invented language: every word shouted, its places left as they are."""
    return re.sub(r"\{\w+\}|\w+", lambda x: x[0] if x[0][0] == "{" else f"{x[0]}qo", text)


def translated(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: translated(each) for name, each in value.items()}
    return [invented(each) for each in value] if isinstance(value, list) else invented(value)


def toml(found: dict[str, Any]) -> str:
    """Write a file of texts in the plainest way."""

    def shown(value: Any) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f'"{k}" = {shown(v)}' for k, v in value.items()) + "}"
        if isinstance(value, list):
            return f"[{', '.join(map(shown, value))}]"
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'

    return "".join(
        f"[{part}]\n" + "".join(f'"{name}" = {shown(each)}\n' for name, each in members.items())
        for part, members in found.items()
    )


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    found = table("en")
    rules = found.pop("plural")
    folder = tmp_path / "texts"
    folder.mkdir()
    file = folder / "qo.toml"
    few = {"plural": {**rules, "few": "n = 2..4"}}
    made = few | translated(found)
    made["traceability"]["tests_note"] = {"few": "FEW {count}", "other": "OTHER {count}"}
    file.write_text(toml(made), encoding="utf-8")
    monkeypatch.setenv(catalogue.FOLDER, str(folder))
    return file


@pytest.mark.usefixtures("added")
def test_a_language_is_added_with_a_file() -> None:
    assert languages() == ("en", "nb", "nn", "qo")
    assert texts("qo-NO").report.contents == "Contentsqo"
    assert texts("qo").traceability.tests_note(3) == "FEW 3"
    assert texts("nb").report.contents == "Innhold"


BROKEN = {
    "torn": ("[report", "", "cannot be read"),
    "missing": ('"contents" = "Contentsqo"\n', "", "report.contents: this is missing"),
    "beside": ("[report]\n", '[report]\n"more_of_it" = "x"\n', "nothing asks for this"),
    "place": ("{at}", "{att}", "fill in `{at}`"),
    "inside": ("{at}", "{at.__class__}", "fill in `{at}`"),
    "width": ("{at}", "{at:>999999999}", "fill in `{at}`"),
    "empty": ('"Contentsqo"', '""', "report.contents"),
    "number": ('"Contentsqo"', "7", "report.contents"),
    "rule": ("n = 2..4", "n in 2..4", "plural.few: this is no rule"),
    "form": ('"few" = "FEW', '"two" = "FEW', "plural.two: texts have this form, and no rule"),
    "no form": ('"few" = "FEW', '"fewer" = "FEW', "may have one for each form"),
    "no rules": ("[plural]", "[plurals]", "[plural] needs a rule"),
}


@pytest.mark.parametrize(("old", "new", "said"), BROKEN.values(), ids=BROKEN)
def test_a_file_that_cannot_be_used(added: Path, old: str, new: str, said: str) -> None:
    text = added.read_text(encoding="utf-8")
    assert old in text
    made = text.replace(old, new, 1) if new or said != "cannot be read" else old
    added.write_text(made, encoding="utf-8")
    catalogue._read.cache_clear()
    with pytest.raises(TextsError) as raised:
        texts("qo")
    assert str(added) in str(raised.value) and said in str(raised.value)
    result = report("traceability", "--lang", "qo")
    assert (result.exit_code, result.stdout) == (2, "")


def test_a_form_without_a_rule_is_named_once(added: Path) -> None:
    text = added.read_text(encoding="utf-8")
    several = re.sub(r'\{"other" = ("[^"]*")\}', r'{"few" = \1, "other" = \1}', text)
    assert several.count('"few" = ') > 5
    added.write_text(several.replace('"few" = "n = 2..4"\n', ""), encoding="utf-8")
    catalogue._read.cache_clear()
    with pytest.raises(TextsError) as raised:
        texts("qo")
    assert str(raised.value) == f"{added}: plural.few: texts have this form, and no rule"


def test_what_is_no_folder_and_no_file(added: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    added.with_name("qp.toml").mkdir()
    os.mkfifo(added.with_name("qr.toml"))
    added.with_name("qs.toml").write_text("x = " + "[" * 5000, encoding="utf-8")
    for language in ("qp", "qr", "qs"):
        with pytest.raises(TextsError, match=f"{language}.toml: cannot be read"):
            texts(language)
    monkeypatch.setenv(catalogue.FOLDER, str(added))
    with pytest.raises(TextsError, match="which is no folder"):
        texts("nb")
    assert report("traceability").exit_code == 2


def report(*args: object) -> Result:
    policy = ROOT / "examples" / "policies" / "fjellvik"
    result = CliRunner().invoke(app, ["report", *map(str, args), "--policy", str(policy)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


# --- a policy that speaks it


def spoken(tag: str, target: Path) -> Path:
    """Return Fjellvik's policy, whose nynorsk is given out as another language."""
    shutil.copytree(ROOT / "examples" / "policies" / "fjellvik", target)
    for file in target.rglob("*"):
        if file.suffix in {".pol", ".toml", ".json"}:
            text = file.read_text(encoding="utf-8")
            text = re.sub(r'\bnn(?= "(?!"))', tag, text).replace('"nn"', f'"{tag}"')
            file.write_text(text.replace('"x-nn"', f'"x-{tag}"'), encoding="utf-8")
    with (target / "policy.toml").open("a", encoding="utf-8") as manifest:
        manifest.write('\n[log]\nkinds = ["message"]\n')
    return target


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    return spoken("qo-NO", tmp_path / "policy")


def run(*args: object) -> Result:
    result = CliRunner().invoke(app, [*map(str, args)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


@pytest.mark.slow
@pytest.mark.usefixtures("added")
def test_every_report_and_command_speaks_it(policy: Path) -> None:
    example = next(iter(sorted((policy / "examples").rglob("*.json"))))
    asked = ("--policy", policy, "--lang", "qo-NO")
    found = {
        "traceability": run("report", "traceability", *asked, "--format", "md"),
        "citations": run(
            "report", "citations", policy / "examples" / "message", *asked, "--format", "md"
        ),
        "decision": run("report", "decision", example, *asked, "--format", "md"),
        "page": run("report", "traceability", *asked),
        "eval": run("eval", example, *asked, "--explain"),
        "readings": run("readings", policy, "--lang", "qo-NO"),
    }
    made = texts("qo")
    said = {
        "traceability": (made.traceability.title, made.traceability.detail),
        "citations": (made.citations.title, made.report.figures),
        "decision": (made.decision.clauses_title, made.report.about),
        "page": (made.report.skip, made.traceability.title),
        "eval": (made.eval.trace,),
        "readings": (made.readings.moves,),
    }
    for name, words in said.items():
        assert found[name].exit_code in (0, 1), found[name].output
        assert all(each in found[name].stdout for each in words), name
    for name in ("traceability", "citations", "decision"):
        headings = re.findall(r"^## (.*)$", found[name].stdout, re.MULTILINE)
        assert headings and all("qo" in each for each in headings), name


@pytest.mark.slow
def test_without_its_file_it_gets_english(policy: Path) -> None:
    asked = ("report", "traceability", "--policy", policy, "--lang", "qo-NO", "--format", "md")
    assert run(*asked).stdout.startswith(f"# {texts('en').traceability.title}")


# some are words of the policy language
TAGS = (
    "se",
    "sma-NO",
    "zh-Hant-TW",
    "de-CH-1996",
    "x-town",
    "no",
    "is",
    "in",
    "or",
    "as",
    "one",
    "not",
)


@pytest.mark.slow
@pytest.mark.parametrize("tag", one_in(6, TAGS))
def test_any_tag_is_a_language_of_messages(tmp_path: Path, tag: str) -> None:
    folder = spoken(tag, tmp_path / "policy")
    loaded = Policy.load(folder)
    assert loaded.program.languages == (tag, "en")
    for file in (folder / "examples").rglob("*.json"):
        decision = loaded.evaluate(json.loads(file.read_text(encoding="utf-8")))
        for each in decision.findings:
            assert list(each.message) == [tag, "en"]
    assert run("fmt", "--check", folder).exit_code == 0
    assert run("test", folder).exit_code == 0  # by both evaluators


@pytest.mark.parametrize("tag", [*TAGS, "nb", "sr-Latn-RS", "en-a-bbb-x-a-ccc", "es-419", "NB-no"])
def test_these_are_languages(tag: str) -> None:
    assert is_language(tag)


NO_TAGS = ("", "n", "norsk", "nb_NO", "nb-", "-nb", "nb--NO", "nb-NO-", "nb NO", "nb\n", "x", "12")


@pytest.mark.parametrize("tag", [*NO_TAGS, "ne\u0301", "nb-" + "a" * 9, "nb" + "-abcdefgh" * 9])
def test_these_are_none(tag: str) -> None:
    assert not is_language(tag)


@pytest.mark.parametrize(
    ("environment", "spoken", "chosen"),
    [
        ("se_NO.UTF-8", ("nb", "se"), "se"),
        ("se_NO.UTF-8", ("nb", "se-NO", "se"), "se-NO"),
        ("sv_SE", ("nb", "en"), "en"),
        ("sv_SE", ("nb",), "nb"),
        ("nn_NO", ("nb", "se"), "nn"),  # the words of somepolicy, and texts in the nearest
        ("nn_NO", ("se", "en"), "en"),
        ("C.UTF-8", ("nb", "se"), "nb"),
    ],
)
def test_the_surroundings_choose_any_language(
    environment: str, spoken: tuple[str, ...], chosen: str
) -> None:
    program = cast("Program", SimpleNamespace(name="p", languages=spoken))
    assert choose_language(None, program, {"LANG": environment}) == chosen
