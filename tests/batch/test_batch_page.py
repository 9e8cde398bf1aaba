"""docs/batch.md is under test: its commands and its program run as they stand."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from somepolicy.cli.app import app

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "batch.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^```console\n\$ somepolicy (.*)\n((?:.*\n)*?)```", PAGE, re.MULTILINE)
PROGRAMS = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(autouse=True)
def posts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    names = ("road-closure", "class-photo")
    texts = [(ROOT / "examples" / "post" / f"{name}.json").read_text("utf-8") for name in names]
    lines = [json.dumps(json.loads(text)) for text in texts]
    Path("posts.ndjson").write_text("\n".join([*lines, '{"kind": "post"']), encoding="utf-8")


@pytest.mark.parametrize(("arguments", "shown"), COMMANDS, ids=range(len(COMMANDS)))
def test_a_command_shows_what_the_page_says(arguments: str, shown: str) -> None:
    if ".parquet" in arguments:
        pytest.importorskip("pyarrow", reason="the extra `parquet` is absent")
    result = CliRunner().invoke(app, shlex.split(arguments))
    told = result.stdout + result.stderr
    assert (result.exit_code, any_version(told)) == (2, any_version(shown))
    assert any_version(told) != told


def any_version(text: str) -> str:
    """Return a text that is the same whichever version of the policy it names."""
    return re.sub(r"\bbergen \d+\.\d+\.\d+", "bergen VERSION", text)


@pytest.mark.slow
def test_the_program_runs() -> None:
    (program,) = PROGRAMS
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=False, text=True
    )
    assert done.stdout.splitlines() == [
        "allow ex-s7-road-closure",
        "deny ex-s13-class-photo",
        "invalid ['D103']",
    ], done.stderr
    assert len(COMMANDS) == 3
