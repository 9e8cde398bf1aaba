"""Reports to test with: of a small policy, of its documents, and of one decision."""

from __future__ import annotations

import datetime
import json
import uuid
from functools import cache
from pathlib import Path

from somepolicy.cli.workflows.report_inputs import field_names
from somepolicy.json_type import Json
from somepolicy.log import event_of, to_json
from somepolicy.policy import Policy
from somepolicy.reports.citations import citations
from somepolicy.reports.decision import decision_report
from somepolicy.reports.evidence import gather
from somepolicy.reports.model import Report
from somepolicy.reports.tally import Totals, tally
from somepolicy.reports.traceability import traceability

FOLDER = Path(__file__).parent / "policy"
LANGUAGES = ("nb", "nn", "en")
NAMES = ("traceability", "citations", "decision")
FORMATS = ("html", "md", "csv", "xlsx", "json")
DAY = datetime.date(2026, 11, 22)
KEY = bytes(32)


@cache
def policy() -> Policy:
    return Policy.load(FOLDER)


def example(name: str) -> dict[str, Json]:
    document: dict[str, Json] = json.loads((FOLDER / "examples" / name).read_text(encoding="utf-8"))
    return document


def entry(document: dict[str, Json], used: Policy | None = None, month: str = "2026-11") -> bytes:
    """Decide on a document and return what the log keeps of it."""
    used = used or policy()
    time = datetime.datetime.fromisoformat(f"{month}-02T10:00:00+00:00")
    decision = used.evaluate(document, as_of=time)
    identity = str(uuid.uuid5(uuid.NAMESPACE_OID, decision.document.id))
    return to_json(event_of(used, document, decision, key=KEY, time=time, id=identity))


def totals() -> Totals:
    posts = [example(f"post/{name}.json") for name in ("harbour", "school-trip", "unknown")]
    harbour, trip, unknown = posts
    entries = [entry(harbour, month="2026-09"), entry(harbour), entry(trip), entry(unknown)]
    return tally(entries)


@cache
def report(name: str, language: str) -> Report:
    program, names = policy().program, field_names(policy().program, language)
    match name:
        case "traceability":
            return traceability(program, gather(policy()), names, language, day=DAY, quotes={})
        case "citations":
            return citations(program, totals(), names, language, from_log=True, day=DAY, left_out=1)
        case _:
            document = example("post/school-trip.json")
            decision = policy().evaluate(document)
            return decision_report(
                program, decision, document, names["post"], language, day=DAY, quotes={}
            )
