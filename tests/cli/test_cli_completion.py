"""What a press of the tab key offers: as data, and in bash itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from somepolicy.cli.inputs.completion import complete_path
from tests.cli.conftest import POLICY, Run

TESTS = """
test "a post without its ""unit"" is refused"
  given "post/x.json"
  expect deny
  case "it isn't $there"  with post.x = 1  expect clause avsender.enhet violated
  case "plain" expect unit_stated satisfied
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the current folder: it holds policies, one of them in disorder."""
    for name, text in {
        "policy/fjordby/policy.toml": 'name = "fjordby"\nlanguages = ["nn", "en"]\n',
        "policy/fjordby/tests/post.pol": TESTS,
        "policy/fjordby/tests/broken.pol": 'test "begun\ntest "whole" ((\n',
        "policy/wrong/policy.toml": "languages = [",
        "policy/none/notes.txt": "",
        "examples/policies/other/policy.toml": "",
        ".hidden/policy.toml": "",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "policy/fjordby/tests/bytes.pol").write_bytes(b'\xff test "odd"\n')
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def offered(run: Run, monkeypatch: pytest.MonkeyPatch):
    """Ask as fish does, which takes names as they are."""

    def ask(line: str, shell: str = "fish") -> list[str]:
        monkeypatch.setenv("_SOMEPOLICY_COMPLETE", f"complete_{shell}")
        monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
        monkeypatch.setenv("_TYPER_COMPLETE_ARGS", f"somepolicy {line}")
        words = ["somepolicy", *line.split(" ", 2)] if shell == "bash" else []
        monkeypatch.setenv("COMP_WORDS", "\n".join(words))
        monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
        result = run()
        assert (result.exit_code, result.stderr) == (0, "")
        return [each.partition("\t")[0] for each in result.stdout.splitlines() if each]

    return ask


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ["policy/fjordby", "policy/wrong"]),
        ("pol", ["policy/fjordby", "policy/wrong"]),
        ("policy/f", ["policy/fjordby"]),
        ("./policy/f", ["./policy/fjordby"]),
        ("examples/", ["examples/policies/other"]),
        ("policy/none", []),
        ("nowhere/", []),
        ("policy/none/notes.txt/", []),
        ("a\0b", []),
        ("a\0b/", []),
        ("x" * 5000 + "/", []),
    ],
)
def test_policies(place: Path, typed: str, found: list[str]) -> None:
    assert complete_path(typed) == found
    absolute = complete_path(f"{place}/{typed}")
    assert absolute == [f"{place}/{each}" for each in found]


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("ev", ["eval"]),
        ("check ", ["policy/fjordby", "policy/wrong"]),
        ("eval --policy policy/f", ["policy/fjordby"]),
        ("eval --policy be", ["bergen"]),
        ("eval --policy ", ["bergen", "policy/fjordby", "policy/wrong"]),
        ("test --policy policy/fjordby --run pl", ["plain"]),
        ("eval --format n", ["ndjson"]),
        ("test --format j", ["json", "junit"]),
        ("eval --policy policy/fjordby --lang ", ["nn", "en"]),
        ("eval --policy policy/wrong --lang ", ["nb", "nn", "en"]),
        ("eval --policy nowhere --lang e", ["en"]),
        ("eval --lang ", ["nn", "en"]),
        ("test policy/fjordby --run pl", ["plain"]),
        ("test policy/fjordby --run un", ["unit_stated"]),
        ("test policy/fjordby --run a", ['a post without its "unit" is refused', "avsender.enhet"]),
        ("test --run o", ["odd"]),
        ("test --run w", ["whole"]),
        ("test nowhere --run ", []),
        ("test policy/wrong --run ", []),
    ],
)
def test_words(offered, line: str, found: list[str]) -> None:
    assert offered(line) == found


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("--run pl", ["plain"]),
        ('--run "a', ['a post without its \\"unit\\" is refused', "avsender.enhet"]),
        ('--run "it', ["it isn't \\$there"]),
        ("--run 'a p", ['a post without its "unit" is refused']),
        ("--run 'it", []),
    ],
)
def test_bash_gets_a_name_as_it_has_to_stand(offered, typed: str, found: list[str]) -> None:
    # a quoted text with a character that is escaped does not begin as it is typed
    assert [each for each in offered(f"test {typed}", "bash") if "odd" not in each] == found


@pytest.mark.usefixtures("place")
def test_names_are_quoted_where_nothing_is_typed(offered) -> None:
    found = offered("test --run ", "bash")
    assert "'a post without its \"unit\" is refused'" in found
    assert "plain" in found


def test_the_help_names_how_to_install_it(run: Run) -> None:
    shown = run("--help").stdout
    assert "--install-completion" in shown
    assert "--show-completion" in shown


SCRIPT = """
source <(somepolicy --show-completion; true)
complete -p somepolicy
tab() {
  COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
  _somepolicy_completion somepolicy
  printf '%s|' "${COMPREPLY[@]}"; echo
}
tab somepolicy ev
tab somepolicy check policy/h
"""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_in_bash(tmp_path: Path) -> None:
    """The script that the command prints is sourced by bash, and asked as bash asks it."""
    command = tmp_path / "somepolicy"
    program = "from somepolicy.cli import main; main()"
    command.write_text(f"#!/bin/sh\nexec '{sys.executable}' -c '{program}' \"$@\"\n")
    command.chmod(0o755)
    done = subprocess.run(
        ["bash", "--norc", "-c", SCRIPT],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
    )
    registered, *answers = done.stdout.splitlines()
    assert registered == "complete -o default -F _somepolicy_completion somepolicy"
    assert answers == ["eval|", f"{POLICY}|"]
