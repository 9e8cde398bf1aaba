"""Event <-> bytes: canonical JSON, so that an event has one digest."""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, cast

from somepolicy.engine.decision import NotCounted, PolicyRef, Unset
from somepolicy.json_type import Json
from somepolicy.log.records import DetectionNote, Entry, Event, FindingNote, Refusal
from somepolicy.record import Record

if TYPE_CHECKING:
    from somepolicy.log.forms import EventForm, FindingForm, RefusalForm

_DECISION = "decision"
_REFUSAL = "refusal"


def to_json(entry: Entry) -> bytes:
    """Return an entry as compact UTF-8 JSON with sorted members: the same bytes for the same."""
    plain = _refusal(entry) if isinstance(entry, Refusal) else _event(entry)
    return json.dumps(
        plain, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    ).encode()


def from_json(raw: bytes) -> Event:
    """Read an event that `to_json` wrote. Raises ValueError for anything else."""
    entry = entry_from_json(raw)
    if not isinstance(entry, Event):
        raise ValueError("this is the entry of a malformed document, not of a decision")  # noqa: TRY004
    return entry


def entry_from_json(raw: bytes) -> Entry:
    """Read an event or a refusal. Raises NotAnEntryError for anything that is neither."""
    # with the first entry: loading pydantic takes a start some time
    from somepolicy.log.forms import EventForm, form_of  # noqa: PLC0415

    form = form_of(raw)
    return _event_in(form) if isinstance(form, EventForm) else _refusal_in(form)


def own_time(raw: bytes) -> str:
    """Return the time that an entry states. Raises NotAnEntryError for what is not an entry."""
    from somepolicy.log.forms import time_of  # noqa: PLC0415 - as above

    return time_of(raw)


def has_id(raw: bytes, id: str) -> bool:
    """Whether these are the bytes of the entry of that id."""
    return _within(id) in raw and _members(raw).get("id") == id


def has_unit(raw: bytes, units: Collection[str]) -> bool:
    """Whether these are the bytes of an entry of one of these units."""
    return any(map(raw.__contains__, map(_within, units))) and _members(raw).get("unit_id") in units


def _within(text: str) -> bytes:
    """Return a text as it stands within JSON."""
    return json.dumps(text, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _members(raw: bytes) -> Mapping[str, object]:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def stamp(time: datetime.datetime) -> str:
    """Return an instant of UTC as texts that sort by time: `2026-11-22T10:00:00.000000Z`."""
    return time.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def _event(event: Event) -> dict[str, Json]:
    return {
        "type": _DECISION,
        "id": event.id,
        "time": stamp(event.time),
        "as_of": event.as_of,
        "as_of_source": event.as_of_source,
        "policy": _policy(event.policy),
        "engine": event.engine,
        "kind": event.kind,
        "unit_type": event.unit_type,
        "unit_id": event.unit_id,
        "platform": event.platform,
        "decision": event.decision,
        "because": event.because,
        # pairs: members are sorted, and the order of the clauses is the decision's
        "clauses": [[clause, status] for clause, status in event.clauses.items()],
        "findings": [_finding(each) for each in event.findings],
        "document": event.document,
        "fields": dict(event.fields),
        **_zone(event),
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
        "detections": [[each.name, each.strength, each.count] for each in note.detections],
        **lists_that_may_be_empty(note),
    }


def lists_that_may_be_empty(note: FindingNote) -> dict[str, Json]:
    """Return the members of a finding that are left out where there is nothing in them."""
    lists: dict[str, tuple[Record, ...]]
    lists = {"unset": note.unset, "not_counted": note.not_counted}
    return {name: [list(each.values()) for each in found] for name, found in lists.items() if found}


def _refusal(refusal: Refusal) -> dict[str, Json]:
    return {
        "type": _REFUSAL,
        "id": refusal.id,
        "time": stamp(refusal.time),
        "policy": _policy(refusal.policy),
        "engine": refusal.engine,
        "kind": refusal.kind,
        "errors": dict(refusal.errors),
        **_zone(refusal),
    }


def _zone(entry: Entry) -> dict[str, Json]:
    """Return the time zone of the policy; nothing of a policy without one."""
    return {} if entry.time_zone is None else {"time_zone": entry.time_zone}


def _policy(ref: PolicyRef) -> dict[str, Json]:
    return {"name": ref.name, "version": ref.version, "digest": ref.digest}


def _event_in(form: EventForm) -> Event:
    return Event(
        id=form.id,
        time=datetime.datetime.fromisoformat(form.time),
        as_of=form.as_of,
        as_of_source=form.as_of_source,
        policy=PolicyRef(form.policy.name, form.policy.version, form.policy.digest),
        engine=form.engine,
        kind=form.kind,
        unit_type=form.unit_type,
        unit_id=form.unit_id,
        platform=form.platform,
        decision=form.decision,
        because=form.because,
        clauses=dict(form.clauses),
        findings=tuple(map(_finding_in, form.findings)),
        document=form.document,
        fields=cast("Mapping[str, Json]", form.fields),
        time_zone=form.time_zone or None,
    )


def _finding_in(form: FindingForm) -> FindingNote:
    return FindingNote(
        rule=form.rule,
        effect=form.effect,
        outcome=form.outcome,
        blocking=form.blocking,
        clauses=form.clauses,
        readings=form.readings,
        missing=form.missing,
        detections=tuple(DetectionNote(*each) for each in form.detections),
        unset=tuple(Unset(*each) for each in form.unset),
        not_counted=tuple(NotCounted(*each) for each in form.not_counted),
    )


def _refusal_in(form: RefusalForm) -> Refusal:
    return Refusal(
        id=form.id,
        time=datetime.datetime.fromisoformat(form.time),
        policy=PolicyRef(form.policy.name, form.policy.version, form.policy.digest),
        engine=form.engine,
        kind=form.kind,
        errors=form.errors,
        time_zone=form.time_zone or None,
    )
