"""Validation against the schema of a kind, in plain words: the one place for its library."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, validators
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from somepolicy.engine.errors import DocumentError
from somepolicy.engine.formats import FORMATS, date_error, instant_error
from somepolicy.engine.values import pointer, pointer_key
from somepolicy.functions.something import asks_for_something, finder
from somepolicy.json_type import Json
from somepolicy.nearest import nearest

_MOST_ERRORS = 100
_MOST_SEARCHES = 20  # looking for the nearest name is slow
_TYPES = {
    "object": "an object",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
}
_MOST_NAMED = 12
_URI = "an address with its scheme, such as https://…, is needed"


def _format_checker() -> FormatChecker:
    checker = FormatChecker(formats=())
    for name, test in FORMATS.items():
        checker.checks(name)(lambda value, test=test: not isinstance(value, str) or test(value))
    return checker


def _pattern(
    _validator: object, pattern: str, instance: object, _schema: object
) -> Iterator[ValidationError]:
    """Search in linear time."""
    if isinstance(instance, str) and not finder(pattern)(instance):
        yield ValidationError("the text does not have the form")


def _is_integer(_checker: object, value: object) -> bool:
    """Whether a number is whole; 1.0 has been made 1, and what is larger is not exact."""
    return isinstance(value, int) and not isinstance(value, bool)


def _closed(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema with its objects closed to all but their own properties.

    A condition opens nothing by naming a member, and a `$schema` within, which would let
    jsonschema change its rules half-way, is left out.
    """
    closed: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "unevaluatedProperties":
            closed["additionalProperties"] = value
        elif key in ("properties", "$defs"):
            closed[key] = {name: _closed(inner) for name, inner in value.items()}
        elif key in ("items", "if", "then"):
            closed[key] = _closed(value)
        elif key == "anyOf":
            closed[key] = [_closed(each) for each in value]
        elif key != "$schema":
            closed[key] = value
    return closed


class Validator:
    """Validates documents of one kind and reports every error in plain words.

    `files` are the schema of the kind first, then those it refers to, by name.
    """

    def __init__(self, files: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        main = _closed(files[0][1])
        registry: Registry[bool | Mapping[str, Any]] = Registry().with_resources(
            (name, Resource.from_contents(_closed(content), default_specification=DRAFT202012))
            for name, content in files
        )
        extend: Callable[..., type[Draft202012Validator]] = validators.extend
        types = Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer)
        checked = extend(Draft202012Validator, {"pattern": _pattern}, type_checker=types)
        self._validator = checked(main, registry=registry, format_checker=_format_checker())
        why = main.get("x-why")
        self._why: Mapping[str, Json] = why if isinstance(why, dict) else {}

    def errors(self, document: Mapping[str, Json]) -> list[DocumentError]:
        """Return every error, in order of place; at most 100."""
        found: dict[tuple[str, str], DocumentError] = {}
        for error in self._validator.iter_errors(document):
            for each in self._reported(error):
                found.setdefault((each.pointer, each.message), each)
            if len(found) >= _MOST_ERRORS:
                break
        return sorted(found.values(), key=lambda each: (pointer_key(each.pointer), each.message))

    def _reported(self, error: ValidationError) -> Iterator[DocumentError]:
        at = pointer("", (str(part) for part in error.absolute_path))
        value: object = error.instance
        wanted: object = error.validator_value
        match error.validator:
            case "additionalProperties" | "unevaluatedProperties":
                yield from self._unknown(error, at)
            case "required":
                for name in wanted if isinstance(wanted, list) else []:
                    if isinstance(value, dict) and name not in value:
                        yield DocumentError("D302", pointer(at, (name,)), "this is required")
            case "anyOf":
                branches = wanted if isinstance(wanted, list) else []
                parts = " or ".join(_needs(branch) for branch in branches)
                yield DocumentError("D302", at, f"{parts} is required")
            case "if":
                for inner in error.context or ():
                    yield from self._reported(inner)
            case _:
                message = _message(str(error.validator), value, wanted)
                if (error.validator, wanted) == ("type", "object") and (names := _named(error)):
                    message = f"an object is needed; its members are {names}"
                yield DocumentError("D303", at, message, _near(error))

    def _unknown(self, error: ValidationError, at: str) -> Iterator[DocumentError]:
        value = error.instance
        known = error.schema.get("properties", {}) if isinstance(error.schema, dict) else {}
        if not isinstance(value, dict) or not isinstance(known, dict):
            return
        unknown = [name for name in value if name not in known]
        for number, name in enumerate(unknown[:_MOST_ERRORS]):
            why = self._why.get(name) if at == "" else None
            searched = not isinstance(why, dict) and number < _MOST_SEARCHES
            near = nearest(name, known) if searched else None
            message = "this field is unknown"
            if isinstance(why, dict):
                message = str(why.get("en"))
            elif near is None and known:
                message = f"this field is unknown; those known here are {_named(error)}"
            yield DocumentError("D301", pointer(at, (name,)), message, near)


def _named(error: ValidationError) -> str:
    """Name the members that the schema knows at the place of an error, the first of many."""
    known = error.schema.get("properties", {}) if isinstance(error.schema, dict) else {}
    return ", ".join([*list(known)[:_MOST_NAMED], *["…"] * (len(known) > _MOST_NAMED)])


def _needs(branch: Json) -> str:
    """Name what a branch of `anyOf` requires: its innermost required member."""
    if not isinstance(branch, dict):
        return "a member"
    required, properties = branch.get("required"), branch.get("properties")
    name = str(required[0]) if isinstance(required, list) and required else "a member"
    inner = properties.get(name) if isinstance(properties, dict) else None
    if isinstance(inner, dict) and inner.get("required"):
        return f"`{name}.{_needs(inner)[1:]}"
    return f"`{name}`"


def _near(error: ValidationError) -> str | None:
    if error.validator == "enum" and isinstance(error.instance, str):
        values: object = error.validator_value
        return nearest(error.instance, map(str, values if isinstance(values, list) else ()))
    return None


def _message(keyword: str, value: object, wanted: object) -> str:
    """Say what is needed; the value itself is not shown, for it may be personal."""
    match keyword:
        case "type":
            return f"{_TYPES.get(str(wanted), str(wanted))} is needed"
        case "enum" if isinstance(wanted, list):
            return f"this is not one of {', '.join(str(each) for each in wanted)}"
        case "const":
            return f"this is not `{wanted if isinstance(wanted, str) else json.dumps(wanted)}`"
        case "format" if wanted == "date":
            return date_error(str(value))
        case "format" if wanted == "date-time":
            return instant_error(str(value))
        case "format":
            return _URI if wanted == "uri" else f"the format {wanted} is needed"
        case "pattern" if asks_for_something(str(wanted)):
            return "the text is blank"
        case "pattern":
            return f"the text does not have the form {wanted}"
        case "minLength":
            return f"the text needs at least {wanted} characters"
        case "maxLength" if isinstance(value, str):
            return f"the text has {len(value)} characters, the most is {wanted}"
        case "minItems":
            return f"the list needs at least {wanted} element{'s' * (wanted != 1)}"
        case "maxItems" if isinstance(value, list):
            return f"the list has {len(value)} elements, the most is {wanted}"
        case "minimum":
            return f"the least is {wanted}"
        case "maximum":
            return f"the most is {wanted}"
        case "exclusiveMinimum":
            return f"more than {wanted} is needed"
        case "exclusiveMaximum":
            return f"less than {wanted} is needed"
        case _:
            return f"the schema refuses this ({keyword})"
