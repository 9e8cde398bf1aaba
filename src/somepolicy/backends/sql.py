"""The SQL backend: a checked program -> one query of DuckDB over a table of documents.

SQL's NULL is the third value. Every expression becomes a scalar one, lists being gone through by
lambdas, and every rule a single condition: whether the document passes it. False is violated, NULL
unproven. What SQL cannot say exactly is refused, rule by rule, with the reason.

The table has the columns `document` (JSON that the schema of its kind admits), `as_of` (the
instant of the decision: TIMESTAMPTZ, or text where the policy has no time zone, whose days depend on
the offset; NULL: the document's own) and `digest` (the digest of its content, as `somepolicy
digest` prints it, that attestations are compared with). `register` gives a connection the
functions that SQL lacks: detectors, patterns, and days and instants by the policy's rules.

Values: a text, a date-time and a choice are VARCHAR, an integer BIGINT or HUGEINT, another number
DOUBLE, a record JSON, a list a list; detections are a list of `strength detector`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import assert_never

from somepolicy import ir as p
from somepolicy.backends.sql_words import (
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

_DOCUMENT, _AS_OF, _DAY, _DIGEST = '"the document"', '"the instant"', '"the day"', "digest"


@dataclass(frozen=True)
class Query:
    """A query, the names of the rules it carries, and of the others the reason of each.

    It gives the table's own columns, and `RULE violated` and `RULE unproven` of each rule carried.
    """

    sql: str
    carried: tuple[str, ...]
    refused: Mapping[str, str]


def export(program: p.Program, kind: str, table: str = "documents") -> Query:
    """Write the rules of a kind as a query over a table."""
    writer = _SqlWriter(program)
    own = [rule for rule in program.rules if kind in rule.kinds]
    taken = Counter(_folded(rule.name) for rule in own)
    rules: dict[str, str] = {}
    refused: dict[str, str] = {}
    for rule in own:
        if taken[_folded(rule.name)] > 1:
            refused[rule.name] = "a name that differs from another rule's in case alone"
            continue
        try:
            rules[rule.name] = writer.rule(rule)
        except Refused as reason:
            refused[rule.name] = str(reason)
    # by number: of two names that differ in case DuckDB makes one
    passes = {name: quoted(f"rule {number}") for number, name in enumerate(rules)}
    steps = [
        _given(program, kind, table),
        *(f"SELECT *, {body} AS {column}" for column, body in writer.definitions.values()),
        "SELECT *" + "".join(f",\n  {body} AS {passes[name]}" for name, body in rules.items()),
    ]
    # kept as they are worked out, else DuckDB would put the text of a definition into each use
    ctes = [
        f"step_{index} AS MATERIALIZED (\n  {each}{f' FROM step_{index - 1}' * (index > 0)})"
        for index, each in enumerate(steps)
    ]
    defined = (column for column, _ in writer.definitions.values())
    inner = (_DOCUMENT, _AS_OF, _DAY, *defined, *passes.values())
    columns = "".join(
        f",\n  {passed} IS NOT DISTINCT FROM false AS {quoted(f'{name} violated')}"
        f",\n  {passed} IS NULL AS {quoted(f'{name} unproven')}"
        for name, passed in passes.items()
    )
    final = f"SELECT * EXCLUDE ({', '.join(inner)}){columns}\nFROM step_{len(steps) - 1};\n"
    return Query("WITH " + ",\n".join(ctes) + f"\n{final}", tuple(rules), refused)


def _given(program: p.Program, kind: str, table: str) -> str:
    """Return the documents of a kind as rules see them, each with its instant and its day."""
    as_of = "CAST(as_of AS VARCHAR)"
    if program.time_zone is None:  # a day depends on an offset, which TIMESTAMPTZ forgets
        refusal = literal("the policy has no time zone: as_of is a text, with its offset")
        as_of = f"CASE WHEN typeof(as_of) = 'VARCHAR' THEN {as_of} ELSE error({refusal}) END"
    instant = f"coalesce({as_of}, document ->> '$.as_of')"
    document = f"CAST({called('document', 'CAST(document AS VARCHAR)')} AS JSON)"
    named = called("normal", "document ->> '$.kind'")
    chosen = f"{quoted(table)} WHERE {named} = {literal(kind)}"
    day = called("day", instant)
    columns = f"*, {document} AS {_DOCUMENT}, {instant} AS {_AS_OF}, {day} AS {_DAY}"
    return f"SELECT {columns} FROM {chosen}"  # noqa: S608 - names and texts are quoted


class _SqlWriter:
    """Writes expressions; notes the definitions they use, each after those it uses itself.

    `bound` says what a variable stands for: a JSON value in SQL.
    """

    def __init__(self, program: p.Program) -> None:
        self.program = program
        self.definitions: dict[str, tuple[str, str]] = {}  # the column of each, and its value
        self.names = (f"v{number}" for number in count())

    # --- rules

    def rule(self, rule: p.Rule) -> str:
        """Return whether every instance passes: it does not apply, is satisfied or excepted."""
        if rule.effect == "permit":
            return "true"
        guard = "true" if rule.guard is None else self.expr(rule.guard, {})
        if rule.each is None:
            return f"(NOT {guard} OR {self.instance(rule, {})})"
        each = rule.each

        def passes(element: str) -> str:
            bound = {each.variable: element}
            where = "true" if each.where is None else self.expr(each.where, bound)
            return f"(NOT {where} OR {self.instance(rule, bound)})"

        every = self.junction(self.elements(each.container, {}), passes, every=True)
        return f"(NOT {guard} OR {every})"

    def instance(self, rule: p.Rule, bound: Mapping[str, str]) -> str:
        """Return whether the condition holds in the sense of the rule, or its exception."""
        if rule.question is not None:
            asked = rule.question
            holds = self.verdict(asked.clause, asked.answer, asked.roles)
        elif rule.condition is None:
            holds = "false"
        else:
            holds = self.expr(rule.condition, bound)
            holds = f"(NOT {holds})" if rule.forbids else holds
        return (
            holds if rule.exception is None else f"({holds} OR {self.expr(rule.exception, bound)})"
        )

    def verdict(self, clause: str, answer: p.Answer, roles: Iterable[str]) -> str:
        """Return whether valid attestations clear the clause; NULL where there is none."""
        attested, now = next(self.names), called("moment", _AS_OF)

        def part(name: str) -> str:
            return f"({attested} ->> '$.{name}')"

        valid = (
            f"list_filter(CAST({step(_DOCUMENT, ('attestations',))} AS JSON[]),"
            f" lambda {attested}: {part('clause')} = {literal(clause)}"
            f" AND {part('role')} IN ({', '.join(map(literal, roles))})"
            f" AND {part('content_digest')} = {_DIGEST}"
            f" AND {called('moment', part('at'))} <= {now}"
            f" AND coalesce({called('moment', part('expires'))} > {now}, true))"
        )
        given = f"lambda {attested}: {part('statement')} = {literal(answer)}"
        return f"list_bool_and(list_transform({valid}, {given}))"

    # --- lists

    def elements(self, container: p.Read, bound: Mapping[str, str]) -> str:
        return f"CAST({self.raw(container, bound)} AS JSON[])"

    def junction(self, elements: str, condition: Callable[[str], str], *, every: bool) -> str:
        """Return Kleene `and` or `or` of a condition over a list; NULL of an absent one."""
        by, start = ("AND", "true") if every else ("OR", "false")
        return self.folded(elements, condition, by, start)

    def folded(self, elements: str, value: Callable[[str], str], by: str, start: str) -> str:
        """Join a value of each element by an operator; NULL of an absent list."""
        name, left, right = next(self.names), next(self.names), next(self.names)
        values = f"list_transform({elements}, lambda {name}: {value(name)})"
        return f"list_reduce({values}, lambda {left}, {right}: {left} {by} {right}, {start})"

    # --- values

    def expr(self, expr: p.Expr, bound: Mapping[str, str]) -> str:
        match expr:
            case p.Constant():
                return constant(expr.value, expr.type)
            case p.Read():
                return self.typed(self.raw(expr, bound), expr.type)
            case p.Defined():
                if expr.name not in self.definitions:
                    body = self.expr(self.program.definitions[expr.name].body, {})
                    self.definitions[expr.name] = quoted(f"define {len(self.definitions)}"), body
                return self.definitions[expr.name][0]
            case p.Applied():
                predicate = self.program.predicates[expr.predicate]
                arguments = [self.raw(each, bound) for each in expr.arguments]
                return self.expr(
                    predicate.body, dict(zip(predicate.parameters, arguments, strict=True))
                )
            case p.Parametric():
                return _parameter(self.program.parameters[expr.name])
            case p.AsOf():
                return _AS_OF
            case p.Operation():
                return self.operation(expr, bound)
            case p.Called():
                return self.function(expr, bound)
            case p.Published():
                return joined([self.part(part, bound) for part in expr.parts])
            case p.Fallback():
                there = self.as_type(expr.operand, expr.type, bound)
                other = self.as_type(expr.fallback, expr.type, bound)
                alone = self.parent_absent(expr.operand, bound)
                return f"coalesce({there}, CASE WHEN NOT {alone} THEN {other} END)"
            case p.Presence():
                test = "IS NOT NULL" if expr.present else "IS NULL"
                found = f"({step(self.base(expr.operand, bound), expr.operand.path)} {test})"
                if not expr.operand.none_when_absent:
                    return found
                return f"CASE WHEN NOT {self.parent_absent(expr.operand, bound)} THEN {found} END"
            case p.Quantifier():
                return self.junction(
                    self.elements(expr.container, bound),
                    lambda name: self.expr(expr.condition, {**bound, expr.variable: name}),
                    every=expr.every,
                )
            case p.Sum():
                if not expr.type.whole:
                    raise Refused("a sum of decimals")
                return self.folded(
                    self.elements(expr.container, bound),
                    lambda name: _huge(self.expr(expr.value, {**bound, expr.variable: name})),
                    "+",
                    _huge("0"),
                )
            case p.Junction():
                parts = [self.expr(each, bound) for each in expr.operands]
                return f"({f' {expr.operator.upper()} '.join(parts)})"
            case p.Attestation():
                given = self.verdict(expr.clause, expr.answer, expr.roles)
                return f"coalesce({given}, false)"
            case _:
                assert_never(expr)

    def base(self, read: p.Read, bound: Mapping[str, str]) -> str:
        return _DOCUMENT if read.variable is None else bound[read.variable]

    def raw(self, read: p.Read, bound: Mapping[str, str]) -> str:
        """Return what a path leads to, or its default, as JSON; NULL where it is absent."""
        found = step(self.base(read, bound), read.path)
        if not read.has_default:
            return found
        default = literal(json.dumps(read.default, ensure_ascii=False))
        return f"coalesce({found}, CAST({default} AS JSON))"

    def parent_absent(self, read: p.Read, bound: Mapping[str, str]) -> str:
        return f"({step(self.base(read, bound), read.path[:-1])} IS NULL)"

    def typed(self, raw: str, kind: t.Type) -> str:
        """Return a JSON value as a value of its type."""
        match kind:
            case t.Text() | t.Enumeration() | t.Instant():
                return f"({raw} ->> '$')"
            case t.Date():
                return f"CAST({raw} ->> '$' AS DATE)"
            case t.ListOf(element=t.Record()):
                return f"CAST({raw} AS JSON[])"
            case t.ListOf():
                name = next(self.names)
                inner = self.typed(name, kind.element)
                return f"list_transform(CAST({raw} AS JSON[]), lambda {name}: {inner})"
            case t.Record():
                return raw
            case t.Boolean() | t.Number():
                return f"CAST({raw} AS {sql_type(kind)})"
            case t.Texts() | t.Days() | t.Detections():
                raise AssertionError("no document holds such a value")
            case _:
                assert_never(kind)

    def as_type(self, expr: p.Expr, kind: t.Type, bound: Mapping[str, str]) -> str:
        """Return a value as one of a wider type: an instant as its day, an integer as a number."""
        found = self.expr(expr, bound)
        if isinstance(kind, t.Date) and isinstance(expr.type, t.Instant):
            return called("day", found)
        if isinstance(kind, t.Number) and isinstance(expr.type, t.Number) and not kind.whole:
            if expr.type.whole and self.sums(expr):
                raise Refused("a sum beside a decimal number")
            return f"CAST({found} AS DOUBLE)"
        return found

    def sums(self, expr: p.Expr) -> bool:
        """Whether a value may be a sum, which may lie beyond the integers that are DOUBLE."""
        parts = walk(expr)
        bodies = [self.program.definitions[x.name].body for x in parts if isinstance(x, p.Defined)]
        here = any(
            isinstance(x, p.Sum) or (isinstance(x, p.Operation) and x.operator in ("+", "-"))
            for x in parts
        )
        return here or any(map(self.sums, bodies))

    # --- operators and functions

    def operation(self, expr: p.Operation, bound: Mapping[str, str]) -> str:
        operands = expr.operands
        match expr.operator:
            case "not":
                return f"(NOT {self.expr(operands[0], bound)})"
            case "==" | "!=" | "<" | "<=" | ">" | ">=":
                left, right = self.comparable(operands[0], operands[1], bound)
                sign = {"==": "=", "!=": "<>"}.get(expr.operator, expr.operator)
                return f"({left} {sign} {right})"
            case "in" | "not in":
                return self.member(expr, bound)
            case "contains":
                return f"contains({self.expr(operands[0], bound)}, {self.expr(operands[1], bound)})"
            case "matches":
                text, pattern = (self.expr(each, bound) for each in operands)
                return called("matches", text, pattern)
            case "is empty" | "is not empty":
                value = self.expr(operands[0], bound)
                textual = t.is_textual(operands[0].type)
                says = called("says_something", value) if textual else f"(len({value}) > 0)"
                return says if expr.operator == "is not empty" else f"(NOT {says})"
            case "+" | "-":
                return self.moved(expr, bound)
            case "count":
                return f"len({self.expr(operands[0], bound)})"
            case "days":
                return self.expr(operands[0], bound)
            case _:
                assert_never(expr.operator)

    def comparable(self, left: p.Expr, right: p.Expr, bound: Mapping[str, str]) -> tuple[str, str]:
        """Return two values in the form in which SQL compares them as the language does."""
        kinds = (left.type, right.type)
        if any(isinstance(kind, t.Date) for kind in kinds):
            return self.as_type(left, t.Date(), bound), self.as_type(right, t.Date(), bound)
        if all(isinstance(kind, t.Instant) for kind in kinds):
            one, other = (called("moment", self.expr(x, bound)) for x in (left, right))
            return one, other
        if any(isinstance(kind, t.Number) and not kind.whole for kind in kinds):
            return self.as_type(left, t.Number(), bound), self.as_type(right, t.Number(), bound)
        return self.expr(left, bound), self.expr(right, bound)

    def member(self, expr: p.Operation, bound: Mapping[str, str]) -> str:
        item, listed = expr.operands
        values, value = self.expr(listed, bound), self.expr(item, bound)
        assert isinstance(listed.type, t.ListOf)
        element = listed.type.element
        if isinstance(element, t.Number) and isinstance(item.type, t.Number):
            if not (element.whole and item.type.whole):
                value = self.as_type(item, t.Number(), bound)
                values = f"CAST({values} AS DOUBLE[])"
        elif isinstance(element, t.Instant) and isinstance(item.type, t.Instant):
            name = next(self.names)
            values = f"list_transform({values}, lambda {name}: {called('moment', name)})"
            value = called("moment", value)
        elif isinstance(element, t.Instant) or isinstance(item.type, t.Instant):
            raise Refused(f"`in` of {item.type} and {element}")
        sign = "" if expr.operator == "in" else "NOT "
        return f"CASE WHEN {value} IS NOT NULL THEN {sign}list_contains({values}, {value}) END"

    def moved(self, expr: p.Operation, bound: Mapping[str, str]) -> str:
        """Return a sum of integers, or a day or instant so many days on; the calendar ends."""
        left, right = (self.expr(each, bound) for each in expr.operands)
        if isinstance(expr.type, t.Number):
            if not expr.type.whole:
                raise Refused("a sum of decimals")
            return f"({_huge(left)} {expr.operator} {_huge(right)})"
        days = f"{expr.operator}{_huge(right)}"
        return called(
            "moved_instant" if isinstance(expr.type, t.Instant) else "moved_day", left, days
        )

    def function(self, expr: p.Called, bound: Mapping[str, str]) -> str:
        first, *others = (self.expr(each, bound) for each in expr.arguments)
        more = [*others, _DAY] if FUNCTIONS[expr.function].dated else others
        if not isinstance(expr.arguments[0].type, t.Texts):
            return called(expr.function, first, *more)
        name = next(self.names)
        found = called(expr.function, name, *more)
        searched = f"flatten(list_transform({first}, lambda {name}: {found}))"
        known = " AND ".join(f"{each} IS NOT NULL" for each in more)
        return f"CASE WHEN {known} THEN {searched} END" if known else searched

    def part(self, part: p.Part, bound: Mapping[str, str]) -> str:
        """Return the texts that readers see in a part of the document."""
        value = step(_DOCUMENT, part.container.path)
        if part.variable is None or part.condition is None:
            return self.texts(value, part.shape)
        name = next(self.names)
        kept = self.expr(part.condition, {**bound, part.variable: name})
        elements = f"CAST({value} AS JSON[])"
        some = f"list_filter({elements}, lambda {name}: {kept} IS DISTINCT FROM false)"
        return self.texts_of_all(some, part.shape)

    def texts(self, value: str, shape: p.Shape) -> str:
        if shape is None:
            return f"CASE WHEN {value} IS NULL THEN [] ELSE [{value} ->> '$'] END"
        if isinstance(shape, list):
            return self.texts_of_all(f"CAST({value} AS JSON[])", shape[0])
        return joined([self.texts(step(value, (name,)), each) for name, each in shape.items()])

    def texts_of_all(self, elements: str, shape: p.Shape) -> str:
        name = next(self.names)
        texts = f"list_transform({elements}, lambda {name}: {self.texts(name, shape)})"
        return f"coalesce(flatten({texts}), [])"


def _huge(number: str) -> str:
    """Return a whole number with room for sums; one beyond it ends the query with an error."""
    return f"CAST({number} AS HUGEINT)"


def _folded(name: str) -> str:
    """Return a name as DuckDB compares it: without the case of ASCII letters."""
    return name.encode().lower().decode()


def _parameter(parameter: p.Parameter) -> str:
    """Return the value that holds on the day of the decision; NULL before there is one."""
    cases = ""
    for each in parameter.values:
        since = "true" if each.since is None else f"{_DAY} >= DATE '{each.since.isoformat()}'"
        cases += f" WHEN {since} THEN {constant(each.value, parameter.type)}"
    return f"CASE{cases} END"
