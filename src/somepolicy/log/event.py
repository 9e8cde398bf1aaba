"""What the log keeps of a decision: an allow-list, so that what nobody thought of stays out.

Everything in an event comes from the policy, the engine or a closed list of values. The two
things that depend on a document's content, its digest and an unknown unit's id, are keyed: a
short text cannot be found again by trying.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping

from somepolicy.engine.decision import Decision, Finding, PolicyRef
from somepolicy.engine.errors import InvalidDocument
from somepolicy.ir import Kind, Logging
from somepolicy.ir import types as t
from somepolicy.json_type import Json
from somepolicy.log.encoding import from_json, to_json
from somepolicy.log.errors import KindRefusedError
from somepolicy.log.records import DetectionNote, Entry, Event, FindingNote, Refusal
from somepolicy.normal_form import normal
from somepolicy.patterns import finder
from somepolicy.policy import Policy

__all__ = [
    "DetectionNote",
    "Entry",
    "Event",
    "FindingNote",
    "Refusal",
    "event_of",
    "from_json",
    "refusal_of",
    "to_json",
    "unit_mark",
]

_LONGEST_UNIT_ID = 40
_MOST_DIGITS = 9  # an organisation number has 9, an identity number 11
_DIGEST_USE = b"somepolicy document digest\0"
_UNIT_USE = b"somepolicy unit id\0"


def event_of(
    policy: Policy,
    document: Mapping[str, object],
    decision: Decision,
    *,
    key: bytes,
    time: datetime.datetime,
    id: str,
) -> Event:
    """Return what may be logged of a decision.

    `document` is the one decided on, `time` needs an offset, `id` is a UUID. Raises
    KindRefusedError where the policy does not list the kind in `[log]`, ValueError for a
    decision that is not on this document or of this policy.
    """
    program = policy.program
    ref = decision.policy
    if (ref.name, ref.digest) != (program.name, program.digest):
        raise ValueError("the decision is not one of this policy")
    kind, logging = _listed(policy, decision.document.kind), program.logging
    if (document.get("kind"), document.get("id")) != (kind.name, decision.document.id):
        raise ValueError("the decision is not one on this document")
    unit_id = _one(document, logging.unit_id.get(kind.name))
    return Event(
        id=str(uuid.UUID(id)),
        time=_utc(time),
        as_of=decision.as_of,
        as_of_source=decision.as_of_source,
        policy=ref,
        engine=decision.engine,
        kind=kind.name,
        unit_type=_value(kind, document, logging.unit_type.get(kind.name)),
        unit_id=unit_id if unit_id is None else _unit(unit_id, logging, key),
        platform=_value(kind, document, logging.platform.get(kind.name)),
        decision=decision.decision,
        because=decision.because,
        clauses={each.clause: each.status for each in decision.citations},
        findings=tuple(_note(each) for each in decision.findings),
        document=_keyed_digest(decision.document.digest, key),
        fields=_fields(document, logging.fields.get(kind.name, ())),
        time_zone=program.time_zone,
    )


def refusal_of(
    policy: Policy,
    document: object,
    error: InvalidDocument,
    *,
    engine: str,
    time: datetime.datetime,
    id: str,
) -> Refusal | None:
    """Return what may be logged of a document that is malformed.

    None where the document does not name a kind that may be logged: it may be private.
    """
    kind = document.get("kind") if isinstance(document, Mapping) else None
    program = policy.program
    if not isinstance(kind, str) or kind not in program.logging.kinds:
        return None
    return Refusal(
        id=str(uuid.UUID(id)),
        time=_utc(time),
        policy=PolicyRef(program.name, program.version, program.digest),
        engine=engine,
        kind=str.__str__(kind),
        errors=dict(sorted(Counter(each.code for each in error.errors).items())),
        time_zone=program.time_zone,
    )


def _listed(policy: Policy, name: str) -> Kind:
    """Return the kind of that name. Raises KindRefusedError unless the policy lists it."""
    if name not in policy.program.logging.kinds:
        raise KindRefusedError(name, policy.program.logging.kinds)
    return policy.program.kinds[name]


def _utc(time: datetime.datetime) -> datetime.datetime:
    if time.utcoffset() is None:
        raise ValueError("time is a datetime with an offset, as datetime.now(UTC)")
    return time.astimezone(datetime.UTC)


def _walk(document: object, steps: tuple[str, ...]) -> object:
    for step in steps:
        document = _member(document, step) if isinstance(document, Mapping) else None
    return document


def _member(record: Mapping[object, object], name: str) -> object:
    """Return the member of a name, in whatever form of Unicode it is spelled."""
    found = record.get(name)
    if found is None and not name.isascii():
        spelled = (each for each in record if isinstance(each, str) and normal(each) == name)
        found = next((record[each] for each in spelled if record[each] is not None), None)
    return found


def _one(document: object, steps: tuple[str, ...] | None) -> str | None:
    value = None if steps is None else _walk(document, steps)
    return normal(str.__str__(value)) if isinstance(value, str) else None


def _value(kind: Kind, document: object, steps: tuple[str, ...] | None) -> str | None:
    """Return a value of an enumeration of the schema; nothing else gets through."""
    value = _one(document, steps)
    found: t.Type = kind.schema.record
    for step in steps or ():
        found = found.fields[step].type if isinstance(found, t.Record) else found
    return value if isinstance(found, t.Enumeration) and value in found.values else None


def _unit(unit_id: str, logging: Logging, key: bytes) -> str:
    """Return the id where it is surely one, else a keyed digest, the same for the same unit."""
    plain = (
        logging.unit_ids is not None
        and len(unit_id) <= _LONGEST_UNIT_ID
        and unit_id.isprintable()
        and not any(each.isspace() for each in unit_id)
        and sum(each.isnumeric() for each in unit_id) <= _MOST_DIGITS
        and finder(rf"\A(?:{logging.unit_ids})\z")(unit_id)
    )
    return unit_id if plain else unit_mark(unit_id, key)


def unit_mark(unit_id: str, key: bytes) -> str:
    """Return what is logged instead of a unit's id: `~` and 16 hexadecimal digits."""
    unit = normal(unit_id).encode("utf-8", "surrogatepass")
    return f"~{hmac.new(key, _UNIT_USE + unit, hashlib.sha256).hexdigest()[:16]}"


def _keyed_digest(digest: str | None, key: bytes) -> str | None:
    if digest is None:
        return None
    return f"hmac-sha256:{hmac.new(key, _DIGEST_USE + digest.encode(), hashlib.sha256).hexdigest()}"


def _note(finding: Finding) -> FindingNote:
    counted = Counter((each.detector, each.strength) for each in finding.detections)
    return FindingNote(
        finding.rule,
        finding.effect,
        finding.outcome,
        finding.blocking,
        finding.clauses,
        finding.readings,
        finding.missing,
        tuple(DetectionNote(*which, count) for which, count in sorted(counted.items())),
        finding.unset,
        finding.not_counted,
    )


def _fields(document: object, paths: Iterable[tuple[str, ...]]) -> dict[str, Json]:
    found = {".".join(steps): _walk(document, steps) for steps in paths}
    return {path: _plain(value) for path, value in found.items() if value is not None}


def _plain(value: object) -> Json:
    """Return a scalar or a list of scalars; the policy can name nothing else."""
    match value:
        case list():
            return [_plain(each) for each in value]
        case str():
            return normal(str.__str__(value))
        case bool() | int() | float():
            return value
        case _:
            raise ValueError("a field of the log is a text, number, boolean or list of them")
