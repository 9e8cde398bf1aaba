"""What people call a field: titles and labels from the schema of a kind of document."""

from __future__ import annotations

from somepolicy.engine.decision import Detection
from somepolicy.engine.titles import Titles, steps_of
from somepolicy.ir import types as t
from somepolicy.ir.schemas import KindSchema
from somepolicy.ir.types import Type
from somepolicy.json_type import Json
from somepolicy.languages import in_language
from somepolicy.texts.commands import EvalTexts

_MOST_SHOWN = 8


class Fields:
    """The fields of one kind in one language."""

    def __init__(self, schema: KindSchema, language: str) -> None:
        self._schema = schema
        self._titles = Titles(schema.named_files)
        self._language = language

    def title(self, at: str) -> str:
        """Return the titles along a JSON Pointer, the number of an element after its list.

        A `*` stands for any element.
        """
        return self._titles.title(at, self._language)

    def type(self, at: str) -> Type | None:
        """Return the type of the field at a JSON Pointer, None where there is no such field."""
        found: Type | None = self._schema.record
        for step in steps_of(at):
            match found:
                case t.Record():
                    found = found.fields[step].type if step in found.fields else None
                case t.ListOf():
                    found = found.element
                case _:
                    return None
        return found

    def means_none(self, at: str) -> bool:
        """Whether the absence of the field at a JSON Pointer says that there is none."""
        holder, _, name = at.rpartition("/")
        record = self.type(holder)
        field = (
            record.fields.get(next(steps_of(f"/{name}"))) if isinstance(record, t.Record) else None
        )
        return field is not None and field.none_when_absent

    def why(self, at: str, said: str) -> str | None:
        """Return why the schema has no such field, in this language; `said` is it in English."""
        known = self._schema.files[0].content.get("x-why")
        texts = known.get(at.removeprefix("/")) if isinstance(known, dict) else None
        if not isinstance(texts, dict) or texts.get("en") != said:
            return None
        return str(in_language(texts, self._language))

    def label(self, at: str, value: str) -> str:
        """Return what people call a value of the enumeration at a JSON Pointer."""
        kind = self.type(at)
        labels = kind.labels if isinstance(kind, t.Enumeration) else {}
        return in_language(labels.get(value) or {self._language: value}, self._language)

    def answers(self, at: str, words: EvalTexts) -> str:
        """Say what the field at a JSON Pointer may hold; empty where there is no such field."""
        kind = self.type(at)
        if isinstance(kind, t.ListOf):
            element = kind.element
            if isinstance(element, t.Enumeration):
                return words.form["some of"].format(values=self._values(f"{at}/0", element))
            return words.form["list"]
        match kind:
            case t.Boolean():
                return words.form["boolean"]
            case t.Enumeration():
                return self._values(at, kind)
            case t.Number():
                return words.form["integer" if kind.whole else "number"]
            case t.Date():
                return words.form["date"]
            case t.Instant():
                return words.form["instant"]
            case t.Record():
                return words.form["object"].format(
                    members=", ".join(list(kind.fields)[:_MOST_SHOWN])
                )
            case t.Text():
                return words.form["text"]
            case _:
                return ""

    def _values(self, at: str, kind: t.Enumeration) -> str:
        """Return the values with what people call them, the first few of many."""
        shown = []
        for value in kind.values[:_MOST_SHOWN]:
            label = self.label(at, value)
            shown.append(value if label == value else f"{label} ({value})")
        rest = len(kind.values) - len(shown)
        return ", ".join([*shown, *["…"] * (rest > 0)])

    def value(self, at: str, document: Json) -> Json:
        """Return what stands at a JSON Pointer, None where nothing does."""
        value = document
        for step in steps_of(at):
            if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
                value = value[int(step)]
            else:
                value = value.get(step) if isinstance(value, dict) else None
        return value

    def fact(self, at: str, document: Json, words: EvalTexts) -> str | None:
        """Return the value of a field for a sentence; None for what may be free text."""
        match self.value(at, document), self.type(at):
            case bool() as answer, t.Boolean():
                return words.vocabulary.answer["yes" if answer else "no"]
            case str() as value, t.Enumeration():
                return self.label(at, value)
            case list() as values, t.ListOf(t.Enumeration()):
                shown = [self.label(f"{at}/0", str(each)) for each in values[:_MOST_SHOWN]]
                return ", ".join([*shown, *["…"] * (len(values) > _MOST_SHOWN)]) or "[]"
            case (int() | float()) as number, t.Number():
                return str(number)
            case str() as value, t.Date() | t.Instant():
                return value
            case _:
                return None


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
    shown = ", ".join(show_value(each, element, words) for each in values[:_MOST_SHOWN])
    return f"{counted}: {shown}{', …' * (len(values) > _MOST_SHOWN)}"


def _show_detections(found: tuple[Detection, ...], words: EvalTexts) -> str:
    counted = words.detections(len(found))
    shown = ", ".join(
        f"{each.detector} ({words.vocabulary.strength[each.strength]})"
        for each in found[:_MOST_SHOWN]
    )
    return f"{counted}: {shown}{', …' * (len(found) > _MOST_SHOWN)}" if found else counted
