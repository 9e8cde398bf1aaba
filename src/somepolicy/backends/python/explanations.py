"""Checked expression -> Python expression for its reasons.

`facts`: the present fields that made a known value what it is. `missing`: the absent facts
an unknown value hangs on, and the parameters without a value; code for it is only asked for where
the value is None.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import assert_never

from somepolicy import ir as p
from somepolicy.backends.python import code as py
from somepolicy.backends.python.expressions import Values
from somepolicy.engine.values import UNLESS_PARENT, UNSET, pointer
from somepolicy.ir import types as t
from somepolicy.ir.operators import CONDITIONS
from somepolicy.ir.traversal import children


class Reasons(Values):
    """Writes facts and missing facts, besides values."""

    def place(self, read: p.Read) -> ast.expr:
        """Return code for the JSON Pointer of a path."""
        below = pointer("", read.path)
        if read.variable is None:
            return py.const(below)
        start = py.name(f"q_{read.variable}")
        return py.plus(start, py.const(below)) if below else start

    # --- facts

    def facts(self, expr: p.Expr) -> ast.expr:
        """Return code for the list of facts behind a known value, whichever value that is."""
        return py.at(self._facts(expr), expr.span)

    def _facts(self, expr: p.Expr) -> ast.expr:
        match expr:
            case p.Constant() | p.Parametric() | p.AsOf() | p.Attestation() | p.Published():
                return py.sequence(())
            case p.Called() if isinstance(expr.arguments[0].type, t.Texts | t.Detections):
                known = self._together([self.facts(each) for each in children(expr)])
                return py.call("places", self.value(expr), known)
            case p.Read():
                return self._if_there(expr)
            case p.Presence():
                return self._if_there(expr.operand)
            case p.Defined():
                return py.call(f"facts_def_{expr.name}", py.name("document"), py.name("context"))
            case p.Applied():
                return self._applied("facts", expr)
            case p.Fallback():
                return py.either(
                    py.differs(self.raw(expr.operand), None),
                    py.sequence([self.place(expr.operand)]),
                    self.facts(expr.fallback),
                )
            case p.Quantifier():
                return self._blamed_elements(expr)
            case p.Junction():
                parts = [
                    py.pair(self.value(each), py.lambda_of((), self.facts(each)))
                    for each in expr.operands
                ]
                decide = "every" if expr.operator == "and" else "some"
                return py.call("blamed", py.name(decide), py.sequence(parts))
            case _:
                return self._together([self.facts(each) for each in children(expr)])

    def facts_known(self, expr: p.Expr, value: bool) -> ast.expr:
        """Return code for the list of facts behind a condition that is known to be a value.

        What is known of the whole is known of its parts as well, so that fewer are asked.
        """
        return py.at(self._facts_known(expr, value), expr.span)

    def _facts_known(self, expr: p.Expr, value: bool) -> ast.expr:
        match expr:
            case p.Operation(operator="not", operands=(operand,)):
                return self.facts_known(operand, not value)
            case p.Junction() if (expr.operator == "and") is value:
                return self._together([self.facts_known(each, value) for each in expr.operands])
            case p.Junction():
                return self._together(
                    [
                        py.either(
                            py.same(self.value(each), value),
                            self.facts_known(each, value),
                            py.sequence(()),
                        )
                        for each in expr.operands
                    ]
                )
            case p.Operation() if expr.operator in CONDITIONS and all(
                map(self._is_there, expr.operands)
            ):
                return py.sequence(
                    [self.place(each) for each in children(expr) if isinstance(each, p.Read)]
                )
            case _:
                return self.facts(expr)

    def _is_there(self, expr: p.Expr) -> bool:
        """Whether a part of a known condition is a member that is there, or no member at all."""
        if isinstance(expr, p.Read):
            return self.sure(expr) or not expr.has_default
        return isinstance(expr, p.Constant | p.Parametric | p.AsOf)

    def _if_there(self, read: p.Read) -> ast.expr:
        if self.sure(read):
            return py.sequence([self.place(read)])
        there = py.differs(self.raw(read), None)
        return py.either(there, py.sequence([self.place(read)]), py.sequence(()))

    @staticmethod
    def _together(lists: Sequence[ast.expr]) -> ast.expr:
        return py.joined(lists) if lists else py.sequence(())

    def _blamed_elements(self, expr: p.Quantifier) -> ast.expr:
        return py.call(
            "blamed_elements",
            py.name("every" if expr.every else "some"),
            self.value(expr.container),
            self.place(expr.container),
            self._each_element(expr, self.value(expr.condition)),
            self._each_element(expr, self.facts(expr.condition)),
            self.facts(expr.container),
        )

    @staticmethod
    def _each_element(expr: p.Quantifier, body: ast.expr) -> ast.expr:
        return py.lambda_of((f"v_{expr.variable}", f"q_{expr.variable}"), body)

    def _applied(self, what: str, expr: p.Applied) -> ast.expr:
        arguments: list[ast.expr] = []
        for read in expr.arguments:
            arguments += [self._raw_or_default(read), self.place(read)]
        title = f"{what}_pred_{expr.predicate}"
        return py.call(title, py.name("document"), py.name("context"), *arguments)

    # --- missing facts

    def missing(self, expr: p.Expr) -> ast.expr:
        """Return code for the list of missing pointers behind an unknown value."""
        return py.at(self._missing(expr), expr.span)

    def missing_of(self, parts: Sequence[p.Expr]) -> ast.expr:
        """Return code for what those of the parts lack that are unknown."""
        return self._together([self._lack(part) for part in parts if self.unknowable(part)])

    def _lack(self, part: p.Expr) -> ast.expr:
        if isinstance(part, p.Operation | p.Called):  # its own parts are asked
            return self.missing(part)
        return py.either(py.same(self.value(part), None), self.missing(part), py.sequence(()))

    def _missing(self, expr: p.Expr) -> ast.expr:
        match expr:
            case p.Constant() | p.AsOf() | p.Attestation() | p.Published():
                return py.sequence(())
            case p.Parametric():
                return py.sequence([py.const(UNSET + expr.name)])
            case p.Read():
                return py.sequence([self.place(expr)])
            case p.Presence():
                return py.sequence([self._unless_parent(expr.operand)])
            case p.Defined():
                return py.call(f"missing_def_{expr.name}", py.name("document"), py.name("context"))
            case p.Applied():
                return self._applied("missing", expr)
            case p.Fallback():
                other = self.missing(expr.fallback) if self.unknowable(expr.fallback) else None
                other = py.sequence(()) if other is None else other
                absent = self.parent_absent(expr.operand)
                if absent is None:
                    return other
                beside = self.missing_of([expr.fallback])
                leaf = py.sequence([self._unless_parent(expr.operand)])
                return py.either(absent, py.joined([leaf, beside]), other)
            case p.Quantifier():
                return py.call(
                    "lacking_elements",
                    self.value(expr.container),
                    self.place(expr.container),
                    self._each_element(expr, self.value(expr.condition)),
                    self._each_element(expr, self.missing(expr.condition)),
                )
            case p.Junction() | p.Operation() | p.Called():
                return self.missing_of(children(expr))
            case _:
                assert_never(expr)

    def _unless_parent(self, read: p.Read) -> ast.expr:
        return py.plus(py.const(UNLESS_PARENT), self.place(read))

    # --- evidence

    def detects(self, expr: p.Expr) -> bool:
        """Whether a detector is called anywhere in the expression or what it uses."""
        if isinstance(expr.type, t.Detections):
            return True
        match expr:
            case p.Defined():
                return self._once("detects", expr.name, self.detects)
            case p.Applied():
                return self._once("detects", f"{expr.predicate}()", self.detects)
            case _:
                return any(map(self.detects, children(expr)))

    def evidence(self, parts: Sequence[p.Expr]) -> ast.expr:
        """Return code for the list of what detectors found for the parts."""
        return self._together([self._evidence(part) for part in parts if self.detects(part)])

    def _evidence(self, expr: p.Expr) -> ast.expr:
        if isinstance(expr.type, t.Detections):
            found = ast.BoolOp(ast.Or(), [self.value(expr), py.pair()])
            return py.call("located", found, self.facts(expr))
        match expr:
            case p.Defined():
                return py.call(f"evidence_def_{expr.name}", py.name("document"), py.name("context"))
            case p.Applied():
                return self._applied("evidence", expr)
            case p.Fallback():
                unneeded = py.differs(self.value(expr.operand), None)
                return py.either(unneeded, py.sequence(()), self._evidence(expr.fallback))
            case p.Quantifier():
                return py.call(
                    "evidence_elements",
                    self.value(expr.container),
                    self.place(expr.container),
                    self._each_element(expr, self._evidence(expr.condition)),
                )
            case _:
                return self.evidence(children(expr))
