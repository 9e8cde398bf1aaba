"""Subschema -> type: objects are records, and what is not in the subset is refused."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

from somepolicy.check.schema.conditions import CONDITIONS, is_condition, patterns
from somepolicy.check.schema.keywords import (
    KNOWN,
    NOTES,
    TYPED_ANEW,
    WHY_A_BOUND,
    are_schemas,
    is_number,
    misshapen,
)
from somepolicy.check.schema.node import Node
from somepolicy.check.schema.problems import Problems
from somepolicy.check.schema.references import follow
from somepolicy.check.schema.texts import text_type
from somepolicy.ir import types as t
from somepolicy.ir.schemas import SchemaFile
from somepolicy.json_type import Json
from somepolicy.patterns import BadPatternError, check_pattern
from somepolicy.syntax.diagnostics import did_you_mean

_RE2 = "it is searched with RE2, in linear time: without lookaround and backreferences; \\p{Latin} is a letter"
_MOST_NESTED = 32
_MOST_NODES = 20_000


class SchemaReader:
    """Reads the subschemas of one kind of document."""

    def __init__(
        self, files: Mapping[str, SchemaFile], problems: Problems, languages: Collection[str]
    ) -> None:
        self._files = files
        self._problems = problems
        self._languages = languages
        self._notes = NOTES | {f"x-{language}" for language in languages if language != "en"}
        self._nodes = 0
        self._open: list[tuple[str, str]] = []  # the references followed to the node at hand

    def read(self, node: Node, depth: int, *, member: bool = False) -> t.Type:
        """Return the type of a subschema; a text stands in for what is wrong.

        `member`: it is a field of an object, and `x-published` may stand in it.
        """
        if not member and "x-published" in node.content:
            self._problems.fail(
                "P604",
                "`x-published` stands on a field",
                node,
                key="x-published",
                help="write it beside the name of the field, for a list on the list",
            )
        self._nodes += 1
        if depth > _MOST_NESTED or self._nodes > _MOST_NODES:
            if self._nodes <= _MOST_NODES + 1:
                self._problems.fail(
                    "P604",
                    "the schema is nested too deep or too large",
                    node,
                    help=f"at most {_MOST_NESTED} levels and {_MOST_NODES} fields",
                )
            self._nodes = _MOST_NODES + 1  # reported once
            return t.Text()
        if "$ref" in node.content:
            return self._referred(node, depth)
        declared = node.content.get("type")
        if not isinstance(declared, str) or declared not in KNOWN:
            self._problems.fail(
                "P604",
                f"a `type` is needed, one of {', '.join(KNOWN)}",
                node,
                key="type",
                help=did_you_mean(declared, KNOWN) if isinstance(declared, str) else None,
            )
            return t.Text()
        self._keys(node, KNOWN[declared] | {"type", "default"}, f"a schema of type {declared}")
        kind = self._typed(node, declared, depth)
        self._default(node, kind)
        return kind

    def _referred(self, node: Node, depth: int) -> t.Type:
        self._keys(node, {"$ref", "default"}, "a schema with `$ref`")
        target = follow(node, self._files)
        if target is None:
            self._problems.fail(
                "P606",
                f"`{node.text('$ref')}` leads nowhere",
                node,
                key="$ref",
                help="a `$ref` names a member of `$defs`, here or in a file beside this one",
            )
            return t.Text()
        place = (target.file.source.path, target.pointer)
        if place in self._open:
            self._problems.fail(
                "P606",
                "this `$ref` leads back to where it stands",
                node,
                key="$ref",
                help="a document holds a fixed number of levels: write them out",
            )
            return t.Text()
        self._open.append(place)
        kind = self.read(target, depth + 1)
        self._open.pop()
        self._default(node, kind)
        return kind

    def _keys(self, node: Node, known: AbstractSet[str], where: str) -> None:
        """Refuse what the subset does not know, and what does not have its right form."""
        for key, value in node.content.items():
            if key not in known | self._notes:
                near = did_you_mean(key, known | self._notes)
                self._problems.fail(
                    "P604", f"`{key}` is not known in {where}", node, key=key, help=near
                )
            elif wanted := misshapen(key, value):
                self._problems.fail("P604", f"`{key}` has to be {wanted}", node, key=key)
            elif key == "pattern":
                self._pattern(str(value), node, key)

    def _pattern(self, pattern: str, node: Node, at: str) -> None:
        """Refuse what the runtime could not search in linear time; `at` is the keyword's place."""
        try:
            check_pattern(pattern)
        except BadPatternError as error:
            reason = str(error).partition(";")[0]
            help = _RE2 if error.place is None else TYPED_ANEW
            self._problems.fail(
                "P604", f"the pattern is refused: {reason}", node, key=at, help=help
            )

    def _default(self, node: Node, kind: t.Type) -> None:
        if "default" in node.content and not _may_default(node.content["default"], kind):
            self._problems.fail(
                "P604",
                f"this `default` does not fit {kind}",
                node,
                key="default",
                help="a default is a text, number or boolean of the type, or `[]`",
            )

    def _typed(self, node: Node, declared: str, depth: int) -> t.Type:
        match declared:
            case "object":
                return self._record(node, depth)
            case "array":
                if "maxItems" not in node.content:
                    self._problems.fail("P605", "a list needs `maxItems`", node, help=WHY_A_BOUND)
                if "items" not in node.content:
                    help = "say with `items` what the list holds"
                    self._problems.fail("P604", "a list needs `items`", node, help=help)
                items = node.child("items")
                return t.ListOf(self.read(items, depth + 1) if items.content else t.Text())
            case "string":
                return text_type(node, self._problems, self._languages)
            case "integer" | "number":
                return t.Number(
                    declared == "integer",
                    _bound(node.content.get("minimum")),
                    _bound(node.content.get("maximum")),
                )
            case _:
                return t.Boolean()

    def _record(self, node: Node, depth: int) -> t.Record:
        closed = ("additionalProperties", "unevaluatedProperties")
        if all(key not in node.content for key in closed):
            self._problems.fail(
                "P604",
                "an object must be closed",
                node,
                help='add `"unevaluatedProperties": false`, so that a misspelt field is an error',
            )
        fields = {}
        members = node.members("properties")
        required = node.content.get("required")
        if not isinstance(required, list) or not are_schemas(node.content.get("properties", {})):
            required = []
        for name in (name for name, member in members.items() if isinstance(member, dict)):
            member = self._field(node.child("properties", name), depth)
            fields[name] = replace(member, required=name in required)
        for needed in required:
            if isinstance(needed, str) and needed not in members:
                self._problems.fail(
                    "P604",
                    f"`required` names `{needed}`, which is not among the properties",
                    node,
                    key="required",
                    help=did_you_mean(needed, fields),
                )
        self._conditions(node)
        return t.Record(fields)

    def _field(self, node: Node, depth: int) -> t.Field:
        absent = node.content.get("x-absent")
        if absent not in (None, "none"):
            self._problems.fail(
                "P604",
                "`x-absent` can only be `none`",
                node,
                key="x-absent",
                help="leave it out where an absent field is unknown",
            )
        elif absent == "none" and "default" in node.content:
            self._problems.fail(
                "P604",
                "`default` and `x-absent` exclude each other",
                node,
                key="x-absent",
                help="an absent field stands for a value, or it says that there is none",
            )
        kind = self.read(node, depth + 1, member=True)
        return t.Field(
            kind,
            default=node.content.get("default"),
            has_default="default" in node.content,
            none_when_absent=absent == "none",
            title=node.text("title"),
            published=self._published(node, kind),
        )

    def _published(self, node: Node, kind: t.Type) -> bool | None:
        """Return what a field says of its text or its list of texts."""
        mark = node.content.get("x-published")
        if mark is None and "x-published" not in node.content:
            return None
        if not isinstance(mark, bool):
            self._problems.fail(
                "P604",
                "`x-published` has to be `true` or `false`",
                node,
                key="x-published",
                help="true: readers see the text; leave it out of what is no text",
            )
            return None
        if not isinstance(kind.element if isinstance(kind, t.ListOf) else kind, t.Text):
            self._problems.fail(
                "P604",
                "`x-published` is said of a text or a list of texts",
                node,
                key="x-published",
                help="mark the texts within instead; values of an `enum`, days and numbers need no mark",
            )
            return None
        return mark

    def _conditions(self, node: Node) -> None:
        """`anyOf` and `then` may only require members and say that they are not empty."""
        branches = node.content.get("anyOf")
        parts: list[tuple[str, Json]] = [
            (f"anyOf/{index}", part)
            for index, part in enumerate(branches if isinstance(branches, list) else ())
        ]
        parts += [(key, node.content[key]) for key in ("if", "then") if key in node.content]
        for at, part in parts:
            if is_condition(part, _MOST_NESTED):
                for place, pattern in patterns(part, at):
                    self._pattern(pattern, node, place)
                continue
            self._problems.fail(
                "P604",
                f"`{at.partition('/')[0]}` may only require members and look at their values",
                node,
                key=at,
                help=f"it knows {', '.join(sorted(CONDITIONS))}",
            )


def _bound(value: Json) -> float | None:
    return float(value) if is_number(value) and isinstance(value, int | float) else None


def _may_default(value: Json, kind: t.Type) -> bool:
    match kind:
        case t.Enumeration():
            return value in kind.values
        case t.Text():
            return isinstance(value, str)
        case t.Boolean():
            return isinstance(value, bool)
        case t.Number():
            return is_number(value) and (isinstance(value, int) or not kind.whole)
        case t.ListOf():
            return value == []
        case _:
            return False
