"""Conditions and values -> terms that are null where they are unknown."""

from __future__ import annotations

from typing import assert_never

from somepolicy import ir as p
from somepolicy.backends.rego.operators import EXACT, most, operation
from somepolicy.backends.rego.terms import (
    Context,
    RefusedError,
    Variables,
    as_day,
    json_text,
    note,
    parent_of,
    path,
    read,
    typed,
    value_of,
)
from somepolicy.backends.rego.time import number
from somepolicy.ir import types as t


def expression(ctx: Context, expr: p.Expr, variables: Variables) -> str:
    """Write an expression as a term that is null where it is unknown."""
    match expr:
        case p.Constant():
            return value_of(ctx, expr.value)
        case p.Read():
            note(ctx, expr.default)
            return typed(expr, variables)
        case p.Defined():
            body = ctx.program.definitions[expr.name].body
            return _defined(ctx, f"define {expr.name}", expr.name, (), body)
        case p.Applied():
            test = ctx.program.predicates[expr.predicate]
            key = f"predicate {expr.predicate}"
            name = _defined(ctx, key, expr.predicate, test.parameters, test.body)
            for argument in expr.arguments:
                note(ctx, argument.default)
            # one that was applied to values of the policy alone has no parameters left
            given = ", ".join(read(each, variables) for each in expr.arguments)
            return f"{name}({given})" if given else name
        case p.Parametric():
            rows = (
                f"[{0 if each.since is None else number(each.since)}, {value_of(ctx, each.value)}]"
                for each in ctx.program.parameters[expr.name].values
            )
            return f"from_day([{', '.join(rows)}])"
        case p.AsOf():
            return "as_of"
        case p.Called():
            if expr.function == "length":
                return f"size({expression(ctx, expr.arguments[0], variables)})"
            raise RefusedError(f"`{expr.function}` is no function of Rego")
        case p.Operation():
            return operation(
                ctx, expr, [expression(ctx, each, variables) for each in expr.operands]
            )
        case p.Published():
            raise RefusedError("`published` is for detectors, which Rego does not have")
        case p.Fallback():
            wants_day = isinstance(expr.type, t.Date)
            value, other = (
                as_day(expression(ctx, each, variables), each.type)
                if wants_day
                else expression(ctx, each, variables)
                for each in (expr.operand, expr.fallback)
            )
            return f"otherwise({value}, {parent_of(expr.operand, variables)}, {other})"
        case p.Presence():
            there = f"present({path(expr.operand, expr.operand.path, variables)})"
            there = there if expr.present else f"negated({there})"
            if expr.operand.none_when_absent:
                return f"below({parent_of(expr.operand, variables)}, {there})"
            return there
        case p.Quantifier():
            name = f"each_{len(variables)}"
            condition = expression(ctx, expr.condition, {**variables, expr.variable: name})
            listed = read(expr.container, variables)
            function = "every_in" if expr.every else "some_in"
            return f"{function}({listed}, [part | some {name} in {listed}; part := {condition}])"
        case p.Sum():
            if most(expr) > EXACT:
                raise RefusedError("`sum` of decimals, or beyond 2^53")
            name = f"each_{len(variables)}"
            added = expression(ctx, expr.value, {**variables, expr.variable: name})
            listed = read(expr.container, variables)
            return f"total({listed}, [part | some {name} in {listed}; part := {added}])"
        case p.Junction():
            function = "all_of" if expr.operator == "and" else "any_of"
            return (
                f"{function}([{', '.join(expression(ctx, x, variables) for x in expr.operands)}])"
            )
        case p.Attestation():
            return f"attested({json_text(expr.clause)}, {json_text(expr.answer)}, {json_text(list(expr.roles))})"
        case _:
            assert_never(expr)


def _defined(ctx: Context, key: str, title: str, parameters: tuple[str, ...], body: p.Expr) -> str:
    """Return the name of a definition or predicate, written at its first use."""
    if key not in ctx.names:
        name = f"defined_{len(ctx.names)}"
        ctx.names[key] = name
        given = {parameter: f"given_{index}" for index, parameter in enumerate(parameters)}
        head = f"{name}({', '.join(given.values())})" if given else name
        try:
            ctx.lines.append(f"# {title}\n{head} := {expression(ctx, body, given)}")
        except RefusedError as why:
            ctx.names[key] = why
    known = ctx.names[key]
    if isinstance(known, RefusedError):
        raise known
    return known
