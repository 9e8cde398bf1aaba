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
from somepolicy.languages import in_language
from somepolicy.reports.decision import PrivateCheckError, decision_report
from somepolicy.reports.decision_json import NotADecisionError, read_decision
from somepolicy.reports.model import Report, Table
from somepolicy.reports.writing import written
from somepolicy.version import __version__
from tests.reports.report_cases import DAY, LANGUAGES, example, policy, report

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"


def made_of(document: dict[str, Json], language: str = "en", *, at_hand: bool = True) -> Report:
    program = policy().program
    decision = policy().evaluate(document)
    names = field_names(program, language)[decision.document.kind]
    known = document if at_hand else None
    return decision_report(program, decision, known, names, language, day=DAY, quotes={})


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


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("change", [{}, {"secret": True}, {"secret": False, "considered": True}])
def test_of_a_check_of_ones_own_no_report_is_made(language: str, change: dict[str, Json]) -> None:
    document = example("private_post/open.json") | change
    with pytest.raises(PrivateCheckError) as refused:
        made_of(document, language)
    assert "`private_post`" in str(refused.value)
    said = {"nb": "blir ikke lagret", "nn": "blir ikkje lagra", "en": "is not stored"}
    assert said[language] in str(refused.value)
    for word in ("brutt", "brote", "forbyr", "forbyd", "violated", "forbids"):
        assert word not in str(refused.value)


def table_of(made: Report, key: str) -> Table:
    return next(each for each in made.tables if each.key == key)


def values(table: Table) -> list[dict[str, object]]:
    keys = [column.key for column in table.columns]
    return [dict(zip(keys, (cell.value for cell in row), strict=True)) for row in table.rows]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_unknown_is_asked_before_what_is_broken(language: str) -> None:
    made = made_of(example("post/unknown.json"), language)
    keys = [each.key for each in made.sections]
    assert keys.index("missing") < keys.index("blocking")
    assert values(table_of(made, "findings")) == []
    asked = {x["at"]: x["answers"] for x in values(table_of(made, "missing"))}
    assert set(asked) == {"/case_handling", "/media/0/people", "/media/0/consent/status"}
    assert all(asked.values())
    figures = {each.key: each.value for each in made.figures}
    assert (figures["missing"], figures["blocking"]) == (3, 0)
    rule = next(x for x in policy().program.rules if x.name == "picture_cleared")
    assert "picture_cleared" in str(table_of(made, "open").rows)
    said = json.dumps(written(made, "md").decode())
    assert "{" not in said
    assert rule.says  # which is what a breach would be called, and no open finding is


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_reading_is_shown_in_its_words_and_with_who_signed_it(language: str) -> None:
    document = example("post/school-trip.json")
    (signed, proposed) = values(table_of(made_of(document, language), "readings"))[:2]
    known = policy().program.readings
    for row, name in ((signed, "L1"), (proposed, "L2")):
        assert row["reading"] == name
        assert row["says"] == in_language(known[name].says, language)
    unsigned = {"nb": "ikke signert", "nn": "ikkje signert", "en": "not signed"}[language]
    role = known["L1"].signed
    assert role is not None
    assert unsigned in str(proposed["status"])
    assert role.role in str(signed["status"]) and role.on.isoformat() in str(signed["status"])


def test_an_allowed_decision_shows_the_readings_of_the_rules_that_decided() -> None:
    made = made_of(example("post/harbour.json"))
    assert not policy().evaluate(example("post/harbour.json")).findings
    assert {x["reading"] for x in values(table_of(made, "readings"))} == {"L1", "L2"}


def test_what_was_declared_and_by_whom() -> None:
    document = example("post/school-trip.json")
    signature = {
        "clause": "tall.riktig",
        "statement": "yes",
        "role": "editor",
        "at": "2026-11-19T10:00:00+01:00",
        "content_digest": "sha256:0",
    }
    made = made_of(document | {"attestations": [signature]})
    (row,) = values(table_of(made, "signed"))
    assert (row["role"], row["signed_at"]) == ("Editor", "2026-11-19T10:00:00+01:00")
    assert row["not_counted"] == "the content is not the one that was signed"
    declared = {x["at"]: x["value"] for x in values(table_of(made, "declared"))}
    assert declared["/media/0/people"] == ("Children",)
    assert "Text › Wording" in str(declared[None])
    about = {x["field"]: x["value"] for x in values(table_of(made, "document"))}
    assert (about["Unit"], about["Platform"]) == ("School", "Other")
    assert made_of(document, at_hand=False).sections[-3].tables == ()


@pytest.mark.parametrize("name", ["class-photo-cleared", "fresh-attestation", "comment"])
def test_a_bergen_post_says_unit_platform_format_and_time(name: str) -> None:
    used = installed_policy()
    document = json.loads((EXAMPLES / f"post/{name}.json").read_text(encoding="utf-8"))
    names = field_names(used.program, "nb")["post"]
    made = decision_report(
        used.program, used.evaluate(document), document, names, "nb", day=DAY, quotes={}
    )
    said = {x["field"]: x["value"] for x in values(table_of(made, "document"))}
    assert document["unit"]["name"] in str(said["Enhet"])
    assert {"Plattform", "Format", "Vurdert per"} < {str(x).rpartition(" › ")[2] for x in said}
    assert document["text"]["body"] not in written(made, "json").decode()


def test_a_decision_of_another_edition_says_so() -> None:
    decision = policy().evaluate(example("post/harbour.json"))
    other = decision._replace(policy=decision.policy._replace(digest="sha256:other"))
    names = field_names(policy().program, "en")["post"]
    lead = [
        decision_report(policy().program, x, None, names, "en", day=DAY, quotes={}).lead
        for x in (decision, other)
    ]
    assert len(lead[1]) == len(lead[0]) + 1


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
        if path.name in ("class-photo.json", "kindergarten-reply.json", "youth-club-snapchat.json"):
            names = field_names(used.program, "nb")[decision.document.kind]
            made = decision_report(
                used.program, decision, document, names, "nb", day=DAY, quotes={}
            )
            assert b"<!doctype html>" in written(made, "html")


def test_a_quote_stands_beside_its_clause() -> None:
    program = policy().program
    decision = policy().evaluate(example("post/harbour.json"))
    names = field_names(program, "en")["post"]
    quotes = {"bilde.alt": "The words."}
    made = decision_report(program, decision, None, names, "en", day=DAY, quotes=quotes)
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
        made = decision_report(program, decision, document, names, language, day=DAY, quotes={})
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
