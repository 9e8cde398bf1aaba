"""The formats of a coverage report, read back by what reads them."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from somepolicy.cli.show.coverage import FORMATS
from somepolicy.workbench.coverage import measure
from somepolicy.workbench.coverage_report import Coverage
from tests.workbench.small_suites import cases, small


@pytest.fixture
def coverage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Coverage:
    monkeypatch.chdir(tmp_path)
    rule = 'require r cites one\n  that post.a\n  or post.colour != "red" SAYS\n'
    test = cases("with post.a = true expect allow", "with post.a = false expect deny")
    return measure(*small(tmp_path, rule, test, colour="red"))


def test_text(coverage: Coverage) -> None:
    lines = FORMATS["text"](coverage).splitlines()
    assert lines == [
        (
            "small 1.0.0: 2 tests decide 100.0 % of 1 clauses both ways, and 75.0 % of the values of "
            "2 conditions"
        ),
        'b.pol:4:6: r: `post.colour != "red"` decides nothing while true',
        "    never true: always false",
        "    a case that fills it: `with post.colour = \"green\"`, starting from 't > 1'",
    ]


def test_json(coverage: Coverage) -> None:
    record = json.loads(FORMATS["json"](coverage))
    assert (record["percent"], record["percent_of_conditions"]) == (100, 75)
    assert record["conditions"][0]["decided"] == {"true": ["t > 0"], "false": ["t > 1"]}
    assert record["conditions"][1]["seen"] == {"true": 0, "false": 2, "unknown": 0}
    assert record["conditions"][1]["gaps"][0]["change"] == 'with post.colour = "green"'


def test_lcov(coverage: Coverage) -> None:
    assert FORMATS["lcov"](coverage).splitlines() == [
        "TN:", "SF:b.pol", "FN:2,r", "FNDA:2,r", "FNF:1", "FNH:1",
        "BRDA:3,0,0,1", "BRDA:3,0,1,1", "BRDA:4,0,0,0", "BRDA:4,0,1,1", "BRF:4", "BRH:3",
        "DA:2,2", "DA:3,2", "DA:4,2", "LF:3", "LH:3", "end_of_record",
    ]  # fmt: skip


def test_cobertura(coverage: Coverage) -> None:
    root = Xml.fromstring(FORMATS["cobertura"](coverage))
    assert (root.get("line-rate"), root.get("branch-rate")) == ("1.0000", "0.7500")
    lines = {x.get("number"): x.get("condition-coverage") for x in root.iter("line")}
    assert lines == {"2": None, "3": "100% (2/2)", "4": "50% (1/2)"}
    assert [x.get("filename") for x in root.iter("class")] == ["b.pol"]


def test_html(coverage: Coverage) -> None:
    page = FORMATS["html"](coverage)
    opened: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, _: object) -> None:
            if tag != "meta":
                opened.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert opened.pop() == tag

    Reader().feed(page)
    assert opened == []
    assert "http" not in page
    assert "post.colour != &#34;red&#34;" in page
