"""JSON Schema -> types. The subset of 2020-12 that the policy language can reason about."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from somepolicy import types as t
from somepolicy.functions.text import normal
from somepolicy.language.diagnostics import Diagnostic, PolicyError, did_you_mean
from somepolicy.language.source import Source, Span
from somepolicy.patterns import BadPatternError, check_pattern
from somepolicy.semantics.json_places import json_places

_NOTES = {
    "$schema",
    "$comment",
    "title",
    "description",
    "x-nb",
    "x-nn",
    "x-labels",
    "x-absent",
    "x-why",
}
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
_CONDITIONS = {"required", "properties", "const", "enum", "pattern", "minItems", "minLength"}
_RE2 = "it is searched with RE2, in linear time: without lookaround and backreferences; \\pL is a letter"
_MOST_NESTED = 32
_MOST_NODES = 20_000


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
        content = json.loads(
            source.text, object_pairs_hook=_object, parse_constant=_number, parse_int=_number
        )
    except json.JSONDecodeError as error:
        raise _unreadable(source, f"not JSON: {error.msg.lower()}", error.pos) from None
    except RecursionError:
        raise _unreadable(source, "not a schema: nested too deep", 0) from None
    except _RefusedError as refused:
        at = max(0, source.text.rfind(refused.token))
        raise _unreadable(source, str(refused), at, len(refused.token)) from None
    if not isinstance(content, dict):
        raise _unreadable(source, "a schema is an object", 0)
    return SchemaFile(source, content)


class _RefusedError(Exception):
    """JSON that is well formed and yet cannot be meant; `token` is where."""

    def __init__(self, message: str, token: str) -> None:
        super().__init__(message)
        self.token = token


def _unreadable(source: Source, message: str, at: int, length: int = 1) -> PolicyError:
    span = Span(source, at, at + length)
    return PolicyError([Diagnostic("P603", message, span, "a schema is a JSON file")])


def _object(members: list[tuple[str, t.Json]]) -> dict[str, t.Json]:
    """Refuse a member that stands twice, of which JSON would keep the last."""
    found: dict[str, t.Json] = {}
    for name, value in members:
        token = json.dumps(name, ensure_ascii=False)
        for text in (name, value):
            if isinstance(text, str) and re.search("[\ud800-\udfff]", text):
                raise _RefusedError(
                    "half a character: `\\ud800` to `\\udfff` come in pairs", "\\ud"
                )
        if name in found:
            raise _RefusedError(f"{token} stands twice in one object", token)
        found[name] = value
    return found


def _number(token: str) -> int:
    """Read an integer; `NaN` and `Infinity`, which Python's JSON knows, are refused."""
    if not re.fullmatch(r"-?[0-9]{1,15}", token):
        raise _RefusedError("a number has at most 15 digits", token)
    return int(token)


def references(file: SchemaFile) -> tuple[str, ...]:
    """Return the names of other files that a schema refers to, sorted."""
    found: set[str] = set()
    pending: list[t.Json] = [file.content]
    while pending:
        match pending.pop():
            case dict() as node:
                target = node.get("$ref")
                if isinstance(target, str) and (name := target.partition("#")[0]).isprintable():
                    found.add(name)
                pending.extend(node.values())
            case list() as items:
                pending.extend(items)
    return tuple(sorted(found - {""}))


def kind_schema(kind: str, files: tuple[SchemaFile, ...]) -> KindSchema:
    """Type a kind of document. Raises PolicyError P604, P605 or P606 with all that is wrong."""
    reader = _Reader({file.source.path.rpartition("/")[2]: file for file in files})
    root = _Node(files[0], files[0].content, "")
    record: t.Type = t.Record({})
    if root.content.get("type") == "object":
        record = reader.read(root, 0)
    else:
        help = 'begin the schema with `"type": "object"`'
        reader.fail("P604", "a document is an object", root, key="type", help=help)
    if isinstance(record, t.Record) and not reader.errors:
        reader.engine_fields(root, record)
    if reader.errors or not isinstance(record, t.Record):
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
        self.nodes = 0
        self.open: list[tuple[str, str]] = []  # the references followed to the node at hand

    def fail(
        self, code: str, message: str, node: _Node, *, key: str = "", help: str | None = None
    ) -> None:
        places = json_places(node.file.source.text)
        pointer = f"{node.pointer}/{key}" if key else node.pointer
        while pointer not in places and "/" in pointer:
            pointer = pointer.rpartition("/")[0]
        place = places.get(pointer, (0, 1))
        self.errors.append(Diagnostic(code, message, Span(node.file.source, *place), help))

    def read(self, node: _Node, depth: int) -> t.Type:
        self.nodes += 1
        if depth > _MOST_NESTED or self.nodes > _MOST_NODES:
            if self.nodes <= _MOST_NODES + 1:
                self.fail(
                    "P604",
                    "the schema is nested too deep or too large",
                    node,
                    help=f"at most {_MOST_NESTED} levels and {_MOST_NODES} fields",
                )
            self.nodes = _MOST_NODES + 1  # told once
            return t.Text()
        if "$ref" in node.content:
            return self.referred(node, depth)
        declared = node.content.get("type")
        if not isinstance(declared, str) or declared not in _KNOWN:
            self.fail(
                "P604",
                f"a `type` is needed, one of {', '.join(_KNOWN)}",
                node,
                key="type",
                help=did_you_mean(declared, _KNOWN) if isinstance(declared, str) else None,
            )
            return t.Text()
        self.keys(node, _KNOWN[declared] | {"type", "default"}, f"a schema of type {declared}")
        kind = self.typed(node, declared, depth)
        self.default(node, kind)
        return kind

    def referred(self, node: _Node, depth: int) -> t.Type:
        self.keys(node, {"$ref", "default"}, "a schema with `$ref`")
        target = self.follow(node)
        if target is None:
            return t.Text()
        place = (target.file.source.path, target.pointer)
        if place in self.open:
            self.fail(
                "P606",
                "this `$ref` leads back to where it stands",
                node,
                key="$ref",
                help="a document holds a fixed number of levels: write them out",
            )
            return t.Text()
        self.open.append(place)
        kind = self.read(target, depth + 1)
        self.open.pop()
        self.default(node, kind)
        return kind

    def keys(self, node: _Node, known: set[str], where: str) -> None:
        """Refuse what the subset does not know, and what does not have its right form."""
        for key, value in node.content.items():
            if key not in known | _NOTES:
                near = did_you_mean(key, known | _NOTES)
                self.fail("P604", f"`{key}` is not known in {where}", node, key=key, help=near)
            elif wanted := _misshapen(key, value):
                self.fail("P604", f"`{key}` has to be {wanted}", node, key=key)
            elif key == "pattern":
                self.pattern(str(value), node, key)

    def pattern(self, pattern: str, node: _Node, at: str) -> None:
        """Refuse what the runtime could not search in linear time; `at` is the keyword's place."""
        try:
            check_pattern(pattern)
        except BadPatternError as error:
            reason = str(error).partition(";")[0]
            self.fail("P604", f"the pattern is refused: {reason}", node, key=at, help=_RE2)

    def default(self, node: _Node, kind: t.Type) -> None:
        if "default" in node.content and not _may_default(node.content["default"], kind):
            self.fail(
                "P604",
                f"this `default` does not fit {kind}",
                node,
                key="default",
                help="a default is a text, number or boolean of the type, or `[]`",
            )

    def typed(self, node: _Node, declared: str, depth: int) -> t.Type:
        match declared:
            case "object":
                return self.record(node, depth)
            case "array":
                if "maxItems" not in node.content:
                    self.fail("P605", "a list needs `maxItems`", node, help=_BOUND)
                if "items" not in node.content:
                    help = "say with `items` what the list holds"
                    self.fail("P604", "a list needs `items`", node, help=help)
                items = node.child("items")
                return t.ListOf(self.read(items, depth + 1) if items.content else t.Text())
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
        if "%" in pointer or (pointer and not pointer.startswith("/")):
            content = None  # an escape that validators undo, or an anchor
        for part in pointer.split("/")[1:]:
            key = part.replace("~1", "/").replace("~0", "~")
            content = (
                content.get(key) if isinstance(content, dict) and "$id" not in content else None
            )
        if file is None or not isinstance(content, dict):
            self.fail(
                "P606",
                f"`{reference}` leads nowhere",
                node,
                key="$ref",
                help="a `$ref` names a member of `$defs`, here or in a file beside this one",
            )
            return None
        return _Node(file, content, pointer)

    def record(self, node: _Node, depth: int) -> t.Record:
        closed = ("additionalProperties", "unevaluatedProperties")
        if all(key not in node.content for key in closed):
            self.fail(
                "P604",
                "an object must be closed",
                node,
                help='add `"unevaluatedProperties": false`, so that a misspelt field is an error',
            )
        fields = {}
        members = node.members("properties")
        required = node.content.get("required")
        if not isinstance(required, list) or not _are_schemas(node.content.get("properties", {})):
            required = []
        for name in (name for name, member in members.items() if isinstance(member, dict)):
            member = self.field(node.child("properties", name), depth)
            fields[name] = replace(member, required=name in required)
        for needed in required:
            if isinstance(needed, str) and needed not in members:
                self.fail(
                    "P604",
                    f"`required` names `{needed}`, which is not among the properties",
                    node,
                    key="required",
                    help=did_you_mean(needed, fields),
                )
        self.conditions(node)
        return t.Record(fields)

    def engine_fields(self, root: _Node, record: t.Record) -> None:
        """Hold what the engine itself reads against the form it needs."""
        required = root.content.get("required")
        for name in ("kind", "id"):
            if not isinstance(required, list) or name not in required:
                self.fail("P604", f"a document has to have `{name}`", root, key="required")
        for name, wanted, told, help in _ENGINE_FIELDS:
            if name in record.fields and not isinstance(record.fields[name].type, wanted):
                at = root.child("properties", name)
                self.fail("P604", f"`{name}` has to be {told}", at, help=help)
        attestations = record.fields.get("attestations")
        if attestations is not None and not _is_attestation(attestations.type):
            self.fail(
                "P604",
                "an attestation has the texts clause, statement, role and content_digest, and the "
                "date-times `at` and, optional, `expires`",
                root.child("properties", "attestations"),
            )

    def field(self, node: _Node, depth: int) -> t.Field:
        absent = node.content.get("x-absent")
        if absent not in (None, "none"):
            self.fail(
                "P604",
                "`x-absent` can only be `none`",
                node,
                key="x-absent",
                help="leave it out where an absent field is unknown",
            )
        elif absent == "none" and "default" in node.content:
            self.fail(
                "P604",
                "`default` and `x-absent` exclude each other",
                node,
                key="x-absent",
                help="an absent field stands for a value, or it says that there is none",
            )
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
        parts: list[tuple[str, t.Json]] = [
            (f"anyOf/{index}", part)
            for index, part in enumerate(branches if isinstance(branches, list) else ())
        ]
        parts += [(key, node.content[key]) for key in ("if", "then") if key in node.content]
        for at, part in parts:
            if _is_condition(part, _MOST_NESTED):
                for place, pattern in _patterns(part, at):
                    self.pattern(pattern, node, place)
                continue
            self.fail(
                "P604",
                f"`{at.partition('/')[0]}` may only require members and look at their values",
                node,
                key=at,
                help=f"it knows {', '.join(sorted(_CONDITIONS))}",
            )

    def text(self, node: _Node) -> t.Type:
        values = node.content.get("enum")
        if "const" in node.content:
            values = [node.content["const"]]
            if isinstance(values[0], bool):
                self.fail("P604", "`const` has to be a text", node, key="const")
        if "const" in node.content or "enum" in node.content:
            texts = [str(value) for value in values] if isinstance(values, list) else []
            if any(normal(text) != text for text in texts):
                self.fail(
                    "P604",
                    "a value is not in Unicode form NFC, in which texts are compared",
                    node,
                    key="const" if "const" in node.content else "enum",
                    help="type it anew, its letters and marks as one character each",
                )
            return t.Enumeration(tuple(texts), _labels(node.content.get("x-labels")))
        form = node.content.get("format")
        if isinstance(form, str):
            if form not in _FORMATS:
                self.fail(
                    "P604",
                    f"the format `{form}` is not known",
                    node,
                    key="format",
                    help=did_you_mean(form, _FORMATS) or f"the formats are {', '.join(_FORMATS)}",
                )
                return t.Text()
            if form != "uri":
                return _FORMATS[form]
        if "maxLength" not in node.content:
            self.fail("P605", "a text needs `maxLength`", node, help=_BOUND)
        return t.Text()


_BOUND = "a bound keeps the work of a decision within limits"
_NO_CONTENT = (
    "it tells where a document comes from and no attestation covers it; content needs another name"
)
_ENGINE_FIELDS: tuple[tuple[str, type[t.Type], str, str | None], ...] = (
    ("kind", t.Enumeration, "a text with `const` or `enum`", None),
    ("id", t.Text, "a text", None),
    ("as_of", t.Instant, "a `date-time`, the instant of the decision", None),
    ("source", t.Record, "an object", _NO_CONTENT),
)


def _bound(value: t.Json) -> float | None:
    return float(value) if _is_number(value) and isinstance(value, int | float) else None


# --- the forms of the keywords


def _is_text(value: t.Json) -> bool:
    return isinstance(value, str)


def _is_count(value: t.Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_number(value: t.Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _are_texts(value: t.Json) -> bool:
    """Whether a list holds different texts, at least one."""
    if not isinstance(value, list) or not value or not all(isinstance(x, str) for x in value):
        return False
    return len({str(text) for text in value}) == len(value)


def _are_schemas(value: t.Json) -> bool:
    return isinstance(value, dict) and all(isinstance(each, dict) for each in value.values())


_FORMS: Mapping[str, tuple[str, Callable[[t.Json], bool]]] = {
    **dict.fromkeys(("$schema", "$comment", "$ref", "title", "description"), ("a text", _is_text)),
    **dict.fromkeys(("format", "pattern", "type"), ("a text", _is_text)),
    **dict.fromkeys(
        ("maxItems", "minItems", "maxLength", "minLength"), ("a whole number from 0", _is_count)
    ),
    **dict.fromkeys(
        ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), ("a number", _is_number)
    ),
    **dict.fromkeys(("properties", "$defs"), ("an object of schemas", _are_schemas)),
    **dict.fromkeys(
        ("additionalProperties", "unevaluatedProperties"), ("`false`", lambda value: value is False)
    ),
    "required": ("a list of different texts", lambda value: value == [] or _are_texts(value)),
    "enum": ("a list of different texts", _are_texts),
    "const": ("a text or a boolean", lambda value: isinstance(value, str | bool)),
    "items": ("a schema", lambda value: isinstance(value, dict)),
    "anyOf": ("a list of schemas", lambda value: isinstance(value, list) and value != []),
}


def _misshapen(key: str, value: t.Json) -> str | None:
    """Say what the value of a keyword should be, if it is not."""
    wanted, holds = _FORMS.get(key, ("", lambda _: True))
    return None if holds(value) else wanted


def _is_condition(part: t.Json, depth: int) -> bool:
    if not isinstance(part, dict) or depth == 0 or part.keys() - _CONDITIONS:
        return False
    if any(_misshapen(key, value) for key, value in part.items()):
        return False
    members = part.get("properties")
    inner = members.values() if isinstance(members, dict) else ()
    return all(_is_condition(member, depth - 1) for member in inner)


def _patterns(part: t.Json, at: str) -> Iterator[tuple[str, str]]:
    """Yield every pattern of a condition with its place."""
    if not isinstance(part, dict):
        return
    if isinstance(pattern := part.get("pattern"), str):
        yield f"{at}/pattern", pattern
    members = part.get("properties")
    for name, member in members.items() if isinstance(members, dict) else ():
        escaped = name.replace("~", "~0").replace("/", "~1")
        yield from _patterns(member, f"{at}/properties/{escaped}")


def _is_attestation(kind: t.Type) -> bool:
    if not isinstance(kind, t.ListOf) or not isinstance(kind.element, t.Record):
        return False
    fields = kind.element.fields
    texts = ("clause", "statement", "role", "content_digest")
    return (
        all(name in fields and t.is_textual(fields[name].type) for name in texts)
        and isinstance(fields["at"].type if "at" in fields else None, t.Instant)
        and ("expires" not in fields or isinstance(fields["expires"].type, t.Instant))
    )


def _may_default(value: t.Json, kind: t.Type) -> bool:
    match kind:
        case t.Enumeration():
            return value in kind.values
        case t.Text():
            return isinstance(value, str)
        case t.Boolean():
            return isinstance(value, bool)
        case t.Number():
            return _is_number(value) and (isinstance(value, int) or not kind.whole)
        case t.ListOf():
            return value == []
        case _:
            return False


def _labels(value: t.Json) -> dict[str, dict[str, str]]:
    """Read `x-labels`; of bokmål and nynorsk one stands in where the other is missing."""
    if not isinstance(value, dict):
        return {}
    found: dict[str, dict[str, str]] = {}
    for key, labels in value.items():
        stated = labels.items() if isinstance(labels, dict) else ()
        own = {lang: text for lang, text in stated if isinstance(text, str) and text.strip()}
        for lang, related in (("nn", "nb"), ("nb", "nn")):
            if related in own:
                own.setdefault(lang, own[related])
        found[key] = own
    return found
