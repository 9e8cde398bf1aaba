"""The page on the program form is under test, and what it promises of the dump."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from somepolicy import Policy, ir
from somepolicy.ir.dump import dump
from somepolicy.ir.operators import OPERATORS
from somepolicy.ir.traversal import walk
from somepolicy.json_type import Json
from tests.examples import one_in

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "program-form.md").read_text(encoding="utf-8")
FORMS = {form.__name__ for form in get_args(ir.Expr)}
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
FOLDERS = [ROOT / "policy" / "bergen", ROOT / "examples" / "policies" / "fjellvik"]


def table() -> str:
    """Return the table of operators as the page has to show it."""
    rows = [f"| `{row.written}` | {row.types} | {row.meaning} |" for row in OPERATORS.values()]
    return "\n".join(["| written | takes | is |", "| --- | --- | --- |", *rows])


def forms_in(value: Json) -> Iterator[str]:
    match value:
        case dict():
            if isinstance(form := value.get("form"), str):
                yield form
            for each in value.values():
                yield from forms_in(each)
        case list():
            for each in value:
                yield from forms_in(each)


def test_the_page_names_every_form() -> None:
    named = set(re.findall(r"`(\w+)`", PAGE[: PAGE.index("## Operators")]))
    assert named >= FORMS


def test_the_page_shows_every_operator() -> None:
    shown = PAGE.partition("<!-- operators -->\n\n")[2].partition("\n\n")[0]
    assert shown == table()


@pytest.mark.slow
@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_the_examples_run(block: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    exec(compile(block, "program-form.md", "exec"), {})


@pytest.mark.parametrize("folder", one_in(2, reversed(FOLDERS)), ids=lambda folder: folder.name)
def test_a_dump_is_json_and_says_all(folder: Path) -> None:
    program = Policy.from_source(folder).program
    dumped = dump(program)
    assert dumped == dump(Policy.from_source(folder).program)
    assert json.loads(json.dumps(dumped)) == dumped
    parts = [
        part
        for rule in program.rules
        for part in (rule.guard, rule.each and rule.each.where, rule.condition, rule.exception)
        if part is not None
    ]
    expected = Counter(type(expr).__name__ for part in parts for expr in walk(part))
    found = Counter(forms_in(dumped["rules"]))
    assert expected
    assert all(found[form] >= count for form, count in expected.items())


@pytest.mark.slow
def test_the_policies_have_every_form() -> None:
    """Else the tests above would not see how one is dumped."""
    found = {form for folder in FOLDERS for form in forms_in(dump(Policy.load(folder).program))}
    assert found >= FORMS
