"""What is known stays known: more facts decide more, and never the other way."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from somepolicy import ir as p
from somepolicy.backends.walk.results import Instance
from somepolicy.engine.evaluation import StatusCode
from somepolicy.engine.values import pointer
from somepolicy.ir.traversal import walk
from somepolicy.policy import Policy
from somepolicy.syntax.diagnostics import PolicyError
from tests.examples import examples
from tests.properties.generate import (
    DrawnPolicy,
    Spec,
    draw_document,
    draw_policy,
    draw_value,
    instant,
)
from tests.properties.small_policies import parts, reach

SLOW_POLICIES = 800
MOST_ROUNDS = 5


def expressions(rule: p.Rule, program: p.Program) -> Iterator[p.Expr]:
    """Yield every expression a rule is made of, definitions and predicates entered once."""
    each = rule.each
    lists = () if each is None else (each.container, each.where)
    pending = [x for x in (rule.guard, rule.condition, rule.exception, *lists) if x is not None]
    seen: set[str] = set()
    while pending:
        for part in walk(pending.pop()):
            yield part
            name = getattr(part, "name", None) or getattr(part, "predicate", None)
            if isinstance(part, p.Defined | p.Applied) and name not in seen:
                seen.add(str(name))
                table = program.definitions if isinstance(part, p.Defined) else program.predicates
                pending.append(table[str(name)].body)


def is_plain(rule: p.Rule, program: p.Program) -> bool:
    """Whether absence means unknown everywhere in the rule, and only facts of it decide."""
    return rule.effect in ("require", "forbid", "advise") and not any(
        isinstance(part, p.Presence | p.Fallback | p.Attestation)
        or (isinstance(part, p.Read) and part.has_default)
        for part in expressions(rule, program)
    )


def hangs_on_parameter(rule: p.Rule, policy: Policy, document: dict[str, Any]) -> bool:
    """Whether the rule uses a parameter that has no value yet: no fact can decide that."""
    day = instant(document).date()
    return any(
        isinstance(part, p.Parametric) and policy.program.parameters[part.name].at(day) is None
        for part in expressions(rule, policy.program)
    )


def list_of(rule: p.Rule) -> str | None:
    """Return the pointer of the list a rule goes through."""
    return None if rule.each is None else pointer("", rule.each.container.path)


def settles_on_absence(rule: p.Rule, program: p.Program) -> bool:
    """Whether a presence test, or a default in an element not there yet, is known by absence."""
    return any(
        isinstance(part, p.Presence)
        or (isinstance(part, p.Read) and part.has_default and part.variable is not None)
        for part in expressions(rule, program)
    )


State = dict[tuple[str, str], Instance]


def instances(policy: Policy, document: dict[str, Any]) -> State:
    """Return the instances by rule and place."""
    found = {(x.rule.name, x.at): x for x in policy.explain(document).trace}
    assert len(found) == len(policy.explain(document).trace)
    return found


def outcome(instance: Instance) -> str:
    if instance.status > StatusCode.ADVISED:
        return "fine"
    return "violated" if instance.violated else "unproven"


def supplied(rng: random.Random, value: Any, spec: Spec, share: float) -> Any:
    """Return the value with some of its absent members there; a list keeps its elements."""
    if spec.type == "list":
        assert spec.element is not None
        return [supplied(rng, each, spec.element, share) for each in value]
    if spec.type != "record":
        return value
    made = {}
    for name, inner in spec.fields.items():
        if value.get(name) is not None:
            made[name] = supplied(rng, value[name], inner, share)
        elif rng.random() < share:
            made[name] = draw_value(rng, inner, 0.7)
    return {**{name: each for name, each in value.items() if name not in spec.fields}, **made}


def takes_back(
    instance: Instance, drawn: DrawnPolicy, policy: Policy, document: dict[str, Any]
) -> bool:
    """Whether a missing fact is elsewhere in the rule known to be none, so that it changes that."""
    none_known = any(
        spec_at(drawn.record, each).none and reach(document, parts(each)[:-1]) is not None
        for each in instance.missing
    )
    return none_known and any(
        isinstance(part, p.Fallback | p.Presence)
        for part in expressions(instance.rule, policy.program)
    )


def spec_at(record: Spec, at: str) -> Spec:
    """Return the schema of what a pointer points at."""
    spec = record
    for part in parts(at):
        inner = spec.element if spec.type == "list" else spec.fields[part]
        assert inner is not None
        spec = inner
    return spec


def supply(rng: random.Random, document: dict[str, Any], record: Spec, lacking: str) -> None:
    """Put a complete value where a pointer says that a fact is missing."""
    holder: Any = document
    spec = record
    *before, last = parts(lacking)
    for part in before:
        if isinstance(holder, list):
            assert spec.element is not None
            holder, spec = holder[int(part)], spec.element
            continue
        if holder.get(part) is None:
            holder[part] = {}
        holder, spec = holder[part], spec.fields[part]
    holder[last] = draw_value(rng, spec.fields[last])


def story(drawn: DrawnPolicy, *documents: dict[str, Any]) -> str:
    return "\n".join([drawn.text, *(json.dumps(x, ensure_ascii=False) for x in documents)])


def load(drawn: DrawnPolicy) -> Policy | None:
    try:
        return drawn.load()
    except PolicyError:
        return None


def more_facts_decide_more(rng: random.Random, *, plain: bool | None, documents: int) -> int:
    drawn = draw_policy(rng, plain=plain, strict=False)
    policy = load(drawn)
    if policy is None:
        return 0
    compared = 0
    for _ in range(documents):
        document = draw_document(rng, drawn)
        more = supplied(rng, document, drawn.record, rng.choice((0.1, 0.5, 1.0)))
        before, after = instances(policy, document), instances(policy, more)
        for rule in policy.program.rules:
            if not is_plain(rule, policy.program):
                continue
            old = {key: outcome(x) for key, x in before.items() if key[0] == rule.name}
            if rule.each is not None and (rule.name, list_of(rule)) in before:
                continue  # the list was absent: its elements are new
            for key, instance in after.items():
                if key[0] != rule.name:
                    continue
                compared += 1
                known, now = old.get(key, "fine"), outcome(instance)
                assert known in ("unproven", now), (key, known, now, story(drawn, document, more))
            for key, known in old.items():
                if known == "violated":
                    assert key in after, (key, story(drawn, document, more))
    return compared


def what_is_missing_decides(rng: random.Random, *, documents: int) -> int:
    """Supply what each unproven instance lacks.

    That decides it, in one round. Only where absence itself says something may what is supplied
    say otherwise, and the rule then ask for more.
    """
    drawn = draw_policy(rng, strict=False)
    policy = load(drawn)
    if policy is None:
        return 0
    decided = 0
    for _ in range(documents):
        document = draw_document(rng, drawn)
        for (name, at), instance in instances(policy, document).items():
            rule = instance.rule
            if outcome(instance) != "unproven" or rule.effect == "attest":
                continue
            if hangs_on_parameter(rule, policy, document):
                continue
            assert instance.missing, (name, at, story(drawn, document))
            if takes_back(instance, drawn, policy, document):
                continue
            more = copy.deepcopy(document)
            lacking = set(instance.missing)
            rounds = MOST_ROUNDS if settles_on_absence(rule, policy.program) else 1
            for _ in range(rounds):
                for each in sorted(lacking):
                    supply(rng, more, drawn.record, each)
                still = [
                    x
                    for x in instances(policy, more).values()
                    if x.rule is rule
                    and outcome(x) == "unproven"
                    and (x.at == at or x.at.startswith(f"{at}/"))
                ]
                lacking = {pointer for x in still for pointer in x.missing}
                if not lacking:
                    break
            told = (name, at, instance.missing, sorted(lacking))
            assert not still, f"{told}\n{story(drawn, document, more)}"
            decided += 1
    return decided


SEEDS = st.integers(0, 2**32 - 1).map(random.Random)


@examples(40)
@given(SEEDS)
def test_more_facts_decide_more(rng):
    more_facts_decide_more(rng, plain=True, documents=6)


@pytest.mark.slow
@examples(20)
@given(SEEDS)
def test_more_facts_decide_more_beside_other_rules(rng):
    more_facts_decide_more(rng, plain=False, documents=6)


@examples(50)
@given(SEEDS)
def test_what_is_missing_decides(rng):
    what_is_missing_decides(rng, documents=4)


@pytest.mark.slow
def test_more_facts_decide_more_for_long():
    seeds = (random.Random(f"kleene {seed}") for seed in range(SLOW_POLICIES))
    compared = sum(more_facts_decide_more(rng, plain=None, documents=20) for rng in seeds)
    assert compared > 20 * SLOW_POLICIES


@pytest.mark.slow
def test_what_is_missing_decides_for_long():
    seeds = (random.Random(f"missing {seed}") for seed in range(SLOW_POLICIES))
    assert sum(what_is_missing_decides(rng, documents=10) for rng in seeds) > 5 * SLOW_POLICIES
