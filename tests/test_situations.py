"""Situations of a municipality's week, answered by an adviser who had not seen the rules.

Each line of `situations.ndjson` holds a document with the answer that was written down before the
rules were asked: whether it may be published, why not, what some clauses come to, which fields the
guideline is silent on, and the reasons (`why`; where an answer was changed later, it says so).
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from somepolicy.policy import Policy

ROOT = Path(__file__).parents[1]
LINES = (ROOT / "tests" / "situations.ndjson").read_text(encoding="utf-8").splitlines()
SITUATIONS: list[dict[str, Any]] = [json.loads(line) for line in LINES]


@cache
def bergen() -> Policy:
    return Policy.load(ROOT / "policy" / "bergen")


def kept(status: str) -> str:
    """Return a status; an adviser does not tell a clause that is met from one that is not asked."""
    word = status.replace(" ", "_")
    return "kept" if word in ("satisfied", "not_applicable") else word


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda each: each["document"]["id"])
def test_the_policy_answers_as_the_adviser_did(situation: dict[str, Any]) -> None:
    policy = bergen().with_parameters(situation.get("parameters", {}))
    decision = policy.evaluate(situation["document"])
    statuses = {each.clause: kept(each.status) for each in decision.citations}
    clauses = situation["clauses"]
    assert (decision.allowed, None if decision.allowed else decision.because) == (
        situation["allow"],
        situation["because"],
    ), situation["name"]
    assert {each: statuses[each] for each in clauses} == {
        each: kept(status) for each, status in clauses.items()
    }, situation["name"]
    assert list(decision.unregulated) == situation["unregulated"], situation["name"]


def test_the_week_is_broad_enough() -> None:
    assert len(SITUATIONS) >= 46
    kinds = {each["document"]["kind"] for each in SITUATIONS}
    assert kinds == {"post", "private_post", "profile"}
    assert {each["because"] for each in SITUATIONS} == {None, "violated", "unproven"}
