"""Checked expression -> Python expression for its reasons.

`facts`: the present fields that made a known value what it is. `missing`: the absent facts
an unknown value hangs on, and the parameters without a value; code for it is only asked for where
the value is None.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import partial
from typing import assert_never

from somepolicy import ir as p
from somepolicy.backends.python import code as py
from somepolicy.backends.python.expressions import value
from somepolicy.backends.python.members import (
    is_sure,
    parent_absent,
    raw,
    raw_or_default,
    unknowable,
)
from somepolicy.backends.python.scope import Scope
from somepolicy.engine.values import UNLESS_PARENT, UNSET, pointer
from somepolicy.ir import types as t
from somepolicy.ir.operators import CONDITIONS
from somepolicy.ir.traversal import children


def place(read: p.Read) -> ast.expr:
    """Return code for the JSON Pointer of a path."""
    below = pointer("", read.path)
    if read.variable is None:
        return py.const(below)
    start = py.name(f"q_{read.variable}")
    return py.plus(start, py.const(below)) if below else start


# --- facts


def facts(scope: Scope, expr: p.Expr) -> ast.expr:
    """Return code for the list of facts behind a known value, whichever value that is."""
    return py.at(_facts(scope, expr), expr.span)


def _facts(scope: Scope, expr: p.Expr) -> ast.expr:
    match expr:
        case p.Constant() | p.Parametric() | p.AsOf() | p.Attestation() | p.Published():
            return py.sequence(())
        case p.Called() if isinstance(expr.arguments[0].type, t.Texts | t.Detections):
            known = py.joined([facts(scope, each) for each in children(expr)])
            return py.call("places", value(scope, expr), known)
        case p.Read():
            return _if_there(scope, expr)
        case p.Presence():
            return _if_there(scope, expr.operand)
        case p.Defined():
            return py.call_function(f"facts_def_{expr.name}")
        case p.Applied():
            return _applied(scope, "facts", expr)
        case p.Fallback():
            return py.either(
                py.differs(raw(scope, expr.operand), None),
                py.sequence([place(expr.operand)]),
                facts(scope, expr.fallback),
            )
        case p.Quantifier():
            return _blamed_elements(scope, expr)
        case p.Sum():
            return py.call(
                "facts_of_elements",
                value(scope, expr.container),
                place(expr.container),
                _each_element(expr, facts(scope, expr.value)),
                facts(scope, expr.container),
            )
        case p.Junction():
            parts = [
                py.pair(value(scope, each), py.lambda_of((), facts(scope, each)))
                for each in expr.operands
            ]
            decide = "every" if expr.operator == "and" else "some"
            return py.call("blamed", py.name(decide), py.sequence(parts))
        case _:
            return py.joined([facts(scope, each) for each in children(expr)])


def facts_known(scope: Scope, expr: p.Expr, truth: bool) -> ast.expr:
    """Return code for the list of facts behind a condition that is known to be `truth`.

    What is known of the whole is known of its parts as well, so that fewer are asked.
    """
    return py.at(_facts_known(scope, expr, truth), expr.span)


def _facts_known(scope: Scope, expr: p.Expr, truth: bool) -> ast.expr:
    match expr:
        case p.Operation(operator="not", operands=(operand,)):
            return facts_known(scope, operand, not truth)
        case p.Junction() if (expr.operator == "and") is truth:
            return py.joined([facts_known(scope, each, truth) for each in expr.operands])
        case p.Junction():
            return py.joined(
                [
                    py.either(
                        py.same(value(scope, each), truth),
                        facts_known(scope, each, truth),
                        py.sequence(()),
                    )
                    for each in expr.operands
                ]
            )
        case p.Operation() if expr.operator in CONDITIONS and all(
            _is_there(scope, each) for each in expr.operands
        ):
            return py.sequence([place(each) for each in children(expr) if isinstance(each, p.Read)])
        case _:
            return facts(scope, expr)


def _is_there(scope: Scope, expr: p.Expr) -> bool:
    """Whether a part of a known condition is a member that is there, or no member at all."""
    if isinstance(expr, p.Read):
        return is_sure(scope, expr) or not expr.has_default
    return isinstance(expr, p.Constant | p.Parametric | p.AsOf)


def _if_there(scope: Scope, read: p.Read) -> ast.expr:
    if is_sure(scope, read):
        return py.sequence([place(read)])
    there = py.differs(raw(scope, read), None)
    return py.either(there, py.sequence([place(read)]), py.sequence(()))


def _blamed_elements(scope: Scope, expr: p.Quantifier) -> ast.expr:
    return py.call(
        "blamed_elements",
        py.name("every" if expr.every else "some"),
        value(scope, expr.container),
        place(expr.container),
        _each_element(expr, value(scope, expr.condition)),
        _each_element(expr, facts(scope, expr.condition)),
        facts(scope, expr.container),
    )


def _each_element(expr: p.Quantifier | p.Sum, body: ast.expr) -> ast.expr:
    return py.lambda_of((f"v_{expr.variable}", f"q_{expr.variable}"), body)


def _applied(scope: Scope, what: str, expr: p.Applied) -> ast.expr:
    arguments: list[ast.expr] = []
    for read in expr.arguments:
        arguments += [raw_or_default(scope, read), place(read)]
    return py.call_function(f"{what}_pred_{expr.predicate}", *arguments)


# --- missing facts


def missing(scope: Scope, expr: p.Expr) -> ast.expr:
    """Return code for the list of missing pointers behind an unknown value."""
    return py.at(_missing(scope, expr), expr.span)


def missing_of(scope: Scope, parts: Sequence[p.Expr]) -> ast.expr:
    """Return code for what those of the parts lack that are unknown."""
    return py.joined([_lack(scope, part) for part in parts if unknowable(scope, part)])


def _lack(scope: Scope, part: p.Expr) -> ast.expr:
    if isinstance(part, p.Operation | p.Called):  # its own parts are asked
        return missing(scope, part)
    return py.either(py.same(value(scope, part), None), missing(scope, part), py.sequence(()))


def _missing(scope: Scope, expr: p.Expr) -> ast.expr:
    match expr:
        case p.Constant() | p.AsOf() | p.Attestation() | p.Published():
            return py.sequence(())
        case p.Parametric():
            return py.sequence([py.const(UNSET + expr.name)])
        case p.Read():
            return py.sequence([place(expr)])
        case p.Presence():
            return py.sequence([_unless_parent(expr.operand)])
        case p.Defined():
            return py.call_function(f"missing_def_{expr.name}")
        case p.Applied():
            return _applied(scope, "missing", expr)
        case p.Fallback():
            other: ast.expr = py.sequence(())
            if unknowable(scope, expr.fallback):
                other = missing(scope, expr.fallback)
            absent = parent_absent(scope, expr.operand)
            if absent is None:
                return other
            beside = missing_of(scope, [expr.fallback])
            leaf = py.sequence([_unless_parent(expr.operand)])
            return py.either(absent, py.joined([leaf, beside]), other)
        case p.Quantifier():
            return _lacking_elements(scope, expr, expr.condition)
        case p.Sum():
            return _lacking_elements(scope, expr, expr.value)
        case p.Junction() | p.Operation() | p.Called():
            return missing_of(scope, children(expr))
        case _:
            assert_never(expr)


def _lacking_elements(scope: Scope, expr: p.Quantifier | p.Sum, asked: p.Expr) -> ast.expr:
    return py.call(
        "lacking_elements",
        value(scope, expr.container),
        place(expr.container),
        _each_element(expr, value(scope, asked)),
        _each_element(expr, missing(scope, asked)),
    )


def _unless_parent(read: p.Read) -> ast.expr:
    return py.plus(py.const(UNLESS_PARENT), place(read))


# --- evidence


def detects(scope: Scope, expr: p.Expr) -> bool:
    """Whether a detector is called anywhere in the expression or what it uses."""
    if isinstance(expr.type, t.Detections):
        return True
    match expr:
        case p.Defined() | p.Applied():
            return scope.names.once(expr, detects)
        case _:
            return any(map(partial(detects, scope), children(expr)))


def evidence(scope: Scope, parts: Sequence[p.Expr]) -> ast.expr:
    """Return code for the list of what detectors found for the parts."""
    return py.joined([_evidence(scope, part) for part in parts if detects(scope, part)])


def _evidence(scope: Scope, expr: p.Expr) -> ast.expr:
    if isinstance(expr.type, t.Detections):
        found = ast.BoolOp(ast.Or(), [value(scope, expr), py.pair()])
        return py.call("located", found, facts(scope, expr))
    match expr:
        case p.Defined():
            return py.call_function(f"evidence_def_{expr.name}")
        case p.Applied():
            return _applied(scope, "evidence", expr)
        case p.Fallback():
            unneeded = py.differs(value(scope, expr.operand), None)
            return py.either(unneeded, py.sequence(()), _evidence(scope, expr.fallback))
        case p.Quantifier():
            return py.call(
                "evidence_elements",
                value(scope, expr.container),
                place(expr.container),
                _each_element(expr, _evidence(scope, expr.condition)),
            )
        case _:
            return evidence(scope, children(expr))
