"""Values and their types in traces: as they are, but never the content of a free text."""

from __future__ import annotations

from somepolicy.cli.show.fields import MOST_SHOWN
from somepolicy.engine.decision import Detection
from somepolicy.engine.titles import steps_of
from somepolicy.ir import types as t
from somepolicy.ir.types import Type
from somepolicy.json_type import Json
from somepolicy.texts.commands import EvalTexts


def type_at(record: t.Record, at: str) -> Type | None:
    """Return the type of the field at a JSON Pointer, None where there is no such field."""
    found: Type | None = record
    for step in steps_of(at):
        match found:
            case t.Record():
                found = found.fields[step].type if step in found.fields else None
            case t.ListOf():
                found = found.element
            case _:
                return None
    return found


def show_value(value: object, kind: Type, words: EvalTexts) -> str:
    """Return a value for the trace: as it is, but never the content of a free text."""
    match kind:
        case t.Text():
            return words.text_of(len(str(value)))
        case t.Record():
            return words.record
        case t.ListOf(element) if isinstance(value, list | tuple):
            return _show_list(value, element, words)
        case t.Days():
            return words.days(int(str(value)))
        case t.Enumeration() if value not in kind.values:
            return words.text_of(len(str(value)))
        case t.Detections() if isinstance(value, tuple):
            return _show_detections(value, words)
        case t.Boolean():
            return str(value).lower()
        case t.Enumeration() | t.Number() | t.Date() | t.Instant():
            # an instant is written as the documents and the policy write it
            return str(value).replace(" ", "T") if isinstance(kind, t.Instant) else str(value)
        case _:
            return words.record


def _show_list(values: list[Json] | tuple[Json, ...], element: Type, words: EvalTexts) -> str:
    counted = words.list_of(len(values))
    if not values or isinstance(element, t.Text | t.Record):
        return counted
    shown = ", ".join(show_value(each, element, words) for each in values[:MOST_SHOWN])
    return f"{counted}: {shown}{', …' * (len(values) > MOST_SHOWN)}"


def _show_detections(found: tuple[Detection, ...], words: EvalTexts) -> str:
    counted = words.detections(len(found))
    shown = ", ".join(
        f"{words.vocabulary.detector_name(each.detector)} ({words.vocabulary.strength[each.strength]})"
        for each in found[:MOST_SHOWN]
    )
    return f"{counted}: {shown}{', …' * (len(found) > MOST_SHOWN)}" if found else counted
