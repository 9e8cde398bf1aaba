"""README.md is under test: what its first example shows is what is answered."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from somepolicy.cli.app import app

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^```console\n\$ somepolicy (.*)\n((?:.*\n)*?)```", PAGE, re.MULTILINE)


def words(text: str) -> list[str]:
    """Return the words of a text, whatever its width and the version of the policy."""
    return re.sub(r"\bbergen \d+\.\d+\.\d+", "bergen VERSION", text).split()


@pytest.mark.slow
@pytest.mark.parametrize(("arguments", "shown"), COMMANDS, ids=range(len(COMMANDS)))
def test_a_command_shows_what_the_page_says(
    arguments: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(app, shlex.split(arguments))
    assert (result.exit_code, words(result.stdout)) == (1, words(shown))


def test_the_page_has_an_example() -> None:
    assert COMMANDS


def test_the_page_lists_every_folder_of_the_package() -> None:
    table = PAGE.partition("## Where things are\n\n")[2].partition("\n\n")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if "src/somepolicy/" in line]
    named = [name for cell in cells for name in re.findall(r"`(?:src/somepolicy/)?(\w+)/`", cell)]
    folders = [path.parent.name for path in (ROOT / "src" / "somepolicy").glob("*/__init__.py")]
    assert sorted(named) == sorted(folders)
