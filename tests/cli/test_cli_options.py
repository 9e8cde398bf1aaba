"""Every option is heeded, or refused with the reason; and a check of nothing is no check."""

from __future__ import annotations

import errno
import itertools
import json
import os
import re
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import HERE, POLICY, Run

TESTS = """
test "it is allowed"
  given "allowed.json"
  expect allow
  expect case_handled satisfied

test "it is denied"
  given "denied.json"
  expect deny
  expect picture_cleared violated
  expect case_handled unproven
  expect figures_checked unproven
"""
FAILING = TESTS.replace("expect deny", "expect allow")
OF_TEST = {
    "--run": "denied",
    "--list": None,
    "--fail-fast": None,
    "--allow-empty": None,
    "--durations": None,
    "--verbose": None,
    "--format": "json",
    "--coverage": None,
    "--coverage-format": "json",
    "--mutate": None,
    "--threshold": "1",
    "--jobs": "1",
}
TOGETHER = {  # heeded both; every other pair is refused
    *(frozenset({"--run", each}) for each in OF_TEST if not re.match("--(cov.*-f|thr|jobs)", each)),
    *(
        frozenset(pair)
        for pair in (
            ("--list", "--allow-empty"),
            ("--list", "--format"),
            ("--fail-fast", "--allow-empty"),
            ("--fail-fast", "--durations"),
            ("--fail-fast", "--verbose"),
            ("--fail-fast", "--format"),
            ("--allow-empty", "--durations"),
            ("--allow-empty", "--verbose"),
            ("--allow-empty", "--format"),
            ("--durations", "--verbose"),
            ("--coverage", "--coverage-format"),
            ("--coverage", "--threshold"),
            ("--mutate", "--threshold"),
            ("--mutate", "--jobs"),
        )
    ),
}


@pytest.fixture
def folder(policies: Path) -> Path:
    return with_tests(policies, TESTS)


def with_tests(policies: Path, text: str) -> Path:
    (policies / "havn" / "tests").mkdir(exist_ok=True)
    (policies / "havn" / "tests" / "post.pol").write_text(text)
    if not (policies / "havn" / "examples").exists():
        (policies / "havn" / "examples").symlink_to(HERE / "documents")
    return policies / "havn"


@pytest.mark.parametrize(
    "pair",
    [
        pytest.param(pair, marks=[pytest.mark.slow] if "--mutate" in pair else [])
        for pair in itertools.combinations(OF_TEST, 2)
    ],
    ids=" ".join,
)
def test_pairs_of_options_of_test(run: Run, folder: Path, pair: tuple[str, str]) -> None:
    args = [word for name in pair for word in (name, OF_TEST[name]) if word]
    result = run("test", folder, *args)
    if frozenset(pair) in TOGETHER:
        assert result.exit_code == 0, result.stderr
        return
    assert (result.exit_code, result.stdout) == (2, "")
    assert any(name in result.stderr for name in pair)


@pytest.mark.parametrize("name", ["--list", "--coverage", "--mutate"])
def test_watching_goes_on_beside_none_of_these(run: Run, folder: Path, name: str) -> None:
    result = run("test", folder, "--watch", name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert run("test", folder, "--watch", "--format", "tap").exit_code == 2


@pytest.mark.slow
def test_what_is_asked_for_is_what_is_measured(run: Run, folder: Path) -> None:
    whole = json.loads(run("test", folder, "--coverage", "--coverage-format", "json").stdout)
    part = json.loads(
        run("test", folder, "--coverage", "--coverage-format", "json", "--run", "denied").stdout
    )
    assert (whole["tests"], part["tests"]) == (2, 1)
    assert (
        part["percent"] < whole["percent"]
        or part["percent_of_conditions"] < whole["percent_of_conditions"]
    )
    scores = [
        float(re.findall(r"score ([0-9.]+) %", run("test", folder, *args).stdout)[0])
        for args in (["--mutate", "-j", "1"], ["--mutate", "-j", "1", "--run", "denied"])
    ]
    assert scores[1] < scores[0]


@pytest.mark.parametrize("how", ["--coverage", "--mutate", "--list", "--fail-fast", "-v"])
@pytest.mark.parametrize("empty", ["pattern", "tests", "file"])
def test_nothing_to_run_is_no_success(run: Run, policies: Path, how: str, empty: str) -> None:
    folder = with_tests(policies, "# none yet\n" if empty == "tests" else TESTS)
    (folder / "tests" / "none.pol").write_text("# none\n")
    place = folder / "tests" / "none.pol" if empty == "file" else folder
    args = ["--run", "whoops"] if empty == "pattern" else []
    result = run("test", place, how, *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no test" in result.stderr


def test_one_policy_of_several_without_tests_is_told(run: Run, folder: Path) -> None:
    shutil.copytree(HERE / POLICY, folder.parent / "other")
    result = run("test", folder.parent)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "havn 0.3.0: there are no tests" in result.stderr
    assert run("test", folder.parent, "--allow-empty").exit_code == 0


def test_a_test_that_fails_shows_nothing(run: Run, policies: Path) -> None:
    folder = with_tests(policies, FAILING)
    args = ["--coverage", "--coverage-format", "json"]
    result = run("test", folder, *args, "--threshold", "0")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["tests"] == 1
    assert "post.pol:7:1: it is denied: it fails, and shows nothing" in result.stderr
    result = run("test", folder, "--mutate", "--jobs", "1")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "1 of 2 tests fail" in result.stderr


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("  expect deny\n", ""),
        ("  without post.as_of\n  expect deny\n", "neither the test nor its document says"),
        ("  without post.as_of\n  at 2026-11-22\n  expect deny\n", ""),
        (
            '  expect deny\n  case "a" without post.as_of\n  case "b" with post.id = "b"\n',
            "neither",
        ),
        ("  without post.as_of\n  with post.as_of = 2026-11-22T10:00:00Z\n  expect deny\n", ""),
    ],
)
def test_the_time_of_a_test_is_fixed(run: Run, policies: Path, change: str, told: str) -> None:
    folder = with_tests(policies, TESTS.replace("  expect deny\n", change))
    checked, ran = run("check", folder), run("test", folder)
    assert (checked.exit_code, ran.exit_code) == ((1, 2) if told else (0, 0))
    for output in (checked.stdout, ran.stderr):
        assert output.count("error[P806]") == bool(told)
        assert told in output


def test_check_reads_the_tests(run: Run, policies: Path) -> None:
    """Every mistake once, and in the order of files and places."""
    text = TESTS.replace("case_handled s", "case_handeld s").replace("denied.json", "nowhere.json")
    folder = with_tests(policies, text)
    (folder / "tests" / "broken.pol").write_text('test "x" given\n')
    found = json.loads(run("check", folder, "--format", "json").stdout)
    assert [(Path(each["file"]).name, each["code"]) for each in found] == [
        ("broken.pol", "P107"),
        ("post.pol", "P801"),
        ("post.pol", "P802"),
    ]
    assert run("check", folder).stdout.count("error[") == 3
    rules = folder / "post.pol"
    rules.write_text(rules.read_text().replace("post.media", "post.medai"))
    found = json.loads(run("check", folder, "--format", "json").stdout)
    assert [each["code"] for each in found] == ["P203", "P203", "P107"]


@pytest.mark.parametrize(
    "command",
    [
        ["check", POLICY, "--generated", "--format", "sarif"],
        ["check", POLICY, "--policy", POLICY],
        ["readings", POLICY, "--format", "json", "--lang", "nb"],
        ["readings", POLICY, "--policy", POLICY],
        ["test", POLICY, "--policy", POLICY],
        ["eval", "documents/allowed.json", "--explain", "--format", "json"],
        ["eval", "documents/allowed.json", "--resume"],
        ["detect", "-"],
        ["log", "show", "nowhere.db", "an-id", "--last", "3"],
        ["log", "show", "nowhere.db", "an-id", "--since", "2026-01-01"],
    ],
    ids=" ".join,
)
def test_what_would_be_passed_over_is_refused(run: Run, command: list[str]) -> None:
    result = run(*command)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("somepolicy: ")


# --- the ends of the calendar


@pytest.mark.parametrize(
    "command",
    [
        ["eval", "--policy", POLICY, "documents/allowed.json", "--as-of"],
        ["eval", "--policy", POLICY, "documents/allowed.json", "--jobs", "1", "--as-of"],
        ["compare", POLICY, POLICY, "documents/allowed.json", "--as-of"],
        ["detect", "--policy", POLICY, "documents/allowed.json", "--as-of"],
        ["log", "show", "nowhere.db", "--since"],
        ["log", "export", "nowhere.db", "--until"],
        ["report", "citations", "--policy", POLICY, "--log", "nowhere.db", "--since"],
        ["report", "citations", "--policy", POLICY, "--log", "nowhere.db", "--until"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_beyond_the_years_is_an_error_of_its_option(
    run: Run, command: list[str], time: str
) -> None:
    result = run(*command, time)
    assert result.exit_code == 2
    assert "internal error" not in result.output
    assert "in UTC this lies before the year 1 or after the year 9999" in unwrapped(result.output)


def unwrapped(box: str) -> str:
    """Return the text of an error of usage, which stands in a box."""
    return " ".join(box.replace("│", " ").split())


@pytest.mark.parametrize(
    "command",
    [
        ["eval", "--policy", POLICY, "documents/allowed.json", "--format", "json"],
        ["eval", "--policy", POLICY, "documents/allowed.json", "--format", "ndjson"],
        ["eval", "--policy", POLICY, "documents/allowed.json", "--jobs", "1"],
        ["compare", POLICY, POLICY, "documents/allowed.json", "--format", "json"],
    ],
    ids=" ".join,
)
def test_a_language_of_what_has_none_is_refused(run: Run, command: list[str]) -> None:
    assert run(*command).exit_code == 0
    result = run(*command, "--lang", "en")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--lang is for --format text" in result.stderr


def test_the_language_of_a_summary_is_heeded(run: Run, tmp_path: Path) -> None:
    command = ("eval", "--policy", POLICY, "documents/allowed.json", "-o", tmp_path / "out")
    told = [run(*command, "--lang", language).stderr for language in ("nb", "en")]
    assert told[0] != told[1]


# --- what stands where a policy should


def test_a_policy_that_is_no_folder_is_named_for_what_it_is(run: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("nowhere")
    (tmp_path / "file").write_text("")
    for name, told in {
        "pipe": "this is a pipe; name the folder of a policy",
        "link": "this is a link that leads nowhere",
        "file": "this is a file; name the folder of a policy",
    }.items():
        for command in (["check", tmp_path / name], ["digest", "x", "--policy", tmp_path / name]):
            result = run(*command)
            assert result.exit_code == 2
            if command[0] == "check":
                assert result.stderr == f"somepolicy: {tmp_path / name}: {told}\n"


def test_a_byte_order_mark_hides_no_name(run: Run, policies: Path) -> None:
    manifest = policies / "havn" / "policy.toml"
    before = run("check", policies / "havn").stdout
    manifest.write_bytes(b"\xef\xbb\xbf" + manifest.read_bytes())
    assert run("check", policies / "havn").stdout == before


def test_tests_and_word_lists_behind_links_and_below_folders_count(
    run: Run, policies: Path, tmp_path: Path
) -> None:
    folder = policies / "havn"
    (tmp_path / "aside").mkdir()
    (tmp_path / "aside" / "t.pol").write_text(TESTS)
    (folder / "tests").symlink_to(tmp_path / "aside")
    (folder / "examples").symlink_to(HERE / "documents")
    assert "tests/t.pol" in run("check", folder).stdout
    assert "2 passed" in run("test", folder).stdout
    (folder / "words" / "more").mkdir(parents=True)
    (folder / "words" / "more" / "places.toml").write_text('source = "own"\nclause = "nope"\n')
    result = run("check", folder)
    assert result.exit_code == 1
    assert "words/more/places.toml:2:1: error[P607]: unknown clause `nope`" in result.stdout


def test_a_folder_of_examples_that_may_not_be_read_is_no_missing_document(
    run: Run, policies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = policies / "havn"
    (folder / "tests").mkdir()
    (folder / "tests" / "t.pol").write_text(TESTS)
    (folder / "examples").mkdir(exist_ok=True)
    lstat = Path.lstat

    def refused(path: Path) -> os.stat_result:
        if path.parent.name == "examples":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return lstat(path)

    monkeypatch.setattr(Path, "lstat", refused)
    result = run("check", folder)
    assert result.exit_code == 1
    assert "error[P802]: the document cannot be looked for: " in result.stdout
    assert "allowed.json: permission denied" in result.stdout
