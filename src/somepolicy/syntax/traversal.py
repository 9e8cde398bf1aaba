"""Ways through rules and definitions as written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from somepolicy.syntax import nodes as n


def expressions(node: n.Declaration) -> Iterator[n.Expr]:
    """Yield every expression of a rule or definition, outer ones first, in order of place."""
    parts: list[n.Expr | None] = []
    match node:
        case n.Rule():
            where = node.each.where if node.each else None
            parts = [where, node.when, node.condition, node.unless]
        case n.Define():
            parts = [node.body]
        case _:
            pass
    pending = [part for part in reversed(parts) if part is not None]
    while pending:
        part = pending.pop()
        yield part
        pending.extend(reversed(parts_of(part)))


def variables(node: n.Declaration) -> Iterator[n.Ident]:
    """Yield the names that a rule or definition gives to elements, in order of place."""
    if isinstance(node, n.Rule) and node.each is not None:
        yield node.each.variable
    for part in expressions(node):
        if isinstance(part, n.Quantified | n.Summed):
            yield part.variable


def parts_of(node: n.Expr) -> tuple[n.Expr, ...]:
    """Return the direct parts of an expression, in order."""
    match node:
        case n.Literal() | n.Name() | n.Attested():
            return ()
        case n.Tuple():
            return node.items
        case n.Call():
            return node.arguments
        case n.And() | n.Or():
            return node.operands
        case n.Not() | n.Is():
            return (node.operand,)
        case n.Compare() | n.Arithmetic():
            return (node.left, node.right)
        case n.Membership():
            return (node.item, node.container)
        case n.Contains():
            return (node.text, node.part)
        case n.Matches():
            return (node.text,)
        case n.Quantified():
            return (node.condition,)
        case n.Summed():
            return (node.value,)
        case n.Otherwise():
            return (node.operand, node.fallback)
        case _:
            assert_never(node)
