"""An attestation that does not clear the question it was given on is listed, with the reason."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from somepolicy.engine.decision import Finding, plain
from somepolicy.policy import Policy
from tests.examples import examples
from tests.properties.generate import accepted, noted_documents, policies, randoms
from tests.properties.small_policies import (
    AS_OF,
    BOOLEAN,
    SAYS,
    both,
    clause,
    findings,
    kind,
    load_policy,
)

CLAUSES = clause("must.do", "must", 1, "post") + clause("must.not", "must_not", 2, "post")
ASKS = 'by editor asks yes nb "n" en "e"'
RULES = f"""rules for post
attest row cites must.do when post.flag {ASKS}{SAYS}
attest second cites must.not {ASKS}{SAYS}
"""
OTHER = f"sha256:{'0' * 64}"


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy({"post": kind("post", flag=BOOLEAN)}, {"a.pol": CLAUSES, "b.pol": RULES})


def found(policy: Policy, *changes: dict[str, object], **members: Any) -> Finding | None:
    """Return the finding of `row` on a document with attestations that clear it but for changes."""
    document = {"kind": "post", "id": "1", "as_of": AS_OF, "flag": True, **members}
    valid = {
        "clause": "must.do",
        "statement": "yes",
        "role": "editor",
        "at": "2026-11-22T12:00:00+01:00",
        "content_digest": policy.content_digest(document),
    }
    document["attestations"] = [{**valid, **each} for each in changes]
    rows = findings(both(policy, document), "row")
    return rows[0] if rows else None


REASONS = [
    ("content", {"content_digest": OTHER}),
    ("role", {"role": "archivist"}),
    ("role", {"role": "nobody"}),
    ("expired", {"expires": "2026-11-22T11:00:00Z"}),
    ("future", {"at": "2026-11-22T11:00:01Z"}),
    ("answer", {"statement": "no"}),
    ("clause", {"clause": "must.d0"}),
]


@pytest.mark.parametrize(("why", "change"), REASONS)
def test_reason(policy, why, change):
    row = found(policy, change)
    assert plain(row)["not_counted"] == [{"at": "/attestations/0", "why": why}]
    assert row.outcome == ("violated" if why == "answer" else "unproven")


def test_the_first_reason_counts(policy):
    """In the order in which they are listed."""
    reasons = [each for each in REASONS if each[0] != "clause" and each[1].get("role") != "nobody"]
    for index in range(len(reasons)):
        change = {name: value for _, each in reasons[index:] for name, value in each.items()}
        assert [x.why for x in found(policy, change).not_counted] == [reasons[index][0]]


def test_several_in_the_order_of_the_document(policy):
    row = found(policy, *[change for _, change in REASONS])
    assert [each.values() for each in row.not_counted] == [
        (f"/attestations/{index}", why) for index, (why, _) in enumerate(REASONS)
    ]


def test_an_end_is_not_yet_reached_the_moment_before(policy):
    assert found(policy, {"expires": "2026-11-22T11:00:00.5Z"}) is None


def test_one_on_another_clause_is_not_listed(policy):
    row = found(policy, {"clause": "must.not"})
    assert row.not_counted == ()
    assert "not_counted" not in plain(row)


def test_one_that_clears_is_not_listed_beside_one_that_contradicts(policy):
    row = found(policy, {}, {"statement": "no"})
    assert row.outcome == "violated"
    assert row.facts == ("/attestations/1/statement",)
    assert [each.at for each in row.not_counted] == ["/attestations/1"]


def test_nothing_is_listed_where_the_rule_does_not_apply(policy):
    assert found(policy, {"role": "archivist"}, flag=False) is None


def oracle(document: dict[str, Any], digest: str, finding: Finding, clauses: set[str]) -> list[Any]:
    """Say it again, plainly."""
    from datetime import datetime

    asked, moment = finding.attestation, datetime.fromisoformat(document["as_of"])
    listed = []
    for index, each in enumerate(document.get("attestations") or []):
        ends = each.get("expires")
        flaws = {
            "content": each["content_digest"] != digest,
            "role": each["role"] not in asked.roles,
            "expired": ends is not None and datetime.fromisoformat(ends) <= moment,
            "future": datetime.fromisoformat(each["at"]) > moment,
            "answer": each["statement"] != asked.answer,
        }
        if each["clause"] not in clauses:
            flaws = {"clause": True}
        elif each["clause"] != asked.clause:
            continue
        listed += [(f"/attestations/{index}", why) for why, true in flaws.items() if true][:1]
    return listed


@pytest.mark.slow
@examples(40)
@given(policies(rules=6, plain=False), randoms())
def test_as_an_oracle_says(drawn, rng):
    policy = accepted(drawn)
    for document in noted_documents(rng, drawn, policy, 6):
        digest, clauses = policy.content_digest(document), set(policy.program.clauses)
        for each in both(policy, document).findings:
            wanted = [] if each.effect != "attest" else oracle(document, digest, each, clauses)
            assert [x.values() for x in each.not_counted] == wanted


@pytest.mark.slow
@examples(40)
@given(policies(rules=6, plain=False), randoms())
def test_no_absent_attestation_lets_a_document_pass(drawn, rng):
    """Taken all away, what was denied stays denied."""
    policy = accepted(drawn)
    for document in noted_documents(rng, drawn, policy, 8):
        if not policy.evaluate(document).allowed and document.pop("attestations", None):
            binding = [x for x in both(policy, document).findings if x.blocking]
            assert binding or "R1" in drawn.text  # a should may spare the absent
