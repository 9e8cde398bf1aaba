"""`test`: choosing cases, watching, and the formats of the results."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from somepolicy.cli.commands.test import Options, stamps, watch_once
from somepolicy.syntax import nodes as n
from somepolicy.syntax.parser import parse, read_source
from somepolicy.workbench.select import Selection, rows
from tests.cli.conftest import HERE, Run, Start

SECRET = "Hemmelig tekst"


def write_tests(folder: Path, text: str) -> None:
    (folder / "tests").mkdir(exist_ok=True)
    (folder / "tests" / "post.pol").write_text(text)
    if not (folder / "examples").exists():
        (folder / "examples").symlink_to(HERE / "documents")


TESTS = f"""
test "the boat day is fine"
  given "allowed.json"
  expect allow
  case "as it is" expect case_handled satisfied
  case "<shorter> & #1" with post.text.body = "{SECRET}" expect clause tall.riktig not applicable

test "so is the trip"
  given "denied.json"
  with post.text.body = "{SECRET}"
  with post.media[0].kind = "image"
  expect allow
  expect picture_cleared satisfied at /media/0
"""
NOWHERE = """
test "there is no such place"
  given "allowed.json"
  without post.media[7]
  expect allow
"""
NAMES = [
    "the boat day is fine > as it is",
    "the boat day is fine > <shorter> & #1",
    "so is the trip",
]


@pytest.fixture
def folder(policies: Path) -> Path:
    """A policy with two cases that pass and a test that fails."""
    write_tests(policies / "havn", TESTS)
    return policies / "havn"


def listed(run: Run, *args: object) -> list[str]:
    result = run("test", *args, "--list")
    assert result.exit_code == 0, result.stderr
    return [line.split(": ", 1)[1] for line in result.stdout.splitlines()]


# --- choosing


@pytest.mark.parametrize(
    ("pattern", "numbers"),
    [
        ("as it is", [0]),  # a case
        ("the boat day", [0, 1]),  # a test
        ("fine > <", [1]),  # both
        ("tall.riktig", [1]),  # a clause
        ("picture_cleared", [2]),  # a rule
        ("^so", [2]),  # RE2
        ("(?i)AS IT|TRIP", [0, 2]),
        ("#1", [1]),
        ("<shorter> & (", []),
        ("AS IT", []),
        ("", [0, 1, 2]),
    ],
)
def test_run(run: Run, folder: Path, pattern: str, numbers: list[int]) -> None:
    names = [NAMES[number] for number in numbers]
    if not names:
        assert run("test", folder, "--list", "--run", pattern).exit_code == 2
        return
    assert listed(run, folder, "--run", pattern) == names


def test_what_is_not_asked_for_is_not_run(run: Run, folder: Path) -> None:
    result = run("test", folder, "--run", "boat")
    assert (result.exit_code, result.stdout) == (
        0,
        "havn 0.3.0: 2 passed, 0 failed, 1 not asked for\n",
    )


def test_list_tells_the_place(run: Run, folder: Path) -> None:
    lines = run("test", folder, "--list").stdout.splitlines()
    assert lines[0] == f"{folder}/tests/post.pol:5: {NAMES[0]}"
    found = json.loads(run("test", folder, "--list", "--format", "json").stdout)
    assert [each["name"] for each in found] == NAMES
    assert found[2] == {
        "name": NAMES[2], "test": NAMES[2], "case": None,
        "file": f"{folder}/tests/post.pol", "line": 8, "column": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "near"),
    [
        ("picture_claered", "picture_cleared"),
        ("shotrer", "<shorter>"),
        ("so is teh trip", NAMES[2]),
    ],
)
def test_a_pattern_that_fits_nothing_fails(run: Run, folder: Path, pattern: str, near: str) -> None:
    result = run("test", folder, "--run", pattern)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"somepolicy: no test, clause or rule fits `{pattern}`; did you mean `{near}`?\n"
    )
    allowed = run("test", folder, "--run", pattern, "--allow-empty")
    assert (allowed.exit_code, allowed.stdout) == (
        0,
        "havn 0.3.0: 0 passed, 0 failed, 3 not asked for\n",
    )


def test_a_refused_pattern_says_why(run: Run, folder: Path) -> None:
    assert "as a pattern it is refused: `\\b` knows" in run("test", folder, "--run", r"\bx").stderr


def test_no_tests_at_all(run: Run, policies: Path) -> None:
    assert run("test", policies, "--run", "x").exit_code == 2
    result = run("test", policies, "--allow-empty")
    assert (result.exit_code, result.stdout) == (0, "havn 0.3.0: 0 passed, 0 failed\n")


def test_fail_fast(run: Run, folder: Path) -> None:
    write_tests(folder, TESTS[TESTS.index('test "so') :] + TESTS[: TESTS.index('test "so')])
    result = run("test", folder, "--fail-fast")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1] == "havn 0.3.0: 0 passed, 1 failed, 2 not run"
    assert run("test", folder).stdout.splitlines()[-1] == "havn 0.3.0: 2 passed, 1 failed"


@pytest.mark.parametrize(
    "args",
    [["--list", "--format", "junit"], ["--watch", "--list"], ["--watch", "--format", "tap"]],
)
def test_what_does_not_go_together(run: Run, folder: Path, args: list[str]) -> None:
    result = run("test", folder, *args)
    assert (result.exit_code, result.stdout) == (2, "")


# --- formats


def test_a_failure_for_people(run: Run, folder: Path) -> None:
    result = run("test", folder, "--durations", "-v")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert re.fullmatch(rf"{folder}/tests/post.pol:5: passed .* \(\d+\.\d ms\)", lines[0])
    assert re.fullmatch(rf"{folder}/tests/post.pol:8: FAILED so is the trip  \(.* ms\)", lines[2])
    shown = "\n".join(lines[3:-1])
    for text in (
        "    given     denied.json",
        "    with      post.text.body = text of 14 characters",
        "    with      post.media[0].kind = image",
        "    expected  allow\n    got       deny (picture_cleared",
        "    expected  picture_cleared satisfied at /media/0\n    got       ",
        "    picture_cleared  require · bilde.klarert",
        "/post.pol:13:9",
        "item.people = minors  /media/0/people",
    ):
        assert text in shown
    assert "relaxed_tone" not in shown
    assert all(line.startswith("    ") for line in lines[3:-1])


def test_json(run: Run, folder: Path) -> None:
    write_tests(folder, TESTS + NOWHERE)
    report = json.loads(run("test", folder, "--format", "json").stdout)
    assert (report["passed"], report["failed"], report["not_run"]) == (2, 2, 0)
    assert [each["outcome"] for each in report["results"]] == [
        "passed", "passed", "failed", "error",
    ]  # fmt: skip
    failed = report["results"][2]
    assert failed["seconds"] > 0
    assert failed["given"] == "denied.json"
    assert failed["changes"][0] == "with post.text.body = text of 14 characters"
    first = failed["failures"][0]
    assert (first["expected"], first["line"]) == ("allow", 12)
    assert first["got"].startswith("deny (")
    assert "picture_cleared" in [rule["name"] for rule in first["rules"]]
    assert report["results"][3]["failures"][0]["message"] == "there is no `7` to take away"


@pytest.mark.parametrize("measured", ["--coverage", "--mutate"])
def test_a_case_that_cannot_be_made_is_not_left_out(run: Run, folder: Path, measured: str) -> None:
    write_tests(folder, TESTS + NOWHERE)
    result = run("test", folder, measured)
    assert (result.exit_code, result.stdout) == (1, "")
    place = f"{folder}/tests/post.pol:15"
    assert place in result.stderr
    assert "there is no `7` to take away" in result.stderr


def test_a_process_that_ends_is_reported(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tests(folder, TESTS.partition('\ntest "so is')[0])
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    result = run("test", folder, "--mutate", "--jobs", "2")
    told = "a worker process ended with code 1; is there enough memory for so many jobs?"
    assert (result.exit_code, result.stderr) == (2, f"somepolicy: {told}\n")


def test_junit(run: Run, folder: Path) -> None:
    """The counts; that the XSD of Jenkins describes it is shown in test_cli_outputs.py."""
    write_tests(folder, TESTS + NOWHERE)
    (folder / "tests" / "more.pol").write_text(NOWHERE.replace("place", "thing"))
    result = run("test", folder, "--format", "junit")
    assert result.exit_code == 1
    root = ET.fromstring(result.stdout_bytes)
    assert root.tag == "testsuites"
    suites = list(root)
    assert [suite.attrib["name"] for suite in suites] == [
        f"{folder}/tests/more.pol",
        f"{folder}/tests/post.pol",
    ]
    for element in (root, *suites):
        cases = element.findall(".//testcase")
        for name, count in (
            ("tests", len(cases)),
            ("failures", len(element.findall(".//failure"))),
            ("errors", len(element.findall(".//error"))),
        ):
            assert element.attrib[name] == str(count), name
        total = sum(float(case.attrib["time"]) for case in cases)
        assert float(element.attrib["time"]) == pytest.approx(total, abs=1e-3)
    assert (root.attrib["tests"], root.attrib["failures"], root.attrib["errors"]) == ("5", "1", "2")
    for suite in suites:
        assert suite.tag == "testsuite"
        assert {case.tag for case in suite} == {"testcase"}
        for case in suite:
            assert set(case.attrib) == {"classname", "name", "time"}
            assert {each.tag for each in case} <= {"failure", "error"}
            for each in case:
                assert set(each.attrib) == {"message", "type"}
    post = suites[1].findall("testcase")
    assert [case.attrib["name"] for case in post][:3] == NAMES
    told = post[2].findtext("failure") or ""
    assert told.startswith(f"at        {folder}/tests/post.pol:8\n")
    assert "picture_cleared  require" in told


def test_xml_holds_no_character_it_cannot(run: Run, folder: Path) -> None:
    write_tests(folder, TESTS.replace("so is the trip", "a \ufffe \U0001f600 &"))
    root = ET.fromstring(run("test", folder, "--format", "junit").stdout_bytes)
    assert root.findall(".//testcase")[2].attrib["name"] == "a \ufffd \U0001f600 &"


def test_tap(run: Run, folder: Path) -> None:
    lines = run("test", folder, "--format", "tap").stdout.splitlines()
    assert lines[:2] == ["TAP version 14", "1..3"]
    assert [line for line in lines if re.match(r"(not )?ok ", line)] == [
        f"ok 1 - {NAMES[0]}",
        r"ok 2 - the boat day is fine > <shorter> & \#1",
        "not ok 3 - so is the trip",
    ]
    assert sum(line == "  ---" for line in lines) == sum(line == "  ..." for line in lines) == 3
    for line in lines:
        if line.startswith("  ") and line.strip() not in ("---", "..."):
            json.loads(line.split(": ", 1)[1])
    assert lines[-1] == "# havn 0.3.0: 2 passed, 1 failed"


def test_github(run: Run, folder: Path) -> None:
    first, last = run("test", folder, "--format", "github").stdout.splitlines()
    assert first.startswith(
        f"::error file={folder}/tests/post.pol,line=8,col=1,title=FAILED so is the trip"
        "::expected allow, got deny ("
    )
    assert "%0Aexpected picture_cleared satisfied at /media/0, got " in first
    assert last == "havn 0.3.0: 2 passed, 1 failed"


@pytest.mark.parametrize("form", ["text", "json", "junit", "tap", "github"])
def test_free_text_is_shown_in_no_format(run: Run, folder: Path, form: str) -> None:
    result = run("test", folder, *["-v"] * (form == "text"), "--format", form)
    assert result.exit_code == 1
    assert SECRET not in result.output
    assert "CANARY" not in result.output


# --- watching


def touch(path: Path, text: str) -> None:
    path.write_text(text)
    later = path.stat().st_mtime + 5
    os.utime(path, (later, later))


def test_a_round_runs_only_when_something_changed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = Options(Selection("boat"))
    seen = watch_once((folder,), options, None)
    assert capsys.readouterr().out == "havn 0.3.0: 2 passed, 0 failed, 1 not asked for\n"
    assert watch_once((folder,), options, seen) == seen
    assert capsys.readouterr().out == ""
    touch(folder / "tests" / "post.pol", TESTS.replace("expect allow", "expect deny", 1))
    after = watch_once((folder,), options, seen)
    assert after != seen
    told = capsys.readouterr().out
    assert told.startswith("\n--- changed: ")
    assert "post.pol\n" in told
    assert told.endswith("havn 0.3.0: 0 passed, 2 failed, 1 not asked for\n")


def test_a_round_outlives_a_policy_that_does_not_load(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = watch_once((folder,), Options(), None)
    touch(folder / "post.pol", "rules for psot")
    seen = watch_once((folder,), Options(), seen)
    assert "error[P208]" in capsys.readouterr().err
    (folder / "policy.toml").unlink()
    watch_once((folder,), Options(), seen)
    assert "policy.toml:1:1: error[P115]: no such file" in capsys.readouterr().err


def test_tests_schemas_and_examples_are_watched(tmp_path: Path, folder: Path) -> None:
    examples = tmp_path / "examples"
    examples.mkdir()
    (examples / "post.json").write_text("{}")
    watched = {path.name for path in stamps((folder,))}
    assert {"post.pol", "policy.toml", "post.schema.json", "post.json", "denied.json"} <= watched


def test_a_new_file_and_a_lost_one_are_changes(folder: Path) -> None:
    before = stamps((folder,))
    (folder / "tests" / "more.pol").write_text("")
    assert stamps((folder,)) != before
    (folder / "tests" / "more.pol").unlink()
    assert stamps((folder,)) == before


def test_an_interrupt_ends_the_watching(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("somepolicy.cli.commands.test.run_once", interrupted)
    with pytest.raises(KeyboardInterrupt):
        watch_once((folder,), Options(), None)


@pytest.mark.slow
def test_ctrl_c(start: Start, folder: Path) -> None:
    with start("test", folder, "--watch", "--run", "boat") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"havn 0.3.0: 2 passed, 0 failed, 1 not asked for\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 130
        assert process.stderr is not None
        assert process.stderr.read() == b""


# --- selecting


def test_names_are_those_of_the_expectations() -> None:
    text = (
        'test "a" given "x.json" expect allow expect clause b.c violated case "d" expect e violated'
    )
    module = parse(read_source("x.pol", text.encode()))
    (row,) = rows(each for each in module.declarations if isinstance(each, n.Test))
    assert list(row.names) == ["a > d", "a", "d", "b.c", "e"]
    assert row in Selection("^b")
    assert "a" not in Selection("a")
