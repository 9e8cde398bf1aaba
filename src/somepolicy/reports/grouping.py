"""The bytes of an entry of the log -> what of it counts: equal for entries that count alike.

Only these members of the log's allow-list are read; nothing else can reach a report.
"""

from __future__ import annotations

from dataclasses import dataclass

from somepolicy.engine.days import Days
from somepolicy.engine.values import instant_of
from somepolicy.errors import SomepolicyError
from somepolicy.fast_json import dumps, loads
from somepolicy.json_type import Json

NOT_STATED = ""
ALLOWED = "allow"
MALFORMED = "malformed"


class BadEntryError(SomepolicyError, ValueError):
    """An entry of a log is not one. What stands there is not repeated."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """A rule that was violated or unproven; a `*` in `missing` stands for a number in a list."""

    rule: str
    effect: str
    blocking: bool
    violated: bool
    missing: tuple[str, ...]
    detections: tuple[tuple[str, str], ...]  # detector, strength


@dataclass(frozen=True, slots=True)
class GroupingKey:
    """A decision without what distinguishes it from others that count alike.

    `outcome` is `allow`, `violated`, `unproven`, or `malformed` for a document that could not
    be decided on. `clauses` are pairs of clause and status.
    """

    kind: str
    outcome: str
    clauses: tuple[tuple[str, str], ...]
    deviations: tuple[Deviation, ...]


def key_and_place(raw: bytes | str, days: Days) -> tuple[bytes, tuple[str, str, str]]:
    """Return the members of an entry that count: the key it is grouped by, and its place.

    Equal members give the same bytes. The place is month (`2026-11`), type of unit, platform.
    Raises BadEntryError.
    """
    try:
        entry = loads(raw)
        month = _month(entry["time"], days)
        if entry["type"] == "refusal":
            return dumps([entry["kind"], MALFORMED, [], []]), (month, NOT_STATED, NOT_STATED)
        outcome = entry["because"] or ALLOWED
        key = dumps([entry["kind"], outcome, entry["clauses"], entry["findings"]])
        return key, (month, entry["unit_type"] or NOT_STATED, entry["platform"] or NOT_STATED)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadEntryError(type(error).__name__) from None


def _month(time: str, days: Days) -> str:
    """Return the month of an instant of UTC: another one only on the last days, or the first."""
    if days.zone is not None and not "01" < time[8:10] < "28":
        instant = instant_of(time)
        if instant.utcoffset() is None:
            raise ValueError
        return days.as_day(instant).isoformat()[:7]
    return time[:7]


def read_grouping_key(key: bytes) -> GroupingKey:
    """Read the key that entries are grouped by. Raises BadEntryError."""
    try:
        kind, outcome, clauses, findings = loads(key)
        return GroupingKey(
            _text(kind),
            _text(outcome),
            tuple((_text(clause), _text(status)) for clause, status in clauses),
            tuple(map(_deviation, findings)),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadEntryError(type(error).__name__) from None


def _deviation(finding: dict[str, Json]) -> Deviation:
    missing, detections = finding["missing"], finding["detections"]
    if not isinstance(missing, list) or not isinstance(detections, list):
        raise TypeError
    return Deviation(
        _text(finding["rule"]),
        _text(finding["effect"]),
        finding["blocking"] is True,
        finding["outcome"] == "violated",
        tuple(dict.fromkeys(_anywhere(_text(each)) for each in missing)),
        tuple(map(_detection, detections)),
    )


def _detection(note: Json) -> tuple[str, str]:
    if not isinstance(note, list):
        raise TypeError
    return _text(note[0]), _text(note[1])


def _anywhere(pointer: str) -> str:
    return "/".join("*" if step.isdecimal() else step for step in pointer.split("/"))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
