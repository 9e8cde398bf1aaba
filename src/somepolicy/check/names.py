"""Names of expressions, bound to what they mean.

A name that cannot be bound yields None after its one diagnostic.
"""

from __future__ import annotations

from dataclasses import replace

from somepolicy import ir as p
from somepolicy.check.context import Scope, Typer
from somepolicy.check.definitions import defined
from somepolicy.check.paths import path, root_path
from somepolicy.check.symbols import BUILT_IN, DOCUMENT
from somepolicy.check.type_rules import named
from somepolicy.functions.table import FUNCTIONS
from somepolicy.ir import types as t
from somepolicy.syntax import nodes as n
from somepolicy.syntax.diagnostics import did_you_mean


def bind(ident: n.Ident, scope: Scope, typer: Typer) -> p.Expr | None:
    """Bind a name: a variable or its path, one of the document, a parameter, a definition."""
    policy, (head, *rest) = scope.policy, ident.parts
    if head in scope.variables:
        meaning = scope.variables[head]
        if isinstance(meaning, p.Constant):
            return replace(meaning, span=ident.span)
        return path(head, meaning, ident, scope)
    if head == scope.root:
        return root_path(ident, scope)
    if not rest:
        if head == "as_of":
            return p.AsOf(t.Instant(), ident.span)
        if head in policy.parameter_types:
            policy.used.add(head)
            return p.Parametric(head, policy.parameter_types[head], ident.span)
        if head in policy.symbols.parameters:
            return None  # its own error has been reported
        if head in policy.symbols.definitions:
            return defined(ident, scope, typer)
    _unknown(ident, scope)
    return None


def _unknown(ident: n.Ident, scope: Scope) -> None:
    head, policy = ident.parts[0], scope.policy
    if any(head in policy.records[kind].fields for kind in scope.kinds):
        help = f"write `{scope.root}.{ident.text}`"
    elif head in FUNCTIONS or head in BUILT_IN:
        help = f"`{head}` is a function: write `{head}(…)`"
    elif head in policy.records or head == DOCUMENT:
        help = f"the document is called `{scope.root}` in this file"
    else:
        known = {*_values(scope), "as_of"}
        help = did_you_mean(head, known) or f'texts stand in quotes: `"{head}"`'
    scope.fail("P202", f"unknown name `{head}`", ident.span, help)


def _values(scope: Scope) -> set[str]:
    symbols = scope.policy.symbols
    return {*scope.variables, scope.root, *symbols.parameters, *symbols.definitions}


def elements(
    variable: n.Ident, container: n.Ident, scope: Scope, typer: Typer
) -> tuple[p.Read, Scope] | None:
    """Type a list that is gone through; with the scope in which the variable is its element."""
    typed = bind(container, scope, typer)
    if typed is None:
        return None
    if not isinstance(typed, p.Read) or not isinstance(typed.type, t.ListOf):
        scope.fail(
            "P305",
            f"`{container.text}` is {named(typed.type)}, not a list of the document",
            container.span,
            _lists(scope),
        )
        return None
    if not fresh(variable, scope):
        return None
    return typed, scope.with_variable(variable.text, typed.type.element)


def _lists(scope: Scope) -> str:
    """Name the lists that there are at the top of the document."""
    found = {
        f"`{scope.root}.{name}`"
        for kind in scope.kinds
        for name, member in scope.policy.records[kind].fields.items()
        if isinstance(member.type, t.ListOf)
    }
    return f"the lists are {', '.join(sorted(found))}" if found else "there are no lists"


def fresh(variable: n.Ident, scope: Scope) -> bool:
    """Refuse a variable that would hide another name."""
    if variable.text in {*_values(scope), *FUNCTIONS, *BUILT_IN}:
        scope.fail(
            "P210",
            f"`{variable.text}` already means something here",
            variable.span,
            "choose another name for the variable",
        )
        return False
    return True
