"""docs/architecture.md is true: its order is that of the layers, and its files are there."""

import re
from pathlib import Path

import pytest

from .test_layers import LAYERS

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "somepolicy"
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
NEW_OPERATOR = PAGE.partition("## A new operator\n")[2]


def test_the_page_lists_every_folder_in_the_order_of_the_layers() -> None:
    table = PAGE.partition("| read | holds |\n")[2].partition("\n\n")[0]
    cells = [line.split("|")[1] for line in table.splitlines()]
    shown = [name for cell in cells for name in re.findall(r"`(\w+)/`", cell)]
    folders = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    layers = [layer.removeprefix("somepolicy.").partition(".")[0] for layer in LAYERS]
    assert sorted(shown) == sorted(folders)
    assert shown == sorted(folders, key=layers.index)


def test_every_file_that_the_page_names_is_there() -> None:
    named = set(re.findall(r"`([\w./]+\.(?:py|toml|lark|pol|json|md))`", PAGE))
    written = [path.as_posix() for path in ROOT.glob("*.*")]
    # not of the whole checkout: caches and builds hold files of old names
    for folder in ("bench", "docs", "examples", "policy", "schemas", "src", "tests"):
        written += [path.as_posix() for path in (ROOT / folder).rglob("*.*")]
    assert {name for name in named if not any(x.endswith(f"/{name}") for x in written)} == set()


@pytest.mark.parametrize("like", ["Quantifier", "Quantified", "p.Sum", "Summed", '"count"'])
def test_the_page_names_every_file_that_knows_an_operator_of_the_kind(like: str) -> None:
    folders = ("backends", "check", "cli", "engine", "ir", "syntax", "workbench")
    knows = re.compile(rf"(?<![\w]){re.escape(like)}(?!\w)")
    files = {
        path.relative_to(SOURCE).as_posix()
        for folder in folders
        for path in (SOURCE / folder).rglob("*.py")
        if knows.search(path.read_text(encoding="utf-8"))
    }
    assert files
    named = set(re.findall(r"`([\w/.]+)`", NEW_OPERATOR))
    assert files - named == set()
