"""The pages of docs/diagnostics are what the examples say, and what they call right is right."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from somepolicy.check.symbols import MOST_RULES
from somepolicy.syntax.codes import CODES
from somepolicy.syntax.parser import MOST_BYTES
from tests.diagnostics.example_policy import problems
from tests.diagnostics.pages import (
    DOCUMENT_CODES,
    HERE,
    PAGES,
    RIGHT,
    TOO_LARGE,
    examples,
    pages,
    right,
)

SOURCE = HERE.parents[1] / "src"
WITH_RIGHT = [code for code in CODES if code not in TOO_LARGE]
Golden = Callable[[Path, str], None]


@pytest.mark.parametrize("name", pages())
def test_a_page_is_up_to_date(name: str, golden: Golden) -> None:
    golden(PAGES / name, pages()[name])


def test_no_page_is_left_over() -> None:
    assert {path.name for path in PAGES.iterdir()} == set(pages())


@pytest.mark.parametrize("code", WITH_RIGHT)
def test_what_is_called_right_is_without_a_mistake(code: str, tmp_path: Path) -> None:
    files = right(code)
    assert files, "nothing shows how it is right"
    assert problems(tmp_path, files, code) == ()


def test_no_right_version_is_left_over() -> None:
    assert {path.stem for path in RIGHT.iterdir()} <= set(WITH_RIGHT)


def test_only_what_is_too_large_lacks_an_example() -> None:
    assert {code for code in CODES if not examples(code)} == set(TOO_LARGE)


def test_the_bounds_that_are_told_are_the_bounds() -> None:
    assert TOO_LARGE["P502"][1].endswith(f"the most is {MOST_BYTES}")
    assert f"{MOST_BYTES >> 20} MiB" in TOO_LARGE["P502"][0]
    assert f"at most {MOST_RULES} " in TOO_LARGE["P503"][1]
    assert f"{MOST_RULES:,} ".replace(",", " ") in TOO_LARGE["P503"][0]


def test_every_code_of_a_document_is_told() -> None:
    sources = (path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    used = {code for text in sources for code in re.findall(r'"(D\d{3})"', text)}
    assert used == set(DOCUMENT_CODES)


@pytest.mark.parametrize("name", pages())
def test_links_lead_somewhere_and_nothing_is_invisible(name: str) -> None:
    text = pages()[name]
    assert all((PAGES / link).is_file() for link in re.findall(r"\]\(([^)]+)\)", text))
    assert "###" not in text
    assert all(char.isprintable() or char == "\n" for char in text)
