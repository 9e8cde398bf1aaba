"""The program form -> a Rego module, for OPA 1: what each rule finds, and the decision.

A condition becomes a term that is true, false or null, which is unknown; the functions it is
made of are total and stand in `rego_library.rego`. What has no exact counterpart in Rego is
refused by name, and the module says of which rules it knows nothing.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import assert_never

from somepolicy import ir as p
from somepolicy.backends.rego_time import instant, number, zone
from somepolicy.errors import SomepolicyError
from somepolicy.functions.something import asks_for_something, says_something
from somepolicy.ir import types as t
from somepolicy.json_type import Json

_EXACT = 2**53  # whole numbers up to this one are the same in both
_MOST_VALUES = 500_000  # of a document, and so of a list
_ZONED, _UNZONED = "# --- days in the time zone", "# --- days by the offset"
_UNICODE = ("\\p", "\\P", "\\C", "(?i", "[[:^")  # what depends on tables of Unicode, or Go lacks


class RefusedError(SomepolicyError):
    """What has no exact counterpart in Rego; the text names it."""


@dataclass(frozen=True)
class RegoModule:
    """The text of a module, the rules it carries, and why it does not carry the others."""

    text: str
    carried: tuple[str, ...]
    refused: Mapping[str, str]


@dataclass
class _Context:
    """What is written so far: names of definitions and predicates, or why they are refused."""

    program: p.Program
    names: dict[str, str | RefusedError] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    silent: set[str] = field(default_factory=set)  # texts of the policy that say nothing


Variables = Mapping[str, str]


def rego(program: p.Program) -> RegoModule:
    """Write the module of a policy."""
    ctx = _Context(program)
    rules, refused = [], {}
    for rule in program.rules:
        try:
            rules.append((rule, _rule(ctx, rule)))
        except RefusedError as why:
            refused[rule.name] = str(why)
    library = (
        resources.files("somepolicy.backends").joinpath("rego_library.rego").read_text("utf-8")
    )
    common, _, rest = library.partition(_UNZONED)
    unzoned, _, zoned = rest.partition(_ZONED)
    blocks = [
        f"# {_json([program.name, program.version, program.digest])}",
        "package somepolicy",
        "import rego.v1",
        *([text for _, text in rules] or ["instances := {}"]),
        *ctx.lines,
        *_tables(ctx, [rule for rule, _ in rules], refused),
        (common + (unzoned if program.time_zone is None else zoned)).strip(),
        *([] if program.time_zone is None else [zone(program.time_zone)]),
    ]
    return RegoModule("\n\n".join(blocks) + "\n", tuple(rule.name for rule, _ in rules), refused)


def _tables(ctx: _Context, carried: list[p.Rule], refused: Mapping[str, str]) -> list[str]:
    program = ctx.program
    left_out = {
        kind: {
            x.name: refused[x.name] for x in program.rules if kind in x.kinds and x.name in refused
        }
        for kind in program.kinds
    }
    advising = [name for name, kind in program.kinds.items() if not kind.unproven_denies]
    denying = [rule.name for rule in program.rules if rule.denies]
    unproven_denies = [name for name in program.kinds if name not in advising]
    counts = {kind: sum(kind in rule.kinds for rule in carried) for kind in program.kinds}
    return [
        f"denying := {_set(denying)}",
        f"unproven_denies := {_set(unproven_denies)}",
        f"carried := {_json(counts)}",
        f"left_out := {_json(left_out)}",
        f"silent := {_set(sorted(ctx.silent))}",
    ]


def rego_input(
    document: Json, as_of: datetime.datetime, digest: str | None = None
) -> dict[str, Json]:
    """Return the input of a module: a validated document, and what only somepolicy knows.

    That is the digest of its content, without which no attestation counts, and which of its
    texts say nothing to a reader.
    """
    silent = sorted({text for text in _texts(document) if not says_something(text)})
    given: dict[str, Json] = {"document": document, "as_of": as_of.isoformat(), "silent": [*silent]}
    return given if digest is None else {**given, "digest": digest}


def _texts(value: Json) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list() | dict():
            for each in value.values() if isinstance(value, dict) else value:
                yield from _texts(each)
        case _:
            return


# --- rules


def _rule(ctx: _Context, rule: p.Rule) -> str:
    """Write the instances of a rule, of each whether it passes; `permit` has none."""
    head = f"# {rule.effect}\ninstances[{_json(rule.name)}] := found if {{\n\tkind in {_set(rule.kinds)}"
    if rule.effect == "permit":
        return f"{head}\n\tfound := []\n}}"
    guard = "true" if rule.guard is None else _expr(ctx, rule.guard, {})
    variables = {} if rule.each is None else {rule.each.variable: "each"}
    where = rule.each.where if rule.each else None
    applies = "guard" if where is None else f"all_of([guard, {_expr(ctx, where, variables)}])"
    holds = "false"
    if rule.question is not None:
        asked = rule.question
        holds = f"verdict({_json(asked.clause)}, {_json(asked.answer)}, {_json(list(asked.roles))})"
    elif rule.condition is not None:
        holds = _expr(ctx, rule.condition, variables)
        holds = f"negated({holds})" if rule.forbids else holds
    parts = [f"negated({applies})", holds]
    if rule.exception is not None:
        parts.append(_expr(ctx, rule.exception, variables))
    passes = "any_of([" + ", ".join(parts) + "])"
    head += f"\n\tguard := {guard}"
    if rule.each is None:
        return f"{head}\n\tfound := [{passes}]\n}}"
    return (
        f"{head}\n\tlist := {_read(rule.each.container, {})}"
        f"\n\tparts := [passes |\n\t\tsome each in list\n\t\tpasses := {passes}\n\t]"
        f"\n\tfound := instances_of(guard, list, parts)\n}}"
    )


def _defined(ctx: _Context, key: str, title: str, parameters: tuple[str, ...], body: p.Expr) -> str:
    """Return the name of a definition or predicate, written at its first use."""
    if key not in ctx.names:
        name = f"defined_{len(ctx.names)}"
        ctx.names[key] = name
        given = {parameter: f"given_{index}" for index, parameter in enumerate(parameters)}
        head = f"{name}({', '.join(given.values())})" if given else name
        try:
            ctx.lines.append(f"# {title}\n{head} := {_expr(ctx, body, given)}")
        except RefusedError as why:
            ctx.names[key] = why
    known = ctx.names[key]
    if isinstance(known, RefusedError):
        raise known
    return known


# --- expressions


def _expr(ctx: _Context, expr: p.Expr, variables: Variables) -> str:
    """Write an expression as a term that is null where it is unknown."""
    match expr:
        case p.Constant():
            return _value(ctx, expr.value)
        case p.Read():
            _note(ctx, expr.default)
            return _typed(expr, variables)
        case p.Defined():
            body = ctx.program.definitions[expr.name].body
            return _defined(ctx, f"define {expr.name}", expr.name, (), body)
        case p.Applied():
            test = ctx.program.predicates[expr.predicate]
            key = f"predicate {expr.predicate}"
            name = _defined(ctx, key, expr.predicate, test.parameters, test.body)
            for argument in expr.arguments:
                _note(ctx, argument.default)
            # one that was applied to values of the policy alone has no parameters left
            given = ", ".join(_read(each, variables) for each in expr.arguments)
            return f"{name}({given})" if given else name
        case p.Parametric():
            rows = (
                f"[{0 if each.since is None else number(each.since)}, {_value(ctx, each.value)}]"
                for each in ctx.program.parameters[expr.name].values
            )
            return f"from_day([{', '.join(rows)}])"
        case p.AsOf():
            return "as_of"
        case p.Called():
            if expr.function == "length":
                return f"size({_expr(ctx, expr.arguments[0], variables)})"
            raise RefusedError(f"`{expr.function}` is no function of Rego")
        case p.Operation():
            return _operation(ctx, expr, variables)
        case p.Published():
            raise RefusedError("`published` is for detectors, which Rego does not have")
        case p.Fallback():
            wants_day = isinstance(expr.type, t.Date)
            value, other = (
                _day(_expr(ctx, each, variables), each.type)
                if wants_day
                else _expr(ctx, each, variables)
                for each in (expr.operand, expr.fallback)
            )
            return f"otherwise({value}, {_parent(expr.operand, variables)}, {other})"
        case p.Presence():
            there = f"present({_path(expr.operand, expr.operand.path, variables)})"
            there = there if expr.present else f"negated({there})"
            if expr.operand.none_when_absent:
                return f"below({_parent(expr.operand, variables)}, {there})"
            return there
        case p.Quantifier():
            name = f"each_{len(variables)}"
            condition = _expr(ctx, expr.condition, {**variables, expr.variable: name})
            listed = _read(expr.container, variables)
            function = "every_in" if expr.every else "some_in"
            return f"{function}({listed}, [part | some {name} in {listed}; part := {condition}])"
        case p.Sum():
            if _most(expr) > _EXACT:
                raise RefusedError("`sum` of decimals, or beyond 2^53")
            name = f"each_{len(variables)}"
            added = _expr(ctx, expr.value, {**variables, expr.variable: name})
            listed = _read(expr.container, variables)
            return f"total({listed}, [part | some {name} in {listed}; part := {added}])"
        case p.Junction():
            function = "all_of" if expr.operator == "and" else "any_of"
            return f"{function}([{', '.join(_expr(ctx, x, variables) for x in expr.operands)}])"
        case p.Attestation():
            return (
                f"attested({_json(expr.clause)}, {_json(expr.answer)}, {_json(list(expr.roles))})"
            )
        case _:
            assert_never(expr)


def _operation(ctx: _Context, expr: p.Operation, variables: Variables) -> str:
    operands = [_expr(ctx, each, variables) for each in expr.operands]
    kinds = [each.type for each in expr.operands]
    first = operands[0]
    match expr.operator:
        case "not":
            return f"negated({first})"
        case "==" | "!=" | "<" | "<=" | ">" | ">=":
            return _comparison(expr.operator, operands, kinds)
        case "in" | "not in":
            return _member(ctx, expr, operands)
        case "contains":
            return f"holds({first}, {operands[1]})"
        case "matches":
            return _matches(expr, first)
        case "is empty" | "is not empty":
            textual = t.is_textual(kinds[0])
            empty = f"negated(says({first}))" if textual else f"same(size({first}), 0)"
            return empty if expr.operator == "is empty" else f"negated({empty})"
        case "+" | "-":
            return _sum(expr, operands)
        case "count":
            return f"size({first})"
        case "days":
            return first
        case _:
            assert_never(expr.operator)


def _comparison(operator: p.Operator, operands: list[str], kinds: list[t.Type]) -> str:
    if any(isinstance(kind, t.Date) for kind in kinds):
        operands = [_day(text, kind) for text, kind in zip(operands, kinds, strict=True)]
    elif any(isinstance(kind, t.Instant) for kind in kinds):
        operands = [f"moment({text})" for text in operands]
    elif any(isinstance(kind, t.ListOf | t.Record) for kind in kinds):
        raise RefusedError(f"`{operator}` of lists or records")
    x, y = operands
    match operator:
        case "==":
            return f"same({x}, {y})"
        case "!=":
            return f"negated(same({x}, {y}))"
        case "<":
            return f"less({x}, {y})"
        case ">":
            return f"less({y}, {x})"
        case "<=":
            return f"negated(less({y}, {x}))"
        case _:
            return f"negated(less({x}, {y}))"


def _member(ctx: _Context, expr: p.Operation, operands: list[str]) -> str:
    """Write `in`; days and instants are texts in a list of the document, not in one of the policy."""
    item, listed = expr.operands
    assert isinstance(listed.type, t.ListOf)
    x, y = operands
    while isinstance(listed, p.Defined):
        listed = ctx.program.definitions[listed.name].body
    element = listed.type.element if isinstance(listed.type, t.ListOf) else None
    if isinstance(element, t.Date | t.Instant):
        if type(item.type) is not type(element) or not isinstance(listed, p.Constant | p.Read):
            raise RefusedError(
                f"`{expr.operator}` of days among instants, or in a list of either sort"
            )
        if isinstance(element, t.Instant):
            x = f"moment({x})"
        if isinstance(listed, p.Read):
            y = f"{'days_of' if isinstance(element, t.Date) else 'moments'}({y})"
        elif isinstance(element, t.Instant):
            y = f"[moment(each) | some each in {y}]"
    found = f"member({x}, {y})"
    return found if expr.operator == "in" else f"negated({found})"


def _matches(expr: p.Operation, text: str) -> str:
    """Write a search for a pattern: Go reads RE2's syntax, with tables of Unicode of its own."""
    pattern = expr.operands[1]
    assert isinstance(pattern, p.Constant)
    spelt = str(pattern.value)
    if asks_for_something(spelt):
        return f"says({text})"
    if any(each in spelt for each in _UNICODE) or "(?" in spelt.replace("(?:", ""):
        raise RefusedError("a pattern that depends on the version of Unicode")
    return f"matched({text}, {_json(spelt)})"


def _sum(expr: p.Operation, operands: list[str]) -> str:
    x, y = operands
    y = y if expr.operator == "+" else f"opposite({y})"
    match expr.type:
        case t.Number():
            if _most(expr) > _EXACT:
                raise RefusedError(f"`{expr.operator}` of decimals, or beyond 2^53")
            return f"sum_of({x}, {y})"
        case t.Date():
            return f"day_moved({_day(x, expr.operands[0].type)}, {y})"
        case _:
            return f"instant_moved({x}, {y})"


def _most(expr: p.Expr) -> float:
    """Return how far from 0 a whole number may be: more than is exact for one with decimals."""
    match expr:
        case p.Constant(value=int() as value):
            return abs(value)
        case p.Operation(operator="+" | "-"):
            return sum(map(_most, expr.operands))
        case p.Sum():
            return _MOST_VALUES * _most(expr.value)
        case p.Operation(operator="count") | p.Called(function="length"):
            return _MOST_VALUES * 100
        case p.Read(
            type=t.Number(
                whole=True, minimum=float() | int() as low, maximum=float() | int() as high
            )
        ):
            return max(abs(low), abs(high))
        case _:
            return 2 * _EXACT


# --- values


def _typed(expr: p.Read, variables: Variables) -> str:
    """Read a value as its type: a day as a number, an instant as its clock and offset."""
    text = _read(expr, variables)
    match expr.type:
        case t.Date():
            return f"day({text})"
        case t.Instant():
            return f"instant({text})"
        case _:
            return text


def _read(expr: p.Read, variables: Variables) -> str:
    """Read a value as it stands in the document."""
    path = _path(expr, expr.path, variables)
    return f"given({path}, {_json(expr.default)})" if expr.has_default else path


def _path(expr: p.Read, steps: tuple[str, ...], variables: Variables) -> str:
    base = "input.document" if expr.variable is None else variables[expr.variable]
    return f"at({base}, {_json(list(steps))})" if steps else base


def _parent(expr: p.Read, variables: Variables) -> str:
    return _path(expr, expr.path[:-1], variables)


def _day(text: str, kind: t.Type) -> str:
    return f"as_day({text})" if isinstance(kind, t.Instant) else text


def _value(ctx: _Context, value: object) -> str:
    """Write a value of the policy."""
    match value:
        case tuple():
            return f"[{', '.join(_value(ctx, each) for each in value)}]"
        case datetime.datetime():
            return _json(instant(value))
        case datetime.date():
            return str(number(value))
        case _:
            _note(ctx, value)
            return _json(value)


def _note(ctx: _Context, value: object) -> None:
    """Note a text of the policy that says nothing: no document can list it."""
    if isinstance(value, str) and not says_something(value):
        ctx.silent.add(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _set(names: object) -> str:
    listed = _json(list(names))[1:-1]  # type: ignore[call-overload]
    return f"{{{listed}}}" if listed else "set()"
