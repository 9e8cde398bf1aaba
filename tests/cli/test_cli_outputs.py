"""The formats for other programs, against the schemas of those formats and what reads them."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from junitparser import JUnitXml
from lcov_cobertura import LcovCobertura
from lxml import etree
from pycobertura import Cobertura
from pycobertura.filesystem import filesystem_factory
from tap.parser import Parser

from tests.cli.conftest import HERE, Run

DATA = HERE / "formats"
JUNIT = etree.XMLSchema(etree.parse(DATA / "junit-10.xsd"))
COBERTURA = etree.XMLSchema(etree.parse(DATA / "cobertura-04.xsd"))
ODD_NAMES = (
    '<b>&amp; ""quoted"" \'and\' ]]> <!-- %0A ::error::',
    "båt \U0001f6a4\U0001f3fd é e\u0301 \U00010348",
    "not in XML \ufffe \uffff",
    "invisible \u200b\u2060\u00ad",
    "lines \u2028b\u2029c",
    r"1..4 \ # skip ok 7 - # TODO later",
    "--- key: 'value' {a: [b]} ... | > & * !",
    "long " * 400,
)
CASE = """
test "{name}"
  given "{given}"
  expect {expected}
"""


@pytest.fixture
def suite(policies: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Return what gives the small policy these tests, from the folder where it stands."""
    monkeypatch.chdir(policies)

    def write(*texts: str) -> Path:
        folder = policies / "havn"
        (folder / "examples").symlink_to(HERE / "documents")
        (folder / "tests").mkdir(exist_ok=True)
        (folder / "tests" / "post.pol").write_text("\n".join(texts), encoding="utf-8")
        return Path("havn")

    return write


def passing(name: str) -> str:
    return CASE.format(name=name, given="allowed.json", expected="allow")


def failing(name: str) -> str:
    return CASE.format(name=name, given="denied.json", expected="allow")


SUITES = {
    "none": ([], 0, 0, 0),
    "one that passes": ([passing("a")], 0, 1, 0),
    "one that fails": ([failing("a")], 1, 1, 1),
    "odd names": (
        [
            make(f"{odd} {word}")
            for odd in ODD_NAMES
            for word, make in (("a", passing), ("b", failing))
        ],
        1,
        2 * len(ODD_NAMES),
        len(ODD_NAMES),
    ),
}
each_suite = pytest.mark.parametrize(
    ("texts", "code", "tests", "failed"), SUITES.values(), ids=SUITES
)


# --- results


@each_suite
def test_junit(
    run: Run, suite: Callable[..., Path], texts: list[str], code: int, tests: int, failed: int
) -> None:
    result = run("test", suite(*texts), "--allow-empty", "--format", "junit")
    assert result.exit_code == code
    JUNIT.assertValid(etree.fromstring(result.stdout_bytes))
    read = JUnitXml.fromstring(result.stdout_bytes)
    assert (read.tests, read.failures, read.errors) == (tests, failed, 0)
    named = [case.name for each in read for case in each]
    assert len(named) == tests
    bad = [case for each in read for case in each if case.result]
    assert len(bad) == failed
    for case in bad:
        assert case.result[0].text.startswith("at        havn/tests/post.pol:")


@each_suite
def test_tap(
    run: Run, suite: Callable[..., Path], texts: list[str], code: int, tests: int, failed: int
) -> None:
    result = run("test", suite(*texts), "--allow-empty", "--format", "tap")
    assert result.exit_code == code
    lines = list(Parser().parse(io.StringIO(result.stdout)))
    found = [line for line in lines if line.category == "test"]
    assert [line.number for line in found] == list(range(1, tests + 1))
    assert sum(not line.ok for line in found) == failed
    assert not any(line.todo or line.skip for line in found)
    (plan,) = [line for line in lines if line.category == "plan"]
    assert plan.expected_tests == tests
    assert not [line for line in lines if line.category in ("unknown", "bail")]
    for line in found:  # the block behind each is YAML
        assert line.yaml_block["duration_ms"] >= 0
        assert line.ok or line.yaml_block["at"].startswith("havn/tests/post.pol:")


@each_suite
def test_json(
    run: Run, suite: Callable[..., Path], texts: list[str], code: int, tests: int, failed: int
) -> None:
    result = run("test", suite(*texts), "--allow-empty", "--format", "json")
    assert result.exit_code == code
    read = json.loads(result.stdout_bytes)
    assert (read["passed"], read["failed"]) == (tests - failed, failed)


@each_suite
def test_github(
    run: Run, suite: Callable[..., Path], texts: list[str], code: int, tests: int, failed: int
) -> None:
    result = run("test", suite(*texts), "--allow-empty", "--format", "github")
    assert result.exit_code == code
    lines = result.stdout.removesuffix("\n").split("\n")
    commands = [re.fullmatch(r"::error ([^:]*)::(.*)", line) for line in lines if "::" in line]
    assert len(commands) == failed
    for command in commands:
        assert command is not None
        named = dict(each.split("=", 1) for each in command[1].split(","))
        assert named.keys() == {"file", "line", "col", "title"}
    assert lines[-1] == f"havn 0.3.0: {tests - failed} passed, {failed} failed"


@pytest.mark.parametrize("form", ["junit", "tap", "json", "github"])
@pytest.mark.parametrize("pattern", [None, "nowhere"])
def test_a_run_of_nothing_fails_with_an_empty_document(
    run: Run, suite: Callable[..., Path], form: str, pattern: str | None
) -> None:
    asked = [] if pattern is None else ["--run", pattern]
    folder = suite(*[] if pattern is None else [passing("a")])
    failed = run("test", folder, *asked, "--format", form)
    allowed = run("test", folder, *asked, "--format", form, "--allow-empty")
    assert (failed.exit_code, allowed.exit_code) == (2, 0)
    assert re.sub(r"[0-9.]+s?", "", failed.stdout) == re.sub(r"[0-9.]+s?", "", allowed.stdout) != ""
    assert "somepolicy: " in failed.stderr
    assert allowed.stderr == ""


def test_a_list_of_nothing_is_an_empty_list(run: Run, suite: Callable[..., Path]) -> None:
    folder = suite()
    result = run("test", folder, "--list", "--format", "json")
    assert (result.exit_code, json.loads(result.stdout)) == (2, [])
    assert run("test", folder, "--list").stdout == ""


def test_a_reader_that_knows_no_escapes_is_not_told_that_a_failure_is_expected(
    run: Run, suite: Callable[..., Path]
) -> None:
    text = run("test", suite(failing("a # TODO b")), "--format", "tap").stdout
    assert "not ok 1 - a \N{FULLWIDTH NUMBER SIGN} TODO b\n" in text


# --- coverage


def covered(run: Run, folder: Path, form: str) -> str:
    result = run("test", folder, "--coverage", "--coverage-format", form)
    assert (result.exit_code, bool(result.stderr)) in ((0, False), (1, True))
    return result.stdout


@pytest.mark.parametrize(
    "texts", [[failing("b")], [passing("a"), failing("b")], [*map(passing, ODD_NAMES)]]
)
def test_coverage_by_line(run: Run, suite: Callable[..., Path], texts: list[str]) -> None:
    """LCOV, read by another program and written as Cobertura, says the same as Cobertura."""
    folder = suite(*texts)
    written = covered(run, folder, "cobertura")
    ours = etree.fromstring(written.encode())
    COBERTURA.assertValid(ours)
    tracefile = covered(run, folder, "lcov")
    theirs = etree.fromstring(LcovCobertura(tracefile).convert().encode())
    for name in ("lines-valid", "lines-covered", "branches-valid", "branches-covered"):
        assert ours.get(name) == theirs.get(name), name

    def lines(root: etree._Element) -> list[tuple[str | None, ...]]:
        return [
            (file.get("filename"), line.get("number"), line.get("hits"), line.get("branch"))
            for file in root.iter("class")
            for line in file.iterfind("lines/line")
        ]

    assert sorted(lines(ours)) == sorted(lines(theirs))
    assert any(line[2] != "0" for line in lines(ours)) == (passing("a") in texts or len(texts) > 2)


def test_cobertura_is_read(run: Run, suite: Callable[..., Path], tmp_path: Path) -> None:
    folder = suite(passing("a"), failing("b"))
    report = tmp_path / "coverage.xml"
    report.write_text(covered(run, folder, "cobertura"), encoding="utf-8")
    read = Cobertura(str(report), filesystem=filesystem_factory(str(folder.parent)))
    assert read.files() == ["havn/post.pol", "havn/private_post.pol"]
    lines = read.file_source("havn/post.pol")
    assert [line.source for line in lines][:1] == ["rules for post\n"]
    assert {line.status for line in lines} >= {"hit", None}


def test_a_folder_with_an_odd_name(run: Run, suite: Callable[..., Path]) -> None:
    folder = suite(passing("a")).absolute()
    odd = folder.rename(folder.parent / 'a "b" <c> & \ufffe\x01 æ#%')
    root = etree.fromstring(covered(run, odd, "cobertura").encode())
    COBERTURA.assertValid(root)
    assert (
        root.findall(".//class")[0]
        .get("filename")
        .endswith('a "b" <c> & \ufffd\ufffd æ#%/post.pol')
    )
    junit = run("test", odd, "--format", "junit")
    JUNIT.assertValid(etree.fromstring(junit.stdout_bytes))
    assert "<c>" not in covered(run, odd, "html")


# --- the page


class Page(HTMLParser):
    """What a page holds: its ids, where its links lead, and its elements with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.elements.append((tag, named))
        self.ids += [named["id"]] if named.get("id") else []
        self.links += [named["href"]] if named.get("href") else []

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.elements if name == tag]


@pytest.mark.parametrize(
    "texts", [[passing("a")], [passing("a"), failing("b")], [*map(failing, ODD_NAMES)]]
)
def test_the_page(run: Run, suite: Callable[..., Path], texts: list[str]) -> None:
    text = covered(run, suite(*texts), "html")
    page = Page(text)
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("title")) == len(page.all("main")) == len(page.all("h1")) == 1
    assert len(set(page.ids)) == len(page.ids)
    assert page.links
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    assert {each.get("scope") for each in page.all("th")} == {"col", "row"}
    assert {"script", "link", "img", "iframe"}.isdisjoint(tag for tag, _ in page.elements)
    assert all(
        each["tabindex"] == "0" and each["aria-labelledby"] in page.ids
        for each in page.all("div")
        if each.get("class") == "listing"
    )


def test_the_page_of_a_policy_without_rules_that_count(
    run: Run, suite: Callable[..., Path]
) -> None:
    page = covered(run, suite(failing("b")), "html")
    assert "is never evaluated" in page
    assert 'class="no"' in page


@pytest.mark.parametrize("form", ["html", "cobertura", "json"])
def test_no_terminal_loses_a_character(run: Run, suite: Callable[..., Path], form: str) -> None:
    folder = suite(passing("båt"))
    odd = folder.rename(folder.with_name("båthavn"))
    text = covered(run, odd, form)
    assert text.isascii()
    assert "b&#229;thavn" in text or "b\\u00e5thavn" in text
