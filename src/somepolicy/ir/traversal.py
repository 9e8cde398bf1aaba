"""Ways through checked expressions."""

from __future__ import annotations

from typing import assert_never

from somepolicy import ir as p


def walk(expr: p.Expr) -> list[p.Expr]:
    """Return the expression and all within it, definitions and predicates not entered."""
    found: list[p.Expr] = []
    pending: list[p.Expr] = [expr]
    while pending:
        part = pending.pop()
        found.append(part)
        pending.extend(reversed(children(part)))
    return found


def children(expr: p.Expr) -> tuple[p.Expr, ...]:
    """Return the direct parts of an expression, in order."""
    match expr:
        case p.Constant() | p.Read() | p.Defined() | p.Parametric() | p.AsOf() | p.Attestation():
            return ()
        case p.Applied() | p.Called():
            return tuple(expr.arguments)
        case p.Operation() | p.Junction():
            return expr.operands
        case p.Published():
            asked = ((part.container, part.condition) for part in expr.parts)
            return tuple(each for pair in asked for each in pair if each is not None)
        case p.Fallback():
            return (expr.operand, expr.fallback)
        case p.Presence():
            return (expr.operand,)
        case p.Quantifier():
            return (expr.container, expr.condition)
        case p.Sum():
            return (expr.container, expr.value)
        case _:
            assert_never(expr)
