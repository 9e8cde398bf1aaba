"""How names, values, types and paths are written in SQL."""

from __future__ import annotations

import datetime
from typing import assert_never

from somepolicy.errors import SomepolicyError
from somepolicy.ir import types as t

PREFIX = "somepolicy_"  # of the functions that a connection is given
_LARGEST = 2**53 - 1  # up to here an integer is the same as a DOUBLE
DOCUMENT, AS_OF, DAY, DIGEST = '"the document"', '"the instant"', '"the day"', "digest"


class Refused(SomepolicyError):  # noqa: N818 - an answer about a form, not an error
    """A form that SQL has no exact counterpart of. The message says which."""


def sql_type(kind: t.Type) -> str:
    """Return what a value of a type is in SQL; detections are a list of `strength detector`."""
    match kind:
        case t.Boolean():
            return "BOOLEAN"
        case t.Number():
            return "BIGINT" if kind.whole else "DOUBLE"
        case t.Text() | t.Enumeration() | t.Instant():
            return "VARCHAR"
        case t.Date():
            return "DATE"
        case t.Texts() | t.Detections():
            return "VARCHAR[]"
        case t.ListOf():
            return f"{sql_type(kind.element)}[]"
        case t.Record():
            return "JSON"
        case t.Days():
            return "BIGINT"
        case _:
            assert_never(kind)


def quoted(name: str) -> str:
    """Return a name, whatever it is made of."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text."""
    if "\0" in text:
        raise Refused("a text that holds NUL")
    return "'" + text.replace("'", "''") + "'"


def called(name: str, *arguments: str) -> str:
    """Return a call of a function that a connection is given."""
    return f"{PREFIX}{name}({', '.join(arguments)})"


def joined(lists: list[str]) -> str:
    """Return lists of texts as one."""
    return f"flatten([{', '.join(lists)}])" if lists else "CAST([] AS VARCHAR[])"


def step(value: str, steps: tuple[str, ...]) -> str:
    """Return what a path below a JSON value leads to; NULL where it is absent."""
    if not steps:
        return value
    if any(char in name for name in steps for char in '"\\*'):
        raise Refused("a member whose name no path of SQL can say")
    path = "".join(f'."{name}"' for name in steps)
    return f"json_extract({value}, {literal('$' + path)})"


def constant(value: object, kind: t.Type) -> str:
    """Return a value that the policy states."""
    match value:
        case tuple():
            assert isinstance(kind, t.ListOf)
            values = ", ".join(constant(each, kind.element) for each in value)
            return f"CAST([{values}] AS {sql_type(kind)})"
        case bool():
            return "true" if value else "false"
        case int() | float():
            if abs(value) > _LARGEST:
                raise Refused("a number beyond ±(2^53−1)")
            assert isinstance(value, int) or kind == t.Number()  # a cast to BIGINT would round
            return f"CAST('{value!r}' AS {sql_type(kind)})"
        case str():
            return literal(value)
        case datetime.datetime():
            return literal(value.isoformat())
        case datetime.date():
            return f"DATE '{value.isoformat()}'"
        case _:
            raise AssertionError("no policy states such a value")
