"""Checked condition -> a Python test that tells True, or False, from all else.

Two-valued, and so shorter and faster than the three-valued value: an unknown part needs no
name, it only makes the test fail. FastPath are made of these.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import TypeGuard

from somepolicy import ir as p
from somepolicy.backends.python import code as py
from somepolicy.backends.python.expressions import (
    COMPARISONS,
    Values,
    compares_as_written,
    emptiness,
    mixes_days,
)
from somepolicy.ir import types as t


class Truths(Values):
    """Writes tests that are truthy exactly where a condition is True, or is False.

    `encoded` names the locals that hold a text of the document as patterns search it.
    """

    def __init__(self, program: p.Program, stated: str = "stated") -> None:
        super().__init__(program, stated)
        self.encoded: dict[tuple[str, ...], str] = {}

    def is_true(self, expr: p.Expr) -> ast.expr:
        """Return a test that is truthy exactly where the condition is True."""
        return py.at(self._test(expr, wanted=True), expr.span)

    def is_false(self, expr: p.Expr) -> ast.expr:
        """Return a test that is truthy exactly where the condition is False."""
        return py.at(self._test(expr, wanted=False), expr.span)

    def _is(self, expr: p.Expr, wanted: bool) -> ast.expr:
        return self.is_true(expr) if wanted else self.is_false(expr)

    def _test(self, expr: p.Expr, *, wanted: bool) -> ast.expr:
        match expr:
            case p.Constant():
                return py.const(expr.value is wanted)
            case p.Operation():
                return self._operation_test(expr, wanted)
            case p.Junction():
                join = py.all_of if (expr.operator == "and") is wanted else py.any_of
                return join([self._is(each, wanted) for each in expr.operands])
            case p.Presence():
                return self._presence_test(expr, present=expr.present is wanted)
            case p.Quantifier():
                return self._quantifier_test(expr, wanted)
            case _:
                return py.same(self.value(expr), wanted)

    def _operation_test(self, expr: p.Operation, wanted: bool) -> ast.expr:
        match expr.operator:
            case "not":
                return self._is(expr.operands[0], not wanted)
            case "is empty" | "is not empty":
                return self._emptiness_test(expr, empty=(expr.operator == "is empty") is wanted)
            case "==" | "!=" | "<" | "<=" | ">" | ">=" if not mixes_days(expr):
                return self._comparison_test(expr, wanted)
            case "in" | "not in" if _among_texts(expr):
                return self._membership_test(expr, inside=(expr.operator == "in") is wanted)
            case "matches":
                return self._match_test(expr, wanted)
            case _:
                return py.same(self.value(expr), wanted)

    def _checked(
        self,
        operands: Sequence[p.Expr],
        build: Callable[..., ast.expr],
        *,
        unchecked_last: int = 0,
        written: Callable[[p.Expr], ast.expr] | None = None,
    ) -> ast.expr:
        """Build on present operands; fail as soon as one is unknown.

        The last `unchecked_last` of them need no check: what is built fails on None of itself.
        """
        checks: list[ast.expr] = []
        values: list[ast.expr] = []
        for index, operand in enumerate(operands):
            value = (written or self.value)(operand)
            if not self.unknowable(operand) or index >= len(operands) - unchecked_last:
                values.append(value)
            elif isinstance(value, ast.Name):
                checks.append(py.differs(value, None))
                values.append(py.name(value.id))
            else:
                kept = self.temporary()
                checks.append(py.differs(py.bind(kept, value), None))
                values.append(py.name(kept))
        return py.all_of([*checks, build(*values)])

    def _presence_test(self, expr: p.Presence, *, present: bool) -> ast.expr:
        raw = self.raw(expr.operand)
        if present:
            return py.differs(raw, None)
        missing = py.same(raw, None)
        absent = self.parent_absent(expr.operand) if expr.operand.none_when_absent else None
        return missing if absent is None else py.all_of([py.negate(absent), missing])

    def _emptiness_test(self, expr: p.Operation, *, empty: bool) -> ast.expr:
        if t.is_textual(expr.operands[0].type):
            return self._checked(expr.operands, lambda a: emptiness(expr, a, empty=empty))
        if not empty:
            return self.value(expr.operands[0])  # neither None nor empty is truthy
        return self._checked(expr.operands, py.negate)

    def _comparison_test(self, expr: p.Operation, wanted: bool) -> ast.expr:
        equal = (expr.operator == "==") is wanted and expr.operator in ("==", "!=")
        one_known = not all(map(self.unknowable, expr.operands))
        operator = COMPARISONS[expr.operator]

        def build(a: ast.expr, b: ast.expr) -> ast.expr:
            if equal:
                return py.compare(a, ast.Eq(), b)
            return _or_not(py.compare(a, operator(), b), wanted)

        # nothing that is known equals None
        exempt = 2 if equal and one_known else 0
        written = self.as_written if compares_as_written(expr) else None
        return self._checked(expr.operands, build, unchecked_last=exempt, written=written)

    def _membership_test(self, expr: p.Operation, *, inside: bool) -> ast.expr:
        item, container = expr.operands
        assert isinstance(container, p.Constant)
        assert isinstance(container.value, tuple)
        texts = [str(each) for each in container.value]
        if not inside:
            return self._checked((item,), lambda a: py.compare(a, ast.NotIn(), py.one_of(texts)))
        return self._checked(
            (item,), lambda a: py.compare(a, ast.In(), py.one_of(texts)), unchecked_last=1
        )

    def _match_test(self, expr: p.Operation, wanted: bool) -> ast.expr:
        text = expr.operands[0]
        encoded = self.encoded.get(text.path) if of_document(text) else None
        if encoded is not None:
            search = self.pattern(expr, "byte_finder")
            test = _or_not(py.call(search, py.name(encoded)), wanted)
            if not self.unknowable(text):
                return test
            return py.all_of([py.differs(py.name(encoded), None), test])
        found = self.pattern(expr)
        return self._checked((text,), lambda a: _or_not(py.call(found, a), wanted))

    def _quantifier_test(self, expr: p.Quantifier, wanted: bool) -> ast.expr:
        container, kept = self.value(expr.container), self.temporary()
        with self.element(expr.variable):
            each = py.generated(
                self._is(expr.condition, wanted), f"v_{expr.variable}", py.name(kept)
            )
        if expr.every is wanted:
            found = py.any_of([py.negate(py.name(kept)), py.call("all", each)])
            return py.all_of([py.differs(py.bind(kept, container), None), found])
        return py.all_of([py.bind(kept, container), py.call("any", each)])


def _or_not(test: ast.expr, wanted: bool) -> ast.expr:
    return test if wanted else py.negate(test)


def of_document(expr: p.Expr) -> TypeGuard[p.Read]:
    """Whether a value is a member of the document that stands for itself."""
    return isinstance(expr, p.Read) and expr.variable is None and not expr.has_default


def _among_texts(expr: p.Operation) -> bool:
    """Whether a text is looked for among texts the policy states."""
    container = expr.operands[1]
    if not isinstance(container, p.Constant) or not isinstance(container.value, tuple):
        return False
    return all(isinstance(each, str) for each in container.value)
