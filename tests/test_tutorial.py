"""The tutorial is under test: its commands are run, its edits made, its output compared.

A block says after its language what it is: `console`, with `exit N` for the code of its last
command; `append FILE`, `create FILE`, `ends FILE`; `find FILE`, then `replace`.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from somepolicy.cli.app import app

PAGE = Path(__file__).parents[1] / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    language: str
    order: tuple[str, ...]
    text: str
    before: str  # the prose since the block before
    line: int


def blocks(page: str) -> Iterator[Block]:
    end = 0
    for found in BLOCK.finditer(page):
        language, *order = found[1].split()
        line = page.count("\n", 0, found.start()) + 1
        yield Block(language, tuple(order), found[2], page[end : found.start()], line)
        end = found.end()


def commands(text: str) -> Iterator[tuple[str, str]]:
    """Yield each command with the output shown below it."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


class Reader:
    """Somebody who does what the page says, in a folder of their own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch
        self.found: tuple[Path, str] | None = None

    def do(self, block: Block) -> None:
        match block.language, block.order:
            case "console", ():
                self.type(block.text, 0)
            case "console", ("exit", code):
                self.type(block.text, int(code))
            case _, ("replace",):
                assert self.found is not None
                path, old = self.found
                path.write_text(self.content(path).replace(old, block.text), encoding="utf-8")
                self.found = None
            case _, (action, name):
                assert f"`{name}`" in block.before, "the text names the file to edit"
                self.edit(action, Path(name), block.text)
            case _:
                pytest.fail(f"unknown kind of block: {block.language} {block.order}")

    def type(self, text: str, code: int) -> None:
        *former, (last, shown) = commands(text)
        for command, output in former:
            assert self.run(command) == (0, output), command
        assert self.run(last) == (code, shown), last

    def run(self, command: str) -> tuple[int, str]:
        match shlex.split(command):
            case ["cd", folder]:
                self.monkeypatch.chdir(folder)
                return 0, ""
            case ["somepolicy", *arguments]:
                result = CliRunner().invoke(app, arguments)
                return result.exit_code, result.output
            case other:
                pytest.fail(f"unknown command {other}")

    def edit(self, action: str, path: Path, text: str) -> None:
        match action:
            case "create":
                assert not path.exists()
                path.write_text(text, encoding="utf-8")
            case "append":
                path.write_text(self.content(path) + text, encoding="utf-8")
            case "ends":
                assert self.content(path).endswith(f"\n{text}")
            case "find":
                assert self.content(path).count(text) == 1
                self.found = (path, text)
            case other:
                pytest.fail(f"unknown edit {other}")

    @staticmethod
    def content(path: Path) -> str:
        return path.read_text(encoding="utf-8")


def follow(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Reader(monkeypatch)
    for block in blocks(page):
        try:
            reader.do(block)
        except AssertionError as error:
            error.add_note(f"{PAGE.name}, line {block.line}")
            raise
    assert reader.found is None, "what was found is replaced"


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    return PAGE.read_text(encoding="utf-8")


@pytest.mark.slow
def test_every_step_is_as_the_page_says(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    follow(page, monkeypatch)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("3 passed, 0 failed", "4 passed, 0 failed"),
        ("```console exit 1\n$ somepolicy check", "```console\n$ somepolicy check"),
        ("  force must\n", "  force should\n"),
        ('      "type": "boolean"\n    }\n```', '      "type": "bolean"\n    }\n```'),
        ("Add it at the end of `guideline.txt`", "Add it at the end of the guideline"),
    ],
    ids=["output", "code", "edit", "place", "file"],
)
def test_a_page_that_is_wrong_is_noticed(
    page: str, monkeypatch: pytest.MonkeyPatch, right: str, wrong: str
) -> None:
    assert right in page
    with pytest.raises(AssertionError):
        follow(page.replace(right, wrong, 1), monkeypatch)


def test_links_lead_somewhere(page: str) -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", page):
        assert (PAGE.parent / link).exists(), link
