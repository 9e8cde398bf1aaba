"""A policy of one rule or two with its tests, written to a folder and loaded."""

from __future__ import annotations

import json
from pathlib import Path

from somepolicy.policy import Policy
from somepolicy.workbench.load import Suite, load_suite

SAYS = 'says nb "Nei." en "No."'
_MANIFEST = """name = "small"
version = "1.0.0"
languages = ["nb", "en"]
roles = ["editor", "archivist"]
[kinds]
post = "post.schema.json"
"""
_BOOLEAN = {"type": "boolean"}
_COLOUR = {"type": "string", "enum": ["red", "green", "blue"]}
_FIELDS = {
    "kind": {"type": "string", "const": "post"},
    "id": {"type": "string", "maxLength": 20},
    "as_of": {"type": "string", "format": "date-time"},
    "a": _BOOLEAN,
    "b": _BOOLEAN,
    "c": _BOOLEAN,
    "colour": _COLOUR,
    "size": {"type": "integer", "minimum": 0, "maximum": 100},
    "title": {"type": "string", "minLength": 1, "maxLength": 20},
    "day": {"type": "string", "format": "date"},
    "items": {
        "type": "array",
        "maxItems": 5,
        "items": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"ok": _BOOLEAN, "colour": _COLOUR},
        },
    },
}
_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["kind", "id"],
    "properties": _FIELDS,
}


def clause(name: str, force: str = "must", at: int = 1) -> str:
    return (
        f"clause {name} at 1.b{at} digest 5e51fe02ff75 force {force} binds unit "
        f'kinds post says nb "Punkt." en "Clause."\n'
    )


def small(
    folder: Path,
    rules: str,
    tests: str,
    clauses: str = clause("one"),
    **document: object,
) -> tuple[Policy, Suite]:
    """Write and load a policy; `SAYS` stands for the messages of a rule."""
    given = {"kind": "post", "id": "1", "as_of": "2026-11-22T12:00:00+01:00", **document}
    files = {
        "policy.toml": _MANIFEST,
        "post.schema.json": json.dumps(_SCHEMA),
        "a.pol": clauses,
        "b.pol": "rules for post\n" + rules.replace("SAYS", SAYS),
        "tests/all.pol": tests,
        "examples/post.json": json.dumps(given),
    }
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    policy = Policy.load(folder)
    return policy, load_suite(policy, folder)


def cases(*rows: str) -> str:
    """Return a test with one case per row: its changes and expectations."""
    listed = [f'  case "{index}" {row}' for index, row in enumerate(rows)]
    return 'test "t"\n  given "post.json"\n' + "\n".join(listed) + "\n"
