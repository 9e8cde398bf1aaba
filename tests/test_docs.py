"""The reference page is under test: its examples check, its table is the table of functions."""

import json
import re
import shutil
from pathlib import Path
from typing import get_args

import pytest

from somepolicy import Policy, PolicyError, content_digest
from somepolicy.engine.compiled_policy import Force
from somepolicy.functions.something import asks_for_something
from somepolicy.functions.table import FUNCTIONS
from somepolicy.patterns import BadPatternError, check_pattern
from somepolicy.workbench.runner import run_tests

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```pol([^\n]*)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
UNCITED = {"P403", "P404", "P407", "P701"}  # an example does not have to cite every clause


def _codes(tmp_path: Path, block: str) -> set[str]:
    folder = tmp_path / "policy" / "bergen"
    folder.mkdir(parents=True)
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    for name in ("policy.toml", "clauses.pol", "readings.pol"):
        text = (ROOT / "policy" / "bergen" / name).read_text(encoding="utf-8")
        (folder / name).write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / "policy" / "bergen" / "words", folder / "words")
    (folder / "example.pol").write_text(block, encoding="utf-8")
    try:
        policy = Policy.load(folder)
    except PolicyError as error:
        return {d.code for d in error.diagnostics} - UNCITED
    return {d.code for d in policy.warnings} - UNCITED


@pytest.mark.parametrize(("kind", "block"), BLOCKS, ids=range(len(BLOCKS)))
def test_an_example_means_what_the_page_says(kind, block, tmp_path):
    match kind.split():
        case [] | ["alone"]:
            assert _codes(tmp_path, block) == set()
        case ["wrong", code]:
            assert _codes(tmp_path, block) == {code}
        case ["test"]:
            folder = tmp_path / "tests"
            folder.mkdir()
            (folder / "example.pol").write_text(block, encoding="utf-8")
            shutil.copytree(ROOT / "examples", tmp_path / "examples")
            report = run_tests(Policy.load(ROOT / "policy" / "bergen"), tmp_path)
            assert [x for x in report.results if x.failures] == []
        case other:
            pytest.fail(f"unknown kind of example {other}")


def test_the_page_has_examples_of_each_kind():
    kinds = {kind.split()[0] if kind.strip() else "" for kind, _ in BLOCKS}
    assert kinds == {"", "alone", "wrong", "test"}


def test_the_page_lists_every_function():
    rows = re.findall(r"^\| `(\w+\([^`]*)` \| (.*) \|$", PAGE, re.MULTILINE)
    assert rows == [(f.signature, f.doc) for f in FUNCTIONS.values()]


def test_the_page_says_which_patterns_of_a_schema_are_refused():
    section = PAGE[PAGE.index("## Schemas") : PAGE.index("## Bounds")]
    (listed,) = re.findall(r"RE2 in linear time[^:]*: (.*?) are refused", section)
    refused = re.findall(r"`([^`]+)`", listed)
    assert len(refused) > 5
    for piece in refused:
        with pytest.raises(BadPatternError):
            check_pattern(f"(a){piece}" + ("b)" if piece.startswith("(") else ""))
    check_pattern("(a)b")
    assert r"`\S` asks that a text says something" in section
    spelt = re.findall(r"`([^`]+)`", section[section.index(r"`\S` asks") :].partition(";")[0])
    assert len(spelt) > 4 and all(map(asks_for_something, spelt))


def test_the_page_says_what_is_no_content():
    (listed,) = re.findall(r"Everything is content but three members at the top: ([^.]*)", PAGE)
    others = set(re.findall(r"`([^`]+)`", listed))
    assert others == {"attestations", "as_of", "source"}
    whole = json.loads((ROOT / "examples/post/road-closure.json").read_bytes())
    whole |= {"as_of": "2026-11-22T10:00:00+01:00", "attestations": []}
    whole |= {"source": {"system": "planner"}}
    for name in (*others, "text", "links", "scheduled_at"):
        less = {key: value for key, value in whole.items() if key != name}
        assert (content_digest(less) == content_digest(whole)) is (name in others), name


def test_the_page_for_programs_names_members_that_are_there():
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    (listed,) = re.findall(r"and (`Policy\.\w+`(?:, `\.\w+`)+)\) may change", page)
    names = re.findall(r"\.(\w+)`", listed)
    assert {name for name in names if not hasattr(Policy, name)} == set()
    stable = page.partition("Further members: ")[2].partition("\n")[0]
    public = {name for name in dir(Policy) if name[0] != "_"}
    assert public - {*names, *re.findall(r"\w+", stable), "load", "from_files"} == {"from_source"}


def test_the_glossary_has_every_force():
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"\| force \| (.*) \|", page)
    assert sorted(re.findall(r"\*(\w+)\*", line)) == sorted(get_args(Force))
