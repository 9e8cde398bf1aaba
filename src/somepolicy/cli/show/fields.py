"""What people call a field: titles and labels from the schema of a kind of document."""

from __future__ import annotations

from somepolicy.engine.titles import SchemaFiles, Titles, steps_of
from somepolicy.json_type import Json
from somepolicy.languages import in_language
from somepolicy.texts.commands import EvalTexts

MOST_SHOWN = 8
_FORMATS = {"date": "date", "date-time": "instant"}


class Fields:
    """The fields of one kind in one language."""

    def __init__(self, files: SchemaFiles, language: str) -> None:
        self._titles = Titles(files)
        self._own = files[0][1]
        self._language = language

    def title(self, at: str) -> str:
        """Return the titles along a JSON Pointer, the number of an element after its list.

        A `*` stands for any element.
        """
        return self._titles.title(at, self._language)

    def means_none(self, at: str) -> bool:
        """Whether the absence of the field at a JSON Pointer says that there is none."""
        return self._titles.schema(at).get("x-absent") == "none"

    def why(self, at: str, said: str) -> str | None:
        """Return why the schema has no such field, in this language; `said` is it in English."""
        known = self._own.get("x-why")
        texts = known.get(at.removeprefix("/")) if isinstance(known, dict) else None
        if not isinstance(texts, dict) or texts.get("en") != said:
            return None
        return str(in_language(texts, self._language))

    def label(self, at: str, value: str) -> str:
        """Return what people call a value of the enumeration at a JSON Pointer."""
        labels = self._titles.schema(at).get("x-labels")
        texts = labels.get(value) if isinstance(labels, dict) else None
        return str(in_language(texts, self._language)) if isinstance(texts, dict) else value

    def form(self, at: str) -> str:
        """Return the form of the field at a JSON Pointer; empty where there is no such field.

        `object`, `list`, `boolean`, `integer`, `number`, `enumeration`, `date`, `instant`, `text`.
        """
        schema = self._titles.schema(at)
        match schema.get("type"):
            case "array":
                return "list"
            case "string" if "enum" in schema or "const" in schema:
                return "enumeration"
            case "string":
                return _FORMATS.get(str(schema.get("format")), "text")
            case str(name):
                return name
            case _:
                return "enumeration" if "enum" in schema or "const" in schema else ""

    def answers(self, at: str, words: EvalTexts) -> str:
        """Say what the field at a JSON Pointer may hold; empty where there is no such field."""
        form = self.form(at)
        if form == "enumeration":
            return self._values(at)
        if form == "list" and self.form(f"{at}/0") == "enumeration":
            return words.form["some of"].format(values=self._values(f"{at}/0"))
        if form == "object":
            members = self._titles.schema(at).get("properties")
            names = list(members) if isinstance(members, dict) else []
            return words.form[form].format(members=", ".join(names[:MOST_SHOWN]))
        return words.form[form] if form else ""

    def _values(self, at: str) -> str:
        """Return the values with what people call them, the first few of many."""
        schema = self._titles.schema(at)
        stated = schema.get("enum", [schema.get("const")])
        values = [str(each) for each in stated] if isinstance(stated, list) else []
        shown = []
        for value in values[:MOST_SHOWN]:
            label = self.label(at, value)
            shown.append(value if label == value else f"{label} ({value})")
        return ", ".join([*shown, *["…"] * (len(values) > MOST_SHOWN)])

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
        match self.value(at, document), self.form(at):
            case bool() as answer, "boolean":
                return words.vocabulary.answer["yes" if answer else "no"]
            case str() as value, "enumeration":
                return self.label(at, value)
            case list() as values, "list" if self.form(f"{at}/0") == "enumeration":
                shown = [self.label(f"{at}/0", str(each)) for each in values[:MOST_SHOWN]]
                return ", ".join([*shown, *["…"] * (len(values) > MOST_SHOWN)]) or "[]"
            case (int() | float()) as number, "integer" | "number":
                return str(number)
            case str() as value, "date" | "instant":
                return value
            case _:
                return None
