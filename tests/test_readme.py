"""README.md is under test: what its example shows is what is answered, and its figures are so."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from somepolicy.check.symbols import MOST_RULES
from somepolicy.cli.app import app
from somepolicy.engine import json_text
from somepolicy.engine.validate import MOST_VALUES
from somepolicy.patterns.engine import MOST_INSTRUCTIONS
from somepolicy.syntax import parser

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "README.md").read_text(encoding="utf-8")
RESULTS = (ROOT / "bench" / "RESULTS.md").read_text(encoding="utf-8")
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


def figures(command: str, column: str) -> set[str]:
    """Return every figure that RESULTS.md has of a column of a measurement."""
    section = RESULTS.partition(f"`python bench/run.py {command}`")[2].partition("\n### ")[0]
    rows = [row.split("|")[2:-1] for row in section.splitlines() if row.startswith(f"| {column} |")]
    return {cell.partition("(")[0].strip() for row in rows for cell in row}


def test_figures_are_those_of_the_results() -> None:
    table = PAGE.partition("| `python bench/run.py …` | ")[2].partition("\n\n")[0]
    head, _, *rows = table.splitlines()
    assert len(rows) > 5
    for row in rows:
        label, *cells = (cell.strip() for cell in row.strip("|").split("|"))
        command = label.split("`")[1]
        for column, cell in zip(head.strip(" |").split(" | "), cells, strict=True):
            assert cell in figures(command, column) | {"–"}, f"{label}: {column}"
    said = PAGE.partition("There, too: ")[2].partition("\n")[0]
    assert all(figure in RESULTS for figure in re.findall(r"[\d.]+ µs", said))


def test_limits_are_those_of_the_program() -> None:
    table = PAGE.partition("| limit | most |")[2].partition("\n\n")[0]
    for said in (
        f"{json_text.MOST_BYTES >> 20} MiB, {MOST_VALUES:,} values, {json_text.MOST_DEEP} levels",
        f"and {json_text._MOST_DIGITS} digits as written",
        f"{MOST_RULES:,} rules; a file {parser.MOST_BYTES >> 20} MiB",
        f"brackets {parser.MOST_NESTED} deep",
        f"{MOST_INSTRUCTIONS} instructions",
    ):
        assert said in table


def test_versions_are_those_that_were_run() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = re.findall(r"Python :: (3\.\d+)", " ".join(project["classifiers"]))
    (run,) = re.findall(r"only Python (\S+) on Linux has been run", PAGE)
    assert named == [run]


def test_the_page_has_an_example() -> None:
    assert COMMANDS


def test_the_page_lists_every_folder_of_the_package() -> None:
    table = PAGE.partition("## Where things are\n\n")[2].partition("\n\n")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if "src/somepolicy/" in line]
    named = [name for cell in cells for name in re.findall(r"`(?:src/somepolicy/)?(\w+)/`", cell)]
    folders = [path.parent.name for path in (ROOT / "src" / "somepolicy").glob("*/__init__.py")]
    assert sorted(named) == sorted(folders)
