"""One decision as a document for a case file."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from somepolicy.batch.encoder import Encoder
from somepolicy.cli.workflows.report_inputs import field_names
from somepolicy.engine.decision import Decision, NotCounted, Unset
from somepolicy.installed import installed_policy
from somepolicy.json_type import Json
from somepolicy.reports.decision import decision_report
from somepolicy.reports.decision_json import NotADecisionError, read_decision
from somepolicy.reports.model import Report
from somepolicy.reports.writing import written
from somepolicy.version import __version__
from tests.reports.report_cases import LANGUAGES, example, policy, report

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


@pytest.mark.slow
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
        ({"findings": [{"unset": 1}]}, "/findings/0"),
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


def with_more(decision: Decision) -> Decision:
    """Return a decision whose first finding hangs on a parameter and has a signature."""
    first, *others = decision.findings
    more = first._replace(
        unset=(Unset("limit", "2027-01-01"),), not_counted=(NotCounted("/attestations/0", "role"),)
    )
    return decision._replace(findings=(more, *others))


def test_a_decision_that_says_more_comes_back_from_its_json() -> None:
    decision = with_more(policy().evaluate(example("post/unknown.json")))
    assert read_decision(json.loads(decision.to_json())) == decision
    assert json.loads(Encoder().encode(decision)) == json.loads(decision.to_json())


@pytest.mark.parametrize(
    "more",
    [
        {"unset": [{"name": "limit", "from_": "2027-01-01"}]},
        {"unset": [{"name": "limit"}]},
        {"unset": ["limit"]},
        {"not_counted": [{"at": "/attestations/0", "why": "mood"}]},
        {"not_counted": {}},
    ],
)
def test_what_says_more_is_read_as_strictly(more: dict[str, Json]) -> None:
    value = json.loads(policy().evaluate(example("post/unknown.json")).to_json())
    value["findings"][0] |= more
    with pytest.raises(NotADecisionError, match=f"^/findings/0/{next(iter(more))}"):
        read_decision(value)


@pytest.mark.parametrize(
    ("language", "unset", "role", "lead"),
    [
        ("nb", "parameteren limit, som ikke har noen verdi før 2027-01-01", "rollen er", "ennå"),
        ("en", "the parameter limit, which has no value before 2027-01-01", "the role is", "yet"),
    ],
)
def test_the_report_says_more_in_words(language: str, unset: str, role: str, lead: str) -> None:
    program, document = policy().program, example("post/unknown.json")
    names = field_names(program, language)["post"]
    plain = policy().evaluate(document)
    for decision, said in ((with_more(plain), True), (plain, False)):
        made = decision_report(program, decision, document, names, language, quotes={})
        for form in ("md", "html", "json"):
            text = written(made, form).decode()
            assert (unset in text) is said
            assert (role in text) is said
        assert any(lead in each for each in made.lead) is said


def test_an_absence_that_means_none_is_told_from_a_default() -> None:
    made = made_of(example("post/school-trip.json"))
    (table,) = [each for each in made.tables if each.key == "assumed"]
    assert ("Published at: not stated", "/scheduled_at") in [
        tuple(cell.value for cell in row) for row in table.rows
    ]
