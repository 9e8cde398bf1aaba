"""Predicates: definitions with parameters, typed once for each combination of argument types."""

from __future__ import annotations

from collections.abc import Mapping

from somepolicy import ir as p
from somepolicy.check.calls import arity
from somepolicy.check.context import Scope, Typer
from somepolicy.check.definitions import kinds_of, refuse_circle
from somepolicy.check.operations import as_condition
from somepolicy.ir import types as t
from somepolicy.syntax import nodes as n

_Bound = Mapping[str, t.Type | p.Constant]
"""What each parameter stands for: a fixed value, or a value of a type."""


def predicate(node: n.Call, scope: Scope, typer: Typer) -> p.Expr | None:
    """Type the call of a predicate, and its body where it is the first with such arguments."""
    name, policy = node.name.text, scope.policy
    names = [ident.text for ident in policy.symbols.definitions[name].node.parameters]
    policy.used.add(name)
    if scope.in_predicate:
        scope.fail(
            "P213",
            "a predicate cannot call a predicate",
            node.span,
            "write out what the inner one says",
        )
        return None
    if not names:
        scope.fail("P304", f"`{name}` takes no arguments", node.span, f"write `{name}` alone")
        return None
    if not arity(node, len(names), f"{name}({', '.join(names)})", scope):
        return None
    reads: list[p.Read] = []
    bound: dict[str, t.Type | p.Constant] = {}
    for parameter, written in zip(names, node.arguments, strict=True):
        argument = typer(written, scope)
        if argument is None:
            return None
        if isinstance(argument, p.Constant):
            bound[parameter] = argument
        elif isinstance(argument, p.Read):
            bound[parameter] = argument.type
            reads.append(argument)
        else:
            scope.fail(
                "P304",
                "a predicate takes fields, variables and fixed values",
                written.span,
                "put the rest of the condition into the predicate",
            )
            return None
    identity = (name, *(_identity(each) for each in bound.values()))
    if identity not in policy.predicate_keys:
        _type_body(name, identity, bound, scope, typer)
    key = policy.predicate_keys[identity]
    if policy.predicates[key] is None and name in scope.within:
        refuse_circle(name, policy, scope.within)
    if policy.predicates[key] is None or not scope.may_nest(node.span, key):
        return None
    kinds = policy.predicate_kinds[key]
    if not set(scope.kinds) <= set(kinds):
        scope.fail(
            "P213",
            f"`{name}` is about {', '.join(kinds)}, not {', '.join(scope.kinds)}",
            node.name.span,
            "hand it what it needs as an argument",
        )
        return None
    return p.Applied(key, tuple(reads), t.Boolean(), node.span)


def _type_body(
    name: str, identity: tuple[object, ...], bound: _Bound, scope: Scope, typer: Typer
) -> None:
    """Type the body for one combination of argument types, under a key of its own."""
    policy = scope.policy
    placed = policy.symbols.definitions[name]
    same = sum(known[0] == name for known in policy.predicate_keys)
    key = name if same == 0 else f"{name}·{same + 1}"
    policy.predicate_keys[identity] = key
    policy.predicates[key] = None
    inner = Scope(
        policy,
        placed.root,
        placed.kinds,
        bound,
        f"predicate `{name}`",
        in_predicate=True,
        within=(*scope.within, name),
    )
    with policy.depth.measured(key):
        body = as_condition(typer(placed.node.body, inner), placed.node.body, inner)
    if body is not None:
        reads = tuple(each for each, meant in bound.items() if not isinstance(meant, p.Constant))
        policy.predicates[key] = p.Predicate(key, reads, body, placed.module.source)
        policy.predicate_kinds[key] = kinds_of(body, placed, policy)


def _identity(bound: t.Type | p.Constant) -> object:
    """Return what tells arguments apart: two records may differ in what is required alone."""
    match bound:
        case p.Constant():
            return (bound.value, str(bound.type))
        case t.ListOf():
            return ("list", _identity(bound.element))
        case t.Record():
            return id(bound)
        case _:
            return bound
