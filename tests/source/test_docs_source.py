"""The page about the source text is under test: its commands, its example, its lists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from somepolicy.cli.app import app
from somepolicy.source.sentences import _ABBREVIATIONS
from tests.source.copies import segmented

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "source.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
COMMANDS = [
    example
    for kind, block in BLOCKS
    if kind == "console"
    for example in re.findall(
        r"^\$ somepolicy ([^\n]*)\n(.*?)(?=^\$ |\Z)", block, re.MULTILINE | re.DOTALL
    )
]


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.delenv("FORCE_COLOR", raising=False)


@pytest.mark.parametrize(("command", "output"), COMMANDS, ids=range(len(COMMANDS)))
def test_a_command_gives_what_the_page_shows(command: str, output: str) -> None:
    result = CliRunner().invoke(app, command.split())
    assert result.output == output


def test_the_example_is_cut_as_the_page_says() -> None:
    blocks = dict(BLOCKS)
    text = segmented(blocks["text"])
    headings = {each.number: f"heading {each.number}  {each.text}" for each in text.headings}
    lines = [f"title  {each}" for each in text.titles]
    for segment in text.segments:
        number = int(segment.locator.partition(".")[0])
        lines += [headings.pop(number)] if number in headings else []
        lines.append(f"{segment.locator}  {segment.text}")
    assert lines == blocks["units"].splitlines()


def test_the_python_of_the_page_runs() -> None:
    exec(dict(BLOCKS)["python"], {})


def test_the_page_lists_every_abbreviation() -> None:
    (listed,) = re.findall(r"nor after these abbreviations: ([^:]*?)\. After others", PAGE)
    assert listed == " ".join(f"`{each}.`" for each in sorted(_ABBREVIATIONS))
