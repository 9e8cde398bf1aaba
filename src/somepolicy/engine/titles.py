"""What people call the fields of a document and their values: from the schema of its kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from somepolicy.json_type import Json
from somepolicy.languages import stand_ins

SchemaFiles = Sequence[tuple[str, dict[str, Json]]]
"""The schema files of a kind, its own first, by the names they refer by."""


class _Place(NamedTuple):
    """The schema that a step leads to, in a file of that content; `element`: into a list."""

    step: str
    element: bool
    content: Json
    schema: dict[str, Json]


class Titles:
    """The titles and labels of one kind of document."""

    def __init__(self, files: SchemaFiles) -> None:
        self._files = dict(files)
        self._own = files[0][1]
        # by the identity of a part of these files, which are kept: lists have many elements
        self._named: dict[tuple[int, str], str] = {}
        self._followed: dict[int, tuple[Json, dict[str, Json]]] = {}

    def title(self, at: str, language: str) -> str:
        """Return the titles along a JSON Pointer, the number of an element after its list.

        A `*` stands for any element.
        """
        return " › ".join(self._along(at, language)[0])

    def short(self, at: str, language: str) -> str:
        """Return the title of a field alone; within a list, those from the element on."""
        titles, first = self._along(at, language)
        return " › ".join(titles[-1:] if first is None else titles[first:])

    def schema(self, at: str) -> dict[str, Json]:
        """Return what is said of the field at a JSON Pointer, and by the definition it refers to."""
        content: Json = self._own
        schema = self._own
        for place in self._places(at):
            content, schema = place.content, place.schema
        return {**self._resolved(content, schema)[1], **schema}

    def label(self, at: str, value: str, language: str) -> str:
        """Return what people call a value of the field at a JSON Pointer."""
        return label_of(self.schema(at), value, language)

    def _along(self, at: str, language: str) -> tuple[list[str], int | None]:
        """Return the titles, and which is that of the first element of a list."""
        titles: list[str] = []
        first: int | None = None
        for step, element, content, schema in self._places(at):
            if not element:
                titles.append(self._name(content, schema, language) or step)
            elif step != "*":
                titles[-1:] = [f"{''.join(titles[-1:])} {int(step) + 1}".strip()]
                first = len(titles) - 1 if first is None else first
        return titles, first

    def _places(self, at: str) -> Iterator[_Place]:
        content: Json = self._own
        schema = self._own
        for step in steps_of(at):
            content, schema = self._resolved(content, schema)
            element = "items" in schema and (step == "*" or step.isdecimal())
            inner = schema.get("items") if element else _object(schema.get("properties")).get(step)
            schema = _object(inner)
            yield _Place(step, element, content, schema)

    def _name(self, content: Json, schema: dict[str, Json], language: str) -> str:
        """Return the title of a field, else that of the definition it refers to."""
        known = id(schema), language
        if known not in self._named:
            self._named[known] = self._first_title(content, schema, language)
        return self._named[known]

    def _first_title(self, content: Json, schema: dict[str, Json], language: str) -> str:
        for each in (schema, self._resolved(content, schema)[1]):
            stated = (_object(each.get(f"x-{name}")) for name in stand_ins(language))
            for title in (*(one.get("title") for one in stated), each.get("title")):
                if isinstance(title, str):
                    return title
        return ""

    def _resolved(self, content: Json, schema: dict[str, Json]) -> tuple[Json, dict[str, Json]]:
        """Follow `$ref`; that it leads somewhere was checked when the policy was loaded."""
        if "$ref" not in schema:
            return content, schema
        if id(schema) not in self._followed:
            self._followed[id(schema)] = self._target(content, schema)
        return self._followed[id(schema)]

    def _target(self, content: Json, schema: dict[str, Json]) -> tuple[Json, dict[str, Json]]:
        while isinstance(reference := schema.get("$ref"), str):
            name, _, pointer = reference.partition("#")
            content = self._files[name] if name else content
            target: Json = content
            for step in steps_of(pointer):
                target = _object(target).get(step)
            schema = _object(target)
        return content, schema


def label_of(schema: Mapping[str, Json], value: str, language: str) -> str:
    """Return what people call a value of the field that a schema is of."""
    labels = _object(_object(schema.get("x-labels")).get(value))
    found = (labels.get(each) for each in stand_ins(language))
    return next((each for each in found if isinstance(each, str)), value)


def steps_of(at: str) -> Iterator[str]:
    """Return the steps of a JSON Pointer."""
    return (step.replace("~1", "/").replace("~0", "~") for step in at.split("/")[1:])


def _object(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}
