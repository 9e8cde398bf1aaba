"""One decision as a document for a case file."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from report_cases import LANGUAGES, example, policy, report

from somepolicy.cli.steps.report_inputs import field_names
from somepolicy.governance.reports.decision import decision_report
from somepolicy.governance.reports.decision_json import NotADecisionError, read_decision
from somepolicy.governance.reports.model import Report
from somepolicy.governance.reports.writing import written
from somepolicy.installed import installed_policy
from somepolicy.json_type import Json
from somepolicy.version import __version__

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"


def made_of(document: dict[str, Json], language: str = "en", *, at_hand: bool = True) -> Report:
    program = policy().program
    decision = policy().evaluate(document)
    names = field_names(program, language)[decision.document.kind]
    known = document if at_hand else None
    return decision_report(program, decision, known, names, language, quotes={})


@pytest.mark.parametrize("language", LANGUAGES)
def test_golden(language: str, golden) -> None:  # type: ignore[no-untyped-def]
    made = report("decision", language)
    digest = policy().program.digest
    text = written(made, "md").decode().replace(digest, "sha256:…").replace(__version__, "…")
    golden(HERE / "golden" / f"decision.{language}.md", text)


def test_the_document_brings_values_the_decision_alone_does_not() -> None:
    document = example("post/school-trip.json")
    facts = [each.rows[0][4].value for each in made_of(document).tables if each.key == "findings"]
    alone = made_of(document, at_hand=False)
    bare = [each.rows[0][4].value for each in alone.tables if each.key == "findings"]
    assert facts == [
        (
            "Media 1 › People shown: Children (/media/0/people)",
            "Media 1 › Consent › Status: Not given (/media/0/consent/status)",
        )
    ]
    assert bare == [
        (
            "Media 1 › People shown (/media/0/people)",
            "Media 1 › Consent › Status (/media/0/consent/status)",
        )
    ]


def test_an_employee_is_never_told_no() -> None:
    document = example("private_post/open.json") | {"secret": True}
    made = made_of(document)
    text = written(made, "md").decode()
    assert made.figures[0].value == "Would break the guideline"
    assert "The check is voluntary" in made.lead[1]
    assert "Denied" not in text
    assert "In the way" not in text


def test_no_free_text_of_the_document_is_shown() -> None:
    document = example("post/school-trip.json")
    document["text"] = {"body": "We caught 14 crabs. KANARIFUGL"}
    document["media"][0]["alt"] = "KANARIFUGL"  # type: ignore[index,call-overload]
    assert b"KANARIFUGL" not in written(made_of(document), "html")


def test_every_example_comes_back_from_its_json_and_makes_a_page() -> None:
    used = installed_policy()
    for path in sorted(EXAMPLES.glob("p*/*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        decision = used.evaluate(document)
        assert read_decision(json.loads(decision.to_json())) == decision
        if path.name in ("class-photo.json", "home-care-story.json", "youth-club-snapchat.json"):
            names = field_names(used.program, "nb")[decision.document.kind]
            made = decision_report(used.program, decision, document, names, "nb", quotes={})
            assert b"<!doctype html>" in written(made, "html")


def test_a_quote_stands_beside_its_clause() -> None:
    program = policy().program
    decision = policy().evaluate(example("post/harbour.json"))
    names = field_names(program, "en")["post"]
    quotes = {"bilde.alt": "The words."}
    made = decision_report(program, decision, None, names, "en", quotes=quotes)
    assert "The words." in written(made, "md").decode()


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"decision": "maybe"}, "/decision"),
        ({"findings": [{"rule": "x"}]}, "/findings/0"),
        ({"citations": 7}, "/citations"),
        ({"policy": None}, "/policy"),
        ({"assumed": [1]}, "/assumed/0"),
    ],
)
def test_what_is_no_decision_is_refused_by_its_place(change: dict[str, Json], place: str) -> None:
    value = json.loads(policy().evaluate(example("post/harbour.json")).to_json()) | change
    with pytest.raises(NotADecisionError, match=f"^{place}"):
        read_decision(value)


def test_a_hostile_id_stays_a_text() -> None:
    document = example("post/school-trip.json") | {"id": "<script>x</script> | \u202e"}
    made = made_of(document)
    assert b"<script>" not in written(made, "html")
    assert "\u202e" not in written(made, "md").decode()
    assert replace(made, title="") != made
