"""Rules, conditions and values -> scalar expressions of SQL, in which NULL is unknown."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from itertools import count
from typing import assert_never

from somepolicy import ir as p
from somepolicy.backends.sql.words import (
    AS_OF,
    DAY,
    DIGEST,
    DOCUMENT,
    Refused,
    called,
    constant,
    joined,
    literal,
    quoted,
    sql_type,
    step,
)
from somepolicy.functions.table import FUNCTIONS
from somepolicy.ir import types as t
from somepolicy.ir.traversal import walk


class SqlWriter:
    """Writes expressions; notes the definitions they use, each after those it uses itself.

    `bound` says what a variable stands for: a JSON value in SQL.
    """

    def __init__(self, program: p.Program) -> None:
        self._program = program
        self.definitions: dict[str, tuple[str, str]] = {}  # the column of each, and its value
        self._names = (f"v{number}" for number in count())

    # --- rules

    def rule(self, rule: p.Rule) -> str:
        """Return whether every instance passes: it does not apply, is satisfied or excepted."""
        if rule.effect == "permit":
            return "true"
        guard = "true" if rule.guard is None else self._expr(rule.guard, {})
        if rule.each is None:
            return f"(NOT {guard} OR {self._instance(rule, {})})"
        each = rule.each

        def passes(element: str) -> str:
            bound = {each.variable: element}
            where = "true" if each.where is None else self._expr(each.where, bound)
            return f"(NOT {where} OR {self._instance(rule, bound)})"

        every = self._junction(self._elements(each.container, {}), passes, every=True)
        return f"(NOT {guard} OR {every})"

    def _instance(self, rule: p.Rule, bound: Mapping[str, str]) -> str:
        """Return whether the condition holds in the sense of the rule, or its exception."""
        if rule.question is not None:
            asked = rule.question
            holds = self._verdict(asked.clause, asked.answer, asked.roles)
        elif rule.condition is None:
            holds = "false"
        else:
            holds = self._expr(rule.condition, bound)
            holds = f"(NOT {holds})" if rule.forbids else holds
        return (
            holds if rule.exception is None else f"({holds} OR {self._expr(rule.exception, bound)})"
        )

    def _verdict(self, clause: str, answer: p.Answer, roles: Iterable[str]) -> str:
        """Return whether valid attestations clear the clause; NULL where there is none."""
        attested, now = next(self._names), called("moment", AS_OF)

        def part(name: str) -> str:
            return f"({attested} ->> '$.{name}')"

        valid = (
            f"list_filter(CAST({step(DOCUMENT, ('attestations',))} AS JSON[]),"
            f" lambda {attested}: {part('clause')} = {literal(clause)}"
            f" AND {part('role')} IN ({', '.join(map(literal, roles))})"
            f" AND {part('content_digest')} = {DIGEST}"
            f" AND {called('moment', part('at'))} <= {now}"
            f" AND coalesce({called('moment', part('expires'))} > {now}, true))"
        )
        given = f"lambda {attested}: {part('statement')} = {literal(answer)}"
        return f"list_bool_and(list_transform({valid}, {given}))"

    # --- lists

    def _elements(self, container: p.Read, bound: Mapping[str, str]) -> str:
        return f"CAST({self._raw(container, bound)} AS JSON[])"

    def _junction(self, elements: str, condition: Callable[[str], str], *, every: bool) -> str:
        """Return Kleene `and` or `or` of a condition over a list; NULL of an absent one."""
        by, start = ("AND", "true") if every else ("OR", "false")
        return self._folded(elements, condition, by, start)

    def _folded(self, elements: str, value: Callable[[str], str], by: str, start: str) -> str:
        """Join a value of each element by an operator; NULL of an absent list."""
        name, left, right = next(self._names), next(self._names), next(self._names)
        values = f"list_transform({elements}, lambda {name}: {value(name)})"
        return f"list_reduce({values}, lambda {left}, {right}: {left} {by} {right}, {start})"

    # --- values

    def _expr(self, expr: p.Expr, bound: Mapping[str, str]) -> str:
        match expr:
            case p.Constant():
                return constant(expr.value, expr.type)
            case p.Read():
                return self._typed(self._raw(expr, bound), expr.type)
            case p.Defined():
                if expr.name not in self.definitions:
                    body = self._expr(self._program.definitions[expr.name].body, {})
                    self.definitions[expr.name] = quoted(f"define {len(self.definitions)}"), body
                return self.definitions[expr.name][0]
            case p.Applied():
                predicate = self._program.predicates[expr.predicate]
                arguments = [self._raw(each, bound) for each in expr.arguments]
                return self._expr(
                    predicate.body, dict(zip(predicate.parameters, arguments, strict=True))
                )
            case p.Parametric():
                return _parameter(self._program.parameters[expr.name])
            case p.AsOf():
                return AS_OF
            case p.Operation():
                return self._operation(expr, bound)
            case p.Called():
                return self._function(expr, bound)
            case p.Published():
                return joined([self._part(part, bound) for part in expr.parts])
            case p.Fallback():
                there = self._as_type(expr.operand, expr.type, bound)
                other = self._as_type(expr.fallback, expr.type, bound)
                alone = self._parent_absent(expr.operand, bound)
                return f"coalesce({there}, CASE WHEN NOT {alone} THEN {other} END)"
            case p.Presence():
                test = "IS NOT NULL" if expr.present else "IS NULL"
                found = f"({step(self._base(expr.operand, bound), expr.operand.path)} {test})"
                if not expr.operand.none_when_absent:
                    return found
                return f"CASE WHEN NOT {self._parent_absent(expr.operand, bound)} THEN {found} END"
            case p.Quantifier():
                return self._junction(
                    self._elements(expr.container, bound),
                    lambda name: self._expr(expr.condition, {**bound, expr.variable: name}),
                    every=expr.every,
                )
            case p.Sum():
                if not expr.type.whole:
                    raise Refused("a sum of decimals")
                return self._folded(
                    self._elements(expr.container, bound),
                    lambda name: _huge(self._expr(expr.value, {**bound, expr.variable: name})),
                    "+",
                    _huge("0"),
                )
            case p.Junction():
                parts = [self._expr(each, bound) for each in expr.operands]
                return f"({f' {expr.operator.upper()} '.join(parts)})"
            case p.Attestation():
                given = self._verdict(expr.clause, expr.answer, expr.roles)
                return f"coalesce({given}, false)"
            case _:
                assert_never(expr)

    def _base(self, read: p.Read, bound: Mapping[str, str]) -> str:
        return DOCUMENT if read.variable is None else bound[read.variable]

    def _raw(self, read: p.Read, bound: Mapping[str, str]) -> str:
        """Return what a path leads to, or its default, as JSON; NULL where it is absent."""
        found = step(self._base(read, bound), read.path)
        if not read.has_default:
            return found
        default = literal(json.dumps(read.default, ensure_ascii=False))
        return f"coalesce({found}, CAST({default} AS JSON))"

    def _parent_absent(self, read: p.Read, bound: Mapping[str, str]) -> str:
        return f"({step(self._base(read, bound), read.path[:-1])} IS NULL)"

    def _typed(self, raw: str, kind: t.Type) -> str:
        """Return a JSON value as a value of its type."""
        match kind:
            case t.Text() | t.Enumeration() | t.Instant():
                return f"({raw} ->> '$')"
            case t.Date():
                return f"CAST({raw} ->> '$' AS DATE)"
            case t.ListOf(element=t.Record()):
                return f"CAST({raw} AS JSON[])"
            case t.ListOf():
                name = next(self._names)
                inner = self._typed(name, kind.element)
                return f"list_transform(CAST({raw} AS JSON[]), lambda {name}: {inner})"
            case t.Record():
                return raw
            case t.Boolean() | t.Number():
                return f"CAST({raw} AS {sql_type(kind)})"
            case t.Texts() | t.Days() | t.Detections():
                raise AssertionError("no document holds such a value")
            case _:
                assert_never(kind)

    def _as_type(self, expr: p.Expr, kind: t.Type, bound: Mapping[str, str]) -> str:
        """Return a value as one of a wider type: an instant as its day, an integer as a number."""
        found = self._expr(expr, bound)
        if isinstance(kind, t.Date) and isinstance(expr.type, t.Instant):
            return called("day", found)
        if isinstance(kind, t.Number) and isinstance(expr.type, t.Number) and not kind.whole:
            if expr.type.whole and self._sums(expr):
                raise Refused("a sum beside a decimal number")
            return f"CAST({found} AS DOUBLE)"
        return found

    def _sums(self, expr: p.Expr) -> bool:
        """Whether a value may be a sum, which may lie beyond the integers that are DOUBLE."""
        parts = walk(expr)
        bodies = [self._program.definitions[x.name].body for x in parts if isinstance(x, p.Defined)]
        here = any(
            isinstance(x, p.Sum) or (isinstance(x, p.Operation) and x.operator in ("+", "-"))
            for x in parts
        )
        return here or any(map(self._sums, bodies))

    # --- operators and functions

    def _operation(self, expr: p.Operation, bound: Mapping[str, str]) -> str:
        operands = expr.operands
        match expr.operator:
            case "not":
                return f"(NOT {self._expr(operands[0], bound)})"
            case "==" | "!=" | "<" | "<=" | ">" | ">=":
                left, right = self._comparable(operands[0], operands[1], bound)
                sign = {"==": "=", "!=": "<>"}.get(expr.operator, expr.operator)
                return f"({left} {sign} {right})"
            case "in" | "not in":
                return self._member(expr, bound)
            case "contains":
                return (
                    f"contains({self._expr(operands[0], bound)}, {self._expr(operands[1], bound)})"
                )
            case "matches":
                text, pattern = (self._expr(each, bound) for each in operands)
                return called("matches", text, pattern)
            case "is empty" | "is not empty":
                value = self._expr(operands[0], bound)
                textual = t.is_textual(operands[0].type)
                says = called("says_something", value) if textual else f"(len({value}) > 0)"
                return says if expr.operator == "is not empty" else f"(NOT {says})"
            case "+" | "-":
                return self._moved(expr, bound)
            case "count":
                return f"len({self._expr(operands[0], bound)})"
            case "days":
                return self._expr(operands[0], bound)
            case _:
                assert_never(expr.operator)

    def _comparable(self, left: p.Expr, right: p.Expr, bound: Mapping[str, str]) -> tuple[str, str]:
        """Return two values in the form in which SQL compares them as the language does."""
        kinds = (left.type, right.type)
        if any(isinstance(kind, t.Date) for kind in kinds):
            return self._as_type(left, t.Date(), bound), self._as_type(right, t.Date(), bound)
        if all(isinstance(kind, t.Instant) for kind in kinds):
            one, other = (called("moment", self._expr(x, bound)) for x in (left, right))
            return one, other
        if any(isinstance(kind, t.Number) and not kind.whole for kind in kinds):
            return self._as_type(left, t.Number(), bound), self._as_type(right, t.Number(), bound)
        return self._expr(left, bound), self._expr(right, bound)

    def _member(self, expr: p.Operation, bound: Mapping[str, str]) -> str:
        item, listed = expr.operands
        values, value = self._expr(listed, bound), self._expr(item, bound)
        assert isinstance(listed.type, t.ListOf)
        element = listed.type.element
        if isinstance(element, t.Number) and isinstance(item.type, t.Number):
            if not (element.whole and item.type.whole):
                value = self._as_type(item, t.Number(), bound)
                values = f"CAST({values} AS DOUBLE[])"
        elif isinstance(element, t.Instant) and isinstance(item.type, t.Instant):
            name = next(self._names)
            values = f"list_transform({values}, lambda {name}: {called('moment', name)})"
            value = called("moment", value)
        elif isinstance(element, t.Instant) or isinstance(item.type, t.Instant):
            raise Refused(f"`in` of {item.type} and {element}")
        sign = "" if expr.operator == "in" else "NOT "
        return f"CASE WHEN {value} IS NOT NULL THEN {sign}list_contains({values}, {value}) END"

    def _moved(self, expr: p.Operation, bound: Mapping[str, str]) -> str:
        """Return a sum of integers, or a day or instant so many days on; the calendar ends."""
        left, right = (self._expr(each, bound) for each in expr.operands)
        if isinstance(expr.type, t.Number):
            if not expr.type.whole:
                raise Refused("a sum of decimals")
            return f"({_huge(left)} {expr.operator} {_huge(right)})"
        days = f"{expr.operator}{_huge(right)}"
        return called(
            "moved_instant" if isinstance(expr.type, t.Instant) else "moved_day", left, days
        )

    def _function(self, expr: p.Called, bound: Mapping[str, str]) -> str:
        first, *others = (self._expr(each, bound) for each in expr.arguments)
        more = [*others, DAY] if FUNCTIONS[expr.function].dated else others
        if not isinstance(expr.arguments[0].type, t.Texts):
            return called(expr.function, first, *more)
        name = next(self._names)
        found = called(expr.function, name, *more)
        searched = f"flatten(list_transform({first}, lambda {name}: {found}))"
        known = " AND ".join(f"{each} IS NOT NULL" for each in more)
        return f"CASE WHEN {known} THEN {searched} END" if known else searched

    def _part(self, part: p.Part, bound: Mapping[str, str]) -> str:
        """Return the texts that readers see in a part of the document."""
        value = step(DOCUMENT, part.container.path)
        if part.variable is None or part.condition is None:
            return self._texts(value, part.shape)
        name = next(self._names)
        kept = self._expr(part.condition, {**bound, part.variable: name})
        elements = f"CAST({value} AS JSON[])"
        some = f"list_filter({elements}, lambda {name}: {kept} IS DISTINCT FROM false)"
        return self._texts_of_all(some, part.shape)

    def _texts(self, value: str, shape: p.Shape) -> str:
        if shape is None:
            return f"CASE WHEN {value} IS NULL THEN [] ELSE [{value} ->> '$'] END"
        if isinstance(shape, list):
            return self._texts_of_all(f"CAST({value} AS JSON[])", shape[0])
        return joined([self._texts(step(value, (name,)), each) for name, each in shape.items()])

    def _texts_of_all(self, elements: str, shape: p.Shape) -> str:
        name = next(self._names)
        texts = f"list_transform({elements}, lambda {name}: {self._texts(name, shape)})"
        return f"coalesce(flatten({texts}), [])"


def _huge(number: str) -> str:
    """Return a whole number with room for sums; one beyond it ends the query with an error."""
    return f"CAST({number} AS HUGEINT)"


def _parameter(parameter: p.Parameter) -> str:
    """Return the value that holds on the day of the decision; NULL before there is one."""
    cases = ""
    for each in parameter.values:
        since = "true" if each.since is None else f"{DAY} >= DATE '{each.since.isoformat()}'"
        cases += f" WHEN {since} THEN {constant(each.value, parameter.type)}"
    return f"CASE{cases} END"
