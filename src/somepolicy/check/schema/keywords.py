"""The keywords the subset knows, and the form of their values."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet

from somepolicy.json_type import Json

DRAFT = "https://json-schema.org/draft/2020-12/schema"
NOTES = frozenset(
    {
        "$schema",
        "$comment",
        "title",
        "description",
        "x-nb",
        "x-nn",
        "x-labels",
        "x-absent",
        "x-published",
        "x-why",
    }
)
KNOWN: Mapping[str, AbstractSet[str]] = {
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
TYPED_ANEW = "type it anew, a letter and its marks as one character"
WHY_A_BOUND = "a bound keeps the work of a decision within limits"


def _is_text(value: Json) -> bool:
    return isinstance(value, str)


def _is_count(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_number(value: Json) -> bool:
    """Whether a value is a finite number; a boolean is not one."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _are_texts(value: Json) -> bool:
    """Whether a list holds different texts, at least one."""
    if not isinstance(value, list) or not value or not all(isinstance(x, str) for x in value):
        return False
    return len({str(text) for text in value}) == len(value)


def are_schemas(value: Json) -> bool:
    """Whether a value is an object of objects."""
    return isinstance(value, dict) and all(isinstance(each, dict) for each in value.values())


_FORMS: Mapping[str, tuple[str, Callable[[Json], bool]]] = {
    "$schema": (f"`{DRAFT}`, the draft that is read", lambda value: value in (DRAFT, f"{DRAFT}#")),
    **dict.fromkeys(("$comment", "$ref", "title", "description"), ("a text", _is_text)),
    **dict.fromkeys(("format", "pattern", "type"), ("a text", _is_text)),
    **dict.fromkeys(
        ("maxItems", "minItems", "maxLength", "minLength"), ("a whole number from 0", _is_count)
    ),
    **dict.fromkeys(
        ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), ("a number", is_number)
    ),
    **dict.fromkeys(("properties", "$defs"), ("an object of schemas", are_schemas)),
    **dict.fromkeys(
        ("additionalProperties", "unevaluatedProperties"), ("`false`", lambda value: value is False)
    ),
    "required": ("a list of different texts", lambda value: value == [] or _are_texts(value)),
    "enum": ("a list of different texts", _are_texts),
    "const": ("a text or a boolean", lambda value: isinstance(value, str | bool)),
    "items": ("a schema", lambda value: isinstance(value, dict)),
    "anyOf": ("a list of schemas", lambda value: isinstance(value, list) and value != []),
}


def misshapen(key: str, value: Json) -> str | None:
    """Say what the value of a keyword should be, if it is not."""
    wanted, holds = _FORMS.get(key, ("", lambda _: True))
    return None if holds(value) else wanted
