"""Every code has an example that explains it: a mistake, where it is told, and in which words.

An example is a file that is added to the policy of `base`, or a folder of files that are added
to it or replace its own. What is expected stands at the end of the line it is told for,
`###  P203 "post.medai"`, the code and the characters underlined, with quotes doubled as in the
language; a folder has `expected.txt` with lines `P203 post.pol:12 "post.medai"`. Of a mistake
over several lines only the first line stands there. A missing or an extra error fails.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from somepolicy.syntax.codes import CODES
from somepolicy.syntax.diagnostics import Diagnostic, render
from tests.diagnostics.example_policy import problems
from tests.examples import one_in

HERE = Path(__file__).parent
EXAMPLES = sorted(path for path in HERE.iterdir() if re.match(r"P\d{3}-", path.name))
EXPECTED = re.compile(r'(P\d{3}) "((?:[^"]|"")*)"')
EXPECTED_IN_FOLDER = re.compile(r'(P\d{3}) (\S+) "((?:[^"]|"")*)"')
TOO_LARGE = {"P502", "P503"}  # in test_large_files.py: nobody wants a megabyte here

Told = tuple[str, str, str]
Golden = Callable[[Path, str], None]


def files(example: Path) -> dict[str, bytes]:
    """Return what an example adds to the base policy."""
    if example.is_file():
        return {f"try/{example.name}": example.read_bytes()}  # sorts behind the files of the base
    found = (path for path in example.rglob("*") if path.is_file() and path.name != "expected.txt")
    return {path.relative_to(example).as_posix(): path.read_bytes() for path in found}


def expected(example: Path) -> list[Told]:
    """Return what an example says of itself: code, place and underlined text."""
    if example.is_dir():
        lines = (example / "expected.txt").read_text(encoding="utf-8").split("\n")
        matches = [EXPECTED_IN_FOLDER.fullmatch(line) for line in lines if line]
        assert all(matches), "a line of expected.txt is not well formed"
        return [(m[1], m[2], m[3].replace('""', '"')) for m in matches if m]
    return list(_in_comments(example))


def _in_comments(example: Path) -> Iterator[Told]:
    for number, line in enumerate(example.read_text(encoding="utf-8").split("\n"), 1):
        _, mark, comment = line.partition("###")
        found = EXPECTED.findall(comment)
        assert bool(found) == bool(mark), f"{example.name}:{number} is not well formed"
        for code, text in found:
            yield code, f"try/{example.name}:{number}", text.replace('""', '"')


def told(diagnostic: Diagnostic) -> Told:
    where = diagnostic.span.where.rpartition(":")[0]
    return diagnostic.code, where, diagnostic.span.text.split("\n")[0]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_example(example: Path, tmp_path: Path, golden: Golden) -> None:
    found = problems(tmp_path, files(example), example.name[:4])
    assert [told(diagnostic) for diagnostic in found] == expected(example)
    rendered = "\n\n".join(render(diagnostic) for diagnostic in found)
    golden(HERE / "golden" / f"{example.stem}.txt", f"{rendered}\n")


@pytest.mark.parametrize("example", one_in(4, EXAMPLES), ids=lambda path: path.stem)
def test_each_mistake_is_told_once(example: Path, tmp_path: Path) -> None:
    """No place is told twice, and what is told comes in order of place."""
    found = problems(tmp_path, files(example), example.name[:4])
    places = [(d.span.source.path, d.span.start, d.span.end) for d in found]
    assert places == sorted(places)
    assert [place for place, times in Counter(places).items() if times > 1] == []


def test_an_example_shows_the_code_it_is_named_for() -> None:
    for example in EXAMPLES:
        assert {code for code, _, _ in expected(example)} == {example.name[:4]}, example.name


def test_every_code_has_an_example() -> None:
    shown = {code for example in EXAMPLES for code, _, _ in expected(example)}
    assert shown | TOO_LARGE == set(CODES)


def test_every_example_has_its_golden_file_and_none_is_left_over() -> None:
    written = {path.stem for path in (HERE / "golden").glob("*.txt")}
    assert written == {example.stem for example in EXAMPLES}


def test_the_base_policy_is_without_a_mistake(tmp_path: Path) -> None:
    assert problems(tmp_path, {}) == ()
