"""What a document leaves open is asked, each fact once, and is not shown as a breach."""

from __future__ import annotations

import json

import pytest

from somepolicy import Policy
from somepolicy.cli.show.fields import Fields
from somepolicy.ir import types as t
from somepolicy.texts.catalogue import languages, texts
from tests.cli.conftest import HERE, POLICY, Run

ROOT = HERE.parents[1]
BERGEN = ROOT / "policy" / "bergen"
SECRECY = ("secrecy", "administration_act", "it_security_declaration", "exempt_from_access")


def example(name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads((ROOT / "examples" / name).read_text())
    return found


def shown(run: Run, document: object, language: str = "en", *more: object) -> str:
    text = json.dumps(document)
    return run("eval", "-", "--policy", BERGEN, "--lang", language, *more, stdin=text).stdout


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_private_post_asks_once_whether_it_is_from_the_job(run: Run, language: str) -> None:
    document = example("private_post/hobby-post.json")
    document.pop("information", None)
    text = shown(run, document, language)
    words = texts(language).eval
    assert f"{words.to_answer_all} (1)" in text
    assert text.count("/information/from_job") == 1
    assert all(text.count(f"/information/{name}") == 1 for name in SECRECY)
    also = " ".join(text.split())
    assert words.also in also
    assert "taus.plikt (3.b8), taus.fvl (3.b8)" in also


def test_questions_come_first_and_no_rule_accuses(run: Run) -> None:
    document = example("post/comment.json")
    document.pop("interaction")
    document["information"] = {}
    text = shown(run, document)
    parts = [line for line in text.splitlines() if line.endswith(")") and line[0].isalpha()]
    assert parts[0].startswith("To answer (")
    decision = Policy.load(BERGEN).evaluate(document)
    messages = [x.message["en"] for x in decision.findings if x.blocking]
    assert messages
    assert not any(message[:40] in " ".join(text.split()) for message in messages)
    assert "In the way" not in text
    assert "yes or no" in text


def test_only_breaches_are_in_the_way(evaluate: Run) -> None:
    text = evaluate("documents/denied.json", "--lang", "en").stdout
    assert "In the way (1)" in text
    assert text.index("To answer (2)") < text.index("In the way") < text.index("To be signed")
    assert "Not settled" not in text


def test_advice_that_waits_for_a_fact_is_a_question(run: Run) -> None:
    document = example("post/comment.json")
    document.pop("about_people")
    text = shown(run, document)
    assert text.startswith("✓ ALLOWED")
    advice = text[text.index("Advice (2)") :]
    assert "? " in advice and "/about_people" in advice
    assert "not stated.  (folk.varsom)" not in text


@pytest.mark.parametrize("language", languages())
def test_every_field_of_every_schema_says_what_it_may_hold(language: str) -> None:
    words = texts(language).eval

    def walk(fields: Fields, kind: t.Type, at: str) -> None:
        if at:
            assert fields.answers(at, words)
        if isinstance(kind, t.Record):
            for name, field in kind.fields.items():
                walk(fields, field.type, f"{at}/{name}")
        elif isinstance(kind, t.ListOf):
            walk(fields, kind.element, f"{at}/0")

    for kind in Policy.load(BERGEN).program.kinds.values():
        walk(Fields(kind.schema.named_files, language), kind.schema.record, "")


@pytest.mark.parametrize(
    ("language", "at", "answers"),
    [
        ("en", "/case_handling", "yes or no (true or false)"),
        ("nb", "/case_handling", "ja eller nei (true eller false)"),
        ("nn", "/case_handling", "ja eller nei (true eller false)"),
        ("en", "/media/0/people", "Nobody (none), A crowd (crowd), Children (minors)"),
        ("nn", "/media/0/people", "Ingen (none), En folkemengde (crowd), Barn eller unge (minors)"),
        ("en", "/media/0/consent/expires", "a date such as 2026-11-22"),
        ("en", "/scheduled_at", "a time with offset such as 2026-11-22T12:00:00+01:00"),
        ("en", "/media/0/consent", "an object with status, expires"),
        ("en", "/nowhere", ""),
    ],
)
def test_what_may_be_answered(language: str, at: str, answers: str) -> None:
    schema = Policy.load(POLICY).program.kinds["post"].schema
    assert Fields(schema.named_files, language).answers(at, texts(language).eval) == answers


def test_many_values_are_shortened() -> None:
    schema = Policy.load(BERGEN).program.kinds["post"].schema
    kind = schema.record.fields["unit"].type
    assert isinstance(kind, t.Record)
    values = kind.fields["type"].type
    assert isinstance(values, t.Enumeration) and len(values.values) > 8
    answers = Fields(schema.named_files, "en").answers("/unit/type", texts("en").eval)
    assert answers.endswith("(technical), …")


def test_a_question_names_its_clauses(run: Run) -> None:
    document = example("post/comment.json")
    document.pop("interaction")
    text = shown(run, document)
    assert "sak.aldri (" in text and "sak.arkiv (" in text
