"""What reports are made from: a log, documents, or one decision among several."""

from __future__ import annotations

import datetime
import secrets
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from somepolicy.cli.inputs.documents import list_sources
from somepolicy.cli.problems import Unusable
from somepolicy.cli.show.fields import Fields
from somepolicy.cli.workflows.log_days import log_days
from somepolicy.cli.workflows.recording import usable_log
from somepolicy.documents.reading import Item, read
from somepolicy.engine.decision import Decision
from somepolicy.engine.errors import DocumentError, InvalidDocument
from somepolicy.engine.given import composed
from somepolicy.engine.values import instant_of
from somepolicy.ir import Program
from somepolicy.json_type import Json
from somepolicy.log import KindRefusedError, Reading, event_of, open_log, to_json
from somepolicy.log.event import refusal_of
from somepolicy.normal_form import normal
from somepolicy.policy import Policy
from somepolicy.reports.decision_json import (
    NotADecisionError,
    looks_like_a_decision,
    read_decision,
)
from somepolicy.reports.period import Period
from somepolicy.reports.tally import Totals, tally
from somepolicy.texts.catalogue import texts
from somepolicy.texts.commands import EvalTexts, LogTexts

_MOST_SHOWN = 10


@dataclass(frozen=True)
class FieldNames:
    """The fields of one kind, as the reports ask for them."""

    fields: Fields
    words: EvalTexts

    def title(self, at: str) -> str:
        """Return the titles along a JSON Pointer."""
        return self.fields.title(at)

    def label(self, at: str, value: str) -> str:
        """Return what people call a value of an enumeration."""
        return self.fields.label(at, value)

    def answers(self, at: str) -> str:
        """Say what a field may hold."""
        return self.fields.answers(at, self.words)

    def means_none(self, at: str) -> bool:
        """Whether the absence of the field says that there is none."""
        return self.fields.means_none(at)

    def fact(self, at: str, document: Json) -> str | None:
        """Return the value of a field; None for what may be free text."""
        return self.fields.fact(at, document, self.words)


def field_names(program: Program, language: str) -> Mapping[str, FieldNames]:
    """Return what people call the fields of every kind."""
    words = texts(language).eval
    return {
        name: FieldNames(Fields(kind.schema.named_files, language), words)
        for name, kind in program.kinds.items()
    }


# --- what is counted


@dataclass
class Counted:
    """Totals; how many documents may not be counted, and how many failed, the first in words.

    `reading` is what was read of a log, None of documents. Months are those of the `time_zone`; None: of UTC, with `mixed_zones` because a log has several.
    """

    totals: Totals
    left_out: int = 0
    failed: int = 0
    messages: list[str] = field(default_factory=list)
    reading: Reading[Totals] | None = None
    time_zone: str | None = None
    mixed_zones: bool = False

    def fail(self, item: Item, error: DocumentError) -> None:
        """Note a document that cannot be judged."""
        self.failed += 1
        if len(self.messages) < _MOST_SHOWN:
            self.messages.append(f"{item.name}: {error}")


def from_log(url: str, period: Period, words: LogTexts, *, unverified: bool) -> Counted:
    """Count the entries of a log. Raises Unusable where it cannot be read, or was altered.

    And where the period ends before it begins.
    """
    with usable_log(words, flag=not unverified), open_log(url, make=False) as log:
        days, mixed = log_days(log)
        since = None if period.since is None else days.start(period.since)
        until = None if period.until is None else days.end(period.until)
        if since is not None and until is not None and since >= until:
            raise Unusable("somepolicy: the period ends before it begins: see --since and --until")
        reading = log.read(
            lambda bodies: tally(bodies, days), since=since, until=until, unverified=unverified
        )
        return Counted(reading.value, reading=reading, time_zone=days.zone, mixed_zones=mixed)


def from_documents(policy: Policy, files: list[str]) -> Counted:
    """Decide on documents and count what a log would hold of them, and nothing else."""
    if not policy.program.logging.kinds:
        raise Unusable(
            f"somepolicy: the policy {policy.name} lets nothing be counted: "
            "name the kinds under `[log]` in its policy.toml"
        )
    counted = Counted(Totals(), time_zone=policy.days.zone)
    counted.totals = tally(_entries(policy, files, counted), policy.days)
    return counted


def _entries(policy: Policy, files: list[str], counted: Counted) -> Iterator[bytes]:
    key = secrets.token_bytes(32)  # of this report alone: no digest of it is shown
    for item in read(list_sources(files)):
        if item.errors:
            counted.fail(item, item.errors[0])
            continue
        document = cast("Mapping[str, object]", item.document)
        identity = str(uuid.uuid4())
        try:
            decision = policy.evaluate(document)
            time = _in_utc(instant_of(decision.as_of))
            yield to_json(event_of(policy, document, decision, key=key, time=time, id=identity))
        except KindRefusedError:
            counted.left_out += 1
        except InvalidDocument as error:
            counted.fail(item, error.errors[0])
            now = datetime.datetime.now(datetime.UTC)
            refusal = refusal_of(
                policy, document, error, engine=policy.engine, time=now, id=identity
            )
            if refusal is not None:
                yield to_json(refusal)


def _in_utc(time: datetime.datetime) -> datetime.datetime:
    """Return an instant in UTC; at the ends of the calendar, where there is none, as it reads."""
    try:
        return time.astimezone(datetime.UTC)
    except OverflowError:
        return time.replace(tzinfo=datetime.UTC)


# --- one decision


def chosen_item(policy: Policy, file: str, id: str | None) -> tuple[Decision, Json]:
    """Return the decision asked for, and the document where it is at hand, else None.

    Raises Unusable where there is none or several, or what there is cannot be used.
    """
    wanted = None if id is None else normal(id)
    items = [x for x in read(list_sources([file])) if wanted is None or wanted == _id(x)]
    if not items:
        raise Unusable(f"somepolicy: {file}: it holds no document or decision of this id")
    if all(item.errors for item in items):
        raise Unusable(f"somepolicy: {items[0].name}: {items[0].errors[0]}")
    if len(items) > 1:
        known = ", ".join(dict.fromkeys(filter(None, map(_id, items[:_MOST_SHOWN]))))
        if id is not None:
            raise Unusable(f"somepolicy: {file}: it holds {len(items)} documents of this id")
        raise Unusable(
            f"somepolicy: {file}: it holds {len(items)} documents; name one with --id: {known}"
        )
    (item,) = items
    if looks_like_a_decision(item.document):
        return _read(policy, item), None
    try:
        document = cast("Mapping[str, object]", item.document)
        return policy.evaluate(document), composed(item.document)
    except InvalidDocument as error:
        raise Unusable(f"somepolicy: {item.name}: {_several(error)}") from None


def _read(policy: Policy, item: Item) -> Decision:
    try:
        decision = read_decision(item.document)
    except NotADecisionError as error:
        raise Unusable(f"somepolicy: {item.name}: not a decision as written: {error}") from None
    if decision.document.kind not in policy.program.kinds:
        raise Unusable(
            f"somepolicy: {item.name}: the policy {policy.name} has no kind "
            f"`{decision.document.kind}`; name the decision's own with --policy"
        )
    return decision


def _id(item: Item) -> str | None:
    value = item.document
    if looks_like_a_decision(value) and isinstance(value, dict):
        value = value.get("document")
    found = value.get("id") if isinstance(value, dict) else None
    return normal(found) if isinstance(found, str) else None


def _several(error: InvalidDocument) -> str:
    first, *others = error.errors
    more = f" (and {len(others)} more)" if others else ""
    return f"{first}{more}"
