"""Rules -> Rego, for OPA and regorus."""

from __future__ import annotations

import json
from collections.abc import Iterable

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
    plain,
)


def rego(rules: Iterable[Rule]) -> str:
    """Return one module, `policy`, with the set `violated`."""
    helpers: list[str] = []
    heads = [
        f"violated contains {json.dumps(rule.id)} if {{ {'; '.join(_lines(rule.condition, helpers))} }}"
        for rule in rules
    ]
    return "\n".join(["package policy", "", "import rego.v1", "", *helpers, *heads, ""])


def _lines(condition: Condition, helpers: list[str]) -> list[str]:
    """Return what has to hold, an expression each."""

    def at(path: str) -> str:
        return path if path.startswith("item.") else f"input.{path}"

    match condition:
        case Compare(path, sign, value):
            return [f"{at(path)} {sign} {json.dumps(plain(value))}"]
        case Earlier(path, other):
            return [f"{at(path)} < {at(other)}"]
        case OneOf(path, values):
            return [f"{at(path)} in {{{', '.join(map(json.dumps, values))}}}"]
        case Holds(path, value):
            return [f"{json.dumps(value)} in {at(path)}"]
        case Found(path, pattern):
            return [f"regex.match({json.dumps(pattern)}, {at(path)})"]
        case Not(part):
            (line,) = _lines(part, helpers)
            return [f"not {line}"]
        case All(parts):
            return [line for part in parts for line in _lines(part, helpers)]
        case Either(parts):
            name = f"either{len(helpers)}"
            for part in parts:
                helpers.append(f"{name} if {{ {'; '.join(_lines(part, helpers))} }}")
            return [name]
        case Some(path, part):
            return [f"some item in {at(path)}", *_lines(part, helpers)]
