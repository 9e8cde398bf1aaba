"""What an unproven finding says to do: state what is missing, in words made from the schema."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from somepolicy.engine.questions import Questions
from somepolicy.policy import Policy
from tests.examples import examples
from tests.properties.generate import accepted, noted_documents, policies, randoms
from tests.properties.small_policies import (
    AS_OF,
    BOOLEAN,
    INTEGER,
    SAYS,
    both,
    clause,
    findings,
    kind,
    listing,
    load_policy,
    record,
)

REMEDY = ' remedy nb "Gjør det." en "Do it."'


def titled(en: str, nb: str | None, schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "title": en, **({"x-nb": {"title": nb}} if nb else {})}


def choices(*values: str) -> dict[str, Any]:
    labels = {each: {"en": each.title(), "nb": f"{each.title()} nb"} for each in values[:-1]}
    return {"type": "string", "enum": [*values], "x-labels": labels}


LEAF = {
    "case": titled("Handles a case", "Behandler en sak", {"type": "boolean"}),
    "really": titled("Is it so?", "Er det slik?", {"type": "boolean"}),
    "origin": titled("Origin", "Opphav", choices("own", "quoted", "other")),
    "eight": titled("Eight", None, choices(*"abcdefgh")),
    "nine": titled("Nine", "Ni", choices(*"abcdefghi")),
    "day": titled("Last day", "Siste dag", {"type": "string", "format": "date"}),
    "moment": titled("Sent", "Sendt", {"type": "string", "format": "date-time"}),
    "count": titled("Readers", "Lesere", {"type": "integer"}),
    "share": titled("Share", "Andel", {"type": "number"}),
    "body": titled("Text", "Tekst", {"type": "string", "maxLength": 9}),
    "bare": {"type": "boolean"},
    "status": titled("Status", "Status", {"type": "boolean"}),
}
SCHEMA = {
    "type": "object",
    "properties": {
        **LEAF,
        "inner": titled("Inner", "Indre", {"type": "object", "properties": LEAF}),
        "media": titled("Media", "Medier", {"type": "array", "items": {"$ref": "#/$defs/item"}}),
    },
    "$defs": {
        "item": {
            "type": "object",
            "properties": {
                **LEAF,
                "people": titled(
                    "People", "Folk", {"type": "array", "items": {"$ref": "more.json"}}
                ),
                "consent": titled("Consent", "Samtykke", {"type": "object", "properties": LEAF}),
            },
        }
    },
}
FILES = [("post.json", SCHEMA), ("more.json", {"type": "object", "properties": LEAF})]
ROWS: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "boolean": (
        ("/case",),
        {
            "nb": "Svar ja eller nei: Behandler en sak.",
            "nn": "Svar ja eller nei: Behandler en sak.",
            "en": "Answer yes or no: Handles a case.",
            "se": "Answer yes or no: Handles a case.",
            "nb-NO": "Svar ja eller nei: Behandler en sak.",
        },
    ),
    "a title that is a question": (("/really",), {"nb": "Svar ja eller nei: Er det slik?"}),
    "a parent is left out": (("/inner/case",), {"en": "Answer yes or no: Handles a case."}),
    "choices, one without a label": (
        ("/origin",),
        {
            "nb": "Velg det som gjelder for Opphav: Own nb, Quoted nb, other.",
            "nn": "Vel det som gjeld for Opphav: Own nb, Quoted nb, other.",
            "en": "Choose one for Origin: Own, Quoted, other.",
        },
    ),
    "eight choices": (("/eight",), {"en": "Choose one for Eight: A, B, C, D, E, F, G, h."}),
    "nine choices": (
        ("/nine",),
        {
            "nb": "Velg én av 9 muligheter for Ni.",
            "nn": "Vel éi av 9 moglegheiter for Ni.",
            "en": "Choose one of 9 for Nine.",
        },
    ),
    "date": (("/day",), {"nb": "Oppgi dato: Siste dag.", "en": "State the date: Last day."}),
    "instant": (("/moment",), {"nb": "Oppgi tidspunkt: Sendt.", "en": "State the time: Sent."}),
    "number": (("/count", "/share"), {"nn": "Oppgi tal: Lesere. Oppgi tal: Andel."}),
    "text": (("/body",), {"nb": "Oppgi: Tekst.", "en": "State: Text."}),
    "record": (("/inner",), {"nb": "Oppgi: Indre.", "en": "State: Inner."}),
    "list": (
        ("/media",),
        {
            "nb": "Oppgi alle, eller at det ikke er noen: Medier.",
            "nn": "Oppgi alle, eller at det ikkje er nokon: Medier.",
            "en": "State all, or that there are none: Media.",
        },
    ),
    "no title": (("/bare",), {"en": "Answer yes or no: bare."}),
    "in a list": (
        ("/media/0/consent/day", "/media/11/people/1/case"),
        {
            "nb": "Oppgi dato: Medier 1 › Samtykke › Siste dag. "
            "Svar ja eller nei: Medier 12 › Folk 2 › Behandler en sak.",
        },
    ),
    "titles that are alike": (
        ("/status", "/case", "/inner/status"),
        {
            "en": "Answer yes or no: Status. Answer yes or no: Handles a case. "
            "Answer yes or no: Inner › Status.",
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize(("missing", "said"), ROWS.values(), ids=ROWS)
def test_what_is_asked(missing: tuple[str, ...], said: dict[str, str]) -> None:
    assert Questions(lambda: FILES, [*said]).about(missing) == said


# --- which findings ask


def policy_of(rules: str, **fields: Any) -> Policy:
    forces = {"must.do": "must", "can.do": "should"}
    clauses = [
        clause(name, force, at, "post")
        for at, (name, force) in enumerate(forces.items(), 1)
        if name in rules
    ]
    text = f"rules for post {rules}"
    files = {"a.pol": "".join(clauses), "b.pol": text}
    return load_policy({"post": kind("post", **fields)}, files)


def remedies(policy: Policy, **members: Any) -> list[str | None]:
    decision = both(policy, {"kind": "post", "id": "1", "as_of": AS_OF, **members})
    return [x.remedy and x.remedy["en"] for x in findings(decision, "row")]


def test_a_breach_keeps_its_own_remedy_and_a_blank_asks() -> None:
    policy = policy_of(f"require row cites must.do that post.a{SAYS}{REMEDY}", a=BOOLEAN)
    assert remedies(policy, a=False) == ["Do it."]
    assert remedies(policy) == ["Answer yes or no: a."]


def test_advice_and_rules_without_a_remedy_ask_as_well() -> None:
    policy = policy_of(f"advise row cites can.do that post.a{SAYS}{REMEDY}", a=BOOLEAN)
    assert remedies(policy, a=False) == ["Do it."]
    assert remedies(policy) == ["Answer yes or no: a."]
    bare = policy_of(f"require row cites must.do that post.a{SAYS}", a=BOOLEAN)
    assert remedies(bare, a=False) == [None]
    assert remedies(bare) == ["Answer yes or no: a."]


def test_each_element_asks_for_itself() -> None:
    media = {**listing(record(a=BOOLEAN)), "title": "Media"}
    text = f"require row cites must.do for each m in post.media that m.a{SAYS}{REMEDY}"
    asked = remedies(policy_of(text, media=media), media=[{}, {"a": True}, {"a": False}, {}])
    assert asked == ["Answer yes or no: Media 1 › a.", "Do it.", "Answer yes or no: Media 4 › a."]
    assert remedies(policy_of(text, media=media)) == ["State all, or that there are none: Media."]


def test_a_signature_or_a_parameter_alone_keeps_the_rules_remedy() -> None:
    signed = policy_of(
        f'attest row cites must.do when post.a by editor asks yes nb "x?" en "x?"{SAYS}{REMEDY}',
        a=BOOLEAN,
    )
    assert remedies(signed, a=True) == ["Do it."]
    assert remedies(signed) == ["Answer yes or no: a."]
    unset = policy_of(
        f"require row cites must.do that post.n <= most{SAYS}{REMEDY} "
        "parameter most: integer = 5 from 2030-01-01",
        n=INTEGER,
    )
    assert remedies(unset, n=1) == ["Do it."]
    assert remedies(unset) == ["State the number: n."]


@examples(60)
@given(policies(rules=4), randoms())
def test_drawn_findings_ask_for_each_missing_fact_once(drawn, rng):
    policy = accepted(drawn)
    for document in noted_documents(rng, drawn, policy, 4):
        for finding in both(policy, document).findings:
            if finding.missing:
                assert finding.remedy is not None
                for text in finding.remedy.values():
                    assert text.count(". ") + 1 == len(finding.missing), text
