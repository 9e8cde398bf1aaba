"""Checked condition -> a Python test that is truthy where it is True alone, or False alone.

Two-valued, and so shorter and faster than the three-valued value: an unknown part needs no
name, it only makes the test fail. The fast path is made of these.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import TypeGuard

from somepolicy import ir as p
from somepolicy.backends.python import code as py
from somepolicy.backends.python.expressions import (
    COMPARISONS,
    as_written,
    compares_as_written,
    emptiness,
    mixes_days,
    pattern,
    value,
)
from somepolicy.backends.python.members import parent_absent, raw, unknowable
from somepolicy.backends.python.scope import Scope
from somepolicy.ir import types as t


def test(scope: Scope, expr: p.Expr, wanted: bool) -> ast.expr:
    """Return a test that is truthy exactly where the condition is True, or where it is False."""
    return py.at(_test(scope, expr, wanted), expr.span)


def _test(scope: Scope, expr: p.Expr, wanted: bool) -> ast.expr:
    match expr:
        case p.Constant():
            return py.const(expr.value is wanted)
        case p.Operation():
            return _operation_test(scope, expr, wanted)
        case p.Junction():
            join = py.all_of if (expr.operator == "and") is wanted else py.any_of
            return join([test(scope, each, wanted) for each in expr.operands])
        case p.Presence():
            return _presence_test(scope, expr, present=expr.present is wanted)
        case p.Quantifier():
            return _quantifier_test(scope, expr, wanted)
        case _:
            return py.same(value(scope, expr), wanted)


def _operation_test(scope: Scope, expr: p.Operation, wanted: bool) -> ast.expr:
    match expr.operator:
        case "not":
            return test(scope, expr.operands[0], not wanted)
        case "is empty" | "is not empty":
            return _emptiness_test(scope, expr, empty=(expr.operator == "is empty") is wanted)
        case "==" | "!=" | "<" | "<=" | ">" | ">=" if not mixes_days(expr):
            return _comparison_test(scope, expr, wanted)
        case "in" | "not in" if _among_texts(expr):
            return _membership_test(scope, expr, inside=(expr.operator == "in") is wanted)
        case "matches":
            return _match_test(scope, expr, wanted)
        case _:
            return py.same(value(scope, expr), wanted)


def _checked(
    scope: Scope,
    operands: Sequence[p.Expr],
    build: Callable[..., ast.expr],
    *,
    unchecked_last: int = 0,
    written: Callable[[Scope, p.Expr], ast.expr] = value,
) -> ast.expr:
    """Build on present operands; fail as soon as one is unknown.

    The last `unchecked_last` of them need no check: what is built fails on None of itself.
    """
    checks: list[ast.expr] = []
    values: list[ast.expr] = []
    for index, operand in enumerate(operands):
        code = written(scope, operand)
        if not unknowable(scope, operand) or index >= len(operands) - unchecked_last:
            values.append(code)
        elif isinstance(code, ast.Name):
            checks.append(py.differs(code, None))
            values.append(py.name(code.id))
        else:
            kept = scope.names.temporary()
            checks.append(py.differs(py.bind(kept, code), None))
            values.append(py.name(kept))
    return py.all_of([*checks, build(*values)])


def _presence_test(scope: Scope, expr: p.Presence, *, present: bool) -> ast.expr:
    member = raw(scope, expr.operand)
    if present:
        return py.differs(member, None)
    missing = py.same(member, None)
    absent = parent_absent(scope, expr.operand) if expr.operand.none_when_absent else None
    return missing if absent is None else py.all_of([py.negate(absent), missing])


def _emptiness_test(scope: Scope, expr: p.Operation, *, empty: bool) -> ast.expr:
    if t.is_textual(expr.operands[0].type):
        return _checked(scope, expr.operands, lambda a: emptiness(expr, a, empty=empty))
    if not empty:
        return value(scope, expr.operands[0])  # neither None nor empty is truthy
    return _checked(scope, expr.operands, py.negate)


def _comparison_test(scope: Scope, expr: p.Operation, wanted: bool) -> ast.expr:
    equal = (expr.operator == "==") is wanted and expr.operator in ("==", "!=")
    one_known = not all(unknowable(scope, each) for each in expr.operands)
    operator = COMPARISONS[expr.operator]

    def build(a: ast.expr, b: ast.expr) -> ast.expr:
        if equal:
            return py.compare(a, ast.Eq(), b)
        return _or_not(py.compare(a, operator(), b), wanted)

    # nothing that is known equals None
    exempt = 2 if equal and one_known else 0
    written = as_written if compares_as_written(expr) else value
    return _checked(scope, expr.operands, build, unchecked_last=exempt, written=written)


def _membership_test(scope: Scope, expr: p.Operation, *, inside: bool) -> ast.expr:
    item, container = expr.operands
    assert isinstance(container, p.Constant)
    assert isinstance(container.value, tuple)
    texts = [str(each) for each in container.value]
    if not inside:
        return _checked(scope, (item,), lambda a: py.compare(a, ast.NotIn(), py.one_of(texts)))
    return _checked(
        scope, (item,), lambda a: py.compare(a, ast.In(), py.one_of(texts)), unchecked_last=1
    )


def _match_test(scope: Scope, expr: p.Operation, wanted: bool) -> ast.expr:
    text = expr.operands[0]
    encoded = scope.encoded.get(text.path) if of_document(text) else None
    if encoded is not None:
        search = pattern(scope, expr, "byte_finder")
        found = _or_not(py.call(search, py.name(encoded)), wanted)
        if not unknowable(scope, text):
            return found
        return py.all_of([py.differs(py.name(encoded), None), found])
    search = pattern(scope, expr)
    return _checked(scope, (text,), lambda a: _or_not(py.call(search, a), wanted))


def _quantifier_test(scope: Scope, expr: p.Quantifier, wanted: bool) -> ast.expr:
    container, kept = value(scope, expr.container), scope.names.temporary()
    condition = test(scope.of_element(expr.variable), expr.condition, wanted)
    each = py.generated(condition, f"v_{expr.variable}", py.name(kept))
    if expr.every is wanted:
        found = py.any_of([py.negate(py.name(kept)), py.call("all", each)])
        return py.all_of([py.differs(py.bind(kept, container), None), found])
    return py.all_of([py.bind(kept, container), py.call("any", each)])


def _or_not(found: ast.expr, wanted: bool) -> ast.expr:
    return found if wanted else py.negate(found)


def of_document(expr: p.Expr) -> TypeGuard[p.Read]:
    """Whether a value is a member of the document that stands for itself."""
    return isinstance(expr, p.Read) and expr.variable is None and not expr.has_default


def _among_texts(expr: p.Operation) -> bool:
    """Whether a text is looked for among texts the policy states."""
    container = expr.operands[1]
    if not isinstance(container, p.Constant) or not isinstance(container.value, tuple):
        return False
    return all(isinstance(each, str) for each in container.value)
