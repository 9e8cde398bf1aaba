"""Entries in the form of Open Policy Agent's decision log, for pipelines that take that."""

from __future__ import annotations

import json
from typing import Literal

from somepolicy.json_type import Json
from somepolicy.log.encoding import lists_that_may_be_empty, stamp
from somepolicy.log.records import Entry, Event, FindingNote, Refusal


def opa_line(
    entry: Entry,
    log_id: str,
    verified: Literal["chain and signatures", "chain", "no"] = "chain and signatures",
) -> bytes:
    """Return one line of NDJSON, line end included.

    A label says so where not all was checked and whole: `verified` is `chain`, or `no`.
    The input is left out and listed as erased: the log never had it. What is logged of the
    document stands in `result`.
    """
    policy = entry.policy
    labels: dict[str, Json] = {"app": "somepolicy", "id": log_id, "version": entry.engine}
    if verified != "chain and signatures":
        labels["verified"] = verified
    line: dict[str, Json] = {
        "labels": labels,
        "decision_id": entry.id,
        "bundles": {policy.name: {"revision": f"{policy.version} {policy.digest}"}},
        "path": f"somepolicy/{policy.name}/{entry.kind}",
        "erased": ["/input"],
        "timestamp": stamp(entry.time),
    }
    if isinstance(entry, Refusal):
        line["error"] = {
            "code": "invalid_document",
            "message": "the document is malformed",
            "errors": dict(entry.errors),
        }
    else:
        line["result"] = _result(entry)
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _result(event: Event) -> dict[str, Json]:
    return {
        "allow": event.decision == "allow",
        "decision": event.decision,
        "because": event.because,
        "kind": event.kind,
        "unit": {"type": event.unit_type, "id": event.unit_id},
        "platform": event.platform,
        "as_of": event.as_of,
        "as_of_source": event.as_of_source,
        "document": event.document,
        "fields": dict(event.fields),
        "clauses": dict(event.clauses),
        "findings": [_finding(each) for each in event.findings],
    }


def _finding(note: FindingNote) -> dict[str, Json]:
    return {
        "rule": note.rule,
        "effect": note.effect,
        "outcome": note.outcome,
        "blocking": note.blocking,
        "clauses": list(note.clauses),
        "readings": list(note.readings),
        "missing": list(note.missing),
        "detections": [
            {"name": each.name, "strength": each.strength, "count": each.count}
            for each in note.detections
        ],
        **lists_that_may_be_empty(note),
    }
