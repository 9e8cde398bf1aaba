"""Event <-> bytes: canonical JSON, so that an event has one digest."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Collection, Mapping

from somepolicy.governance.log.errors import NotWholeError, Problem
from somepolicy.governance.log.records import DetectionNote, Entry, Event, FindingNote, Refusal
from somepolicy.json_type import Json
from somepolicy.runtime.decision import PolicyRef
from somepolicy.zones import ZONES

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
    """Read an event or a refusal. Raises ValueError for anything that is neither."""
    try:
        read = _Reader(json.loads(raw))
        return _READERS[read.text("type")](read)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        # the message of a KeyError or of json may repeat what stands there
        told = str(error) if type(error) is ValueError else type(error).__name__
        raise ValueError(f"not an entry of a decision log: {told}") from None


def read_entry(raw: bytes) -> Entry:
    """Read an entry of a log. Raises NotWholeError for what is none."""
    try:
        return entry_from_json(raw)
    except ValueError:
        raise NotWholeError((Problem("mislabelled", name="table entries"),)) from None


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
    }


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


class _Reader:
    """Members of an object by their type."""

    def __init__(self, value: object) -> None:
        if not isinstance(value, Mapping):
            raise ValueError("an object is needed")  # noqa: TRY004 - all that is wrong is one error
        self.value: Mapping[str, object] = value

    def text(self, name: str) -> str:
        return _text(self.value[name])

    def optional(self, name: str) -> str | None:
        return None if self.value[name] is None else self.text(name)

    def zone(self) -> str | None:
        """Read the time zone, which an entry has whose engine knows zones, and no other."""
        return self.text("time_zone") if ZONES in self.text("engine") else None

    def list(self, name: str) -> list[object]:
        return _list(self.value[name])

    def object(self, name: str) -> _Reader:
        return _Reader(self.value[name])

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(_text(each) for each in self.list(name))

    def truth(self, name: str) -> bool:
        if not isinstance(self.value[name], bool):
            raise ValueError(f"`{name}` is true or false")  # noqa: TRY004
        return bool(self.value[name])


def _read_event(read: _Reader) -> Event:
    fields = read.object("fields").value
    return Event(
        id=read.text("id"),
        time=datetime.datetime.fromisoformat(read.text("time")),
        as_of=read.text("as_of"),
        as_of_source=read.text("as_of_source"),
        policy=_read_policy(read.object("policy")),
        engine=read.text("engine"),
        kind=read.text("kind"),
        unit_type=read.optional("unit_type"),
        unit_id=read.optional("unit_id"),
        platform=read.optional("platform"),
        decision=read.text("decision"),
        because=read.optional("because"),
        clauses=dict(_pair(each) for each in read.list("clauses")),
        findings=tuple(_read_finding(_Reader(each)) for each in read.list("findings")),
        document=read.optional("document"),
        fields={name: _json(value) for name, value in fields.items()},
        time_zone=read.zone(),
    )


def _read_finding(read: _Reader) -> FindingNote:
    return FindingNote(
        rule=read.text("rule"),
        effect=read.text("effect"),
        outcome=read.text("outcome"),
        blocking=read.truth("blocking"),
        clauses=read.texts("clauses"),
        readings=read.texts("readings"),
        missing=read.texts("missing"),
        detections=tuple(_read_detection(each) for each in read.list("detections")),
    )


def _read_detection(value: object) -> DetectionNote:
    name, strength, count = _list(value)
    return DetectionNote(_text(name), _text(strength), _count(count))


def _read_refusal(read: _Reader) -> Refusal:
    return Refusal(
        id=read.text("id"),
        time=datetime.datetime.fromisoformat(read.text("time")),
        policy=_read_policy(read.object("policy")),
        engine=read.text("engine"),
        kind=read.text("kind"),
        errors={code: _count(count) for code, count in read.object("errors").value.items()},
        time_zone=read.zone(),
    )


_READERS: Mapping[str, Callable[[_Reader], Entry]] = {
    _DECISION: _read_event,
    _REFUSAL: _read_refusal,
}


def _read_policy(read: _Reader) -> PolicyRef:
    return PolicyRef(read.text("name"), read.text("version"), read.text("digest"))


def _pair(value: object) -> tuple[str, str]:
    clause, status = _list(value)
    return _text(clause), _text(status)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("a text is needed")  # noqa: TRY004
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError("a list is needed")  # noqa: TRY004
    return value


def _count(value: object) -> int:
    if not isinstance(value, int):
        raise ValueError("a number is needed")  # noqa: TRY004
    return value


def _json(value: object) -> Json:
    match value:
        case list():
            return [_json(each) for each in value]
        case None | bool() | int() | float() | str():
            return value
        case _:
            raise ValueError("a field is a text, number, boolean or list of them")
