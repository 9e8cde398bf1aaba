"""What the engine itself reads of every document."""

from __future__ import annotations

from somepolicy.check.schema.node import Node
from somepolicy.check.schema.problems import Problems
from somepolicy.ir import types as t

_NO_CONTENT = (
    "it says where a document comes from and no attestation covers it; content needs another name"
)
_ENGINE_FIELDS: tuple[tuple[str, type[t.Type], str, str | None], ...] = (
    ("kind", t.Enumeration, "a text with `const` or `enum`", None),
    ("id", t.Text, "a text", None),
    ("as_of", t.Instant, "a `date-time`, the instant of the decision", None),
    ("source", t.Record, "an object", _NO_CONTENT),
)


def check_engine_fields(root: Node, record: t.Record, problems: Problems) -> None:
    """Check that what the engine itself reads has the form it needs."""
    required = root.content.get("required")
    for name in ("kind", "id"):
        if not isinstance(required, list) or name not in required:
            problems.fail("P604", f"a document has to have `{name}`", root, key="required")
    for name, wanted, form, help in _ENGINE_FIELDS:
        if name in record.fields and not isinstance(record.fields[name].type, wanted):
            at = root.child("properties", name)
            problems.fail("P604", f"`{name}` has to be {form}", at, help=help)
    attestations = record.fields.get("attestations")
    if attestations is not None and not _is_attestation(attestations.type):
        problems.fail(
            "P604",
            "an attestation has the texts clause, statement, role and content_digest, and the "
            "date-times `at` and, optional, `expires`",
            root.child("properties", "attestations"),
        )


def _is_attestation(kind: t.Type) -> bool:
    if not isinstance(kind, t.ListOf) or not isinstance(kind.element, t.Record):
        return False
    fields = kind.element.fields
    texts = ("clause", "statement", "role", "content_digest")
    return (
        all(name in fields and t.is_textual(fields[name].type) for name in texts)
        and isinstance(fields["at"].type if "at" in fields else None, t.Instant)
        and ("expires" not in fields or isinstance(fields["expires"].type, t.Instant))
    )
