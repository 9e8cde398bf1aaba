"""Calls of the functions of the language, which type their arguments themselves."""

from __future__ import annotations

from somepolicy import ir as p
from somepolicy.check.context import Scope, Typer
from somepolicy.check.published import NOTHING, absent, shape
from somepolicy.check.type_rules import named
from somepolicy.functions.table import FUNCTIONS
from somepolicy.functions.text import as_words
from somepolicy.ir import types as t
from somepolicy.syntax import nodes as n


def arity(node: n.Call, wanted: int, signature: str, scope: Scope) -> bool:
    """Whether a call has as many arguments as are wanted; P304 where it has not."""
    if len(node.arguments) == wanted:
        return True
    scope.fail(
        "P304",
        f"`{node.name.text}` takes {wanted} argument{'s' * (wanted != 1)}, "
        f"not {len(node.arguments)}",
        node.span,
        f"its form is {signature}",
    )
    return False


def count(node: n.Call, scope: Scope, typer: Typer) -> p.Expr | None:
    """Type `count(list)`."""
    if not arity(node, 1, "count(list) -> integer", scope):
        return None
    argument = typer(node.arguments[0], scope)
    if argument is None:
        return None
    if not isinstance(argument, p.Read) or not isinstance(argument.type, t.ListOf):
        scope.fail(
            "P305",
            "`count` needs a list of the document",
            node.arguments[0].span,
            "`words`, `length` and the like measure a text",
        )
        return None
    return p.Operation("count", (argument,), t.Number(whole=True, minimum=0), node.span)


def days(node: n.Call, scope: Scope, typer: Typer) -> p.Expr | None:
    """Type `days(integer)`."""
    if not arity(node, 1, "days(integer) -> days", scope):
        return None
    argument = typer(node.arguments[0], scope)
    if argument is None:
        return None
    if not (isinstance(argument.type, t.Number) and argument.type.whole):
        scope.fail(
            "P304", "`days` needs a whole number", node.arguments[0].span, "as in `days(30)`"
        )
        return None
    return p.Operation("days", (argument,), t.Days(), node.span)


def published(node: n.Call, scope: Scope, typer: Typer) -> p.Expr | None:
    """Type `published(part, …)`, which stands outside of what is asked of each element."""
    if scope.variables:
        scope.fail(
            "P213",
            "`published` cannot stand where something is asked of each element",
            node.span,
            "name it with `define`, outside, where it is worked out once",
        )
        return None
    if not node.arguments:
        scope.fail(
            "P304",
            "`published` needs at least one part of the document",
            node.span,
            f"`published({scope.root})` gives all its published texts",
        )
        return None
    parts = [_part(argument, scope, typer) for argument in node.arguments]
    found = tuple(part for part in parts if part is not None)
    if len(found) < len(parts):
        return None
    lacking = tuple(each for part in found for each in absent(part))
    return p.Published(found, lacking, t.Texts(), node.span)


def _part(node: n.Expr, scope: Scope, typer: Typer) -> p.Part | None:
    """Type an argument of `published`: a path, or `some x in list (condition)`."""
    argument = typer(node, scope)
    if argument is None:
        return None
    part: p.Part | None = None
    if isinstance(argument, p.Read):
        part = p.Part(argument, shape(argument.type))
    elif isinstance(argument, p.Quantifier) and not argument.every:
        assert isinstance(argument.container.type, t.ListOf)
        within = shape(argument.container.type.element)
        part = p.Part(argument.container, within, argument.variable, argument.condition)
    if part is None:
        scope.fail(
            "P304",
            "`published` takes parts of the document",
            node.span,
            "a path, or the elements of a list for which a condition is not false, as "
            "`some x in list (condition)`",
        )
    elif part.shape == NOTHING:
        scope.fail(
            "P304",
            f"no text of `{part.container.span.text}` is published",
            node.span,
            'the schema marks the texts that readers see: `"x-published": true`',
        )
        return None
    return part


def function(node: n.Call, scope: Scope, typer: Typer) -> p.Expr | None:
    """Type the call of a function of the table; P607 where it lacks its word list."""
    row = FUNCTIONS[node.name.text]
    lacking = [name for name in row.lists if name not in scope.policy.lexicons]
    if lacking:
        scope.fail(
            "P607",
            f"`{row.name}` needs the word list `{lacking[0]}`",
            node.name.span,
            f"add words/{lacking[0]}.toml to the policy",
        )
        return None
    if not arity(node, len(row.parameters), row.signature, scope):
        return None
    arguments = []
    for written, (name, wanted) in zip(node.arguments, row.parameters, strict=True):
        argument = typer(written, scope)
        if argument is None:
            return None
        fits = argument.type == wanted or (
            isinstance(wanted, t.Text)
            and (t.is_textual(argument.type) or (row.searches and argument.type == t.Texts()))
        )
        if not fits:
            scope.fail(
                "P304",
                f"`{row.name}` needs {named(wanted)} as `{name}`, not {named(argument.type)}",
                written.span,
                f"its form is {row.signature}",
            )
            return None
        if (
            name == "word"
            and isinstance(argument, p.Constant)
            and not as_words(str(argument.value))
        ):
            scope.fail(
                "P304",
                f"`{row.name}` never finds a blank text",
                written.span,
                "whether a text says something is asked with `is not empty`",
            )
            return None
        arguments.append(argument)
    return p.Called(row.name, tuple(arguments), row.result, node.span)
