"""Definitions without parameters: each typed once, when it is first met."""

from __future__ import annotations

from dataclasses import replace

from somepolicy import ir as p
from somepolicy.check.context import PolicyContext, Scope, Typer
from somepolicy.check.symbols import Placed
from somepolicy.ir.traversal import walk
from somepolicy.syntax import nodes as n


def defined(ident: n.Ident, scope: Scope, typer: Typer) -> p.Expr | None:
    """Type the name of a definition where it is used."""
    name, policy = ident.text, scope.policy
    policy.used.add(name)
    if parameters := policy.symbols.definitions[name].node.parameters:
        names = ", ".join(each.text for each in parameters)
        scope.fail(
            "P304",
            f"the predicate `{name}` lacks its arguments",
            ident.span,
            f"write `{name}({names})`",
        )
        return None
    found = definition(name, policy, typer, scope.within)
    if found is None or not scope.may_nest(ident.span, name):
        return None
    if not set(scope.kinds) <= set(found.kinds):
        scope.fail(
            "P213",
            f"`{name}` is about {', '.join(found.kinds)}, not {', '.join(scope.kinds)}",
            ident.span,
            "define it again, under another name, in a file about these documents",
        )
        return None
    if isinstance(found.body, p.Constant):
        return replace(found.body, span=ident.span)
    return p.Defined(name, found.body.type, ident.span)


def definition(
    name: str, policy: PolicyContext, typer: Typer, within: tuple[str, ...] = ()
) -> p.Definition | None:
    """Type a definition without parameters, once; `within` are those that lead to it."""
    if name in policy.definitions:
        return policy.definitions[name]
    placed = policy.symbols.definitions[name]
    if name in within:
        refuse_circle(name, policy, within)
        return None
    scope = Scope(
        policy, placed.root, placed.kinds, {}, f"definition `{name}`", within=(*within, name)
    )
    with policy.depth.measured(name):
        body = typer(placed.node.body, scope)
    found = policy.definitions[name] = (
        None
        if body is None
        else p.Definition(name, kinds_of(body, placed, policy), body, placed.module.source)
    )
    return found


def refuse_circle(name: str, policy: PolicyContext, within: tuple[str, ...]) -> None:
    """Note a circle once, at the definition or predicate it was entered by."""
    policy.fail(
        "P209",
        f"definitions go round in a circle: {' → '.join([*within[within.index(name) :], name])}",
        policy.symbols.definitions[name].node.name.span,
        "write one of them without the others",
    )


def kinds_of(body: p.Expr, placed: Placed[n.Define], policy: PolicyContext) -> tuple[str, ...]:
    """Return the kinds a body holds for: all, unless it reads a document somewhere."""
    kinds = set(policy.records)
    for part in walk(body):
        match part:
            case p.Read(variable=None):
                kinds &= set(placed.kinds)
            case p.Defined():
                used = policy.definitions[part.name]
                kinds &= set(used.kinds) if used else kinds
            case p.Applied():
                kinds &= set(policy.predicate_kinds[part.predicate])
            case _:
                pass
    return tuple(kind for kind in policy.records if kind in kinds)
