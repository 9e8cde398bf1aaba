"""The reference evaluator: a tree walk, slow and obvious. Oracle of the compiled one.

Every expression gives a Result: its value (None: unknown), the present fields that made it
so, and the absent facts it depends on while it is unknown, parameters without a value among
them. The results form the trace.
"""

from __future__ import annotations

import datetime
import operator
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from math import fsum
from typing import assert_never

from somepolicy import ir as p
from somepolicy.backends.walk.results import Bound, Instance, Result
from somepolicy.engine.context import Context
from somepolicy.engine.evaluation import Evaluation, StatusCode, UnmetInstance
from somepolicy.engine.values import (
    SOME_ELEMENT,
    UNLESS_PARENT,
    UNSET,
    day_of,
    every,
    instant_of,
    located,
    outside_elements,
    pointer,
    some,
    tidy_missing,
    unique,
    unset_names,
    walk,
)
from somepolicy.functions.detection import Detection, Detections
from somepolicy.functions.something import finder, says_something
from somepolicy.functions.table import FUNCTIONS
from somepolicy.ir import types as t
from somepolicy.json_type import Json

Compare = Callable[[object, object], bool]
_COMPARE: Mapping[p.Operator, Compare] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,  # type: ignore[dict-item]
    "<=": operator.le,  # type: ignore[dict-item]
    ">": operator.gt,  # type: ignore[dict-item]
    ">=": operator.ge,  # type: ignore[dict-item]
}


Variables = Mapping[str, Bound]


def trace(program: p.Program, kind: str, context: Context) -> tuple[Instance, ...]:
    """Evaluate every rule of a kind; one instance per element of `for each`, else one.

    A rule whose list is empty, or whose guard is false, has a single instance that does not
    apply.
    """
    walker = Walker(program, context)
    return tuple(
        instance for rule in program.rules if kind in rule.kinds for instance in walker.rule(rule)
    )


def evaluation(program: p.Program, kind: str, instances: tuple[Instance, ...]) -> Evaluation:
    """Evaluate each rule of the kind by its instances."""
    rules = [rule for rule in program.rules if kind in rule.kinds]
    statuses = {rule.name: int(StatusCode.NOT_APPLICABLE) for rule in rules}
    for instance in instances:
        statuses[instance.rule.name] = min(statuses[instance.rule.name], instance.status)
    unmet = tuple(
        UnmetInstance(
            x.rule.name, x.violated, x.at, x.element, x.facts, x.missing, _evidence(x), x.unset
        )
        for x in instances
        if x.status <= StatusCode.ADVISED
    )
    return Evaluation(tuple(statuses[rule.name] for rule in rules), unmet)


def _evidence(instance: Instance) -> Detections:
    """Gather what detectors found for the guard and the condition, each once, with its place."""
    found: list[Detection] = []
    pending = [x for x in (instance.condition, instance.where, instance.guard) if x is not None]
    while pending:
        result = pending.pop()
        if isinstance(result.expr.type, t.Detections):
            if isinstance(result.value, tuple):
                found += located(result.value, result.facts)
        else:
            pending.extend(reversed(result.parts))
    return tuple(dict.fromkeys(found))


class Walker:
    """Evaluates rules and expressions on one document; definitions are kept."""

    def __init__(self, program: p.Program, context: Context) -> None:
        self.program = program
        self.context = context
        self.definitions: dict[str, Result] = {}

    # --- rules

    def rule(self, rule: p.Rule) -> list[Instance]:
        guard = None if rule.guard is None else self.expr(rule.guard, {})
        if guard is not None and guard.value is False:
            return [_outside(rule, guard)]
        if rule.effect == "permit":
            applies = guard is None or guard.value is True
            status = StatusCode.PERMITTED if applies else StatusCode.NOT_APPLICABLE
            return [Instance(rule, "", status, False, None, guard, None, None, None, (), ())]
        if rule.each is None:
            return [self.instance(rule, guard, None, Bound(None, ""), {})]
        container = self.expr(rule.each.container, {})
        if container.value is None:
            return [self.without_list(rule, rule.each, guard, container)]
        assert isinstance(container.value, list)
        instances = []
        for bound in elements_of(container.value, pointer("", rule.each.container.path)):
            variables = {rule.each.variable: bound}
            where = None if rule.each.where is None else self.expr(rule.each.where, variables)
            if where is None or where.value is not False:
                instances.append(self.instance(rule, guard, where, bound, variables))
        return instances or [_outside(rule, guard)]

    def without_list(
        self, rule: p.Rule, each: p.Each, guard: Result | None, container: Result
    ) -> Instance:
        """The one instance of an absent list: what it lacks besides is what an element would."""
        unknown = {each.variable: Bound(None, SOME_ELEMENT)}
        parts = [self.expr(x, unknown) for x in (each.where, rule.condition, rule.exception) if x]
        beside = [
            m for part in (guard, *parts) if part and part.value is None for m in part.missing
        ]
        return Instance(
            rule,
            pointer("", each.container.path),
            StatusCode.ADVISED if rule.effect == "advise" else StatusCode.UNPROVEN,
            False,
            None,
            guard,
            None,
            container,
            None,
            (),
            tidy_missing([*container.missing, *outside_elements(beside)]),
            unset_names(beside),
        )

    def instance(
        self,
        rule: p.Rule,
        guard: Result | None,
        where: Result | None,
        bound: Bound,
        variables: Variables,
    ) -> Instance:
        """Decide one instance: D = (not guard) or condition or exception."""
        condition = None if rule.condition is None else self.expr(rule.condition, variables)
        exception = None if rule.exception is None else self.expr(rule.exception, variables)
        applies = every([_known(part.value) for part in (guard, where) if part])
        holds, facts = self.holds(rule, condition)
        excepted = False if exception is None else _known(exception.value)
        passes = some([_negated(applies), holds, excepted])
        parts = (guard, where, condition, exception)
        if passes is True:
            status = StatusCode.SATISFIED if holds is True else StatusCode.NOT_APPLICABLE
            return Instance(rule, bound.at, status, False, bound.value, *parts, (), ())
        if rule.effect == "advise":
            status = StatusCode.ADVISED
        else:
            status = StatusCode.VIOLATED if passes is False else StatusCode.UNPROVEN
        missing = tuple(m for part in parts if part and part.value is None for m in part.missing)
        return Instance(
            rule,
            bound.at,
            status,
            passes is False,
            bound.value,
            *parts,
            unique(facts) if passes is False else (),
            tidy_missing(missing) if passes is None else (),
            unset_names(missing) if passes is None else (),
        )

    def holds(self, rule: p.Rule, condition: Result | None) -> tuple[bool | None, tuple[str, ...]]:
        """X: the condition in the rule's sense, or the attestation; without either False."""
        if rule.question is not None:
            question = (rule.question.clause, rule.question.answer, rule.question.roles)
            return self.context.verdict(*question), tuple(self.context.contrary(*question))
        if condition is None:
            return False, ()
        value = _known(condition.value)
        return (_negated(value) if rule.forbids else value), condition.facts

    # --- expressions

    def expr(self, expr: p.Expr, variables: Variables) -> Result:
        match expr:
            case p.Constant():
                return Result(expr, expr.value)
            case p.Read():
                return self.read(expr, variables)
            case p.Defined():
                return self.defined(expr)
            case p.Applied():
                return self.applied(expr, variables)
            case p.Parametric():
                value = self.context.parameters[expr.name]
                lacking = (UNSET + expr.name,) if value is None else ()
                return Result(expr, value, (), lacking)
            case p.AsOf():
                return Result(expr, self.context.as_of)
            case p.Called():
                return self.called(expr, variables)
            case p.Operation():
                return self.lift(expr, variables, expr.operands, self.operator(expr))
            case p.Published():
                return self.published(expr, variables)
            case p.Fallback():
                return self.fallback(expr, variables)
            case p.Presence():
                return self.presence(expr, variables)
            case p.Quantifier():
                return self.quantifier(expr, variables)
            case p.Sum():
                return self.sum(expr, variables)
            case p.Junction():
                return self.junction(expr, variables)
            case p.Attestation():
                given = self.context.verdict(expr.clause, expr.answer, expr.roles)
                return Result(expr, given is True)
            case _:
                assert_never(expr)

    def lift(
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

    def read(self, expr: p.Read, variables: Variables) -> Result:
        base = Bound(self.context.document, "")
        if expr.variable is not None:
            base = variables[expr.variable]
        raw = walk(base.value, expr.path)
        at = pointer(base.at, expr.path)
        if raw is not None:
            return Result(expr, _value_of(raw, expr.type), (at,))
        if expr.has_default:
            return Result(expr, expr.default)
        return Result(expr, None, (), (at,))

    def as_day(self, value: object) -> object:
        return self.context.days.as_day(value) if isinstance(value, datetime.date) else value

    def operator(self, expr: p.Operation) -> Callable[..., object]:
        """Return what an operator does with operands that are there."""
        match expr.operator:
            case "not":
                return operator.not_
            case "==" | "!=" | "<" | "<=" | ">" | ">=":
                return self.comparer(expr, _COMPARE[expr.operator])
            case "in" | "not in":
                return _member(expr)
            case "contains":
                return operator.contains
            case "matches":
                pattern = expr.operands[1]
                assert isinstance(pattern, p.Constant)
                found = finder(str(pattern.value))
                return lambda text, _: found(text)
            case "is empty" | "is not empty":
                says = says_something if t.is_textual(expr.operands[0].type) else bool
                wanted = expr.operator == "is not empty"
                return lambda value: says(value) is wanted
            case "+" | "-":
                return self.adder(expr)
            case "count":
                return len
            case "days":
                return _same
            case _:
                assert_never(expr.operator)

    def comparer(self, expr: p.Operation, compare: Compare) -> Compare:
        if any(isinstance(side.type, t.Date) for side in expr.operands):
            return lambda a, b: compare(self.as_day(a), self.as_day(b))
        return compare

    def adder(self, expr: p.Operation) -> Callable[..., object]:
        sign = 1 if expr.operator == "+" else -1
        if isinstance(expr.type, t.Number):
            return lambda a, b: a + sign * b
        return lambda a, b: self.context.days.add_days(a, sign * b)

    def parent_absent(self, expr: p.Read, variables: Variables) -> bool:
        base: Json = self.context.document
        if expr.variable is not None:
            base = variables[expr.variable].value
        return walk(base, expr.path[:-1]) is None

    def fallback(self, expr: p.Fallback, variables: Variables) -> Result:
        operand = self.expr(expr.operand, variables)
        as_type = self.as_day if isinstance(expr.type, t.Date) else _same
        if operand.value is not None:
            return Result(expr, as_type(operand.value), operand.facts, (), (operand,))
        other = self.expr(expr.fallback, variables)
        if self.parent_absent(expr.operand, variables):
            missing = tuple(UNLESS_PARENT + at for at in operand.missing)
            beside = other.missing if other.value is None else ()
            return Result(expr, None, (), (*missing, *beside), (operand, other))
        return Result(expr, as_type(other.value), other.facts, other.missing, (operand, other))

    def presence(self, expr: p.Presence, variables: Variables) -> Result:
        base = Bound(self.context.document, "")
        if expr.operand.variable is not None:
            base = variables[expr.operand.variable]
        at = pointer(base.at, expr.operand.path)
        there = walk(base.value, expr.operand.path) is not None
        if expr.operand.none_when_absent and self.parent_absent(expr.operand, variables):
            return Result(expr, None, (), (UNLESS_PARENT + at,))
        return Result(expr, there is expr.present, (at,) if there else ())

    def defined(self, expr: p.Defined) -> Result:
        if expr.name not in self.definitions:
            self.definitions[expr.name] = self.expr(self.program.definitions[expr.name].body, {})
        body = self.definitions[expr.name]
        facts, missing = unique(body.facts), unique(body.missing)
        return Result(expr, body.value, facts, missing, (body,))

    def applied(self, expr: p.Applied, variables: Variables) -> Result:
        predicate = self.program.predicates[expr.predicate]
        bound = {
            name: self.bound(argument, variables)
            for name, argument in zip(predicate.parameters, expr.arguments, strict=True)
        }
        body = self.expr(predicate.body, bound)
        return Result(expr, body.value, body.facts, body.missing, (body,))

    def bound(self, argument: p.Read, variables: Variables) -> Bound:
        base = Bound(self.context.document, "")
        if argument.variable is not None:
            base = variables[argument.variable]
        value = walk(base.value, argument.path)
        if value is None and argument.has_default:
            value = argument.default
        return Bound(value, pointer(base.at, argument.path))

    def called(self, expr: p.Called, variables: Variables) -> Result:
        name = expr.function
        code: Callable[..., object] = self.context.library[name]
        if isinstance(expr.arguments[0].type, t.Texts):
            code = partial(self.search, name)
        elif FUNCTIONS[name].prepare is not None:
            code = partial(self.context.detect, name)
        result = self.lift(expr, variables, expr.arguments, code)
        if isinstance(result.value, tuple) and any(each.at for each in _detections(expr, result)):
            found = unique(each.at for each in _detections(expr, result))
            return replace(result, facts=found)
        return result

    def published(self, expr: p.Published, variables: Variables) -> Result:
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

    def search(self, name: str, texts: tuple[tuple[str, str], ...], *others: object) -> Detections:
        """Call a detector on every published text, one after the other."""
        return tuple(
            each
            for at, text in texts
            for each in located(self.context.detect(name, text, *others), (at,))
        )

    def quantifier(self, expr: p.Quantifier, variables: Variables) -> Result:
        container, parts = self.elements(expr, expr.condition, variables)
        if container.value is None:
            return self.absent_list(expr, container, parts)
        decide = every if expr.every else some
        result = self.decided(expr, decide([_known(part.value) for part in parts]), parts)
        if parts:
            return result
        return Result(expr, result.value, container.facts, (), (container,))

    def elements(
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
    def absent_list(expr: p.Expr, container: Result, parts: tuple[Result, ...]) -> Result:
        """Give what an absent list lacks: itself, and what an element would outside itself."""
        beside = [m for part in parts if part.value is None for m in part.missing]
        return Result(expr, None, (), (*container.missing, *outside_elements(beside)), (container,))

    def sum(self, expr: p.Sum, variables: Variables) -> Result:
        container, parts = self.elements(expr, expr.value, variables)
        if container.value is None:
            return self.absent_list(expr, container, parts)
        missing = tuple(m for part in parts if part.value is None for m in part.missing)
        if any(part.value is None for part in parts):
            return Result(expr, None, (), missing, parts)
        facts = tuple(f for part in parts for f in part.facts) or container.facts
        add: Callable[..., object] = sum if expr.type.whole else fsum
        return Result(expr, add(part.value for part in parts), facts, (), parts or (container,))

    def junction(self, expr: p.Junction, variables: Variables) -> Result:
        parts = tuple(self.expr(operand, variables) for operand in expr.operands)
        decide = every if expr.operator == "and" else some
        return self.decided(expr, decide([_known(part.value) for part in parts]), parts)

    @staticmethod
    def decided(expr: p.Expr, value: bool | None, parts: tuple[Result, ...]) -> Result:
        """Give the facts of the parts that decide the value, or what the unknown parts lack."""
        if value is None:
            missing = tuple(m for part in parts if part.value is None for m in part.missing)
            return Result(expr, None, (), missing, parts)
        facts = tuple(f for part in parts if part.value is value for f in part.facts)
        return Result(expr, value, facts, (), parts)


def _outside(rule: p.Rule, guard: Result | None) -> Instance:
    return Instance(
        rule, "", StatusCode.NOT_APPLICABLE, False, None, guard, None, None, None, (), ()
    )


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


def _known(value: object) -> bool | None:
    assert value is None or isinstance(value, bool)
    return value


def _negated(value: bool | None) -> bool | None:
    return None if value is None else not value


def _value_of(raw: Json, kind: t.Type) -> object:
    if isinstance(raw, str) and isinstance(kind, t.Date):
        return day_of(raw)
    if isinstance(raw, str) and isinstance(kind, t.Instant):
        return instant_of(raw)
    return raw


def _same(value: object) -> object:
    return value


def _member(expr: p.Operation) -> Callable[[object, object], bool]:
    listed = expr.operands[1].type
    assert isinstance(listed, t.ListOf)
    element = listed.element

    def member(item: object, container: object) -> bool:
        values = (
            [_value_of(each, element) for each in container]
            if isinstance(container, list)
            else list(container)  # type: ignore[call-overload]
        )
        return (item in values) is (expr.operator == "in")

    return member
