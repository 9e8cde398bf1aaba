"""Syntax expression -> typed expression: bind every name, type every part.

An expression that cannot be typed yields None after its one diagnostic, and whatever holds
it stays silent, so that each mistake is reported once. This module alone goes down the tree; it
hands what it typed to the modules above it, or itself where they decide what is typed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, TypeVar, assert_never

from somepolicy import ir as p
from somepolicy.check.attestations import attested
from somepolicy.check.calls import count, days, function, published
from somepolicy.check.comparisons import compare, contains, matches, membership
from somepolicy.check.context import Scope, Typer
from somepolicy.check.names import bind, elements
from somepolicy.check.operations import (
    arithmetic,
    as_condition,
    otherwise,
    presence,
    total,
    values,
)
from somepolicy.check.predicates import predicate
from somepolicy.check.type_rules import constant
from somepolicy.functions.table import FUNCTIONS
from somepolicy.ir import types as t
from somepolicy.syntax import nodes as n
from somepolicy.syntax.diagnostics import did_you_mean

N = TypeVar("N")

_BUILT_IN: Mapping[str, Callable[[n.Call, Scope, Typer], p.Expr | None]] = {
    "count": count,
    "days": days,
    "published": published,
}


def expr(node: n.Expr, scope: Scope) -> p.Expr | None:
    """Type any expression; P501, once, where it is nested too deep."""
    depth = scope.policy.depth
    depth.here += 1
    typed = _typed(node, scope) if scope.may_nest(node.span) else None
    depth.here -= 1
    return typed


def condition(node: n.Expr, scope: Scope) -> p.Expr | None:
    """Type an expression that has to be true or false."""
    return as_condition(expr(node, scope), node, scope)


def _typed(node: n.Expr, scope: Scope) -> p.Expr | None:
    match node:
        case n.Literal():
            return constant(node)
        case n.Tuple():
            return values(node, [expr(item, scope) for item in node.items], scope)
        case n.Name():
            return bind(node.ident, scope, expr)
        case n.Call():
            return _call(node, scope)
        case n.And() | n.Or():
            return _junction(node, scope)
        case n.Not():
            inner = condition(node.operand, scope)
            return None if inner is None else p.Operation("not", (inner,), t.Boolean(), node.span)
        case n.Compare():
            return _joined(compare, node, node.left, node.right, scope)
        case n.Membership():
            return _joined(membership, node, node.item, node.container, scope)
        case n.Contains():
            return _joined(contains, node, node.text, node.part, scope)
        case n.Matches():
            return matches(node, expr(node.text, scope), scope)
        case n.Is():
            operand = expr(node.operand, scope)
            return None if operand is None else presence(node, operand, scope)
        case n.Quantified():
            return _quantified(node, scope)
        case n.Summed():
            return _summed(node, scope)
        case n.Arithmetic():
            return _joined(arithmetic, node, node.left, node.right, scope)
        case n.Otherwise():
            return _joined(otherwise, node, node.operand, node.fallback, scope)
        case n.Attested():
            return attested(node, scope)
        case _:
            assert_never(node)


def _joined(
    join: Callable[[N, p.Expr, p.Expr, Scope], p.Expr | None],
    node: N,
    one: n.Expr,
    other: n.Expr,
    scope: Scope,
) -> p.Expr | None:
    """Type what joins two operands, the second for its mistakes even where the first has some."""
    first, second = expr(one, scope), expr(other, scope)
    return None if first is None or second is None else join(node, first, second, scope)


def _call(node: n.Call, scope: Scope) -> p.Expr | None:
    called, definitions = node.name.text, scope.policy.symbols.definitions
    if called in _BUILT_IN:
        return _BUILT_IN[called](node, scope, expr)
    if called in FUNCTIONS:
        return function(node, scope, expr)
    if called in definitions:
        return predicate(node, scope, expr)
    help = did_you_mean(called, {*FUNCTIONS, *_BUILT_IN, "sum", *definitions})
    scope.fail("P206", f"unknown function `{called}`", node.name.span, help)
    return None


def _junction(node: n.And | n.Or, scope: Scope) -> p.Expr | None:
    operands = [condition(operand, scope) for operand in node.operands]
    good = tuple(operand for operand in operands if operand is not None)
    if len(good) < len(operands):
        return None
    operator: Literal["and", "or"] = "and" if isinstance(node, n.And) else "or"
    return p.Junction(operator, good, t.Boolean(), node.span)


def _quantified(node: n.Quantified, scope: Scope) -> p.Expr | None:
    gone_through = elements(node.variable, node.container, scope, expr)
    if gone_through is None:
        return None
    container, inner = gone_through
    held = condition(node.condition, inner)
    if held is None:
        return None
    every = node.quantifier == "every"
    return p.Quantifier(every, node.variable.text, container, held, t.Boolean(), node.span)


def _summed(node: n.Summed, scope: Scope) -> p.Expr | None:
    gone_through = elements(node.variable, node.container, scope, expr)
    if gone_through is None:
        return None
    container, inner = gone_through
    value = expr(node.value, inner)
    return None if value is None else total(node, container, value, scope)
