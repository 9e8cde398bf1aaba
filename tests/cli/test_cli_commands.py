"""`check`, `test`, `digest`, and the command line as a whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from somepolicy import Policy, __version__
from somepolicy.cli.app import build
from tests.cli.conftest import HERE, POLICY, Run, one_line

SUMMARY = (
    "havn 0.3.0: 6 files: clauses.pol, policy.toml, post.pol, post.schema.json, private_post.pol, "
    "private_post.schema.json\n"
    "havn 0.3.0: 8 clauses, 7 rules, no readings, no tests, no errors, {warnings}\n"
)
UNUSED = "\ndefine unused = post.case_handling\n"


def spoil(policies: Path, text: str, by: str) -> Path:
    rules = policies / "havn" / "post.pol"
    assert text in rules.read_text()
    rules.write_text(rules.read_text().replace(text, by))
    return policies / "havn"


# --- as a whole


def test_version(run: Run) -> None:
    result = run("--version")
    assert (result.exit_code, result.stdout) == (0, f"somepolicy {__version__}\n")


def test_help(run: Run) -> None:
    shown = run("--help").stdout
    assert all(name in shown for name in ("eval", "check", "test", "digest"))
    assert len(shown.splitlines()) < 40


@pytest.mark.parametrize("command", ["eval", "check", "test", "digest"])
def test_help_of_a_command(run: Run, command: str) -> None:
    result = run(command, "-h")
    assert result.exit_code == 0
    assert "Exit code:" in result.stdout
    assert len(result.stdout.splitlines()) < 40


@pytest.mark.parametrize("args", [["evla"], ["--nope"], ["check", "--nope"], ["check", "a", "b"]])
def test_unknown_words(run: Run, args: list[str]) -> None:
    result = run(*args)
    assert (result.exit_code, result.stdout) == (2, "")


def test_a_misspelt_command_is_guessed(run: Run) -> None:
    assert "Did you mean 'eval'?" in run("evla").stderr


# --- check


def test_a_good_policy(run: Run) -> None:
    result = run("check", POLICY)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == SUMMARY.format(warnings="no warnings")


def test_errors_of_a_policy(run: Run, policies: Path) -> None:
    result = run("check", spoil(policies, "post.media", "post.medai"))
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.count("error[P203]: unknown field `post.medai`") == 2
    assert result.stdout.splitlines()[-1] == "havn 0.3.0: 2 errors"


def test_warnings_of_a_policy(run: Run, policies: Path) -> None:
    folder = spoil(policies, "rules for post\n", f"rules for post\n{UNUSED}")
    result = run("check", folder)
    assert result.exit_code == 0
    assert "warning[P701]" in result.stdout
    assert result.stdout.endswith(SUMMARY.format(warnings="1 warning"))
    assert run("check", folder, "--strict").exit_code == 1


def test_generated_code_stands_alone_on_standard_output(run: Run) -> None:
    result = run("check", POLICY, "--generated")
    assert result.stdout == Policy.load(POLICY).compiled.python() + "\n"
    assert result.stderr == SUMMARY.format(warnings="no warnings")


def test_a_folder_of_policies(run: Run, policies: Path) -> None:
    (policies / "notes").mkdir()
    (policies / "havn").rename(policies / "b")
    assert run("check", policies).exit_code == 0
    (policies / "a").mkdir()
    (policies / "a" / "policy.toml").write_text("name = 3")
    result = run("check", policies)
    assert result.exit_code == 1
    assert result.stdout.index("\na: ") < result.stdout.index("\nhavn 0.3.0: ")


def test_policies_here_come_first(run: Run) -> None:
    assert run("check").stdout == SUMMARY.format(warnings="no warnings")


def test_the_manifest_stands_for_its_folder(run: Run) -> None:
    assert run("check", f"{POLICY}/policy.toml").exit_code == 0


@pytest.mark.parametrize("command", ["check", "test"])
@pytest.mark.parametrize("path", ["nowhere", "documents", "documents/allowed.json"])
def test_what_is_no_policy(run: Run, command: str, path: str) -> None:
    result = run(command, path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"somepolicy: {path}: ")


# --- test


def write_tests(policies: Path, text: str) -> Path:
    folder = policies / "havn"
    (folder / "tests").mkdir()
    (folder / "tests" / "post.pol").write_text(text)
    (folder / "examples").symlink_to(HERE / "documents")
    return folder


GOOD_TEST = 'test "the boat day is fine"\n  given "allowed.json"\n  expect allow\n'
BAD_TEST = 'test "so is the trip"\n  given "denied.json"\n  expect allow\n'


def test_tests_that_pass(run: Run, policies: Path) -> None:
    folder = write_tests(policies, GOOD_TEST)
    assert run("test", folder).stdout == "havn 0.3.0: 1 passed, 0 failed\n"
    result = run("test", folder, "-v")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"{folder}/tests/post.pol:1: passed the boat day is fine",
        "havn 0.3.0: 1 passed, 0 failed",
    ]


def test_tests_that_fail(run: Run, policies: Path) -> None:
    folder = write_tests(policies, GOOD_TEST + BAD_TEST)
    result = run("test", policies)
    assert result.exit_code == 1
    first, *failures, last = result.stdout.splitlines()
    assert first == f"{folder}/tests/post.pol:4: FAILED so is the trip"
    assert failures
    assert all(line.startswith("    ") for line in failures)
    assert last == "havn 0.3.0: 1 passed, 1 failed"


def test_tests_that_cannot_be_used(run: Run, policies: Path) -> None:
    folder = write_tests(policies, GOOD_TEST.replace("allowed.json", "alowed.json"))
    result = run("test", folder)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "error[P802]: there is no such document" in result.stderr
    assert "did you mean `allowed.json`?" in result.stderr


def test_no_tests_are_no_success(run: Run) -> None:
    result = run("test")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "havn 0.3.0: there are no tests" in result.stderr


def test_tests_of_a_policy_that_does_not_load(run: Run, policies: Path) -> None:
    spoil(policies, "post.media", "post.medai")
    result = run("test", policies)
    assert result.exit_code == 2
    assert "error[P203]" in result.stderr


# --- digest


def test_digest(run: Run, tmp_path: Path) -> None:
    document = json.loads(Path("documents/denied.json").read_text())
    digest = Policy.load(POLICY).content_digest(document)
    path = tmp_path / "posts.ndjson"
    path.write_text(f"{one_line('denied')}\n" * 2)
    args = ["documents/denied.json", path, "-"]
    result = run("digest", "--policy", POLICY, *args, stdin=f"[{one_line('denied')}]")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"{digest}  documents/denied.json",
        f"{digest}  {path}:1",
        f"{digest}  {path}:2",
        f"{digest}  -#/0",
    ]


def test_the_digest_signs_what_eval_asks_for(run: Run, tmp_path: Path) -> None:
    digest = run("digest", "--policy", POLICY, "documents/unsigned.json").stdout.split()[0]
    document = json.loads(Path("documents/unsigned.json").read_text())
    signed = {
        "clause": "tall.riktig",
        "statement": "yes",
        "role": "editor",
        "at": "2026-11-22T09:00:00+01:00",
        "content_digest": digest,
    }
    path = tmp_path / "signed.json"
    path.write_text(json.dumps({**document, "attestations": [signed]}))
    assert run("eval", "--policy", POLICY, "documents/unsigned.json").exit_code == 1
    assert run("eval", "--policy", POLICY, path).exit_code == 0


def test_digest_of_what_is_invalid(run: Run) -> None:
    names = ["documents/invalid.json", "documents/allowed.json", "nowhere.json"]
    result = run("digest", "--policy", POLICY, *names)
    assert result.exit_code == 2
    assert [line.split()[1] for line in result.stdout.splitlines()] == ["documents/allowed.json"]
    assert "D301" in result.stderr
    assert "D001" in result.stderr


def test_the_list_of_commands_is_the_same_without_the_commands() -> None:
    whole, listing = (
        CliRunner().invoke(build(listing=only), ["--help"]).stdout for only in (False, True)
    )
    assert whole == listing and "  export " in whole
    commands = whole.partition("Commands:\n")[2]
    assert "..." not in commands, "a short help that is cut says nothing"
