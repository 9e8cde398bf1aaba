"""Rules -> Cedar, and the facts that Cedar cannot work out."""

from __future__ import annotations

import json
from collections.abc import Callable

from peers.conditions import (
    All,
    Compare,
    Condition,
    Earlier,
    Either,
    Found,
    Holds,
    Not,
    OneOf,
    Rule,
    Some,
    holds,
    plain,
)

_BEYOND = (Found, Some, Earlier)


def cedar(rules: tuple[Rule, ...]) -> str:
    """Return the policies: one `forbid` a rule, with the rule's id."""
    facts: dict[Condition, str] = {}
    texts = [
        f'@id("{rule.id}") forbid(principal, action, resource) '
        f"when {{ {_written(rule.condition, facts)} }};"
        for rule in rules
    ]
    return "\n".join(["permit(principal, action, resource);", *texts])


def given(rules: tuple[Rule, ...]) -> Callable[[dict], dict]:
    """Return a function that adds what Cedar cannot work out to a document."""
    needed: dict[Condition, str] = {}
    for rule in rules:
        _written(rule.condition, needed)

    def add(document: dict) -> dict:
        facts = {name: holds(part, document, None) for part, name in needed.items()}
        return {**document, "given": facts}

    return add


def _written(condition: Condition, facts: dict[Condition, str]) -> str:
    def inner(part: Condition) -> str:
        return _written(part, facts)

    if isinstance(condition, _BEYOND):
        return f"context.given.{facts.setdefault(condition, f'p{len(facts)}')}"
    match condition:
        case Compare(path, "==", bool() as value):
            return f"context.{path}" if value else f"!context.{path}"
        case Compare(path, sign, value):
            return f"context.{path} {sign} {json.dumps(plain(value))}"
        case OneOf(path, values):
            return f"{json.dumps(values)}.contains(context.{path})"
        case Holds(path, value):
            return f"context.{path}.contains({json.dumps(value)})"
        case Not(part):
            return f"!{inner(part)}"
        case All(parts):
            return f"({' && '.join(map(inner, parts))})"
        case Either(parts):
            return f"({' || '.join(map(inner, parts))})"
