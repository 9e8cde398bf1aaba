"""The compiled evaluator and the reference evaluator give the same decision, byte for byte."""

from __future__ import annotations

import copy
import itertools
import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from somepolicy.engine.errors import InvalidDocument
from somepolicy.installed import installed_policy
from somepolicy.policy import Policy
from somepolicy.syntax.diagnostics import PolicyError
from tests.examples import examples, one_in
from tests.properties.generate import (
    accepted,
    draw_document,
    draw_policy,
    noted_documents,
    policies,
    randoms,
)
from tests.properties.small_policies import both, without

EXAMPLES = Path(__file__).parents[2] / "examples"
KINDS = ("profile", "post", "private_post")  # other policies have other documents
DOCUMENTS = sorted(path for kind in KINDS for path in (EXAMPLES / kind).rglob("*.json"))
SLOW_PAIRS = 20_000


@pytest.mark.slow
def test_nearly_every_drawn_policy_loads():
    refused: Counter[str] = Counter()
    for seed in range(100):
        try:
            draw_policy(random.Random(seed)).load()
        except PolicyError as error:
            refused.update({each.code for each in error.diagnostics if each.severity == "error"})
    assert refused.total() <= 10, refused


@examples(100)
@given(policies(rules=5), randoms())
def test_evaluators_agree(drawn, rng):
    policy = accepted(drawn)
    for document in noted_documents(rng, drawn, policy, 6):
        both(policy, document)


@pytest.mark.slow
def test_evaluators_agree_for_long():
    pairs, seen = 0, Counter()
    for seed in itertools.count():
        if pairs >= SLOW_PAIRS:
            break
        rng = random.Random(f"differential {seed}")
        drawn = draw_policy(rng, rules=12)
        try:
            policy = drawn.load()
        except PolicyError:
            continue
        for _ in range(40):
            document = draw_document(rng, drawn, policy)
            pairs += 1
            try:
                decision = both(policy, document)
            except AssertionError:
                shown = json.dumps(document, ensure_ascii=False)
                pytest.fail(f"seed {seed}\n{drawn.text}\n{shown}")
            seen.update(finding.outcome for finding in decision.findings)
            seen.update(citation.status for citation in decision.citations)
    assert pairs == SLOW_PAIRS
    statuses = {"violated", "unproven", "advised", "satisfied", "permitted", "not_applicable"}
    assert statuses <= set(seen)
    assert min(seen[status] for status in statuses) > pairs // 100


# --- the examples with the installed policy


def leaves(value: Any, at: str = "") -> Iterator[str]:
    """Yield the pointer of every member that is a leaf or a list, elements' members included."""
    match value:
        case dict():
            for name, member in value.items():
                yield from leaves(member, f"{at}/{name}")
                if isinstance(member, list):
                    yield f"{at}/{name}"
        case list():
            for index, element in enumerate(value):
                if isinstance(element, dict):
                    yield from leaves(element, f"{at}/{index}")
        case _:
            yield at


def facts(document: dict[str, Any]) -> list[str]:
    """All leaves but `as_of`, without which the clock would be read twice."""
    return [at for at in leaves(document) if at != "/as_of"]


def agree(policy: Policy, document: dict[str, Any]) -> bool:
    """Whether it is a document at all; if so, both evaluators agree on it."""
    try:
        both(policy, document)
    except InvalidDocument:
        return False
    return True


@pytest.fixture(scope="module")
def bergen() -> Policy:
    return installed_policy()


def example_document(path: Path) -> dict[str, Any]:
    return {"as_of": "2026-11-22T12:00:00+01:00", **json.loads(path.read_bytes())}


@pytest.mark.parametrize(
    "path", one_in(15, DOCUMENTS), ids=lambda path: path.relative_to(EXAMPLES).as_posix()
)
def test_examples_with_a_fact_taken_away(bergen, path):
    document = example_document(path)
    assert agree(bergen, document)
    valid = [agree(bergen, without(document, at)) for at in facts(document)]
    assert sum(valid) >= 2


@pytest.mark.slow
@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(EXAMPLES).as_posix())
def test_examples_with_two_facts_taken_away(bergen, path):
    document = example_document(path)
    pairs = 0
    for first, second in itertools.combinations(facts(document), 2):
        if second.startswith(f"{first}/") or first.startswith(f"{second}/"):
            continue
        pairs += agree(bergen, without(without(copy.deepcopy(document), first), second))
    assert pairs > 0
