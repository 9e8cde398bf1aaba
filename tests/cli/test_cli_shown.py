"""Single pieces of the output: fields, values, moments, evidence."""

from __future__ import annotations

import datetime
import io
import json
from pathlib import Path
from typing import get_args

import pytest

from somepolicy import Policy
from somepolicy.cli.show.decision import show_decision
from somepolicy.cli.show.decision_view import DecisionView
from somepolicy.cli.show.fields import Fields
from somepolicy.cli.show.values import show_value
from somepolicy.cli.terminal import Page, console
from somepolicy.engine.decision import Detection, NotCounted, Unset, WhyNot
from somepolicy.ir import types as t
from somepolicy.ir.types import Type
from somepolicy.json_type import Json
from somepolicy.texts.catalogue import languages, texts
from tests.cli.conftest import POLICY

FOUND = (Detection("identity_number", "1", "hard", "/text/body", (3, 14), "******CANARY"),)


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ("CANARY", t.Text(), "text of 6 characters"),
        ("x", t.Text(), "text of 1 character"),
        ("CANARY", t.Enumeration(("a", "b")), "text of 6 characters"),
        ("a", t.Enumeration(("a", "b")), "a"),
        (["CANARY"], t.ListOf(t.Text()), "list of 1"),
        ([{"id": "CANARY"}], t.ListOf(t.Record({})), "list of 1"),
        ([], t.ListOf(t.Enumeration(("a",))), "list of 0"),
        (["a", "b"], t.ListOf(t.Enumeration(("a", "b"))), "list of 2: a, b"),
        ({"id": "CANARY"}, t.Record({}), "stated"),
        ("CANARY", t.Detections(), "stated"),
        (FOUND, t.Detections(), "1 found: national identity number (certain)"),
        ((), t.Detections(), "0 found"),
        (True, t.Boolean(), "true"),
        (2.5, t.Number(), "2.5"),
        (14, t.Days(), "14 days"),
        (datetime.date(2026, 11, 22), t.Date(), "2026-11-22"),
        (
            datetime.datetime(2026, 11, 22, 10, tzinfo=datetime.UTC),
            t.Instant(),
            "2026-11-22T10:00:00+00:00",
        ),
    ],
)
def test_value_in_the_trace(value: object, kind: Type, shown: str) -> None:
    assert show_value(value, kind, texts("en").eval) == shown


@pytest.mark.parametrize(
    ("language", "at", "title"),
    [
        ("en", "/case_handling", "Handles a case"),
        ("nb", "/case_handling", "Behandler en sak"),
        ("nn", "/case_handling", "Behandler en sak"),
        ("en", "/media/1/consent/status", "Media 2 › Consent › Status"),
        ("nb", "/media/1/people", "Medier 2 › Avbildede"),
        ("en", "/media/10", "Media 11"),
        ("en", "/text/nowhere", "Text › nowhere"),
        ("en", "", ""),
    ],
)
def test_title_of_a_field(language: str, at: str, title: str) -> None:
    schema = Policy.load(POLICY).program.kinds["post"].schema
    assert Fields(schema.named_files, language).title(at) == title


@pytest.mark.parametrize(
    ("at", "document", "shown"),
    [
        ("/case_handling", {"case_handling": False}, "nei"),
        ("/media/0/people", {"media": [{"people": "minors"}]}, "Barn eller unge"),
        ("/media/0/alt", {"media": [{"alt": "CANARY"}]}, None),
        ("/media/0/id", {"media": [{"id": "CANARY"}]}, None),
        ("/media/0/consent/expires", {"media": [{"consent": {"expires": "2026-11-22"}}]}, "2026-11-22"),
        ("/media/7/people", {"media": []}, None),
        ("/text", {"text": {"body": "CANARY"}}, None),
    ],
)  # fmt: skip
def test_fact(at: str, document: Json, shown: str | None) -> None:
    fields = Fields(Policy.load(POLICY).program.kinds["post"].schema.named_files, "nb")
    assert fields.fact(at, document, texts("nb").eval) == shown


def shown(detections: tuple[Detection, ...], as_of: str) -> list[str]:
    """Return the text of a denial whose first finding has the evidence."""
    policy = Policy.load(POLICY)
    document = json.loads(Path("documents/denied.json").read_text())
    decision = policy.evaluate(document)
    finding = decision.findings[0]._replace(detections=detections)
    decision = decision._replace(findings=(finding, *decision.findings[1:]), as_of=as_of)
    output = io.StringIO()
    page = Page(console(output))
    fields = Fields(policy.program.kinds["post"].schema.named_files, "nb")
    show_decision(
        DecisionView(
            page,
            policy.evaluator.compiled.kinds["post"],
            document,
            decision,
            "nb",
            texts("nb").eval,
            fields,
        )
    )
    page.print()
    return output.getvalue().splitlines()


def test_evidence_is_shown_masked() -> None:
    lines = shown(FOUND, "2026-11-22T10:00:00+01:00")
    assert (
        "    Funnet      fødselsnummer eller D-nummer, sikkert, tegn 4–14 i /text/body: ******CANARY"
        in lines
    )


@pytest.mark.parametrize(
    ("as_of", "text"),
    [
        ("2026-11-22T10:00:00+01:00", "2026-11-22 10:00 +01:00"),
        ("2026-11-22T12:00:00+00:00", "2026-11-22 12:00 UTC"),
        ("2026-11-22T10:15:30+01:00", "2026-11-22 10:15:30 +01:00"),
        ("2026-11-22T10:15:00.500000-11:00", "2026-11-22 10:15:00.500000 -11:00"),
    ],
)
def test_moment(as_of: str, text: str) -> None:
    assert f"vurdert per {text}, fra dokumentet" in shown((), as_of)[1]


def shown_with(language: str, **changes: object) -> str:
    """Return the text of a post that waits for a signature, its finding changed."""
    policy = Policy.load(POLICY)
    document = json.loads(Path("documents/unsigned.json").read_text())
    decision = policy.evaluate(document)
    finding = decision.findings[0]._replace(**changes)
    decision = decision._replace(findings=(finding,))
    output = io.StringIO()
    page = Page(console(output))
    words = texts(language).eval
    said = language if language in policy.program.languages else "nb"
    fields = Fields(policy.program.kinds["post"].schema.named_files, said)
    show_decision(
        DecisionView(
            page, policy.evaluator.compiled.kinds["post"], document, decision, said, words, fields
        )
    )
    page.print()
    return " ".join(output.getvalue().split())


@pytest.mark.parametrize(
    ("language", "row", "reason"),
    [
        ("nb", "Parameter limit har ingen verdi før 2027-01-01", "Regelverket har ennå ingen"),
        ("nn", "Parameter limit har ingen verdi før 2027-01-01", "Regelverket har enno ingen"),
        ("en", "Parameter limit has no value before 2027-01-01", "The policy has no value yet"),
    ],
)
@pytest.mark.parametrize("blocking", [True, False])
def test_a_parameter_without_a_value(language: str, row: str, reason: str, blocking: bool) -> None:
    changes = {"unset": (Unset("limit", "2027-01-01"),), "blocking": blocking}
    text = shown_with(language, **changes).replace("Parameter: ", "Parameter ")
    assert row in text
    if blocking:
        assert reason in text
        words = texts(language).eval
        assert words.lacks_facts not in text
        assert words.lacks_signature not in text


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("why", get_args(WhyNot))
@pytest.mark.parametrize("blocking", [True, False])
def test_a_signature_that_does_not_count(language: str, why: WhyNot, blocking: bool) -> None:
    at, words = "/attestations/0", texts(language).eval
    text = shown_with(language, not_counted=(NotCounted(at, why),), blocking=blocking)
    assert f": {words.vocabulary.why_not[why]} {at}" in text
    assert words.not_counted in text
    if blocking:
        assert words.signature_unheeded in text
        assert words.lacks_signature not in text


def test_reasons_are_told_apart_in_every_language() -> None:
    for language in languages():
        why_not = texts(language).vocabulary.why_not
        assert why_not.keys() == set(get_args(WhyNot))
        assert len({*why_not.values()}) == len(why_not)


@pytest.mark.parametrize(
    ("at", "none"),
    [
        ("/media/0/consent/expires", True),
        ("/scheduled_at", True),
        ("/media", False),
        ("/media/0/consent", False),
        ("/nowhere/at/all", False),
        ("", False),
    ],
)
def test_whether_absence_means_none(at: str, none: bool) -> None:
    fields = Fields(Policy.load(POLICY).program.kinds["post"].schema.named_files, "nb")
    assert fields.means_none(at) is none
