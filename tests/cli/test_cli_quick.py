"""The quick reading of a command line means what the library that reads them all means."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from somepolicy.cli.app import app
from somepolicy.cli.quick import quick

ROOT = Path(__file__).parents[2]
POST = "examples/post/class-photo.json"
FINE = "examples/post/road-closure.json"
QUICK: tuple[Sequence[str], ...] = (
    [POST],
    [POST, FINE],
    [FINE, "--lang", "en"],
    ["--lang", "nb", POST, "--lang", "en"],
    ["--lang", "xx", POST],
    [POST, "--format", "json"],
    ["--format", "ndjson", POST, FINE],
    ["--format", "json", "--lang", "en", POST],
    [POST, "--policy", "policy/bergen"],
    [POST, "--policy", "bergne"],
    [POST, "--policy", ""],
    ["missing.json"],
    [""],
    ["-"],
)
SLOW: tuple[Sequence[str], ...] = (
    [],
    ["eval"],
    ["eval", "--help"],
    ["eval", "--", POST],
    ["eval", "--lang=en", POST],
    ["eval", POST, "--lang"],
    ["eval", POST, "--lang", "-"],
    ["eval", POST, "--explain"],
    ["eval", POST, "--format", "csv"],
    ["eval", POST, "--format", "parquet"],
    ["eval", "--lang", "en"],
    ["eval", "\x00"],
    ["eval", "\udc80"],
    ["check", POST],
    ["--version"],
)


def ran(arguments: Sequence[str], program: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-c", program, "eval", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        input='{"kind": "post"}',
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("arguments", QUICK, ids=" ".join)
def test_both_ways_answer_alike(
    arguments: Sequence[str], monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    if list(arguments) == ["-"]:
        both = [
            ran(arguments, "from somepolicy.cli import main; main()"),
            ran(arguments, "from somepolicy.cli.app import run; run()"),
        ]
        assert both[0] == both[1]
        return
    found = CliRunner().invoke(app, ["eval", *arguments])
    run = quick(["eval", *arguments])
    assert run is not None
    from somepolicy.cli.problems import settled

    code = settled(run)
    shown = capsysbinary.readouterr()
    assert (code, shown.out, shown.err) == (
        found.exit_code,
        found.stdout_bytes,
        found.stderr_bytes,
    )


@pytest.mark.parametrize("arguments", SLOW, ids=ascii)
def test_what_is_not_plain_is_left_to_the_library(arguments: Sequence[str]) -> None:
    assert quick(arguments) is None


def test_a_completion_is_left_to_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_SOMEPOLICY_COMPLETE", "complete_bash")
    assert quick(["eval", POST]) is None
