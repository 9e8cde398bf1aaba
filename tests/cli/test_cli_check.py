"""`check --format`: JSON, SARIF and annotations of GitHub."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft4Validator

from somepolicy.cli.show.diagnostics import sarif
from somepolicy.syntax.codes import CODES
from somepolicy.syntax.diagnostics import Diagnostic
from somepolicy.syntax.source import Source, Span
from tests.cli.conftest import HERE, POLICY, Run

# the official one of OASIS: see README.md beside it
SCHEMA = Draft4Validator(
    json.loads((HERE / "formats" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8")),
    format_checker=Draft4Validator.FORMAT_CHECKER,
)
WARNED = "\ndefine unused = post.case_handling\n"


@pytest.fixture
def wrong(policies: Path) -> Path:
    """A policy with eight errors, two of them alike."""
    rules = policies / "havn" / "post.pol"
    rules.write_text(rules.read_text().replace("post.media", "post.medai"))
    return policies / "havn"


@pytest.fixture
def warned(policies: Path) -> Path:
    rules = policies / "havn" / "post.pol"
    text = rules.read_text().replace("rules for post\n", f"rules for post\n{WARNED}")
    rules.write_text(text)
    return policies / "havn"


def results(run: Run, folder: Path) -> list[dict]:
    log = json.loads(run("check", folder, "--format", "sarif").stdout)
    SCHEMA.validate(log)
    return log["runs"][0]["results"]


@pytest.mark.parametrize("form", ["json", "sarif", "github"])
def test_nothing_wrong(run: Run, form: str) -> None:
    result = run("check", POLICY, "--format", form)
    assert (result.exit_code, result.stderr) == (0, "")
    match form:
        case "json":
            assert json.loads(result.stdout) == []
        case "sarif":
            assert results(run, Path(POLICY)) == []
        case _:
            assert result.stdout == ""


@pytest.mark.parametrize("form", ["json", "sarif", "github"])
def test_exit_codes(run: Run, form: str, warned: Path) -> None:
    assert run("check", warned, "--format", form).exit_code == 0
    assert run("check", warned, "--format", form, "--strict").exit_code == 1
    assert run("check", "nowhere", "--format", form).exit_code == 2
    (warned / "policy.toml").write_text("name = 3")
    assert run("check", warned, "--format", form).exit_code == 1


def test_json(run: Run, wrong: Path) -> None:
    found = json.loads(run("check", wrong, "--format", "json").stdout)
    assert len(found) == 2  # two lists misspelt, each told once
    first = next(each for each in found if each["code"] == "P203")
    assert first.keys() == {
        "code", "severity", "message", "help", "context", "file",
        "line", "column", "end_line", "end_column",
    }  # fmt: skip
    assert first["severity"] == "error"
    assert first["message"] == "unknown field `post.medai`"
    assert first["help"] == "did you mean `post.media`?"
    line = Path(first["file"]).read_text().splitlines()[first["line"] - 1]
    assert first["end_line"] == first["line"]
    assert line[first["column"] - 1 : first["end_column"] - 1] == "post.medai"


def test_a_folder_of_policies_is_one_list(run: Run, wrong: Path) -> None:
    other = wrong.parent / "a"
    other.mkdir()
    (other / "policy.toml").write_text("name = 3")
    found = json.loads(run("check", wrong.parent, "--format", "json").stdout)
    assert len({each["file"].rpartition("/")[0] for each in found}) == 2


def test_sarif_rules_are_the_codes(run: Run) -> None:
    log = json.loads(run("check", POLICY, "--format", "sarif").stdout)
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(CODES)
    root = HERE.parents[1]
    for rule in rules:
        page = f"docs/diagnostics/{rule['id']}.md"
        assert f"({page})" in rule["help"]["markdown"]
        assert (root / page).is_file()


def test_sarif_results(run: Run, wrong: Path) -> None:
    found = results(run, wrong)
    assert len(found) == 2
    assert {each["level"] for each in found} == {"error"}
    assert all(list(CODES)[each["ruleIndex"]] == each["ruleId"] for each in found)
    unknown = next(each for each in found if each["ruleId"] == "P203")
    assert unknown["message"]["text"].startswith("unknown field `post.medai`\nhelp: did you mean")


def test_sarif_warnings(run: Run, warned: Path) -> None:
    assert [(each["ruleId"], each["level"]) for each in results(run, warned)] == [
        ("P701", "warning")
    ]


def test_fingerprints_are_each_their_own_and_outlive_an_edit_above(run: Run, wrong: Path) -> None:
    def prints() -> list[str]:
        return [each["partialFingerprints"]["somepolicy/v1"] for each in results(run, wrong)]

    before = prints()
    assert len(set(before)) == len(before)
    rules = wrong / "post.pol"
    rules.write_text("# a line more\n\n" + rules.read_text())
    assert prints() == before


def test_sarif_of_odd_paths_and_characters() -> None:
    paths = ("my policy/æ#1.pol", "/tmp/a b.pol")
    spans = [Span(Source(path, "a\U0001f600\u202eb\nc"), 3, 6) for path in paths]
    log = sarif([Diagnostic("P202", "x \x07\u202e", span) for span in spans])
    SCHEMA.validate(log)
    text = json.dumps(log, ensure_ascii=False)
    assert '"my%20policy/%C3%A6%231.pol"' in text
    assert '"file:///tmp/a%20b.pol"' in text
    assert "\u202e" not in text
    assert '"startLine": 1, "startColumn": 4, "endLine": 2, "endColumn": 2' in text


def test_github(run: Run, wrong: Path) -> None:
    lines = run("check", wrong, "--format", "github").stdout.splitlines()
    assert len(lines) == 2
    assert all(line.startswith(f"::error file={wrong}/") for line in lines)
    told = next(line for line in lines if "title=P203" in line)
    assert ",line=" in told
    assert ",col=" in told
    assert told.endswith("::unknown field `post.medai`%0Ahelp: did you mean `post.media`?")


def test_generated_code_is_for_text(run: Run) -> None:
    result = run("check", POLICY, "--generated", "--format", "json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--generated is for --format text" in result.stderr
