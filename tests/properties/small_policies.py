"""Small policies for tests: a folder written from texts, loaded, and its findings by rule."""

from __future__ import annotations

import copy
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

from somepolicy.engine.decision import Decision, Finding
from somepolicy.policy import Policy

AS_OF = "2026-11-22T12:00:00+01:00"
SAYS = ' says nb "Nei." en "No."'
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None

_MANIFEST = """name = "small"
version = "1.0.0"
languages = ["nb", "en"]
roles = ["editor", "archivist"]
"""


def clause(name: str, force: str, at: int, *kinds: str, undecided: bool = False) -> str:
    """Return the text of a clause."""
    text = (
        f"clause {name} at 1.b{at} digest 5e51fe02ff75 force {force} binds unit "
        f'kinds {", ".join(kinds)} says nb "Punkt." en "Clause."'
    )
    return text + (' undecided nb "Fordi." en "Because."\n' if undecided else "\n")


def write_policy(
    folder: Path,
    schemas: Mapping[str, object],
    files: Mapping[str, str],
    extra: str = "",
    zone: str | None = None,
) -> Path:
    """Write a policy whose kinds are those of the schemas."""
    folder.mkdir(parents=True, exist_ok=True)
    kinds = "".join(f'"{kind}" = "{kind}.schema.json"\n' for kind in schemas)
    head = _MANIFEST if zone is None else f'{_MANIFEST}time_zone = "{zone}"\n'
    (folder / "policy.toml").write_text(f"{head}[kinds]\n{kinds}{extra}", encoding="utf-8")
    for kind, schema in schemas.items():
        text = json.dumps(schema, ensure_ascii=False)
        (folder / f"{kind}.schema.json").write_text(text, encoding="utf-8")
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def load_policy(
    schemas: Mapping[str, object],
    files: Mapping[str, str],
    extra: str = "",
    zone: str | None = None,
) -> Policy:
    """Write a policy to memory, load it, and forget the files."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        return Policy.load(write_policy(Path(folder), schemas, files, extra, zone))


def findings(decision: Decision, rule: str) -> list[Finding]:
    """Return the findings of one rule."""
    return [finding for finding in decision.findings if finding.rule == rule]


def parts(pointer: str) -> list[str]:
    """Split a JSON Pointer."""
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def reach(document: object, steps: list[str]) -> object:
    """Follow steps into a document; None where there is nothing."""
    for step in steps:
        if isinstance(document, list):
            document = document[int(step)] if int(step) < len(document) else None
        else:
            document = document.get(step) if isinstance(document, dict) else None
    return document


def replaced(document: object, pointer: str, value: object) -> object:
    """Return a copy with another value at a pointer."""
    changed = copy.deepcopy(document)
    *before, last = parts(pointer)
    holder = reach(changed, before)
    if isinstance(holder, list):
        holder[int(last)] = value
    else:
        assert isinstance(holder, dict)
        holder[last] = value
    return changed


def without(document: object, pointer: str) -> object:
    """Return a copy without the member at a pointer."""
    changed = copy.deepcopy(document)
    *before, last = parts(pointer)
    holder = reach(changed, before)
    assert isinstance(holder, dict)
    del holder[last]
    return changed


def both(policy: Policy, document: Mapping[str, object]) -> Decision:
    """Decide with both evaluators, which have to agree byte for byte."""
    decision = policy.evaluate(document)
    assert decision.to_json() == policy.explain(document).decision.to_json()
    return decision


def record(**properties: object) -> dict[str, object]:
    """Return the schema of a closed object."""
    return {"type": "object", "additionalProperties": False, "properties": properties}


def listing(items: object, **more: object) -> dict[str, object]:
    """Return the schema of a list."""
    return {"type": "array", "maxItems": 20, "items": items, **more}


BOOLEAN = {"type": "boolean"}
INTEGER = {"type": "integer"}
NUMBER = {"type": "number"}
TEXT = {"type": "string", "maxLength": 2000}
DATE = {"type": "string", "format": "date"}
INSTANT = {"type": "string", "format": "date-time"}
COLOUR = {"type": "string", "enum": ["red", "green", "blue"]}
ATTESTATIONS = listing(
    {
        **record(
            clause=TEXT,
            statement={"type": "string", "enum": ["yes", "no"]},
            role=TEXT,
            at=INSTANT,
            expires={**INSTANT, "x-absent": "none"},
            content_digest=TEXT,
        ),
        "required": ["clause", "statement", "role", "at", "content_digest"],
    },
    default=[],
)


def kind(name: str, **properties: object) -> dict[str, object]:
    """Return the schema of a kind of document."""
    own = {"kind": {"type": "string", "const": name}, "id": TEXT, "as_of": INSTANT}
    return {**record(**own, attestations=ATTESTATIONS, **properties), "required": ["kind", "id"]}
