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
        case p.DayCount():
            return (expr.count,)
        case p.Count():
            return (expr.container,)
        case p.Published():
            asked = ((part.container, part.condition) for part in expr.parts)
            return tuple(each for pair in asked for each in pair if each is not None)
        case p.Sum() | p.Compared():
            return (expr.left, expr.right)
        case p.Fallback():
            return (expr.operand, expr.fallback)
        case p.Member():
            return (expr.item, expr.container)
        case p.Within():
            return (expr.text, expr.part)
        case p.Matched():
            return (expr.text,)
        case p.Presence() | p.Emptiness() | p.Negation():
            return (expr.operand,)
        case p.Quantifier():
            return (expr.container, expr.condition)
        case p.All() | p.Any():
            return expr.operands
        case _:
            assert_never(expr)
