"""Parts of a schema that nothing can fulfil, reported as P608 where that is plain to see."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from string import digits

from somepolicy.backends.python.validator import meets
from somepolicy.check.schema.node import Node, escape, unescape
from somepolicy.check.schema.problems import Problems
from somepolicy.check.schema.references import follow
from somepolicy.engine.json_text import MOST_BYTES
from somepolicy.engine.validate import MOST_VALUES
from somepolicy.ir.schemas import KindSchema, SchemaFile
from somepolicy.json_type import Json
from somepolicy.patterns import width
from somepolicy.patterns.possible import may_match
from somepolicy.syntax.diagnostics import Diagnostic, did_you_mean

_LARGEST = 2**53 - 1
_WIDTHS = {"date": (10, 10), "date-time": (20, 35), "uri": (3, math.inf)}
_LETTERS = {
    "date": f"{digits}-",
    "date-time": f"{digits}-+:.TZ",
    "uri": "".join(char for char in map(chr, range(33, 127)) if char not in r"\^`{|}<>\""),
}

Schema = Mapping[str, Json]
Reason = tuple[str, str]  # the keyword at which it is reported, and what is wrong


def unfulfillable(schema: KindSchema) -> list[Diagnostic]:
    """Return P608 for each part of a kind's schema that no value can fulfil."""
    search = _Search(schema.files)
    root = Node(schema.files[0], schema.files[0].content, "")
    search.kind(root, schema.kind)
    search.node(root)
    return search.problems.errors


class _Search:
    def __init__(self, files: Iterable[SchemaFile]) -> None:
        self.files = {file.source.path.rpartition("/")[2]: file for file in files}
        self.problems = Problems()
        self._seen: set[tuple[str, str]] = set()

    def fail(self, node: Node, key: str, message: str, help: str | None = None) -> None:
        help = help or "change one of the two, or leave it out"
        self.problems.fail("P608", message, node, key=key, help=help)

    def kind(self, root: Node, name: str) -> None:
        """A document is validated against the schema of the kind that it names."""
        node = self.resolved(root.child("properties", "kind"))
        if not meets(name, _with_const(node.content)):
            key = "const" if "const" in node.content else "enum"
            self.fail(node, key, f"documents of kind `{name}` name that kind, which this refuses")

    def resolved(self, node: Node) -> Node:
        while "$ref" in node.content:
            target = follow(node, self.files)
            assert target is not None  # the checker has followed it
            node = target
        return node

    def node(self, node: Node) -> None:
        """Report what is wrong with a schema and all below it, each place once."""
        place = (node.file.source.path, node.pointer)
        if place in self._seen:
            return
        self._seen.add(place)
        target = self.resolved(node)
        if target is not node:
            self.node(target)
        elif wrong := _contradiction(node.content):
            self.fail(node, *wrong)
            return
        else:
            self.values(node, "enum", target.content)
        if "default" in node.content and not _fits(node.content["default"], target.content):
            self.fail(node, "default", "the schema refuses its own `default`")
        if target is not node:
            return
        for name in node.members("properties"):
            self.node(node.child("properties", name))
        if "items" in node.content:
            self.node(node.child("items"))
        self.conditions(node)

    def values(self, node: Node, at: str, *schemas: Schema) -> None:
        """Report each value of the `enum` at a place that one of the schemas refuses."""
        values: Json = dict(node.content)
        for step in at.split("/"):
            values = values.get(unescape(step)) if isinstance(values, dict) else None
        for index, value in enumerate(_list(values)):
            if not all(_admits(each, value) for each in schemas):
                message = "the rest of the schema refuses this value of the `enum`"
                self.fail(node, f"{at}/{index}", message)

    def conditions(self, node: Node) -> None:
        branches = node.content.get("anyOf")
        if isinstance(branches, list) and not any(self.possible(each, node) for each in branches):
            self.fail(node, "anyOf", "nothing can fulfil any part of this `anyOf`")
        if "if" in node.content and "then" in node.content:
            if not self.possible(node.content["if"], node):
                self.fail(node, "if", "nothing can fulfil this `if`, so `then` never counts")
            elif not self.possible(node.content["then"], node):
                self.fail(node, "then", "nothing can fulfil this `then`")
            else:
                self.consequence(node.content["then"], node, "then", node)

    def consequence(self, then: Json, declared: Node, at: str, root: Node) -> None:
        """Report what `then` says of a member that no value of it can fulfil."""
        assert isinstance(then, dict)
        parts = then.get("properties")
        known = declared.members("properties")
        for name, part in parts.items() if isinstance(parts, dict) else ():
            place = f"{at}/properties/{escape(name)}"
            if name not in known:
                near = did_you_mean(name, known)
                self.fail(
                    root, place, f"there is no member `{name}` that this could be about", near
                )
                continue
            member = self.resolved(declared.child("properties", name))
            assert isinstance(part, dict)
            if not self.possible(part, member):
                key = next((f"/{key}" for key in ("const", "enum") if key in part), "")
                self.fail(root, f"{place}{key}", f"no value of `{name}` can fulfil this")
                continue
            self.values(root, f"{place}/enum", part, member.content)
            self.consequence(part, member, place, root)

    def possible(self, condition: Json, declared: Node) -> bool:
        """Whether a value that meets what is declared may meet a condition as well."""
        assert isinstance(condition, dict)
        declared = self.resolved(declared)
        kind = declared.content.get("type")
        if kind == "string":
            return self.possible_text(condition, declared.content)
        if "enum" in condition:
            return False
        if "const" in condition:
            const = condition["const"]
            return kind == "boolean" and declared.content.get("const", const) is const
        if kind == "array":
            return _count(condition, "minItems", 0) <= _count(
                declared.content, "maxItems", _LARGEST
            )
        return kind != "object" or self.possible_object(condition, declared)

    @staticmethod
    def possible_text(condition: Schema, declared: Schema) -> bool:
        listed = [each for each in map(_listed, (condition, declared)) if each is not None]
        if listed:
            both = (_with_const(condition), _with_const(declared))
            return any(
                isinstance(text, str) and all(meets(text, each) for each in both)
                for text in listed[0]
            )
        least = max(_count(each, "minLength", 0) for each in (condition, declared))
        return (
            _contradiction({**declared, **condition, "type": "string", "minLength": least}) is None
        )

    def possible_object(self, condition: Schema, declared: Node) -> bool:
        known = declared.members("properties")
        needed = [*_list(condition.get("required")), *_list(declared.content.get("required"))]
        parts = condition.get("properties")
        return all(name in known for name in needed) and all(
            self.possible(part, declared.child("properties", name))
            for name, part in (parts.items() if isinstance(parts, dict) else ())
            if name in needed and name in known
        )


def _contradiction(schema: Schema) -> Reason | None:
    """Say why no value meets a schema of one type, if it is so."""
    match schema.get("type"):
        case "string":
            return next(_of_text(schema), None)
        case "array":
            least, most = _count(schema, "minItems", 0), _count(schema, "maxItems", MOST_VALUES)
            if least >= MOST_VALUES:
                return "minItems", f"a document holds less than {MOST_VALUES} values"
            if least > most:
                return "minItems", f"no list has at least {least} and at most {most} elements"
        case "integer" | "number":
            return _of_number(schema)
        case "boolean" if not isinstance(schema.get("const", True), bool):
            return "const", "a text is neither true nor false"
    return None


def _of_text(schema: Schema) -> Iterator[Reason]:
    listed = _listed(schema)
    if listed is not None:
        if not any(isinstance(text, str) and meets(text, schema) for text in listed):
            key = "const" if "const" in schema else "enum"
            yield key, f"no value of this `{key}` fits the rest of the schema"
        return
    least, most = _count(schema, "minLength", 0), _count(schema, "maxLength", _LARGEST)
    if least > MOST_BYTES:
        yield "minLength", f"no document is longer than {MOST_BYTES} bytes"
    if least > most:
        yield "minLength", f"no text has at least {least} and at most {most} characters"
    shortest, longest = _WIDTHS.get(str(schema.get("format")), (0, math.inf))
    if most < shortest or least > longest:
        yield "format", f"no {schema['format']} has between {least} and {most} characters"
    if "pattern" in schema and not may_match(str(schema["pattern"])):
        yield "pattern", "there is no text that this pattern matches"
    elif "pattern" in schema:
        if not may_match(str(schema["pattern"]), _LETTERS.get(str(schema.get("format")))):
            yield "pattern", f"no {schema['format']} has the characters of this pattern"
        shortest, limit = width(str(schema["pattern"]))
        if most < shortest or (limit is not None and least > limit):
            yield "pattern", f"no text of {least} to {most} characters has this form"


def _of_number(schema: Schema) -> Reason | None:
    low, high = _bound(schema, "minimum", -_LARGEST), _bound(schema, "maximum", _LARGEST)
    above = _bound(schema, "exclusiveMinimum", -math.inf)
    below = _bound(schema, "exclusiveMaximum", math.inf)
    key = next(
        key
        for key in ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "type")
        if key in schema
    )
    if low > high or max(low, above) >= below or above >= high:
        return key, "no number lies within these bounds"
    if schema.get("type") == "integer":
        first = max(math.ceil(low), -_LARGEST if above == -math.inf else math.floor(above) + 1)
        last = min(math.floor(high), _LARGEST if below == math.inf else math.ceil(below) - 1)
        if first > last:
            return key, "no whole number lies within these bounds"
    return None


def _admits(schema: Schema, value: Json) -> bool:
    return isinstance(value, str) and meets(value, _with_const(schema))


def _fits(default: Json, schema: Schema) -> bool:
    """Whether a schema admits its default, which is of its type."""
    match default:
        case bool():
            return schema.get("const", default) is default
        case str():
            return meets(default, _with_const(schema))
        case int() | float():
            low, high = _bound(schema, "minimum", -math.inf), _bound(schema, "maximum", math.inf)
            above = _bound(schema, "exclusiveMinimum", -math.inf)
            below = _bound(schema, "exclusiveMaximum", math.inf)
            return low <= default <= high and above < default < below
        case _:
            return _count(schema, "minItems", 0) == 0


def _listed(schema: Schema) -> list[Json] | None:
    """Return the values that a schema lists; None where it lists none."""
    if "const" in schema:
        return [schema["const"]]
    values = schema.get("enum")
    return values if isinstance(values, list) else None


def _with_const(schema: Schema) -> Schema:
    """Return a schema with its `const` as an `enum` of one value, for `meets`."""
    if "const" not in schema:
        return schema
    among = schema.get("enum")
    const = schema["const"]
    held = not isinstance(among, list) or const in among
    return {**schema, "enum": [const] if held else []}


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _count(schema: Schema, key: str, default: int) -> int:
    value = schema.get(key, default)
    assert isinstance(value, int)
    return value


def _bound(schema: Schema, key: str, default: float) -> float:
    value = schema.get(key, default)
    assert isinstance(value, int | float)
    return value
