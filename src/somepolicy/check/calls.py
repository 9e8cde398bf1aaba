"""Calls of functions and predicates."""

from __future__ import annotations

from collections.abc import Mapping

from somepolicy import ir as p
from somepolicy.check.names import Names, Scope
from somepolicy.check.published import NOTHING, absent, shape
from somepolicy.check.symbols import Placed
from somepolicy.check.type_rules import named
from somepolicy.functions.table import FUNCTIONS
from somepolicy.functions.text import as_words
from somepolicy.ir import types as t
from somepolicy.syntax import nodes as n
from somepolicy.syntax.diagnostics import did_you_mean


class Calls(Names):
    """Types calls; a predicate once for each combination of argument types."""

    def call(self, node: n.Call, scope: Scope) -> p.Expr | None:
        name = node.name.text
        if name == "count":
            return self.count(node, scope)
        if name == "days":
            return self.days(node, scope)
        if name == "published":
            return self.published(node, scope)
        if name in FUNCTIONS:
            return self.function(node, scope)
        if name in self.symbols.definitions:
            return self.predicate(node, scope)
        known = {*FUNCTIONS, "count", "days", "published", *self.symbols.definitions}
        self.fail("P206", f"unknown function `{name}`", node.name.span, did_you_mean(name, known))
        return None

    def arity(self, node: n.Call, wanted: int, signature: str) -> bool:
        if len(node.arguments) == wanted:
            return True
        self.fail(
            "P304",
            f"`{node.name.text}` takes {wanted} argument{'s' * (wanted != 1)}, "
            f"not {len(node.arguments)}",
            node.span,
            f"its form is {signature}",
        )
        return False

    def count(self, node: n.Call, scope: Scope) -> p.Expr | None:
        if not self.arity(node, 1, "count(list) -> integer"):
            return None
        argument = self.expr(node.arguments[0], scope)
        if argument is None:
            return None
        if not isinstance(argument, p.Read) or not isinstance(argument.type, t.ListOf):
            self.fail(
                "P305",
                "`count` needs a list of the document",
                node.arguments[0].span,
                "`words`, `length` and the like measure a text",
            )
            return None
        return p.Operation("count", (argument,), t.Number(whole=True, minimum=0), node.span)

    def days(self, node: n.Call, scope: Scope) -> p.Expr | None:
        if not self.arity(node, 1, "days(integer) -> days"):
            return None
        argument = self.expr(node.arguments[0], scope)
        if argument is None:
            return None
        if not (isinstance(argument.type, t.Number) and argument.type.whole):
            self.fail(
                "P304", "`days` needs a whole number", node.arguments[0].span, "as in `days(30)`"
            )
            return None
        return p.Operation("days", (argument,), t.Days(), node.span)

    def published(self, node: n.Call, scope: Scope) -> p.Expr | None:
        if scope.variables:
            self.fail(
                "P213",
                "`published` cannot stand where something is asked of each element",
                node.span,
                "name it with `define`, outside, where it is worked out once",
            )
            return None
        if not node.arguments:
            self.fail(
                "P304",
                "`published` needs at least one part of the document",
                node.span,
                f"`published({scope.root})` gives all its published texts",
            )
            return None
        parts = [self.part(argument, scope) for argument in node.arguments]
        found = tuple(part for part in parts if part is not None)
        if len(found) < len(parts):
            return None
        lacking = tuple(each for part in found for each in absent(part))
        return p.Published(found, lacking, t.Texts(), node.span)

    def part(self, node: n.Expr, scope: Scope) -> p.Part | None:
        """Type an argument of `published`: a path, or `some x in list (condition)`."""
        argument = self.expr(node, scope)
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
            self.fail(
                "P304",
                "`published` takes parts of the document",
                node.span,
                "a path, or the elements of a list for which a condition is not false, as "
                "`some x in list (condition)`",
            )
        elif part.shape == NOTHING:
            self.fail(
                "P304",
                f"no text of `{part.container.span.text}` is published",
                node.span,
                'the schema marks the texts that readers see: `"x-published": true`',
            )
            return None
        return part

    def function(self, node: n.Call, scope: Scope) -> p.Expr | None:
        row = FUNCTIONS[node.name.text]
        lacking = [name for name in row.lists if name not in self.lexicons]
        if lacking:
            self.fail(
                "P607",
                f"`{row.name}` needs the word list `{lacking[0]}`",
                node.name.span,
                f"add words/{lacking[0]}.toml to the policy",
            )
            return None
        if not self.arity(node, len(row.parameters), row.signature):
            return None
        arguments = []
        for written, (name, wanted) in zip(node.arguments, row.parameters, strict=True):
            argument = self.expr(written, scope)
            if argument is None:
                return None
            fits = argument.type == wanted or (
                isinstance(wanted, t.Text)
                and (t.is_textual(argument.type) or (row.searches and argument.type == t.Texts()))
            )
            if not fits:
                self.fail(
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
                self.fail(
                    "P304",
                    f"`{row.name}` never finds a blank text",
                    written.span,
                    "whether a text says something is asked with `is not empty`",
                )
                return None
            arguments.append(argument)
        return p.Called(row.name, tuple(arguments), row.result, node.span)

    def predicate(self, node: n.Call, scope: Scope) -> p.Expr | None:
        name = node.name.text
        placed = self.symbols.definitions[name]
        self.used.add(name)
        if scope.in_predicate:
            self.fail(
                "P213",
                "a predicate cannot call a predicate",
                node.span,
                "write out what the inner one says",
            )
            return None
        if not placed.node.parameters:
            self.fail("P304", f"`{name}` takes no arguments", node.span, f"write `{name}` alone")
            return None
        names = tuple(ident.text for ident in placed.node.parameters)
        if not self.arity(node, len(names), f"{name}({', '.join(names)})"):
            return None
        reads: list[p.Read] = []
        bound: dict[str, t.Type | p.Constant] = {}
        for parameter, written in zip(names, node.arguments, strict=True):
            argument = self.expr(written, scope)
            if argument is None:
                return None
            if isinstance(argument, p.Constant):
                bound[parameter] = argument
            elif isinstance(argument, p.Read):
                bound[parameter] = argument.type
                reads.append(argument)
            else:
                self.fail(
                    "P304",
                    "a predicate takes fields, variables and fixed values",
                    written.span,
                    "put the rest of the condition into the predicate",
                )
                return None
        key = self.typed_predicate(node, placed, bound, scope)
        if key is None:
            return None
        return p.Applied(key, tuple(reads), t.Boolean(), node.span)

    def typed_predicate(
        self,
        node: n.Call,
        placed: Placed[n.Define],
        bound: Mapping[str, t.Type | p.Constant],
        scope: Scope,
    ) -> str | None:
        """Type the body for one combination of argument types; return the key of the result."""
        name = node.name.text
        identity: tuple[object, ...] = (
            name,
            *(
                (x.value, str(x.type)) if isinstance(x, p.Constant) else _identity(x)
                for x in bound.values()
            ),
        )
        if identity in self._keys:
            key = self._keys[identity]
            usable = self.predicates[key] is not None and self.reach(self._heights[key], node.span)
            return key if usable and self.concerns(node, key, scope) else None
        same = sum(known[0] == name for known in self._keys)
        key = name if same == 0 else f"{name}·{same + 1}"
        self._keys[identity] = key
        self.predicates[key] = None
        context, self.context = self.context, f"predicate `{name}`"
        inner = Scope(placed.root, placed.kinds, bound, in_predicate=True)
        before, self._deepest = self._deepest, self._depth
        body = self.condition(placed.node.body, inner)
        self._heights[key] = self._deepest - self._depth
        self._deepest = max(before, self._deepest)
        self.context = context
        if body is None:
            return None
        parameters = tuple(
            parameter for parameter, x in bound.items() if not isinstance(x, p.Constant)
        )
        self.predicates[key] = p.Predicate(key, parameters, body, placed.module.source)
        self.predicate_kinds[key] = self._kinds_of(body, placed)
        return key if self.concerns(node, key, scope) else None

    def concerns(self, node: n.Call, key: str, scope: Scope) -> bool:
        """Whether a predicate holds for the kinds at hand; P213 where it reads another's fields."""
        kinds = self.predicate_kinds[key]
        if set(scope.kinds) <= set(kinds):
            return True
        self.fail(
            "P213",
            f"`{node.name.text}` is about {', '.join(kinds)}, not {', '.join(scope.kinds)}",
            node.name.span,
            "hand it what it needs as an argument",
        )
        return False

    def parameters(self, placed: Placed[n.Define]) -> None:
        """Refuse parameters of a predicate that hide a name, or each other."""
        context, self.context = self.context, f"predicate `{placed.node.name.text}`"
        scope = Scope(placed.root, placed.kinds, {})
        for ident in placed.node.parameters:
            self.fresh(ident, scope)
            scope = scope.with_variable(ident.text, t.Boolean())
        self.context = context


def _identity(kind: t.Type) -> object:
    """Return what tells types apart: two records may differ in what is required alone."""
    if isinstance(kind, t.ListOf):
        return ("list", _identity(kind.element))
    return id(kind) if isinstance(kind, t.Record) else kind
