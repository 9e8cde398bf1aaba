"""JSON Schema -> types. The subset of 2020-12 that the policy language can reason about."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from somepolicy import types as t
from somepolicy.language.diagnostics import Diagnostic, PolicyError, did_you_mean
from somepolicy.language.source import Source, Span
from somepolicy.semantics.json_places import json_places

_NOTES = {"$schema", "$comment", "title", "description", "x-nb", "x-labels", "x-absent", "x-why"}
_KNOWN = {
    "object": {
        "properties",
        "required",
        "additionalProperties",
        "unevaluatedProperties",
        "if",
        "then",
        "anyOf",
        "$defs",
    },
    "array": {"items", "maxItems", "minItems"},
    "string": {"enum", "const", "format", "pattern", "minLength", "maxLength"},
    "integer": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"},
    "number": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"},
    "boolean": {"const"},
}
_FORMATS: Mapping[str, t.Type] = {"date": t.Date(), "date-time": t.Instant(), "uri": t.Text()}
_MOST_NESTED = 32


@dataclass(frozen=True)
class SchemaFile:
    """One schema file: its text for diagnostics and its content."""

    source: Source
    content: dict[str, t.Json]


@dataclass(frozen=True)
class KindSchema:
    """What a kind of document looks like.

    `files` are the schema file of the kind first, then those it refers to, by file name.
    """

    kind: str
    record: t.Record
    files: tuple[SchemaFile, ...] = field(repr=False)


def read_schema_file(source: Source) -> SchemaFile:
    """Parse one schema file. Raises PolicyError P603."""
    try:
        content = json.loads(source.text)
    except (json.JSONDecodeError, RecursionError) as error:
        at = error.pos if isinstance(error, json.JSONDecodeError) else 0
        message = (
            error.msg.lower() if isinstance(error, json.JSONDecodeError) else "nested too deep"
        )
        raise PolicyError(
            [Diagnostic("P603", f"not JSON: {message}", Span(source, at, at + 1))]
        ) from None
    if not isinstance(content, dict):
        raise PolicyError([Diagnostic("P603", "a schema is an object", Span(source, 0, 1))])
    return SchemaFile(source, content)


def references(file: SchemaFile) -> tuple[str, ...]:
    """Return the names of other files that a schema refers to, sorted."""
    found: set[str] = set()
    pending: list[t.Json] = [file.content]
    while pending:
        match pending.pop():
            case dict() as node:
                target = node.get("$ref")
                if isinstance(target, str) and not target.startswith("#"):
                    found.add(target.partition("#")[0])
                pending.extend(node.values())
            case list() as items:
                pending.extend(items)
    return tuple(sorted(found))


def kind_schema(kind: str, files: tuple[SchemaFile, ...]) -> KindSchema:
    """Type a kind of document. Raises PolicyError P604, P605 or P606 with all that is wrong."""
    reader = _Reader({file.source.path.rpartition("/")[2]: file for file in files})
    record = reader.read(_Node(files[0], files[0].content, ""), 0)
    if not isinstance(record, t.Record):
        reader.fail("P604", "a document is an object", _Node(files[0], files[0].content, ""))
        record = t.Record({})
    if reader.errors:
        raise PolicyError(reader.errors)
    return KindSchema(kind, record, files)


@dataclass(frozen=True)
class _Node:
    """A subschema with the file and the pointer it stands at."""

    file: SchemaFile
    content: Mapping[str, t.Json]
    pointer: str

    def child(self, *keys: str) -> _Node:
        content: t.Json = dict(self.content)
        for key in keys:
            content = content.get(key) if isinstance(content, dict) else None
        escaped = (key.replace("~", "~0").replace("/", "~1") for key in keys)
        inner = content if isinstance(content, dict) else {}
        return _Node(self.file, inner, "/".join([self.pointer, *escaped]))

    def text(self, key: str) -> str:
        value = self.content.get(key)
        return value if isinstance(value, str) else ""

    def members(self, key: str) -> dict[str, t.Json]:
        value = self.content.get(key)
        return value if isinstance(value, dict) else {}


class _Reader:
    def __init__(self, files: Mapping[str, SchemaFile]) -> None:
        self.files = files
        self.errors: list[Diagnostic] = []

    def fail(
        self, code: str, message: str, node: _Node, *, key: str = "", help: str | None = None
    ) -> None:
        places = json_places(node.file.source.text)
        pointer = f"{node.pointer}/{key}" if key else node.pointer
        place = places.get(pointer) or places.get(node.pointer) or (0, 1)
        self.errors.append(Diagnostic(code, message, Span(node.file.source, *place), help))

    def read(self, node: _Node, depth: int) -> t.Type:
        if depth > _MOST_NESTED:
            self.fail("P606", "the schema goes round in a circle or is nested too deep", node)
            return t.Text()
        if "$ref" in node.content:
            target = self.follow(node)
            return t.Text() if target is None else self.read(target, depth + 1)
        declared = node.content.get("type")
        if not isinstance(declared, str) or declared not in _KNOWN:
            self.fail(
                "P604",
                f"a `type` is needed, one of {', '.join(_KNOWN)}",
                node,
                key="type",
            )
            return t.Text()
        for key in node.content.keys() - _NOTES - _KNOWN[declared] - {"type", "default"}:
            near = did_you_mean(key, _KNOWN[declared] | _NOTES)
            self.fail("P604", f"`{key}` is not known for {declared}", node, key=key, help=near)
        match declared:
            case "object":
                return self.record(node, depth)
            case "array":
                if not isinstance(node.content.get("maxItems"), int):
                    self.fail("P605", "a list needs `maxItems`", node)
                return t.ListOf(self.read(node.child("items"), depth + 1))
            case "string":
                return self.text(node)
            case "integer" | "number":
                return t.Number(
                    declared == "integer",
                    _bound(node.content.get("minimum")),
                    _bound(node.content.get("maximum")),
                )
            case _:
                return t.Boolean()

    def follow(self, node: _Node) -> _Node | None:
        reference = node.text("$ref")
        name, _, pointer = reference.partition("#")
        file = self.files.get(name) if name else node.file
        content: t.Json = None if file is None else file.content
        for key in pointer.split("/")[1:]:
            key = key.replace("~1", "/").replace("~0", "~")
            content = content.get(key) if isinstance(content, dict) else None
        if file is None or not isinstance(content, dict):
            self.fail("P606", f"`{reference}` leads nowhere", node, key="$ref")
            return None
        return _Node(file, content, pointer)

    def record(self, node: _Node, depth: int) -> t.Record:
        closed = ("additionalProperties", "unevaluatedProperties")
        if all(node.content.get(key) is not False for key in closed):
            self.fail(
                "P604",
                "an object must be closed",
                node,
                help='add `"unevaluatedProperties": false`, so that a misspelt field is an error',
            )
        fields = {}
        for name in node.members("properties"):
            fields[name] = self.field(node.child("properties", name), depth)
        self.conditions(node)
        return t.Record(fields)

    def field(self, node: _Node, depth: int) -> t.Field:
        absent = node.content.get("x-absent")
        if absent not in (None, "none"):
            self.fail("P604", "`x-absent` can only be `none`", node, key="x-absent")
        return t.Field(
            self.read(node, depth + 1),
            default=node.content.get("default"),
            has_default="default" in node.content,
            none_when_absent=absent == "none",
            title=node.text("title"),
        )

    def conditions(self, node: _Node) -> None:
        """`anyOf` and `then` may only require members and say that they are not empty."""
        branches = node.content.get("anyOf")
        parts: list[t.Json] = list(branches) if isinstance(branches, list) else []
        parts += [node.content[key] for key in ("then",) if key in node.content]
        for part in parts:
            if not isinstance(part, dict) or part.keys() - {"required", "properties"}:
                self.fail("P604", "`anyOf` and `then` may hold only `required`", node)

    def text(self, node: _Node) -> t.Type:
        constant, values = node.content.get("const"), node.content.get("enum")
        if isinstance(constant, str):
            values = [constant]
        if isinstance(values, list):
            if not values or not all(isinstance(value, str) for value in values):
                self.fail("P604", "an enumeration holds texts only", node, key="enum")
            return t.Enumeration(
                tuple(str(value) for value in values), _labels(node.content.get("x-labels"))
            )
        form = node.content.get("format")
        if isinstance(form, str):
            if form not in _FORMATS:
                self.fail(
                    "P604",
                    f"the format `{form}` is not known",
                    node,
                    key="format",
                    help=did_you_mean(form, _FORMATS),
                )
            elif form != "uri":
                return _FORMATS[form]
        if not isinstance(node.content.get("maxLength"), int):
            self.fail("P605", "a text needs `maxLength`", node)
        return t.Text()


def _bound(value: t.Json) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _labels(value: t.Json) -> dict[str, dict[str, str]]:
    if not isinstance(value, dict):
        return {}
    return {
        key: {lang: str(text) for lang, text in labels.items()}
        for key, labels in value.items()
        if isinstance(labels, dict)
    }
