"""Checked expression -> Python expression for its value; None is unknown."""

from __future__ import annotations

import ast
import datetime
from collections.abc import Callable, Sequence
from typing import Literal, assert_never

from somepolicy import ir as p
from somepolicy.backends.python import code as py
from somepolicy.backends.python.members import (
    is_sure,
    parent_absent,
    raw,
    raw_or_default,
    unknowable,
)
from somepolicy.backends.python.scope import Scope
from somepolicy.engine.values import pointer
from somepolicy.functions.table import FUNCTIONS
from somepolicy.ir import types as t

COMPARISONS: dict[str, Callable[[], ast.cmpop]] = {
    "==": ast.Eq,
    "!=": ast.NotEq,
    "<": ast.Lt,
    "<=": ast.LtE,
    ">": ast.Gt,
    ">=": ast.GtE,
}


def value(scope: Scope, expr: p.Expr) -> ast.expr:
    """Return code for the value."""
    return py.at(_value(scope, expr), expr.span)


def _value(scope: Scope, expr: p.Expr) -> ast.expr:
    match expr:
        case p.Constant():
            return _constant(scope, expr.value)
        case p.Read():
            return _read(scope, expr)
        case p.Defined():
            return py.call_function(f"def_{expr.name}")
        case p.Applied():
            arguments = [raw_or_default(scope, each) for each in expr.arguments]
            return py.call_function(f"pred_{expr.predicate}", *arguments)
        case p.Parametric():
            # not written out as a constant, so that the code serves every choice of parameters
            return py.item(py.attribute("context", "parameters"), expr.name)
        case p.AsOf():
            return py.attribute("context", "as_of")
        case p.Called():
            return _called(scope, expr)
        case p.Operation():
            return _operation(scope, expr)
        case p.Published():
            return py.call("published", *(_part(scope, each) for each in expr.parts))
        case p.Fallback():
            return _fallback(scope, expr)
        case p.Presence():
            return _presence(scope, expr)
        case p.Quantifier():
            decide = "every" if expr.every else "some"
            return _gathered(scope, expr, expr.condition, decide)
        case p.Sum():
            add = "total" if expr.type.whole else "total_of_decimals"
            return _gathered(scope, expr, expr.value, add)
        case p.Junction():
            return _junction(scope, expr)
        case p.Attestation():
            return py.same(attestations(expr, "verdict"), True)
        case _:
            assert_never(expr)


def _operation(scope: Scope, expr: p.Operation) -> ast.expr:
    match expr.operator:
        case "not":
            return lift(scope, expr.operands, py.negate)
        case "==" | "!=" | "<" | "<=" | ">" | ">=":
            return _compared(scope, expr, COMPARISONS[expr.operator])
        case "in" | "not in":
            return _membership(scope, expr)
        case "contains":
            return lift(scope, expr.operands, lambda a, b: py.compare(b, ast.In(), a))
        case "matches":
            found = pattern(scope, expr)
            return lift(scope, expr.operands[:1], lambda a: py.call(found, a))
        case "is empty" | "is not empty":
            empty = expr.operator == "is empty"
            return lift(scope, expr.operands, lambda a: emptiness(expr, a, empty=empty))
        case "+" | "-":
            return _sum(scope, expr)
        case "count":
            return lift(scope, expr.operands, lambda items: py.call("len", items))
        case "days":
            return value(scope, expr.operands[0])
        case _:
            assert_never(expr.operator)


def lift(
    scope: Scope,
    operands: Sequence[p.Expr],
    build: Callable[..., ast.expr],
    written: Callable[[Scope, p.Expr], ast.expr] = value,
) -> ast.expr:
    """Build on present operands; None as soon as one is unknown.

    `written` gives the code of an operand where it is not that of its value.
    """
    checks: list[ast.expr] = []
    values: list[ast.expr] = []
    for operand in operands:
        if unknowable(scope, operand):
            kept = scope.names.temporary()
            checks.append(py.same(py.bind(kept, written(scope, operand)), None))
            values.append(py.name(kept))
        else:
            values.append(written(scope, operand))
    built = build(*values)
    return py.either(py.any_of(checks), py.const(None), built) if checks else built


def _part(scope: Scope, part: p.Part) -> ast.expr:
    """Return code for a part of the document whose published texts are gathered."""
    counts: ast.expr = py.const(None)
    if part.variable is not None and part.condition is not None:
        within = scope.of_element(part.variable)
        counts = py.lambda_of((f"v_{part.variable}",), value(within, part.condition))
    return py.pair(
        raw(scope, part.container),
        py.const(pointer("", part.container.path)),
        scope.names.stated(py.literal(_outline(part.shape))),
        counts,
    )


def _called(scope: Scope, expr: p.Called) -> ast.expr:
    name, row = expr.function, FUNCTIONS[expr.function]
    if row.prepare is not None:
        ask = "search" if isinstance(expr.arguments[0].type, t.Texts) else "detect"
        start = (py.name("context"), ask, py.const(name))
        return lift(scope, expr.arguments, lambda *args: py.method(*start, *args))
    code = py.item(py.attribute("context", "library"), name)
    if not row.lists:  # the same for every policy
        code = scope.names.stated(py.item(py.name("functions"), name))
    return lift(scope, expr.arguments, lambda *args: py.call(code, *args))


def pattern(scope: Scope, expr: p.Operation, finder: str = "finder") -> ast.expr:
    """Return code for the function that searches for the pattern of `matches`."""
    stated = expr.operands[1]
    assert isinstance(stated, p.Constant)
    return scope.names.stated(py.call(finder, _constant(scope, stated.value)))


def _constant(scope: Scope, constant: object) -> ast.expr:
    match constant:
        case bool() | int() | float() | str():
            return py.const(constant)
        case datetime.datetime():
            return scope.names.stated(py.call("instant_of", py.const(constant.isoformat())))
        case datetime.date():
            return scope.names.stated(py.call("day_of", py.const(constant.isoformat())))
        case tuple() if all(isinstance(x, bool | int | float | str) for x in constant):
            return py.const(constant)
        case tuple():
            return scope.names.stated(py.pair(*(_constant(scope, each) for each in constant)))
        case _:
            raise TypeError(f"no constant of the language: {constant!r}")


def attestations(
    asked: p.Attestation | p.Question, what: Literal["verdict", "contrary"]
) -> ast.expr:
    """Return code for what the context says of the attestations on a clause."""
    clause, answer, roles = py.const(asked.clause), py.const(asked.answer), py.const(asked.roles)
    return py.method(py.name("context"), what, clause, answer, roles)


# --- members


def _read(scope: Scope, read: p.Read) -> ast.expr:
    convert = {t.Date: "day_of", t.Instant: "instant_of"}.get(type(read.type))
    if convert is None:
        return raw_or_default(scope, read)
    if is_sure(scope, read):
        return py.call(convert, raw(scope, read))
    kept = scope.names.temporary()
    return py.either(
        py.same(py.bind(kept, raw(scope, read)), None),
        py.const(None),
        py.call(convert, py.name(kept)),
    )


def _fallback(scope: Scope, expr: p.Fallback) -> ast.expr:
    kept = scope.names.temporary()
    other: ast.expr = _as_type(scope, expr.fallback, expr.type)
    if (absent := parent_absent(scope, expr.operand)) is not None:
        other = py.either(absent, py.const(None), other)
    taken: ast.expr = py.name(kept)
    if _mixed(expr.operand.type, expr.type):
        taken = _day(taken)
    found = py.differs(py.bind(kept, value(scope, expr.operand)), None)
    return py.either(found, taken, other)


def _as_type(scope: Scope, expr: p.Expr, wanted: t.Type) -> ast.expr:
    if _mixed(expr.type, wanted):
        return lift(scope, (expr,), _day)
    return value(scope, expr)


def _presence(scope: Scope, expr: p.Presence) -> ast.expr:
    test = py.differs if expr.present else py.same
    there = test(raw(scope, expr.operand), None)
    if not expr.operand.none_when_absent:
        return there
    absent = parent_absent(scope, expr.operand)
    return there if absent is None else py.either(absent, py.const(None), there)


# --- comparing


def as_written(scope: Scope, expr: p.Expr) -> ast.expr:
    """Return code for a day as the document writes it: such texts are in order of the days."""
    if isinstance(expr, p.Constant):
        assert isinstance(expr.value, datetime.date)
        return py.const(expr.value.isoformat())
    assert isinstance(expr, p.Read)
    return raw(scope, expr)


def _compared(scope: Scope, expr: p.Operation, operator: Callable[[], ast.cmpop]) -> ast.expr:
    if compares_as_written(expr):
        return lift(scope, expr.operands, lambda a, b: py.compare(a, operator(), b), as_written)
    left, right = (
        _day if mixes_days(expr) and isinstance(side.type, t.Instant) else _unchanged
        for side in expr.operands
    )
    return lift(scope, expr.operands, lambda a, b: py.compare(left(a), operator(), right(b)))


def _membership(scope: Scope, expr: p.Operation) -> ast.expr:
    container = expr.operands[1]
    assert isinstance(container.type, t.ListOf)
    negated = expr.operator == "not in"
    test: Callable[[], ast.cmpop] = ast.NotIn if negated else ast.In
    convert: str | None = None
    if not isinstance(container, p.Constant):
        element = type(container.type.element)
        convert = {t.Date: "day_of", t.Instant: "instant_of"}.get(element)
    if convert is None:
        return lift(scope, expr.operands, lambda a, b: py.compare(a, test(), b))
    found = lift(scope, expr.operands, lambda a, b: py.call("member_of", a, b, py.name(convert)))
    if not negated:
        return found
    kept = scope.names.temporary()
    return py.either(py.same(py.bind(kept, found), None), py.const(None), py.negate(py.name(kept)))


def _sum(scope: Scope, expr: p.Operation) -> ast.expr:
    minus = expr.operator == "-"
    if isinstance(expr.type, t.Number):
        return lift(scope, expr.operands, lambda a, b: py.plus(a, b, minus=minus))

    def moved(day: ast.expr, count: ast.expr) -> ast.expr:
        return py.call("add_days", day, ast.UnaryOp(ast.USub(), count) if minus else count)

    return lift(scope, expr.operands, moved)


# --- joining


def _gathered(scope: Scope, expr: p.Quantifier | p.Sum, asked: p.Expr, function: str) -> ast.expr:
    """Return code for what a function makes of the answers of all elements."""
    kept = scope.names.temporary()
    answer = value(scope.of_element(expr.variable), asked)
    return py.either(
        py.same(py.bind(kept, value(scope, expr.container)), None),
        py.const(None),
        py.call(function, py.gathered(answer, f"v_{expr.variable}", kept)),
    )


def _junction(scope: Scope, expr: p.Junction) -> ast.expr:
    """`and`: False at the first False, else None where one is unknown, else True."""
    decisive = expr.operator == "or"
    checks: list[ast.expr] = []
    doubts: list[ast.expr] = []
    for operand in expr.operands:
        if unknowable(scope, operand):
            kept = scope.names.temporary()
            checks.append(py.same(py.bind(kept, value(scope, operand)), decisive))
            doubts.append(py.same(py.name(kept), None))
        else:
            checks.append(py.same(value(scope, operand), decisive))
    rest: ast.expr = py.const(not decisive)
    if doubts:
        rest = py.either(py.any_of(doubts), py.const(None), rest)
    return py.either(py.any_of(checks), py.const(decisive), rest)


def emptiness(expr: p.Operation, operand: ast.expr, *, empty: bool) -> ast.expr:
    """Return a test that a list or a text that is there is empty, or is not."""
    if t.is_textual(expr.operands[0].type):
        says = py.call("says_something", operand)
        return py.negate(says) if empty else says
    return py.compare(py.call("len", operand), (ast.Eq if empty else ast.NotEq)(), py.const(0))


def _outline(shape: p.Shape) -> object:
    """Return a shape with the places of its members written out."""
    match shape:
        case None:
            return None
        case list():
            return [_outline(shape[0])]
        case _:
            members = shape.items()
            return tuple((name, pointer("", (name,)), _outline(inner)) for name, inner in members)


def compares_as_written(expr: p.Operation) -> bool:
    """Whether both sides are days of the document or the policy, of four figures a year."""
    return all(
        isinstance(side.type, t.Date) and isinstance(side, p.Read | p.Constant)
        for side in expr.operands
    )


def mixes_days(expr: p.Operation) -> bool:
    """Whether an instant is compared with a date, and so as its day."""
    return {type(side.type) for side in expr.operands} == {t.Date, t.Instant}


def _day(operand: ast.expr) -> ast.expr:
    return py.call("as_day", operand)


def _unchanged(operand: ast.expr) -> ast.expr:
    return operand


def _mixed(have: t.Type, wanted: t.Type) -> bool:
    return isinstance(have, t.Instant) and isinstance(wanted, t.Date)
