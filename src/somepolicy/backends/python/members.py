"""A member of the document -> the Python that reads it, and whether a value can be unknown.

What the schema requires is there and is read without asking; of all else each part of the path
may be absent. What a function reads several times it keeps in locals.
"""

from __future__ import annotations

import ast
from functools import partial
from typing import assert_never

from somepolicy import ir as p
from somepolicy.backends.python import code as py
from somepolicy.backends.python.scope import Path, Scope
from somepolicy.ir.traversal import children

# --- reading


def raw(scope: Scope, read: p.Read, steps: int | None = None) -> ast.expr:
    """Return code for the member as it stands in the document, after some of the steps."""
    return member(scope, read.variable, read.path[:steps], read.sure)


def is_sure(scope: Scope, read: p.Read, steps: int | None = None) -> bool:
    """Whether the member, after some of the steps, is there in every document."""
    return len(read.path[:steps]) <= read.sure and _stands(scope, read.variable)


def _stands(scope: Scope, variable: str | None) -> bool:
    """Whether a variable is never absent: the document and the element of a loop are not."""
    return variable is None or (variable, ()) in scope.hoisted


def member(scope: Scope, variable: str | None, path: Path, sure: int = 0) -> ast.expr:
    """Return code for the member at a path below the document or a variable; None: absent.

    The schema requires the first `sure` steps.
    """
    value, known = _start(scope, variable, path)
    stands = _stands(scope, variable)
    for index, name in enumerate(path[known:], known):
        certain = stands and index <= sure
        if certain and index < sure:
            value = py.item(value, name)
        elif certain:
            value = py.method(value, "get", py.const(name))
        else:
            kept = scope.names.temporary()
            value = py.either(
                py.same(py.bind(kept, value), None),
                py.const(None),
                py.method(py.name(kept), "get", py.const(name)),
            )
    return value


def _start(scope: Scope, variable: str | None, path: Path) -> tuple[ast.expr, int]:
    """Return code for the longest part of a path that a local already holds, and its steps."""
    for length in range(len(path), -1, -1):
        if local := scope.hoisted.get((variable, path[:length])):
            return py.name(local), length
    return py.name("document" if variable is None else f"v_{variable}"), 0


def raw_or_default(scope: Scope, read: p.Read) -> ast.expr:
    """Return code for the member as it stands, or the default that the policy gives it."""
    value = raw(scope, read)
    if not read.has_default:
        return value
    kept = scope.names.temporary()
    default = _default(scope, read)
    return py.either(py.same(py.bind(kept, value), None), default, py.name(kept))


def _default(scope: Scope, read: p.Read) -> ast.expr:
    if isinstance(read.default, bool | int | float | str):
        return py.const(read.default)
    return scope.names.stated(py.literal(read.default))


def parent_absent(scope: Scope, read: p.Read) -> ast.expr | None:
    """Return a test that the parent is absent; None where it never is."""
    if is_sure(scope, read, -1):
        return None
    return py.same(raw(scope, read, -1), None)


# --- what can be unknown


def unknowable(scope: Scope, expr: p.Expr) -> bool:
    """Whether the value can be unknown in some document that meets the schema."""
    match expr:
        case p.Constant() | p.AsOf() | p.Attestation() | p.Published():
            return False
        case p.Read():
            return not expr.has_default and not is_sure(scope, expr)
        case p.Defined() | p.Applied():
            return scope.names.once(expr, unknowable)
        case p.Parametric():
            values = scope.names.program.parameters[expr.name].values
            return all(value.since is not None for value in values)
        case p.Called() | p.Operation() | p.Junction() | p.Quantifier() | p.Sum():
            return any(map(partial(unknowable, scope), children(expr)))
        case p.Fallback():
            below = parent_absent(scope, expr.operand) is not None
            return below or unknowable(scope, expr.fallback)
        case p.Presence():
            below = parent_absent(scope, expr.operand) is not None
            return expr.operand.none_when_absent and below
        case _:
            assert_never(expr)
