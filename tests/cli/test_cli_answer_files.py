"""Answers as JUnit, GitHub's annotations, SARIF and a table; private posts are in no file."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft7Validator
from lxml import etree

from tests.cli.conftest import HERE, Run, one_line

JUNIT = etree.XMLSchema(etree.parse(HERE / "formats" / "junit-10.xsd"))
SARIF = Draft7Validator(
    json.loads((HERE / "formats" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
)
FORMS = ("junit", "github", "sarif")
CANARY = "CANARY"


def test_junit_has_a_case_for_each_document(evaluate: Run) -> None:
    result = evaluate("documents", "--format", "junit")
    assert result.exit_code == 2
    JUNIT.assertValid(etree.fromstring(result.stdout_bytes))
    root = ET.fromstring(result.stdout_bytes)
    assert (root.attrib["tests"], root.attrib["failures"], root.attrib["errors"]) == ("4", "2", "1")
    failures = root.findall(".//failure")
    assert [each.attrib["type"] for each in failures] == ["violated", "unproven"]
    assert failures[0].attrib["message"].startswith("bilde.klarert: Picture beach")
    assert "sak.aldri: To answer: Handles a case" in (failures[0].text or "")
    assert [case.attrib["name"] for case in root.iter("testcase")] == [
        "boat-day", "school-trip", "documents/invalid.json", "catch",
    ]  # fmt: skip


def test_github_has_annotations_at_the_file(evaluate: Run) -> None:
    lines = evaluate("documents", "--format", "github").stdout.splitlines()
    first = "::error file=documents/denied.json,line=1,title=bilde.klarert::school-trip: Picture"
    assert lines[0].startswith(first)
    assert "::error file=documents/invalid.json,line=1,title=D301::" in "\n".join(lines)
    assert lines[-1] == "4 documents: 1 allowed, 2 denied, 1 cannot be judged"


def test_github_names_the_line(evaluate: Run, tmp_path: Path) -> None:
    file = tmp_path / "posts.ndjson"
    file.write_text(f"{one_line('allowed')}\n{one_line('denied')}\n{{\n")
    lines = evaluate(file, "--format", "github").stdout.splitlines()
    assert {line.split(",")[1] for line in lines[:-1]} == {"line=2", "line=3"}


def test_sarif_has_clauses_as_rules(evaluate: Run) -> None:
    log = json.loads(evaluate("documents", "--format", "sarif").stdout)
    SARIF.validate(log)
    (ran,) = log["runs"]
    rules = [each["id"] for each in ran["tool"]["driver"]["rules"]]
    assert {each["ruleId"] for each in ran["results"]} == {
        "bilde.klarert", "sak.aldri", "tall.riktig",
    }  # fmt: skip
    assert all(rules[each["ruleIndex"]] == each["ruleId"] for each in ran["results"])
    prints = [each["partialFingerprints"]["somepolicy/v1"] for each in ran["results"]]
    assert len(set(prints)) == len(prints)
    (done,) = ran["invocations"]
    assert not done["executionSuccessful"]
    assert [x["descriptor"]["id"] for x in done["toolExecutionNotifications"]] == ["D303", "D301"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", ["nb", "en"])
def test_no_file_names_a_private_post(evaluate: Run, form: str, language: str) -> None:
    result = evaluate("documents", "--format", form, "--lang", language)
    for name in ("my-day", "my-other-day", "private.json", "private_post"):
        assert name not in result.stdout
    assert result.stderr.startswith("somepolicy: 2 do")
    broken = one_line("private").replace('"kind"', '"knd": 1, "kind"')
    for text in (one_line("private"), broken):
        alone = evaluate("-", "--format", form, stdin=text)
        assert alone.exit_code == 0
        assert "my-day" not in alone.stdout and "D30" not in alone.stdout


@pytest.mark.parametrize("form", [*FORMS, "table"])
@pytest.mark.parametrize("language", ["nb", "en"])
def test_free_text_is_in_none(evaluate: Run, form: str, language: str) -> None:
    result = evaluate("documents", "--format", form, "--lang", language)
    assert CANARY not in result.stdout + result.stderr
    assert ("Å svare på" in result.stdout) == (language == "nb" and form != "table")


@pytest.mark.parametrize("form", [*FORMS, "table"])
def test_standard_input_is_no_file(evaluate: Run, form: str) -> None:
    result = evaluate("-", "--format", form, stdin=one_line("denied"))
    assert result.exit_code == 1
    assert "file=" not in result.stdout and '"uri"' not in result.stdout


def test_a_table_has_a_row_for_each(evaluate: Run) -> None:
    lines = evaluate("documents", "--format", "table").stdout.splitlines()
    assert lines[0].split() == ["Answer", "Document", "Kind", "Broken", "Open", "From"]
    assert [line[0] for line in lines[1:-1]] == [*"✓✗✗?!?"]
    assert lines == [line.rstrip() for line in lines]
    assert max(map(len, lines)) <= 100
    assert "privat.taus" not in "\n".join(lines)


@pytest.mark.parametrize("form", [*FORMS, "table"])
def test_an_odd_id_is_harmless(evaluate: Run, form: str) -> None:
    document = json.loads(one_line("denied")) | {"id": "a\x1b[31m\n::error::b\u202e"}
    shown = evaluate("-", "--format", form, stdin=json.dumps(document)).stdout
    assert "\x1b" not in shown and "\u202e" not in shown
    assert not any(line.startswith("::error::") for line in shown.splitlines())
