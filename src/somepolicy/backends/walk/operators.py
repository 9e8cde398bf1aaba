"""What an operator does with operands that are there, and what a value of a document is."""

from __future__ import annotations

import datetime
import operator
from collections.abc import Callable, Mapping
from typing import assert_never

from somepolicy import ir as p
from somepolicy.engine.days import Days
from somepolicy.engine.values import day_of, instant_of
from somepolicy.functions.something import finder, says_something
from somepolicy.ir import types as t
from somepolicy.json_type import Json

Compare = Callable[[object, object], bool]
_COMPARE: Mapping[p.Operator, Compare] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,  # type: ignore[dict-item]
    "<=": operator.le,  # type: ignore[dict-item]
    ">": operator.gt,  # type: ignore[dict-item]
    ">=": operator.ge,  # type: ignore[dict-item]
}


def operation(expr: p.Operation, days: Days) -> Callable[..., object]:
    """Return what an operator does with operands that are there."""
    match expr.operator:
        case "not":
            return operator.not_
        case "==" | "!=" | "<" | "<=" | ">" | ">=":
            return _comparer(expr, _COMPARE[expr.operator], days)
        case "in" | "not in":
            return _member(expr)
        case "contains":
            return operator.contains
        case "matches":
            pattern = expr.operands[1]
            assert isinstance(pattern, p.Constant)
            found = finder(str(pattern.value))
            return lambda text, _: found(text)
        case "is empty" | "is not empty":
            says = says_something if t.is_textual(expr.operands[0].type) else bool
            wanted = expr.operator == "is not empty"
            return lambda value: says(value) is wanted
        case "+" | "-":
            return _adder(expr, days)
        case "count":
            return len
        case "days":
            return same
        case _:
            assert_never(expr.operator)


def _comparer(expr: p.Operation, compare: Compare, days: Days) -> Compare:
    if any(isinstance(side.type, t.Date) for side in expr.operands):
        return lambda a, b: compare(as_day(a, days), as_day(b, days))
    return compare


def _adder(expr: p.Operation, days: Days) -> Callable[..., object]:
    sign = 1 if expr.operator == "+" else -1
    if isinstance(expr.type, t.Number):
        return lambda a, b: a + sign * b
    return lambda a, b: days.add_days(a, sign * b)


def as_day(value: object, days: Days) -> object:
    """Return the day of an instant; what is none stays as it is."""
    return days.as_day(value) if isinstance(value, datetime.date) else value


def value_of(raw: Json, kind: t.Type) -> object:
    """Return a value of a document as its type: days and instants are texts in JSON."""
    if isinstance(raw, str) and isinstance(kind, t.Date):
        return day_of(raw)
    if isinstance(raw, str) and isinstance(kind, t.Instant):
        return instant_of(raw)
    return raw


def same(value: object) -> object:
    """Return the value."""
    return value


def _member(expr: p.Operation) -> Callable[[object, object], bool]:
    listed = expr.operands[1].type
    assert isinstance(listed, t.ListOf)
    element = listed.element

    def member(item: object, container: object) -> bool:
        values = (
            [value_of(each, element) for each in container]
            if isinstance(container, list)
            else list(container)  # type: ignore[call-overload]
        )
        return (item in values) is (expr.operator == "in")

    return member
