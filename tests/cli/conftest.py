"""The command line, run in this folder against a small policy of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest
from typer.testing import CliRunner, Result

from somepolicy.cli.app import app

HERE = Path(__file__).parent
POLICY = "policy/havn"

Run = Callable[..., Result]
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths and language are the same wherever and by whomever the tests are run."""
    monkeypatch.chdir(HERE)
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture
def run() -> Run:
    """Run a command in this process; standard input is bytes or text."""

    def invoke(*args: object, stdin: bytes | str = b"") -> Result:
        result = CliRunner().invoke(app, [str(each) for each in args], input=stdin)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return invoke


@pytest.fixture
def evaluate(run: Run) -> Run:
    """Run `eval` with the small policy."""

    def invoke(*args: object, stdin: bytes | str = b"") -> Result:
        return run("eval", "--policy", POLICY, *args, stdin=stdin)

    return invoke


@pytest.fixture
def start() -> Start:
    """Run a command in a process of its own."""

    def popen(
        *args: object, stdin: int | IO[bytes] = subprocess.DEVNULL, stdout: int | IO[bytes] = -1
    ) -> subprocess.Popen[bytes]:
        # whatever runs the tests in the background may have told all it starts to ignore it
        heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
        program = f"{heard}\nfrom somepolicy.cli import main; main()"
        command = [sys.executable, "-c", program]
        return subprocess.Popen(
            [*command, *map(str, args)], stdin=stdin, stdout=stdout, stderr=subprocess.PIPE
        )

    return popen


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    """Return a folder with a copy of the small policy to change."""
    shutil.copytree(HERE / "policy", tmp_path / "policy")
    return tmp_path / "policy"


def one_line(name: str) -> str:
    """Return a document of this folder as a line of NDJSON."""
    return json.dumps(json.loads((HERE / "documents" / f"{name}.json").read_text()))
