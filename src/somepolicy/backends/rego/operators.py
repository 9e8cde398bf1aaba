"""An operator and its operands -> a term of Rego; what has no exact counterpart is refused."""

from __future__ import annotations

from typing import assert_never

from somepolicy import ir as p
from somepolicy.backends.rego.terms import Context, RefusedError, as_day, json_text
from somepolicy.functions.something import asks_for_something
from somepolicy.ir import types as t

EXACT = 2**53  # whole numbers up to this one are the same in both
_MOST_VALUES = 500_000  # of a document, and so of a list
_UNICODE = ("\\p", "\\P", "\\C", "(?i", "[[:^")  # what depends on tables of Unicode, or Go lacks


def operation(ctx: Context, expr: p.Operation, operands: list[str]) -> str:
    """Write an operator with its operands, which are terms already."""
    kinds = [each.type for each in expr.operands]
    first = operands[0]
    match expr.operator:
        case "not":
            return f"negated({first})"
        case "==" | "!=" | "<" | "<=" | ">" | ">=":
            return _comparison(expr.operator, operands, kinds)
        case "in" | "not in":
            return _member(ctx, expr, operands)
        case "contains":
            return f"holds({first}, {operands[1]})"
        case "matches":
            return _matches(expr, first)
        case "is empty" | "is not empty":
            textual = t.is_textual(kinds[0])
            empty = f"negated(says({first}))" if textual else f"same(size({first}), 0)"
            return empty if expr.operator == "is empty" else f"negated({empty})"
        case "+" | "-":
            return _sum(expr, operands)
        case "count":
            return f"size({first})"
        case "days":
            return first
        case _:
            assert_never(expr.operator)


def _comparison(operator: p.Operator, operands: list[str], kinds: list[t.Type]) -> str:
    if any(isinstance(kind, t.Date) for kind in kinds):
        operands = [as_day(text, kind) for text, kind in zip(operands, kinds, strict=True)]
    elif any(isinstance(kind, t.Instant) for kind in kinds):
        operands = [f"moment({text})" for text in operands]
    elif any(isinstance(kind, t.ListOf | t.Record) for kind in kinds):
        raise RefusedError(f"`{operator}` of lists or records")
    x, y = operands
    match operator:
        case "==":
            return f"same({x}, {y})"
        case "!=":
            return f"negated(same({x}, {y}))"
        case "<":
            return f"less({x}, {y})"
        case ">":
            return f"less({y}, {x})"
        case "<=":
            return f"negated(less({y}, {x}))"
        case _:
            return f"negated(less({x}, {y}))"


def _member(ctx: Context, expr: p.Operation, operands: list[str]) -> str:
    """Write `in`; days and instants are texts in a list of the document, not in one of the policy."""
    item, listed = expr.operands
    assert isinstance(listed.type, t.ListOf)
    x, y = operands
    while isinstance(listed, p.Defined):
        listed = ctx.program.definitions[listed.name].body
    element = listed.type.element if isinstance(listed.type, t.ListOf) else None
    if isinstance(element, t.Date | t.Instant):
        if type(item.type) is not type(element) or not isinstance(listed, p.Constant | p.Read):
            raise RefusedError(
                f"`{expr.operator}` of days among instants, or in a list of either sort"
            )
        if isinstance(element, t.Instant):
            x = f"moment({x})"
        if isinstance(listed, p.Read):
            y = f"{'days_of' if isinstance(element, t.Date) else 'moments'}({y})"
        elif isinstance(element, t.Instant):
            y = f"[moment(each) | some each in {y}]"
    found = f"member({x}, {y})"
    return found if expr.operator == "in" else f"negated({found})"


def _matches(expr: p.Operation, text: str) -> str:
    """Write a search for a pattern: Go reads RE2's syntax, with tables of Unicode of its own."""
    pattern = expr.operands[1]
    assert isinstance(pattern, p.Constant)
    spelt = str(pattern.value)
    if asks_for_something(spelt):
        return f"says({text})"
    if any(each in spelt for each in _UNICODE) or "(?" in spelt.replace("(?:", ""):
        raise RefusedError("a pattern that depends on the version of Unicode")
    return f"matched({text}, {json_text(spelt)})"


def _sum(expr: p.Operation, operands: list[str]) -> str:
    x, y = operands
    y = y if expr.operator == "+" else f"opposite({y})"
    match expr.type:
        case t.Number():
            if most(expr) > EXACT:
                raise RefusedError(f"`{expr.operator}` of decimals, or beyond 2^53")
            return f"sum_of({x}, {y})"
        case t.Date():
            return f"day_moved({as_day(x, expr.operands[0].type)}, {y})"
        case _:
            return f"instant_moved({x}, {y})"


def most(expr: p.Expr) -> float:
    """Return how far from 0 a whole number may be: more than is exact for one with decimals."""
    match expr:
        case p.Constant(value=int() as value):
            return abs(value)
        case p.Operation(operator="+" | "-"):
            return sum(map(most, expr.operands))
        case p.Sum():
            return _MOST_VALUES * most(expr.value)
        case p.Operation(operator="count") | p.Called(function="length"):
            return _MOST_VALUES * 100
        case p.Read(
            type=t.Number(
                whole=True, minimum=float() | int() as low, maximum=float() | int() as high
            )
        ):
            return max(abs(low), abs(high))
        case _:
            return 2 * EXACT
