"""Values of a policy and members of a document -> terms of Rego."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from somepolicy import ir as p
from somepolicy.backends.rego.time import instant, number
from somepolicy.errors import SomepolicyError
from somepolicy.functions.something import says_something
from somepolicy.ir import types as t

Variables = Mapping[str, str]


class RefusedError(SomepolicyError):
    """What has no exact counterpart in Rego; the text names it."""


@dataclass
class Context:
    """What is written so far: names of definitions and predicates, or why they are refused."""

    program: p.Program
    names: dict[str, str | RefusedError] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    silent: set[str] = field(default_factory=set)  # texts of the policy that say nothing


def typed(expr: p.Read, variables: Variables) -> str:
    """Read a value as its type: a day as a number, an instant as its clock and offset."""
    text = read(expr, variables)
    match expr.type:
        case t.Date():
            return f"day({text})"
        case t.Instant():
            return f"instant({text})"
        case _:
            return text


def read(expr: p.Read, variables: Variables) -> str:
    """Read a value as it stands in the document."""
    found = path(expr, expr.path, variables)
    return f"given({found}, {json_text(expr.default)})" if expr.has_default else found


def path(expr: p.Read, steps: tuple[str, ...], variables: Variables) -> str:
    """Follow steps from the document, or from what a variable stands for."""
    base = "input.document" if expr.variable is None else variables[expr.variable]
    return f"at({base}, {json_text(list(steps))})" if steps else base


def parent_of(expr: p.Read, variables: Variables) -> str:
    """Read the record that a member belongs to."""
    return path(expr, expr.path[:-1], variables)


def as_day(text: str, kind: t.Type) -> str:
    """Write the day of an instant; what is none stays as it is."""
    return f"as_day({text})" if isinstance(kind, t.Instant) else text


def value_of(ctx: Context, value: object) -> str:
    """Write a value of the policy."""
    match value:
        case tuple():
            return f"[{', '.join(value_of(ctx, each) for each in value)}]"
        case datetime.datetime():
            return json_text(instant(value))
        case datetime.date():
            return str(number(value))
        case _:
            note(ctx, value)
            return json_text(value)


def note(ctx: Context, value: object) -> None:
    """Note a text of the policy that says nothing: no document can list it."""
    if isinstance(value, str) and not says_something(value):
        ctx.silent.add(value)


def json_text(value: object) -> str:
    """Write a value as Rego reads it."""
    return json.dumps(value, ensure_ascii=False)


def set_of(names: Iterable[str]) -> str:
    """Write a set of texts."""
    listed = json_text(list(names))[1:-1]
    return f"{{{listed}}}" if listed else "set()"
