"""A value or condition on one document -> a Result: what it is, and why.

Every expression gives its value (None: unknown), the present fields that made it so, and the
absent facts it depends on while it is unknown, parameters without a value among them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from math import fsum
from typing import assert_never

from somepolicy import ir as p
from somepolicy.backends.walk.operators import as_day, operation, same, value_of
from somepolicy.backends.walk.results import Bound, Result
from somepolicy.engine.context import Context
from somepolicy.engine.values import (
    SOME_ELEMENT,
    UNLESS_PARENT,
    UNSET,
    every,
    located,
    outside_elements,
    pointer,
    some,
    unique,
    walk,
)
from somepolicy.functions.detection import Detections
from somepolicy.functions.table import FUNCTIONS
from somepolicy.ir import types as t
from somepolicy.json_type import Json

Variables = Mapping[str, Bound]


class Walker:
    """Evaluates expressions on one document; definitions are kept."""

    def __init__(self, program: p.Program, context: Context) -> None:
        self.program = program
        self.context = context
        self.definitions: dict[str, Result] = {}

    def expr(self, expr: p.Expr, variables: Variables) -> Result:
        """Evaluate an expression where its variables stand for these values."""
        match expr:
            case p.Constant():
                return Result(expr, expr.value)
            case p.Read():
                return self._read(expr, variables)
            case p.Defined():
                return self._defined(expr)
            case p.Applied():
                return self._applied(expr, variables)
            case p.Parametric():
                value = self.context.parameters[expr.name]
                lacking = (UNSET + expr.name,) if value is None else ()
                return Result(expr, value, (), lacking)
            case p.AsOf():
                return Result(expr, self.context.as_of)
            case p.Called():
                return self._called(expr, variables)
            case p.Operation():
                return self._lift(
                    expr, variables, expr.operands, operation(expr, self.context.days)
                )
            case p.Published():
                return self._published(expr, variables)
            case p.Fallback():
                return self._fallback(expr, variables)
            case p.Presence():
                return self._presence(expr, variables)
            case p.Quantifier():
                return self._quantifier(expr, variables)
            case p.Sum():
                return self._sum(expr, variables)
            case p.Junction():
                return self._junction(expr, variables)
            case p.Attestation():
                given = self.context.verdict(expr.clause, expr.answer, expr.roles)
                return Result(expr, given is True)
            case _:
                assert_never(expr)

    def _lift(
        self,
        expr: p.Expr,
        variables: Variables,
        operands: tuple[p.Expr, ...],
        function: Callable[..., object],
    ) -> Result:
        """Apply a total function: unknown as soon as one operand is."""
        parts = tuple(self.expr(operand, variables) for operand in operands)
        missing = tuple(m for part in parts if part.value is None for m in part.missing)
        facts = tuple(f for part in parts for f in part.facts)
        if any(part.value is None for part in parts):
            return Result(expr, None, facts, missing, parts)
        return Result(expr, function(*(part.value for part in parts)), facts, (), parts)

    def _base(self, read: p.Read, variables: Variables) -> Bound:
        """Return what a path begins at: the document, or what a variable stands for."""
        return (
            Bound(self.context.document, "") if read.variable is None else variables[read.variable]
        )

    def _read(self, expr: p.Read, variables: Variables) -> Result:
        base = self._base(expr, variables)
        raw = walk(base.value, expr.path)
        at = pointer(base.at, expr.path)
        if raw is not None:
            return Result(expr, value_of(raw, expr.type), (at,))
        if expr.has_default:
            return Result(expr, expr.default)
        return Result(expr, None, (), (at,))

    def _parent_absent(self, expr: p.Read, variables: Variables) -> bool:
        return walk(self._base(expr, variables).value, expr.path[:-1]) is None

    def _fallback(self, expr: p.Fallback, variables: Variables) -> Result:
        operand = self.expr(expr.operand, variables)
        as_type = partial(as_day, days=self.context.days) if isinstance(expr.type, t.Date) else same
        if operand.value is not None:
            return Result(expr, as_type(operand.value), operand.facts, (), (operand,))
        other = self.expr(expr.fallback, variables)
        if self._parent_absent(expr.operand, variables):
            missing = tuple(UNLESS_PARENT + at for at in operand.missing)
            beside = other.missing if other.value is None else ()
            return Result(expr, None, (), (*missing, *beside), (operand, other))
        return Result(expr, as_type(other.value), other.facts, other.missing, (operand, other))

    def _presence(self, expr: p.Presence, variables: Variables) -> Result:
        base = self._base(expr.operand, variables)
        at = pointer(base.at, expr.operand.path)
        there = walk(base.value, expr.operand.path) is not None
        if expr.operand.none_when_absent and self._parent_absent(expr.operand, variables):
            return Result(expr, None, (), (UNLESS_PARENT + at,))
        return Result(expr, there is expr.present, (at,) if there else ())

    def _defined(self, expr: p.Defined) -> Result:
        if expr.name not in self.definitions:
            self.definitions[expr.name] = self.expr(self.program.definitions[expr.name].body, {})
        body = self.definitions[expr.name]
        facts, missing = unique(body.facts), unique(body.missing)
        return Result(expr, body.value, facts, missing, (body,))

    def _applied(self, expr: p.Applied, variables: Variables) -> Result:
        predicate = self.program.predicates[expr.predicate]
        bound = {
            name: self._bound(argument, variables)
            for name, argument in zip(predicate.parameters, expr.arguments, strict=True)
        }
        body = self.expr(predicate.body, bound)
        return Result(expr, body.value, body.facts, body.missing, (body,))

    def _bound(self, argument: p.Read, variables: Variables) -> Bound:
        base = self._base(argument, variables)
        value = walk(base.value, argument.path)
        if value is None and argument.has_default:
            value = argument.default
        return Bound(value, pointer(base.at, argument.path))

    def _called(self, expr: p.Called, variables: Variables) -> Result:
        name = expr.function
        code: Callable[..., object] = self.context.library[name]
        if isinstance(expr.arguments[0].type, t.Texts):
            code = partial(self._search, name)
        elif FUNCTIONS[name].prepare is not None:
            code = partial(self.context.detect, name)
        result = self._lift(expr, variables, expr.arguments, code)
        if isinstance(result.value, tuple) and any(each.at for each in _detections(expr, result)):
            found = unique(each.at for each in _detections(expr, result))
            return replace(result, facts=found)
        return result

    def _published(self, expr: p.Published, variables: Variables) -> Result:
        """Gather the published texts that are there, each with its place."""
        found: list[tuple[str, str]] = []
        for part in expr.parts:
            at = pointer("", part.container.path)
            value = walk(self.context.document, part.container.path)
            bounds = [Bound(value, at)]
            if part.variable is not None and part.condition is not None:
                elements = elements_of(value if isinstance(value, list) else [], at)
                bounds = [
                    each
                    for each in elements
                    if self.expr(part.condition, {**variables, part.variable: each}).value
                    is not False
                ]
            for bound in bounds:
                found += _texts_at(bound, part.shape)
        return Result(expr, tuple(found))

    def _search(self, name: str, texts: tuple[tuple[str, str], ...], *others: object) -> Detections:
        """Call a detector on every published text, one after the other."""
        return tuple(
            each
            for at, text in texts
            for each in located(self.context.detect(name, text, *others), (at,))
        )

    def _quantifier(self, expr: p.Quantifier, variables: Variables) -> Result:
        container, parts = self._elements(expr, expr.condition, variables)
        if container.value is None:
            return self._absent_list(expr, container, parts)
        decide = every if expr.every else some
        result = self._decided(expr, decide([known(part.value) for part in parts]), parts)
        if parts:
            return result
        return Result(expr, result.value, container.facts, (), (container,))

    def _elements(
        self, expr: p.Quantifier | p.Sum, asked: p.Expr, variables: Variables
    ) -> tuple[Result, tuple[Result, ...]]:
        """Evaluate a list, and what is asked of its elements: of an absent one, of any element."""
        container = self.expr(expr.container, variables)
        bounds = [Bound(None, SOME_ELEMENT)]
        if isinstance(container.value, list):
            base = "" if expr.container.variable is None else variables[expr.container.variable].at
            bounds = elements_of(container.value, pointer(base, expr.container.path))
        parts = (self.expr(asked, {**variables, expr.variable: bound}) for bound in bounds)
        return container, tuple(parts)

    @staticmethod
    def _absent_list(expr: p.Expr, container: Result, parts: tuple[Result, ...]) -> Result:
        """Give what an absent list lacks: itself, and what an element would outside itself."""
        beside = [m for part in parts if part.value is None for m in part.missing]
        return Result(expr, None, (), (*container.missing, *outside_elements(beside)), (container,))

    def _sum(self, expr: p.Sum, variables: Variables) -> Result:
        container, parts = self._elements(expr, expr.value, variables)
        if container.value is None:
            return self._absent_list(expr, container, parts)
        missing = tuple(m for part in parts if part.value is None for m in part.missing)
        if any(part.value is None for part in parts):
            return Result(expr, None, (), missing, parts)
        facts = tuple(f for part in parts for f in part.facts) or container.facts
        add: Callable[..., object] = sum if expr.type.whole else fsum
        return Result(expr, add(part.value for part in parts), facts, (), parts or (container,))

    def _junction(self, expr: p.Junction, variables: Variables) -> Result:
        parts = tuple(self.expr(operand, variables) for operand in expr.operands)
        decide = every if expr.operator == "and" else some
        return self._decided(expr, decide([known(part.value) for part in parts]), parts)

    @staticmethod
    def _decided(expr: p.Expr, value: bool | None, parts: tuple[Result, ...]) -> Result:
        """Give the facts of the parts that decide the value, or what the unknown parts lack."""
        if value is None:
            missing = tuple(m for part in parts if part.value is None for m in part.missing)
            return Result(expr, None, (), missing, parts)
        facts = tuple(f for part in parts if part.value is value for f in part.facts)
        return Result(expr, value, facts, (), parts)


def elements_of(values: list[Json], at: str) -> list[Bound]:
    """Return what the variable of a loop stands for, element by element."""
    return [Bound(value, f"{at}/{index}") for index, value in enumerate(values)]


def _texts_at(bound: Bound, shape: p.Shape) -> list[tuple[str, str]]:
    """Return the texts of a value, by the shape that says where they are."""
    if shape is None:
        return [(bound.at, bound.value)] if isinstance(bound.value, str) else []
    if isinstance(shape, list):
        elements = elements_of(bound.value if isinstance(bound.value, list) else [], bound.at)
        return [text for each in elements for text in _texts_at(each, shape[0])]
    return [
        text
        for name, inner in shape.items()
        for text in _texts_at(Bound(walk(bound.value, (name,)), pointer(bound.at, (name,))), inner)
    ]


def _detections(expr: p.Called, result: Result) -> Detections:
    """Return what a call has found, nothing for one that finds nothing."""
    found = isinstance(expr.type, t.Detections) and isinstance(result.value, tuple)
    return result.value if found else ()  # type: ignore[return-value]


def known(value: object) -> bool | None:
    """Return a truth value as one."""
    assert value is None or isinstance(value, bool)
    return value
