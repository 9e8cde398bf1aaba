"""Every text that readers see is searched: the schemas say which those are, and the rules follow.

The lists below are derived from the mark `x-published`, so a field that is added without one, or
that no rule searches, fails here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from somepolicy import Policy
from somepolicy.cli.workflows.searched import searched_paths
from somepolicy.engine.decision import Decision
from somepolicy.installed import installed_policy
from somepolicy.ir import types as t

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
FJELLVIK = EXAMPLES / "policies" / "fjellvik"
NUMBER = "15859010099"  # synthetic: month + 80
EACH = "*"
Path_ = tuple[str, ...]

POLICIES = {
    "bergen": {
        "profile": EXAMPLES / "profile" / "branch-library.json",
        "post": EXAMPLES / "post" / "road-closure.json",
        "private_post": EXAMPLES / "private_post" / "mountain-photo.json",
    },
    "fjellvik": {
        "account": FJELLVIK / "examples" / "account" / "road-watch.json",
        "message": FJELLVIK / "examples" / "message" / "bridge-closed.json",
        "draft": FJELLVIK / "examples" / "draft" / "half-written.json",
    },
}
KINDS = [(policy, kind) for policy, kinds in POLICIES.items() for kind in kinds]
TEST_NUMBERS_COUNT = {
    "synthetic_numbers_count": True,
    "synthetic_numbers_count_in_private": True,
    "synthetic_numbers_count_in_profile": True,
}
OTHERS = {("post", ("thread", EACH))}  # what others wrote: a find is advice

# Why readers do not see a text, by its place; the first part that fits says it for all below.
WHY_NOT = {
    "post": {
        "id": "names the document for its sender",
        "unit": "says for the record who publishes; readers see the profile",
        "channel": "the code of the profile in the sender's system",
        "language": "a tag",
        "media/*/id": "names the item in messages of the check",
        "media/*/creator": "for the record; `credit` is what is shown",
        "media/*/rights": "what the right rests on, for the record",
        "audience": "whom the platform is told to show it to",
        "attestations": "what people answered, for the record",
        "source": "where the document comes from",
    },
    "private_post": {
        "id": "names the document for its sender",
        "media/*/id": "names the item in messages of the check",
        "media/*/creator": "for the record; `credit` is what is shown",
        "media/*/rights": "what the right rests on, for the record",
        "source": "where the document comes from",
    },
    "profile": {
        "id": "names the document for its sender",
        "unit": "says for the record who opens the profile; readers see `name`",
        "closing_plan": "the unit's own plan",
        "assessment": "the unit's own assessment",
        "answers": "answers to the guideline's questions, for the manager",
        "leader_contact": "the unit's own records",
        "approvals": "the unit's own records",
        "strategy": "the unit's own plan",
        "staffing": "the unit's own plan",
        "dpia": "the unit's own records",
        "audience/description": "the unit's own plan",
        "moderation/hours": "two hours in figures: its form leaves no room for words",
        "attestations": "what people answered, for the record",
        "source": "where the document comes from",
    },
    "account": {
        "id": "names the document for its sender",
        "preparation": "answers in the application",
        "logins": "codes of those who can log in",
    },
    "message": {
        "id": "names the document for its sender",
        "pictures/*/id": "names the picture in messages of the check",
        "clips/*/id": "names the film in messages of the check",
        "corrects": "the identifier of another document",
        "attestations": "what people answered, for the record",
    },
    "draft": {
        "id": "names the document for its sender",
        "pictures/*/id": "names the picture in messages of the check",
        "clips/*/id": "names the film in messages of the check",
    },
}


def policy_of(name: str) -> Policy:
    if name == "bergen":
        return installed_policy().with_parameters(TEST_NUMBERS_COUNT)
    return Policy.load(FJELLVIK)


def texts(kind: t.Type, at: Path_ = (), mark: bool | None = None) -> Iterator[tuple[Path_, Any]]:
    """Yield the place of each free text of a type, with what the schema says of it."""
    match kind:
        case t.Text():
            yield at, mark
        case t.ListOf():
            yield from texts(kind.element, (*at, EACH), mark)
        case t.Record():
            for name, member in kind.fields.items():
                yield from texts(member.type, (*at, name), member.published)


def texts_of(policy: str, kind: str) -> list[tuple[Path_, Any]]:
    return list(texts(policy_of(policy).program.kinds[kind].schema.record))


def published(policy: str, kind: str) -> list[Path_]:
    return [at for at, mark in texts_of(policy, kind) if mark]


PUBLISHED = [(*each, at) for each in KINDS for at in published(*each)]


def put(document: dict[str, Any], at: Path_, text: str) -> tuple[dict[str, Any], str]:
    """Write a text at a place, the second of a list of texts; return its pointer as well."""
    holder: Any = document
    pointer = ""
    for step, following in zip(at, (*at[1:], None), strict=True):
        if step == EACH:
            if following is None:
                holder[:] = ["https://www.bergen.kommune.no/", text]
                return document, f"{pointer}/1"
            holder[:] = holder or [{}]
            holder, pointer = holder[0], f"{pointer}/0"
        elif following is None:
            holder[step] = text
            return document, f"{pointer}/{step}"
        else:
            holder = holder.setdefault(step, [] if following == EACH else {})
            pointer += f"/{step}"
    raise AssertionError(at)


def decided(policy: str, kind: str, at: Path_, text: str) -> tuple[Decision, str]:
    document = json.loads(POLICIES[policy][kind].read_bytes())
    if kind == "private_post":
        del document["information"]  # else the number is not known from the job
    document, pointer = put(document, at, text)
    found = policy_of(policy)
    decision = found.evaluate(document)
    assert decision.to_json() == found.explain(document).decision.to_json()
    return decision, pointer


def as_text(at: Path_, text: str) -> str:
    """Return a text in the form that its field asks for."""
    address = at[-1].endswith("url") or at[-1] == "web_page" or at[0] in ("links", "targets")
    return f"https://www.bergen.kommune.no/{text.replace(' ', '')}" if address else text


@pytest.mark.parametrize(("policy", "kind"), KINDS)
def test_every_free_text_is_marked(policy: str, kind: str) -> None:
    assert [at for at, mark in texts_of(policy, kind) if mark is None] == []


@pytest.mark.parametrize(("policy", "kind"), KINDS)
def test_what_readers_do_not_see_has_a_reason(policy: str, kind: str) -> None:
    unseen = ["/".join(at) for at, mark in texts_of(policy, kind) if mark is False]
    used = set()
    for place in unseen:
        reasons = [why for why in WHY_NOT[kind] if f"{place}/".startswith(f"{why}/")]
        assert reasons, f"{place}: why is it not seen?"
        used.update(reasons)
    assert used == set(WHY_NOT[kind])


@pytest.mark.parametrize(("policy", "kind"), KINDS)
def test_rules_hand_every_published_text_to_a_detector(policy: str, kind: str) -> None:
    assert set(published(policy, kind)) <= set(searched_paths(policy_of(policy).program, kind))


@pytest.mark.parametrize(("policy", "kind", "at"), PUBLISHED)
def test_a_number_is_found_wherever_readers_see_it(policy: str, kind: str, at: Path_) -> None:
    decision, pointer = decided(policy, kind, at, as_text(at, NUMBER))
    found = {
        detection.at: finding.blocking
        for finding in sorted(decision.findings, key=lambda each: each.blocking)
        for detection in finding.detections
        if detection.detector == "identity_number"
    }
    assert found == {pointer: (kind, at) not in OTHERS}
    if (kind, at) in OTHERS:
        assert decision.decision == "allow"
    else:
        assert decision.decision == "deny"
    assert NUMBER not in decision.to_json().decode()


@pytest.mark.parametrize(("policy", "kind"), [each for each in KINDS if each[0] == "bergen"])
def test_nothing_is_found_where_nothing_is(policy: str, kind: str) -> None:
    document = json.loads(POLICIES[policy][kind].read_bytes())
    decision = policy_of(policy).evaluate(document)
    assert not any(finding.detections for finding in decision.findings)


# --- every kind of find in every published text of a post

FINDS = {
    "identity_number": "158590 10099",
    "bank_account": "Betal henne til kontonummeret 1234.56.78903",
    "iban": "NO93 8601 1117 947",
    "payment_card": "Kort 4111 1111 1111 1111",
    "kid": "Oppgi KID 2345676",
    "telephone": "Ring 412 12 977",
    "email": "Skriv til tuva.fjellheim@example.org",
    "case_number": "Det står i saksnr 2026/12345",
    "case_outcome": "Hei! Søknaden din er avslått fordi huset ligger for nær veien.",
    "sensitive": "Hun fikk diagnosen demens i fjor og bor nå hos oss.",
}
ADVICE = {"kid", "telephone", "email"}
NOT_OF_OTHERS = {"case_outcome"}  # what a resident says of their own case handles none
# an address has no blanks: words are no sentence there, and numbers in it are no telephone's
WITH_BLANKS = [at for at in published("bergen", "post") if at[-1] != "terms_url"]


@pytest.mark.parametrize("detector", FINDS)
@pytest.mark.parametrize("at", WITH_BLANKS, ids="/".join)
def test_every_kind_is_found(detector: str, at: Path_) -> None:
    decision, pointer = decided("bergen", "post", at, FINDS[detector])
    found = [
        finding
        for finding in decision.findings
        if any(each.detector == detector and each.at == pointer for each in finding.detections)
    ]
    if ("post", at) in OTHERS:
        names = [] if detector in NOT_OF_OTHERS else ["hide_what_others_reveal"]
        assert [finding.rule for finding in found] == names
        assert decision.decision == "allow"
        return
    assert found
    # an archive's reference in a credit or a link is no sign that a case is handled
    own_words = at in (("text", "body"), ("quotes", "*", "text"))
    advice = ADVICE if own_words else {*ADVICE, "case_number"}
    assert any(finding.blocking for finding in found) == (detector not in advice)
