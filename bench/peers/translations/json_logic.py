"""A condition -> JSON Logic, with an operator `found` for patterns."""

from __future__ import annotations

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
    Some,
    plain,
)

_SIGNS = {"==": "===", "!=": "!=="}


def json_logic(condition: Condition) -> dict:
    def at(path):
        return {"var": path.removeprefix("item.")}

    match condition:
        case Compare(path, sign, value):
            return {_SIGNS.get(sign, sign): [at(path), plain(value)]}
        case Earlier(path, other):
            return {"<": [at(path), at(other)]}
        case OneOf(path, values):
            return {"in": [at(path), list(values)]}
        case Holds(path, value):
            return {"in": [value, at(path)]}
        case Found(path, pattern):
            return {"found": [at(path), pattern]}
        case Not(part):
            return {"!": [json_logic(part)]}
        case All(parts):
            return {"and": [json_logic(part) for part in parts]}
        case Either(parts):
            return {"or": [json_logic(part) for part in parts]}
        case Some(path, part):
            return {"some": [at(path), json_logic(part)]}
