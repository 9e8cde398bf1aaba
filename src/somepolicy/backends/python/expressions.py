"""Checked expression -> Python expression for its value; None is unknown."""

from __future__ import annotations

import ast
import datetime
from collections.abc import Callable, Sequence
from typing import assert_never

from somepolicy import ir as p
from somepolicy.backends.python import code as py
from somepolicy.backends.python.members import Members
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


class Values(Members):
    """Writes values."""

    # --- values

    def value(self, expr: p.Expr) -> ast.expr:
        """Return code for the value."""
        return py.at(self._value(expr), expr.span)

    def _value(self, expr: p.Expr) -> ast.expr:
        match expr:
            case p.Constant():
                return self._constant(expr.value)
            case p.Read():
                return self._read(expr)
            case p.Defined():
                return py.call(f"def_{expr.name}", py.name("document"), py.name("context"))
            case p.Applied():
                arguments = [self._raw_or_default(each) for each in expr.arguments]
                return py.call(
                    f"pred_{expr.predicate}", py.name("document"), py.name("context"), *arguments
                )
            case p.Parametric():
                return self._parameter(expr)
            case p.AsOf():
                return py.attribute("context", "as_of")
            case p.Called():
                return self._called(expr)
            case p.Operation():
                return self._operation(expr)
            case p.Published():
                return py.call("published", *map(self._part, expr.parts))
            case p.Fallback():
                return self._fallback(expr)
            case p.Presence():
                return self._presence(expr)
            case p.Quantifier():
                return self._quantifier(expr)
            case p.Junction():
                return self._junction(expr)
            case p.Attestation():
                verdict = self.verdict(expr.clause, expr.answer, expr.roles)
                return py.same(verdict, True)
            case _:
                assert_never(expr)

    def _operation(self, expr: p.Operation) -> ast.expr:
        match expr.operator:
            case "not":
                return self.lift(expr.operands, py.negate)
            case "==" | "!=" | "<" | "<=" | ">" | ">=":
                return self._compared(expr, COMPARISONS[expr.operator])
            case "in" | "not in":
                return self._membership(expr)
            case "contains":
                return self.lift(expr.operands, lambda a, b: py.compare(b, ast.In(), a))
            case "matches":
                found = self.pattern(expr)
                return self.lift(expr.operands[:1], lambda a: py.call(found, a))
            case "is empty" | "is not empty":
                empty = expr.operator == "is empty"
                return self.lift(expr.operands, lambda a: emptiness(expr, a, empty=empty))
            case "+" | "-":
                return self._sum(expr)
            case "count":
                return self.lift(expr.operands, lambda items: py.call("len", items))
            case "days":
                return self.value(expr.operands[0])
            case _:
                assert_never(expr.operator)

    def lift(
        self,
        operands: Sequence[p.Expr],
        build: Callable[..., ast.expr],
        written: Callable[[p.Expr], ast.expr] | None = None,
    ) -> ast.expr:
        """Build on present operands; None as soon as one is unknown.

        `written` gives the code of an operand where it is not that of its value.
        """
        value = written or self.value
        checks: list[ast.expr] = []
        values: list[ast.expr] = []
        for operand in operands:
            if self.unknowable(operand):
                kept = self.temporary()
                checks.append(py.same(py.bind(kept, value(operand)), None))
                values.append(py.name(kept))
            else:
                values.append(value(operand))
        built = build(*values)
        return py.either(py.any_of(checks), py.const(None), built) if checks else built

    def _part(self, part: p.Part) -> ast.expr:
        """Return code for a part of the document whose published texts are gathered."""
        counts: ast.expr = py.const(None)
        if part.variable is not None and part.condition is not None:
            with self.element(part.variable):
                counts = py.lambda_of((f"v_{part.variable}",), self.value(part.condition))
        return py.pair(
            self.raw(part.container),
            py.const(pointer("", part.container.path)),
            self.stated(py.literal(_outline(part.shape))),
            counts,
        )

    def _called(self, expr: p.Called) -> ast.expr:
        name, row = expr.function, FUNCTIONS[expr.function]
        if row.prepare is not None:
            several = isinstance(expr.arguments[0].type, t.Texts)
            ask = "search" if several else "detect"
            return self.lift(
                expr.arguments,
                lambda *args: py.method(py.name("context"), ask, py.const(name), *args),
            )
        code = py.item(py.attribute("context", "library"), name)
        if not row.lists:  # the same for every policy
            code = self.stated(py.item(py.name("functions"), name))
        return self.lift(expr.arguments, lambda *args: py.call(code, *args))

    def pattern(self, expr: p.Operation, finder: str = "finder") -> ast.expr:
        """Return code for the function that searches for the pattern of `matches`."""
        pattern = expr.operands[1]
        assert isinstance(pattern, p.Constant)
        return self.stated(py.call(finder, self._constant(pattern.value)))

    def _constant(self, value: object) -> ast.expr:
        match value:
            case bool() | int() | float() | str():
                return py.const(value)
            case datetime.datetime():
                return self.stated(py.call("instant_of", py.const(value.isoformat())))
            case datetime.date():
                return self.stated(py.call("day_of", py.const(value.isoformat())))
            case tuple() if all(isinstance(x, bool | int | float | str) for x in value):
                return py.const(value)
            case tuple():
                return self.stated(py.pair(*map(self._constant, value)))
            case _:
                raise TypeError(f"no constant of the language: {value!r}")

    @staticmethod
    def _parameter(expr: p.Parametric) -> ast.expr:
        # not written out as a constant, so that the code serves every choice of parameters
        return py.item(py.attribute("context", "parameters"), expr.name)

    def verdict(self, clause: str, answer: str, roles: tuple[str, ...]) -> ast.expr:
        """Return code for the verdict of the attestations on a clause."""
        return py.method(
            py.name("context"), "verdict", py.const(clause), py.const(answer), py.const(roles)
        )

    # --- members

    def _read(self, read: p.Read) -> ast.expr:
        convert = {t.Date: "day_of", t.Instant: "instant_of"}.get(type(read.type))
        if convert is None:
            return self._raw_or_default(read)
        if self.sure(read):
            return py.call(convert, self.raw(read))
        kept = self.temporary()
        return py.either(
            py.same(py.bind(kept, self.raw(read)), None),
            py.const(None),
            py.call(convert, py.name(kept)),
        )

    def _fallback(self, expr: p.Fallback) -> ast.expr:
        kept = self.temporary()
        other: ast.expr = self._as_type(expr.fallback, expr.type)
        if (absent := self.parent_absent(expr.operand)) is not None:
            other = py.either(absent, py.const(None), other)
        taken: ast.expr = py.name(kept)
        if _mixed(expr.operand.type, expr.type):
            taken = py.call("as_day", taken)
        found = py.differs(py.bind(kept, self.value(expr.operand)), None)
        return py.either(found, taken, other)

    def _as_type(self, expr: p.Expr, wanted: t.Type) -> ast.expr:
        if _mixed(expr.type, wanted):
            return self.lift((expr,), lambda value: py.call("as_day", value))
        return self.value(expr)

    def _presence(self, expr: p.Presence) -> ast.expr:
        test = py.differs if expr.present else py.same
        there = test(self.raw(expr.operand), None)
        if not expr.operand.none_when_absent:
            return there
        absent = self.parent_absent(expr.operand)
        return there if absent is None else py.either(absent, py.const(None), there)

    # --- comparing

    def as_written(self, expr: p.Expr) -> ast.expr:
        """Return code for a day as the document writes it: such texts are in order of the days."""
        if isinstance(expr, p.Constant):
            assert isinstance(expr.value, datetime.date)
            return py.const(expr.value.isoformat())
        assert isinstance(expr, p.Read)
        return self.raw(expr)

    def _compared(self, expr: p.Operation, operator: Callable[[], ast.cmpop]) -> ast.expr:
        if compares_as_written(expr):
            return self.lift(
                expr.operands, lambda a, b: py.compare(a, operator(), b), self.as_written
            )
        left, right = (
            _day if mixes_days(expr) and isinstance(side.type, t.Instant) else _unchanged
            for side in expr.operands
        )
        return self.lift(expr.operands, lambda a, b: py.compare(left(a), operator(), right(b)))

    def _membership(self, expr: p.Operation) -> ast.expr:
        container = expr.operands[1]
        assert isinstance(container.type, t.ListOf)
        negated = expr.operator == "not in"
        test: Callable[[], ast.cmpop] = ast.NotIn if negated else ast.In
        convert: str | None = None
        if not isinstance(container, p.Constant):
            element = type(container.type.element)
            convert = {t.Date: "day_of", t.Instant: "instant_of"}.get(element)
        if convert is None:
            return self.lift(expr.operands, lambda a, b: py.compare(a, test(), b))
        found = self.lift(expr.operands, lambda a, b: py.call("member_of", a, b, py.name(convert)))
        if not negated:
            return found
        kept = self.temporary()
        return py.either(
            py.same(py.bind(kept, found), None), py.const(None), py.negate(py.name(kept))
        )

    def _sum(self, expr: p.Operation) -> ast.expr:
        minus = expr.operator == "-"
        if isinstance(expr.type, t.Number):
            return self.lift(expr.operands, lambda a, b: py.plus(a, b, minus=minus))
        return self.lift(
            expr.operands,
            lambda a, b: py.call("add_days", a, ast.UnaryOp(ast.USub(), b) if minus else b),
        )

    # --- joining

    def _quantifier(self, expr: p.Quantifier) -> ast.expr:
        kept = self.temporary()
        with self.element(expr.variable):
            condition = self.value(expr.condition)
        answers = py.gathered(condition, f"v_{expr.variable}", kept)
        return py.either(
            py.same(py.bind(kept, self.value(expr.container)), None),
            py.const(None),
            py.call("every" if expr.every else "some", answers),
        )

    def _junction(self, expr: p.Junction) -> ast.expr:
        """`and`: False at the first False, else None where one is unknown, else True."""
        decisive = expr.operator == "or"
        checks: list[ast.expr] = []
        doubts: list[ast.expr] = []
        for operand in expr.operands:
            if self.unknowable(operand):
                kept = self.temporary()
                checks.append(py.same(py.bind(kept, self.value(operand)), decisive))
                doubts.append(py.same(py.name(kept), None))
            else:
                checks.append(py.same(self.value(operand), decisive))
        rest: ast.expr = py.const(not decisive)
        if doubts:
            rest = py.either(py.any_of(doubts), py.const(None), rest)
        return py.either(py.any_of(checks), py.const(decisive), rest)


def emptiness(expr: p.Operation, value: ast.expr, *, empty: bool) -> ast.expr:
    """Return a test that a list or a text that is there is empty, or is not."""
    if t.is_textual(expr.operands[0].type):
        says = py.call("says_something", value)
        return py.negate(says) if empty else says
    return py.compare(py.call("len", value), (ast.Eq if empty else ast.NotEq)(), py.const(0))


def _outline(shape: p.Shape) -> object:
    """Return a shape with the places of its members written out."""
    match shape:
        case None:
            return None
        case list():
            return [_outline(shape[0])]
        case _:
            return tuple(
                (name, pointer("", (name,)), _outline(inner)) for name, inner in shape.items()
            )


def compares_as_written(expr: p.Operation) -> bool:
    """Whether both sides are days of the document or the policy, of four figures a year."""
    return all(
        isinstance(side.type, t.Date) and isinstance(side, p.Read | p.Constant)
        for side in expr.operands
    )


def mixes_days(expr: p.Operation) -> bool:
    """Whether an instant is compared with a date, and so as its day."""
    kinds = {type(side.type) for side in expr.operands}
    return kinds == {t.Date, t.Instant}


def _day(value: ast.expr) -> ast.expr:
    return py.call("as_day", value)


def _unchanged(value: ast.expr) -> ast.expr:
    return value


def _mixed(have: t.Type, wanted: t.Type) -> bool:
    return isinstance(have, t.Instant) and isinstance(wanted, t.Date)
