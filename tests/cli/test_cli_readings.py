"""`somepolicy readings` and `check --require-signed`, from the command line."""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.cli.conftest import HERE, POLICY, Run

Golden = Callable[[Path, str], None]
KAI = "../compare/policy/kai"


@pytest.fixture
def kai(tmp_path: Path) -> Path:
    shutil.copytree(HERE / KAI, tmp_path / "kai")
    return tmp_path / "kai"


def sign_all(folder: Path) -> None:
    clauses = folder / "clauses.pol"
    text = clauses.read_text().replace("status proposed", 'status signed "chair" on 2026-11-02')
    clauses.write_text(text.replace("2999-03-01", "2026-11-03"))


# --- readings


@pytest.mark.parametrize("form", ["text", "md"])
@pytest.mark.parametrize("language", ["nb", "en"])
def test_what_is_shown(run: Run, golden: Golden, form: str, language: str) -> None:
    result = run("readings", KAI, "--lang", language, "--format", form)
    assert (result.exit_code, result.stderr) == (0, "")
    today = datetime.datetime.now().astimezone().date().isoformat()
    suffix = {"text": "txt", "md": "md"}[form]
    shown = result.stdout.replace(today, "TODAY")
    golden(HERE / "golden" / f"readings.{language}.{suffix}", shown)


def test_only_those_not_signed(run: Run, kai: Path) -> None:
    shown = run("readings", kai, "--unsigned").stdout
    assert "head of the quay, 2026-11-01" not in shown
    assert all(f"? {name}  " in shown for name in ("K2", "K3", "K4"))
    assert "4 readings: 2 proposed, 1 signed ahead of time, 1 signed" in shown
    sign_all(kai)
    shown = run("readings", kai, "--unsigned").stdout
    assert "All readings are signed." in shown
    assert "K1" not in shown


def test_json(run: Run) -> None:
    (found,) = json.loads(run("readings", KAI, "--format", "json").stdout)
    assert found.keys() == {"policy", "day", "readings"}
    assert found["policy"]["name"] == "kai"
    assert [each["name"] for each in found["readings"]] == ["K3", "K2", "K4", "K1"]
    first, last = found["readings"][0], found["readings"][-1]
    assert first.keys() == {
        "name", "says", "standing", "signed_by", "signed_on", "clauses", "rules", "tests", "where",
    }  # fmt: skip
    assert (first["signed_by"], first["signed_on"]) == (None, None)
    assert (last["signed_by"], last["signed_on"]) == ("head of the quay", "2026-11-01")
    assert first["rules"] == [
        {"name": "was_checked", "effect": "attest", "departs": ["quay.checked"], "tests": 2}
    ]
    assert first["clauses"][1] == {
        "name": "quay.checked",
        "locator": "1.b4",
        "force": "question",
        "under": "should",
        "says": {"nb": "Er innlegget lest av noen?", "en": "Has someone read the post?"},
    }


def test_a_policy_without_readings(run: Run) -> None:
    assert "The policy has no readings." in run("readings", POLICY, "--lang", "en").stdout
    assert "Policyen har ingen tolkninger." in run("readings", POLICY, "--lang", "nb").stdout
    (found,) = json.loads(run("readings", POLICY, "--format", "json").stdout)
    assert found["readings"] == []


def test_a_folder_of_policies(run: Run, kai: Path) -> None:
    shutil.copytree(HERE / POLICY, kai.parent / "havn")
    found = json.loads(run("readings", kai.parent, "--format", "json").stdout)
    assert [each["policy"]["name"] for each in found] == ["havn", "kai"]
    shown = run("readings", kai.parent).stdout
    assert shown.index("Readings of havn") < shown.index("Readings of kai")


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["nowhere"], "nowhere: no such file or directory"),
        (["documents"], "documents: this is no policy"),
        ([KAI, "--lang", "fr"], "no messages in `fr`"),
        ([KAI, "--format", "jsn"], "'jsn'"),
    ],
)
def test_bad_usage(run: Run, args: list[str], told: str) -> None:
    result = run("readings", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


@pytest.mark.parametrize("file", ["post.pol", "tests/post.pol"])
def test_a_file_with_an_error(run: Run, kai: Path, file: str) -> None:
    (kai / file).write_text("ruels for post\n")
    result = run("readings", kai)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"kai/{file}:1:1: error[P" in result.stderr


def test_what_a_policy_says_cannot_command_a_terminal_or_a_page(run: Run, kai: Path) -> None:
    clauses = kai / "clauses.pol"
    text = clauses.read_text().replace("Too large is above 10.", "<b>*Large*</b> | [x](y) `z`")
    clauses.write_text(text.replace("head of the quay", "head | of *quay*"))
    page = run("readings", kai, "--format", "md", "--lang", "en").stdout
    assert "\\<b\\>\\*Large\\*\\</b\\> \\| \\[x\\](y) \\`z\\`" in page
    rows = [line.replace("\\|", "") for line in page.splitlines() if line.startswith("|")]
    assert {row.count("|") for row in rows} == {7}


@pytest.mark.parametrize("said", ["+ Large", "- Large", "1. Large", "12) Large"])
def test_what_a_policy_says_begins_no_list(run: Run, kai: Path, said: str) -> None:
    clauses = kai / "clauses.pol"
    clauses.write_text(clauses.read_text().replace("Too large is above 10.", said))
    page = run("readings", kai, "--format", "md", "--lang", "en").stdout
    assert f"<p>{said}</p>" in MarkdownIt("commonmark").render(page)


# --- check --require-signed


def test_unsigned_readings_are_errors_only_when_asked(run: Run) -> None:
    assert run("check", KAI, "--strict").exit_code == 0
    result = run("check", KAI, "--require-signed")
    assert result.exit_code == 1
    assert result.stdout.count("error[P408]") == 3
    assert result.stdout.splitlines()[-1].endswith(
        "4 readings (3 unsigned), 3 tests, 3 errors, no warnings"
    )


def test_the_summary_counts_what_is_not_signed_today(run: Run, kai: Path) -> None:
    """Asked for or not: a signature of a day to come does not count yet."""
    for more in ((), ("--require-signed",)):
        assert "4 readings (3 unsigned)" in run("check", kai, *more).stdout
    sign_all(kai)
    assert "4 readings (none unsigned)" in run("check", kai).stdout


def test_signed_readings_pass(run: Run, kai: Path) -> None:
    sign_all(kai)
    result = run("check", kai, "--require-signed")
    assert (result.exit_code, result.stdout.count("\n")) == (0, 2)
    assert run("check", POLICY, "--require-signed").exit_code == 0


@pytest.mark.parametrize("form", ["json", "sarif", "github"])
def test_unsigned_readings_in_every_form(run: Run, form: str) -> None:
    assert run("check", KAI, "--format", form).exit_code == 0
    result = run("check", KAI, "--require-signed", "--format", form)
    assert result.exit_code == 1
    match form:
        case "json":
            found = json.loads(result.stdout)
            assert [each["code"] for each in found] == ["P408"] * 3
            assert {each["severity"] for each in found} == {"error"}
        case "sarif":
            (log,) = json.loads(result.stdout)["runs"]
            assert [each["level"] for each in log["results"]] == ["error"] * 3
        case _:
            assert result.stdout.count("::error ") == 3


def test_errors_come_before_signatures(run: Run, kai: Path) -> None:
    (kai / "post.pol").write_text("ruels for post\n")
    result = run("check", kai, "--require-signed")
    assert result.exit_code == 1
    assert "P408" not in result.stdout
