"""Schemas without a policy around them: the compiled validator and the validator of one field."""

from __future__ import annotations

import ast
import copy
import json
import linecache
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from somepolicy.backends.python import code as py
from somepolicy.backends.python.validator import ValidatorWriter
from somepolicy.check.schema import kind_schema
from somepolicy.engine.errors import DocumentError
from somepolicy.engine.evaluator import CodeUnit
from somepolicy.engine.given import Composer
from somepolicy.engine.schema_errors import Validator
from somepolicy.engine.validate import _Cleaner
from somepolicy.ir import Kind
from somepolicy.ir.schemas import SchemaFile
from somepolicy.syntax.source import Source

Schema = dict[str, Any]


class UnfitError(ValueError):
    """A schema that cannot be stated in the subset for a given value; the text says why."""


@dataclass(frozen=True)
class Checked:
    """What decides whether a document `{"kind": "post", "id": …, "value": …}` is taken."""

    accepts: Callable[[object], bool]
    validator: Validator
    schemas: tuple[tuple[str, Schema], ...]

    def errors(self, document: object) -> list[DocumentError]:
        """Return what the way without the compiled validator says: cleaned, then validated."""
        clean, errors = cleaned(document)
        return errors or self.validator.errors(clean)  # type: ignore[arg-type]


def cleaned(document: object) -> tuple[object, list[DocumentError]]:
    """Return the document as it is cleaned and brought into form NFC, and what is wrong with it."""
    cleaner, composer = _Cleaner(), Composer()
    clean = cleaner.value(document, "", 0)
    if cleaner.errors or not isinstance(clean, dict):
        return clean, cleaner.errors
    return composer.members(clean), composer.errors


def checked(field: Schema, **more: Any) -> Checked:
    """Embed a schema as the field `value` of a closed kind; `more` are keywords of the kind.

    Raises PolicyError where the subset refuses it.
    """
    text = {"type": "string", "maxLength": 100}
    main = {
        "type": "object",
        "additionalProperties": False,
        "required": ["kind", "id"],
        "properties": {
            "kind": {"type": "string", "const": "post"},
            "id": text,
            "value": {"$ref": "field.schema.json"},
            "absent": text,
        },
        **more,
    }
    schemas = (("post.schema.json", main), ("field.schema.json", field))
    files = tuple(SchemaFile(Source(name, json.dumps(each)), each) for name, each in schemas)
    kind = Kind("post", kind_schema("post", files), unproven_denies=True, notice=None)
    return Checked(accepts(kind), Validator(schemas), schemas)


def accepts(kind: Kind) -> Callable[[object], bool]:
    """Compile the compiled validator of a kind."""
    prologue: list[ast.stmt] = []

    def stated(value: ast.expr) -> ast.expr:
        prologue.append(py.assign(f"stated_{len(prologue)}", value))
        return py.name(f"stated_{len(prologue) - 1}")

    functions = ValidatorWriter(kind, stated).functions()
    module = py.placed(ast.Module([*prologue, *functions], []))
    # written out and read again, as the modules of a wheel are
    code = compile(ast.unparse(module), "compiled validator", "exec", dont_inherit=True)
    linecache.cache.pop("compiled validator", None)
    found: Callable[[object], bool] = CodeUnit("post", [code], lambda _: []).function(
        "is_valid_post"
    )
    assert found({}) is False
    return found


def is_canonical(value: object) -> bool:
    """Whether a value holds nothing that is cleaned: no null, no number in another form."""
    if isinstance(value, dict):
        return all(map(is_canonical, value.values()))
    if isinstance(value, list):
        return all(map(is_canonical, value))
    if isinstance(value, float):
        return not value.is_integer()
    return value is not None and (not isinstance(value, int) or abs(value) < 2**53)


# --- a schema of somebody else, in our subset

_TYPES = {bool: "boolean", int: "number", float: "number", str: "string", dict: "object"}


def fitted(schema: Any, value: object) -> Schema:
    """State a schema in our subset so that it says of this value what it said before.

    What has no type gets that of the value, objects are closed around their members, and
    lists and texts get bounds that the value does not reach. Raises UnfitError.
    """
    whole: Schema = copy.deepcopy(schema) if isinstance(schema, dict) else schema
    _Fitter(whole).fit(whole, value)
    return whole


class _Fitter:
    def __init__(self, whole: Schema) -> None:
        self.whole = whole
        self.done: set[int] = set()

    def fit(self, schema: Any, value: object) -> None:
        if not isinstance(schema, dict):
            raise UnfitError("true or false as a schema")
        if id(schema) in self.done:
            return
        self.done.add(id(schema))
        schema.pop("$schema", None)
        if "$ref" in schema:
            self.fit(self.target(str(schema["$ref"])), value)
            return
        self.typed(schema, value)
        match schema["type"]:
            case "object":
                self.members(schema, value if isinstance(value, dict) else {})
            case "array":
                self.elements(schema, value if isinstance(value, list) else [])
            case "string" if not schema.keys() & {"enum", "const", "maxLength"}:
                schema["maxLength"] = 10_000

    def target(self, reference: str) -> Any:
        found: Any = self.whole
        if not reference.startswith("#/"):
            raise UnfitError("a reference that is no pointer")
        for part in reference[2:].split("/"):
            found = found.get(part.replace("~1", "/").replace("~0", "~"))
            if not isinstance(found, dict):
                raise UnfitError("a reference that is no pointer to an object")
        return found

    def typed(self, schema: Schema, value: object) -> None:
        own = "array" if isinstance(value, list) else _TYPES.get(type(value))
        declared = schema.get("type", own)
        if isinstance(declared, list):
            fitting = [
                each for each in declared if each == own or (own, each) == ("number", "integer")
            ]
            declared = fitting[0] if fitting else None
        if declared is None:
            raise UnfitError("no type for this value")
        schema["type"] = declared

    def members(self, schema: Schema, value: Mapping[str, object]) -> None:
        declared = schema.setdefault("properties", {})
        open_ = all(
            schema.get(key, True) is True
            for key in ("additionalProperties", "unevaluatedProperties")
        )
        if open_:
            schema.pop("unevaluatedProperties", None)
            schema["additionalProperties"] = False
            for name in (*value, *schema.get("required", ())):
                declared.setdefault(name, {})
        for name, inner in declared.items():
            self.fit(inner, value.get(name, "a text"))

    def elements(self, schema: Schema, value: list[object]) -> None:
        schema.setdefault("maxItems", 20)
        inner = schema.setdefault("items", {})
        kinds = {_TYPES.get(type(each), "array") for each in value}
        if isinstance(inner, dict) and "type" not in inner and len(kinds) > 1:
            raise UnfitError("a list of values of several types")
        longest = max(value, key=lambda each: len(json.dumps(each)), default="a text")
        self.fit(inner, longest)
