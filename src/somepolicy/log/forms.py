"""The form of an entry as JSON: what may stand in which member, and nothing beside.

The one reader of entries: whoever rewrites the chain may write any JSON, so each value is
checked against what a log can have written there, once, before anything is made of it.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
)

from somepolicy.engine.decision import Outcome, Status, WhyNot
from somepolicy.fast_json import dumps, dumps_sorted, loads
from somepolicy.functions.detection import Strength
from somepolicy.log.errors import NotAnEntryError
from somepolicy.zones import ZONES

_LARGEST = 2**53 - 1  # as in documents
_LONGEST = 10_000
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")

Text = Annotated[str, Field(max_length=_LONGEST)]
Count = Annotated[int, Field(ge=0, le=_LARGEST)]
Number = Annotated[float, Field(ge=-_LARGEST, le=_LARGEST)]
Scalar = bool | Annotated[int, Field(ge=-_LARGEST, le=_LARGEST)] | Number | str


def _moment(text: str) -> str:
    if not _TIME.fullmatch(text):
        raise ValueError
    datetime.datetime.fromisoformat(text)
    return text


def _zone(zone: str, info: ValidationInfo) -> str:
    """Require a zone where the engine knows zones, and nowhere else."""
    if (ZONES in info.data.get("engine", "")) != bool(zone):
        raise ValueError
    return zone


def _reason(because: Outcome | None, info: ValidationInfo) -> Outcome | None:
    """Require a reason with a denial, and with nothing else."""
    if (info.data.get("decision") == "deny") != (because is not None):
        raise ValueError
    return because


def _reasons(findings: tuple[FindingForm, ...], info: ValidationInfo) -> tuple[FindingForm, ...]:
    """Require the reason to be the worst of what stands in the way."""
    found = {each.outcome for each in findings if each.blocking}
    because = "violated" if "violated" in found else "unproven" if found else None
    if info.data.get("because") != because:
        raise ValueError
    return findings


def _each_once(pairs: tuple[tuple[str, Status], ...]) -> tuple[tuple[str, Status], ...]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError
    return pairs


class _Form(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)


class PolicyForm(_Form):
    """Which policy decided."""

    name: Text
    version: Text
    digest: Text


class FindingForm(_Form):
    """One finding; detections are a name, a strength and a number."""

    rule: Text
    effect: Literal["require", "forbid", "attest", "advise"]
    outcome: Outcome
    blocking: bool
    clauses: tuple[Text, ...]
    readings: tuple[Text, ...]
    missing: tuple[Text, ...]
    detections: tuple[tuple[Text, Strength, Count], ...]
    unset: tuple[tuple[Text, Text], ...] = Field(default=(), min_length=1)
    not_counted: tuple[tuple[Text, WhyNot], ...] = Field(default=(), min_length=1)


class _Entry(_Form):
    id: Text
    time: Annotated[str, AfterValidator(_moment)]
    policy: PolicyForm
    engine: Text
    kind: Text
    time_zone: Annotated[Text, AfterValidator(_zone)] = Field(default="", validate_default=True)


class EventForm(_Entry):
    """A decision; clauses are pairs of a clause and its status."""

    type: Literal["decision"]
    as_of: Text
    as_of_source: Literal["caller", "document", "clock"]
    unit_type: Text | None
    unit_id: Text | None
    platform: Text | None
    decision: Literal["allow", "deny"]
    because: Annotated[Outcome | None, AfterValidator(_reason)]
    clauses: Annotated[tuple[tuple[Text, Status], ...], AfterValidator(_each_once)]
    findings: Annotated[tuple[FindingForm, ...], AfterValidator(_reasons)]
    document: Text | None
    fields: Mapping[Text, Scalar | list[Scalar]]


class RefusalForm(_Entry):
    """A malformed document: how many errors of which code."""

    type: Literal["refusal"]
    errors: dict[Text, Count]


Form = EventForm | RefusalForm
_FORMS: TypeAdapter[Form] = TypeAdapter(Annotated[Form, Field(discriminator="type")])
_MEMBERS = {*EventForm.model_fields, *RefusalForm.model_fields}


_OWN: Mapping[str, str] = MappingProxyType(
    {"time": "2000-01-01T00:00:00.000000Z"}
    | dict.fromkeys(("id", "as_of", "document", "unit_id"), "")
)


def form_of(raw: bytes) -> Form:
    """Read the bytes of an entry. Raises NotAnEntryError for any that no log writes."""
    try:
        value = loads(raw)
        if dumps_sorted(value) != raw and _as_written(value) != raw:
            raise NotAnEntryError
        return _FORMS.validate_json(raw)
    except ValidationError as error:
        (first, *_) = error.errors(include_url=False, include_context=False, include_input=False)
        members = [str(step) for step in first["loc"][1:2] if step in _MEMBERS]
        raise NotAnEntryError(*members) from None
    except (ValueError, TypeError, RecursionError):
        raise NotAnEntryError from None


def time_of(raw: bytes) -> str:
    """Return the time of an entry. Raises NotAnEntryError as `form_of` does, and is faster.

    Entries that differ only in members that may be any text are looked at once.
    """
    try:
        value = loads(raw)
        time = _moment(value["time"])
        if dumps(value) != raw:
            return form_of(raw).time
    except (ValueError, TypeError, KeyError, RecursionError):
        return form_of(raw).time  # says what is wrong
    for name, sample in _OWN.items():
        own = value.get(name)
        if isinstance(own, str) and len(own) <= _LONGEST:
            value[name] = sample
    _hold(dumps(value))
    return time


@lru_cache(maxsize=4096)
def _hold(raw: bytes) -> None:
    form_of(raw)


def _as_written(value: object) -> bytes:
    """Write it as the log does: the faster writer has 1e-5 for the log's 1e-05."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
