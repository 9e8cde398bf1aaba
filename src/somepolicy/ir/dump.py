"""The program form as JSON: for readers that are not Python, and to compare two policies."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import fields, is_dataclass

from somepolicy.ir.program import Program
from somepolicy.json_type import Json
from somepolicy.syntax.source import Source, Span


def dump(program: Program) -> dict[str, Json]:
    """Return the whole of a checked policy, the same for the same policy.

    A dataclass is an object with its name as `form`, a place `file:line:column`, a date its
    text; word lists and schemas are as their files have them.
    """
    dumped = _dumped(program)
    assert isinstance(dumped, dict)
    return dumped


def _dumped(value: object) -> Json:
    match value:
        case None | bool() | int() | float() | str():
            return value
        case datetime.date():
            return value.isoformat()
        case Span():
            return value.where
        case Source():
            return value.path
        case Mapping():
            return {str(name): _dumped(each) for name, each in value.items()}
        case set() | frozenset():
            return [*sorted(map(str, value))]
        case tuple() if hasattr(value, "_asdict"):
            return _dumped(value._asdict())
        case tuple() | list():
            return [_dumped(each) for each in value]
        case _ if is_dataclass(value):
            members = {each.name: _dumped(getattr(value, each.name)) for each in fields(value)}
            return {"form": type(value).__name__, **members}
        case _:
            raise TypeError(f"the program form holds a {type(value).__name__}")
