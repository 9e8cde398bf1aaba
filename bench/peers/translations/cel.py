"""A condition -> CEL."""

from __future__ import annotations

import json

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


def cel(condition: Condition) -> str:
    match condition:
        case Compare(path, "==", bool() as value):
            return path if value else f"!{path}"
        case Compare(path, sign, value):
            return f"{path} {sign} {json.dumps(plain(value))}"
        case Earlier(path, other):
            return f"{path} < {other}"
        case OneOf(path, values):
            return f"({path} in {json.dumps(values)})"
        case Holds(path, value):
            return f"({json.dumps(value)} in {path})"
        case Found(path, pattern):
            return f"{path}.matches({json.dumps(pattern)})"
        case Not(part):
            return f"!{cel(part)}"
        case All(parts):
            return f"({' && '.join(map(cel, parts))})"
        case Either(parts):
            return f"({' || '.join(map(cel, parts))})"
        case Some(path, part):
            return f"{path}.exists(item, {cel(part)})"
