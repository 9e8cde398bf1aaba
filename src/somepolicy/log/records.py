"""The forms of what the log keeps. Data only: event.py makes them, encoding.py writes them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from somepolicy.engine.decision import NotCounted, PolicyRef, Unset
from somepolicy.json_type import Json


@dataclass(frozen=True, slots=True)
class DetectionNote:
    """What a detector said, never what it found; `count` of one strength."""

    name: str
    strength: str
    count: int


@dataclass(frozen=True, slots=True)
class FindingNote:
    """One finding; `missing` are JSON Pointers, detections sorted by name and strength.

    `unset` are the parameters without a value that it depends on, `not_counted` attestations by
    their JSON Pointers that do not clear it, and why.
    """

    rule: str
    effect: str
    outcome: str
    blocking: bool
    clauses: tuple[str, ...]
    readings: tuple[str, ...]
    missing: tuple[str, ...]
    detections: tuple[DetectionNote, ...]
    unset: tuple[Unset, ...] = ()
    not_counted: tuple[NotCounted, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """One decision as it is logged.

    `id` is the decision's own (a UUID), `time` when it was appended, in UTC. `clauses` maps a
    clause to its status in the order of the decision. `unit_id` is the id itself where the
    policy says what ids look like and this is one, else `~` and a keyed digest. `document` is
    `hmac-sha256:…` of the content digest, None where the decision had none. `fields` holds what
    the policy's `[log]` names further, by path. `time_zone` is that in which the policy takes
    its days. None: not stated in the document, or not
    requested by the policy.
    """

    id: str
    time: datetime.datetime
    as_of: str
    as_of_source: str
    policy: PolicyRef
    engine: str
    kind: str
    unit_type: str | None
    unit_id: str | None
    platform: str | None
    decision: str
    because: str | None
    clauses: Mapping[str, str]
    findings: tuple[FindingNote, ...]
    document: str | None
    fields: Mapping[str, Json]
    time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A document that could not be decided on: how many errors of which code, nothing else."""

    id: str
    time: datetime.datetime
    policy: PolicyRef
    engine: str
    kind: str
    errors: Mapping[str, int]
    time_zone: str | None = None


Entry = Event | Refusal
