"""Syntax expression -> typed expression: bind every name, type every part.

An expression that cannot be typed yields None after its one diagnostic, and whatever holds
it stays silent, so that each mistake is told once.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from somepolicy import types as t
from somepolicy.functions.table import FUNCTIONS
from somepolicy.functions.text import normal
from somepolicy.language import nodes as n
from somepolicy.language.diagnostics import Diagnostic, did_you_mean
from somepolicy.language.source import Span
from somepolicy.patterns import BadPattern, check_pattern
from somepolicy.semantics import program as p
from somepolicy.semantics.symbols import BUILT_IN, DOCUMENT, Placed, Symbols

_ORDERED = ("<", "<=", ">", ">=")
_MOST_LISTED = 12
_MOST_SHOWN = 60
MOST_DEEP = 60
_FIXED = "compare with a value that can differ, or leave it out"


@dataclass(frozen=True)
class Scope:
    """What names mean at one place: the root and its records, variables, the rule's clause."""

    root: str
    kinds: tuple[str, ...]
    variables: Mapping[str, t.Type | p.Constant]
    clause: str | None = None  # what `attested` is about; None where it cannot be used
    in_rule: bool = False
    in_predicate: bool = False

    def with_variable(self, name: str, kind: t.Type) -> Scope:
        """Return the scope with one variable more."""
        return replace(self, variables={**self.variables, name: kind})


class Typer:
    """Types the expressions of one policy; definitions and predicates as they are met."""

    def __init__(
        self,
        symbols: Symbols,
        records: Mapping[str, t.Record],
        roles: tuple[str, ...],
        lexicons: frozenset[str],
    ) -> None:
        self.lexicons = lexicons
        self.symbols = symbols
        self.records = records
        self.roles = roles
        self.errors: list[Diagnostic] = []
        self.parameter_types: dict[str, t.Type] = {}
        self.definitions: dict[str, p.Definition | None] = {}
        self.predicates: dict[str, p.Predicate | None] = {}
        self.used: set[str] = set()
        self.context: str | None = None
        self._depth = 0  # of the expression at hand, definitions that lead to it included
        self._deepest = 0
        self._heights: dict[str, int] = {}
        self._too_deep = False
        self._open: list[str] = []
        self._keys: dict[tuple[object, ...], str] = {}

    def fail(self, code: str, message: str, span: Span, help: str | None = None) -> None:
        """Note an error at a place, in the context of the rule or definition at hand."""
        self.errors.append(Diagnostic(code, message, span, help, self.context))

    # --- entry points

    def condition(self, node: n.Expr, scope: Scope) -> p.Expr | None:
        """Type an expression that has to be true or false."""
        typed = self.expr(node, scope)
        if typed is not None and not isinstance(typed.type, t.Boolean):
            self.fail(
                "P301",
                f"this is {named(typed.type)}, not a condition",
                node.span,
                "a condition compares, as in `x == 1`, or is a boolean field",
            )
            return None
        if isinstance(typed, p.Constant) and not scope.in_predicate:
            truth = "true" if typed.value else "false"
            self.fail("P702", f"this is always {truth}", node.span, "leave it out")
        return typed

    def list_of(self, ident: n.Ident, scope: Scope) -> p.Read | None:
        """Type the list that a quantifier or `for each` goes through."""
        typed = self.name(n.Name(ident, ident.span), scope)
        if typed is None:
            return None
        if not isinstance(typed, p.Read) or not isinstance(typed.type, t.ListOf):
            self.fail(
                "P305",
                f"`{ident.text}` is {named(typed.type)}, not a list of the document",
                ident.span,
                self.lists(scope),
            )
            return None
        return typed

    def lists(self, scope: Scope) -> str:
        """Name the lists that there are at the top of the document."""
        found = {
            f"`{scope.root}.{name}`"
            for kind in scope.kinds
            for name, member in self.records[kind].fields.items()
            if isinstance(member.type, t.ListOf)
        }
        return f"the lists are {', '.join(sorted(found))}" if found else "there are no lists"

    def definition(self, name: str) -> p.Definition | None:
        """Type a definition without parameters, once."""
        if name in self.definitions:
            return self.definitions[name]
        placed = self.symbols.definitions[name]
        if name in self._open:
            self.circle(self._open[self._open.index(name) :], placed)
            return None
        self._open.append(name)
        context, self.context = self.context, f"definition `{name}`"
        scope = Scope(placed.root, placed.kinds, {})
        before, self._deepest = self._deepest, self._depth
        body = self.expr(placed.node.body, scope)
        self._heights[name] = self._deepest - self._depth
        self._deepest = max(before, self._deepest)
        self.context = context
        self._open.pop()
        self.definitions[name] = (
            None
            if body is None
            else p.Definition(name, self._kinds_of(body, placed), body, placed.module.source)
        )
        return self.definitions[name]

    def circle(self, names: list[str], placed: Placed[n.Define]) -> None:
        """Note the circle once, at the definition it was entered by."""
        context, self.context = self.context, None
        self.fail(
            "P209",
            f"definitions go round in a circle: {' → '.join([*names, names[0]])}",
            placed.node.name.span,
            "write one of them without the others",
        )
        self.context = context

    def parameters(self, placed: Placed[n.Define]) -> None:
        """Refuse parameters of a predicate that hide a name, or each other."""
        context, self.context = self.context, f"predicate `{placed.node.name.text}`"
        scope = Scope(placed.root, placed.kinds, {})
        for ident in placed.node.parameters:
            self.fresh(ident, scope)
            scope = scope.with_variable(ident.text, t.Boolean())
        self.context = context

    def _kinds_of(self, body: p.Expr, placed: Placed[n.Define]) -> tuple[str, ...]:
        """A definition that reads no document holds for every kind."""
        reads = any(
            isinstance(part, p.Read | p.Defined | p.Applied | p.Quantifier) for part in walk(body)
        )
        return placed.kinds if reads else tuple(self.records)

    # --- expressions

    def expr(self, node: n.Expr, scope: Scope) -> p.Expr | None:
        """Type any expression; P501, once, where it is nested too deep."""
        self._depth += 1
        typed = self.typed(node, scope) if self.reach(0, node.span) else None
        self._depth -= 1
        return typed

    def reach(self, further: int, span: Span) -> bool:
        """Note how deep it goes from here; whether that is within the bound."""
        self._deepest = max(self._deepest, self._depth + further)
        if self._depth + further <= MOST_DEEP:
            return True
        if not self._too_deep:
            self.fail(
                "P501",
                f"with the definitions it uses, this is nested more than {MOST_DEEP} deep",
                span,
                "let fewer definitions build upon each other",
            )
        self._too_deep = True
        return False

    def typed(self, node: n.Expr, scope: Scope) -> p.Expr | None:
        """Type an expression by its form."""
        match node:
            case n.Literal():
                return constant(node)
            case n.Tuple():
                return self.values(node, scope)
            case n.Name():
                return self.name(node, scope)
            case n.Call():
                return self.call(node, scope)
            case n.And() | n.Or():
                return self.junction(node, scope)
            case n.Not():
                inner = self.condition(node.operand, scope)
                return None if inner is None else p.Negation(inner, t.Boolean(), node.span)
            case n.Compare():
                return self.compare(node, scope)
            case n.Membership():
                return self.membership(node, scope)
            case n.Contains():
                return self.contains(node, scope)
            case n.Matches():
                return self.matches(node, scope)
            case n.Is():
                return self.presence(node, scope)
            case n.Quantified():
                return self.quantified(node, scope)
            case n.Arithmetic():
                return self.arithmetic(node, scope)
            case n.Otherwise():
                return self.otherwise(node, scope)
            case n.Attested():
                return self.attested(node, scope)
            case _:
                assert_never(node)

    def values(self, node: n.Tuple, scope: Scope) -> p.Expr | None:
        items = [self.expr(item, scope) for item in node.items]
        if any(item is None for item in items):
            return None
        values: list[n.Scalar] = []
        for item, written in zip(items, node.items, strict=True):
            if not isinstance(item, p.Constant) or isinstance(item.value, tuple):
                self.fail(
                    "P312",
                    "only fixed values can stand in a list like this",
                    written.span,
                    "join comparisons by `or` instead",
                )
                return None
            if not same_family(item.type, items[0].type if items[0] else item.type):
                self.fail(
                    "P302",
                    f"the values of a list are of one type, but this is {named(item.type)}",
                    written.span,
                    "a text stands in double quotes; numbers, dates and booleans do not",
                )
                return None
            values.append(item.value)
        if not values:
            self.fail("P312", "this list of values is empty", node.span, "nothing is ever in it")
            return None
        element = items[0].type if items[0] else t.Text()
        return p.Constant(tuple(values), t.ListOf(element), node.span)

    def name(self, node: n.Name, scope: Scope) -> p.Expr | None:
        head, *rest = node.ident.parts
        if head in scope.variables:
            meaning = scope.variables[head]
            if isinstance(meaning, p.Constant):
                return replace(meaning, span=node.span)
            return self.path(head, meaning, tuple(rest), node.ident)
        if head == scope.root:
            return self.root_path(tuple(rest), node.ident, scope)
        if not rest and head == "as_of":
            return p.AsOf(t.Instant(), node.span)
        if not rest and head in self.parameter_types:
            self.used.add(head)
            return p.Parametric(head, self.parameter_types[head], node.span)
        if head in self.symbols.parameters and not rest:
            return None  # its own error has been told
        if not rest and head in self.symbols.definitions:
            return self.defined(head, node, scope)
        self.unknown_name(node, scope)
        return None

    def unknown_name(self, node: n.Name, scope: Scope) -> None:
        head, *rest = node.ident.parts
        known = {
            *scope.variables,
            scope.root,
            *self.symbols.parameters,
            *self.symbols.definitions,
            "as_of",
        }
        fields = {name for kind in scope.kinds for name in self.records[kind].fields}
        if head in fields:
            help = f"write `{scope.root}.{node.ident.text}`"
        elif head in FUNCTIONS or head in BUILT_IN:
            help = f"`{head}` is a function: write `{head}(…)`"
        elif head in self.records or head == DOCUMENT:
            help = f"the document is called `{scope.root}` in this file"
        else:
            help = did_you_mean(head, known) or f'texts stand in quotes: `"{head}"`'
        self.fail("P202", f"unknown name `{head}`", node.span, help)

    def defined(self, name: str, node: n.Name, scope: Scope) -> p.Expr | None:
        self.used.add(name)
        if self.symbols.definitions[name].node.parameters:
            names = ", ".join(
                ident.text for ident in self.symbols.definitions[name].node.parameters
            )
            self.fail(
                "P304",
                f"the predicate `{name}` lacks its arguments",
                node.span,
                f"write `{name}({names})`",
            )
            return None
        definition = self.definition(name)
        if definition is None or not self.reach(self._heights[name], node.span):
            return None
        if not set(scope.kinds) <= set(definition.kinds):
            self.fail(
                "P213",
                f"`{name}` is about {', '.join(definition.kinds)}, not {', '.join(scope.kinds)}",
                node.span,
                "define it again, under another name, in a file about these documents",
            )
            return None
        if isinstance(definition.body, p.Constant):
            return replace(definition.body, span=node.span)
        return p.Defined(name, definition.body.type, node.span)

    # --- paths

    def root_path(self, steps: tuple[str, ...], ident: n.Ident, scope: Scope) -> p.Read | None:
        """Follow a path from the document; for several kinds it has to mean the same in each."""
        found: p.Read | None = None
        for kind in scope.kinds:
            among = f" in {kind}" if len(scope.kinds) > 1 else ""
            read = self.path(None, self.records[kind], steps, ident, among)
            if read is None:
                return None
            if found is not None and replace(read, span=found.span) != found:
                self.fail(
                    "P313",
                    f"`{ident.text}` is not the same in {' and '.join(scope.kinds)}",
                    ident.span,
                    "write the rule once for each kind, in files of their own",
                )
                return None
            found = read
        return found

    def path(
        self,
        variable: str | None,
        start: t.Type,
        steps: tuple[str, ...],
        ident: n.Ident,
        among: str = "",
    ) -> p.Read | None:
        kind: t.Type = start
        member = t.Field(start)
        done = [ident.parts[0]]
        for step in steps:
            if isinstance(kind, t.ListOf):
                self.fail(
                    "P305",
                    f"`{'.'.join(done)}` is a list",
                    ident.span,
                    "reach its elements with `for each`, `some` or `every`",
                )
                return None
            if not isinstance(kind, t.Record) or step not in kind.fields:
                known = kind.fields if isinstance(kind, t.Record) else {}
                self.fail(
                    "P203",
                    f"unknown field `{'.'.join([*done, step])}`{among}",
                    ident.span,
                    self.nearest_field(done, step, known),
                )
                return None
            member = kind.fields[step]
            kind = member.type
            done.append(step)
        return p.Read(
            variable,
            steps,
            kind,
            member.default,
            member.has_default,
            member.none_when_absent,
            ident.span,
        )

    @staticmethod
    def nearest_field(done: list[str], step: str, known: Mapping[str, t.Field]) -> str | None:
        near = did_you_mean(".".join([*done, step]), [".".join([*done, name]) for name in known])
        if near is None or did_you_mean(step, known) is None:
            listed = ", ".join(sorted(known)[:_MOST_LISTED])
            more = ", …" if len(known) > _MOST_LISTED else ""
            return (
                f"`{'.'.join(done)}` has {listed}{more}" if known else f"`{done[-1]}` has no fields"
            )
        return near

    # --- calls

    def call(self, node: n.Call, scope: Scope) -> p.Expr | None:
        name = node.name.text
        if name == "count":
            return self.count(node, scope)
        if name == "days":
            return self.days(node, scope)
        if name in FUNCTIONS:
            return self.function(node, scope)
        if name in self.symbols.definitions:
            return self.predicate(node, scope)
        known = {*FUNCTIONS, "count", "days", *self.symbols.definitions}
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
        return p.Count(argument, t.Number(whole=True, minimum=0), node.span)

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
        return p.DayCount(argument, t.Days(), node.span)

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
                isinstance(wanted, t.Text) and t.is_textual(argument.type)
            )
            if not fits:
                self.fail(
                    "P304",
                    f"`{row.name}` needs {named(wanted)} as `{name}`, not {named(argument.type)}",
                    written.span,
                    f"its form is {row.signature}",
                )
                return None
            arguments.append(argument)
        return p.Called(row, tuple(arguments), row.result, node.span)

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
        if not set(scope.kinds) <= set(placed.kinds) and _reads_root(placed):
            self.fail(
                "P213",
                f"`{name}` is about {', '.join(placed.kinds)}, not {', '.join(scope.kinds)}",
                node.name.span,
                "hand it what it needs as an argument",
            )
            return None
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
            return key if usable else None
        same = sum(known[0] == name for known in self._keys)
        key = name if same == 0 else f"{name}_{same + 1}"
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
        return key

    # --- conditions

    def junction(self, node: n.And | n.Or, scope: Scope) -> p.Expr | None:
        operands = [self.condition(operand, scope) for operand in node.operands]
        good = tuple(operand for operand in operands if operand is not None)
        if len(good) < len(operands):
            return None
        make = p.All if isinstance(node, n.And) else p.Any
        return make(good, t.Boolean(), node.span)

    def compare(self, node: n.Compare, scope: Scope) -> p.Expr | None:
        left, right = self.expr(node.left, scope), self.expr(node.right, scope)
        if left is None or right is None:
            return None
        by = comparison_by(left.type, right.type)
        if by is None:
            self.fail(
                "P302",
                f"{named(left.type)} cannot be compared with {named(right.type)}",
                node.span,
                _unquoted(left, right),
            )
            return None
        if by == "text" and any(isinstance(x.type, t.Enumeration) for x in (left, right)):
            fixed = isinstance(left, p.Constant) or isinstance(right, p.Constant)
            by = "value" if fixed else by  # the schema has settled the exact characters
        unordered = t.is_textual(left.type) or isinstance(left.type, t.Boolean)
        if node.operator in _ORDERED and unordered:
            self.fail(
                "P302",
                f"{named(left.type)} has no order",
                node.span,
                "compare it with `==`, `!=` or `in`",
            )
            return None
        for value, other in ((left, right), (right, left)):
            if not self.can_hold(value, other):
                return None
        if not self.within_bounds(node, left, right):
            return None
        if isinstance(left, p.Constant) and isinstance(right, p.Constant):
            self.fail("P702", "both sides are fixed, so this never changes", node.span, _FIXED)
        return p.Compared(node.operator, left, right, by, t.Boolean(), node.span)

    def can_hold(self, value: p.Expr, other: p.Expr) -> bool:
        """Refuse a fixed text that the other side's enumeration does not have."""
        if not isinstance(other.type, t.Enumeration):
            return True
        if isinstance(value, p.Constant) and isinstance(value.value, str):
            return self.has_value(other.type, value.value, value.span)
        if isinstance(value.type, t.Enumeration) and not (
            set(value.type.values) & set(other.type.values)
        ):
            self.fail(
                "P303",
                f"the two sides have no value in common: {value.type}, and {other.type}",
                value.span,
                "compare with a field of the same values",
            )
            return False
        return True

    def has_value(self, enumeration: t.Enumeration, value: str, span: Span) -> bool:
        if value in enumeration.values:
            return True
        self.fail(
            "P303",
            f'`"{value}"` is never a value here',
            span,
            did_you_mean(value, enumeration.values)
            or "the values are " + ", ".join(f'`"{each}"`' for each in enumeration.values),
        )
        return False

    def within_bounds(self, node: n.Compare, left: p.Expr, right: p.Expr) -> bool:
        """Refuse, or warn of, a comparison that the schema's bounds already decide."""
        flipped = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
        operator: str = node.operator
        if isinstance(left, p.Constant):
            left, right, operator = right, left, flipped[operator]
        if not (isinstance(right, p.Constant) and isinstance(left.type, t.Number)):
            return True
        value, low, high = right.value, left.type.minimum, left.type.maximum
        if not isinstance(value, int | float) or isinstance(left, p.Constant):
            return True
        truth = _decided(operator, value, low, high)
        if truth is None:
            return True
        span_of = f"{'' if low is None else low:g}" if low is not None else "−∞"
        upper = f"{high:g}" if high is not None else "∞"
        bounds = f"the value lies between {span_of} and {upper}"
        if truth:
            self.fail("P702", f"this is always true: {bounds}", node.span, _FIXED)
            return True
        self.fail("P303", f"this can never hold: {bounds}", node.span, _FIXED)
        return False

    def membership(self, node: n.Membership, scope: Scope) -> p.Expr | None:
        item, container = self.expr(node.item, scope), self.expr(node.container, scope)
        if item is None or container is None:
            return None
        if not isinstance(container.type, t.ListOf):
            mended = f"{_short(node.container)} contains {_short(node.item)}"
            self.fail(
                "P305",
                f"`in` needs a list, not {named(container.type)}",
                node.container.span,
                f"`contains` looks into a text: write `{mended}`"
                if t.is_textual(container.type) and isinstance(container, p.Read)
                else "the values of a list stand in brackets, as `(1, 2)`",
            )
            return None
        element = container.type.element
        if not same_family(item.type, element) or isinstance(element, t.Record | t.ListOf):
            self.fail(
                "P302",
                f"{named(item.type)} is never in {named(container.type)}",
                node.span,
                _unquoted(item, replace(container, type=element)),
            )
            return None
        if isinstance(container, p.Constant) and isinstance(item.type, t.Enumeration):
            assert isinstance(container.value, tuple)
            written = node.container.items if isinstance(node.container, n.Tuple) else ()
            spans = [part.span for part in written] or [container.span] * len(container.value)
            checks = [
                self.has_value(item.type, str(value), span)
                for value, span in zip(container.value, spans, strict=True)
            ]
            if not all(checks):
                return None
        if isinstance(element, t.Enumeration) and not self.can_hold(item, _sample(container)):
            return None
        textual = isinstance(item.type, t.Text) and not (
            isinstance(item, p.Constant) and isinstance(element, t.Enumeration)
        )
        return p.Member(item, container, node.negated, textual, t.Boolean(), node.span)

    def contains(self, node: n.Contains, scope: Scope) -> p.Expr | None:
        text, part = self.expr(node.text, scope), self.expr(node.part, scope)
        if text is None or part is None:
            return None
        if isinstance(text.type, t.ListOf):
            self.fail(
                "P306",
                "`contains` looks into a text, and this is a list",
                node.text.span,
                f"write `{_short(node.part)} in {_short(node.text)}`",
            )
            return None
        for side, written in ((text, node.text), (part, node.part)):
            if not t.is_textual(side.type):
                self.fail(
                    "P306",
                    f"a text is needed, not {named(side.type)}",
                    written.span,
                    "`contains` looks for one text within another",
                )
                return None
        return p.Within(text, part, t.Boolean(), node.span)

    def matches(self, node: n.Matches, scope: Scope) -> p.Expr | None:
        text = self.expr(node.text, scope)
        try:
            check_pattern(node.pattern)
        except BadPattern as reason:
            why, mend = _refusal(str(reason))
            self.fail("P309", f"the pattern is refused: {why}", node.pattern_span, mend)
            return None
        if text is None:
            return None
        if not t.is_textual(text.type):
            self.fail(
                "P306",
                f"a text is needed, not {named(text.type)}",
                node.text.span,
                "`matches` looks for a pattern in a text",
            )
            return None
        return p.Matched(text, node.pattern, t.Boolean(), node.span)

    def presence(self, node: n.Is, scope: Scope) -> p.Expr | None:
        operand = self.expr(node.operand, scope)
        if operand is None:
            return None
        if node.test in ("empty", "not empty"):
            if not isinstance(operand.type, t.ListOf | t.Text | t.Detections):
                self.fail(
                    "P312",
                    f"{named(operand.type)} cannot be empty",
                    node.operand.span,
                    "only a list or a text can",
                )
                return None
            return p.Emptiness(operand, node.test == "empty", t.Boolean(), node.span)
        if not isinstance(operand, p.Read) or (operand.variable and not operand.steps):
            self.fail(
                "P312",
                "only a field can be present or missing",
                node.operand.span,
                f"write a path, as `{scope.root}.… is present`",
            )
            return None
        return p.Presence(operand, node.test == "present", t.Boolean(), node.span)

    def quantified(self, node: n.Quantified, scope: Scope) -> p.Expr | None:
        container = self.list_of(node.container, scope)
        if container is None or not self.fresh(node.variable, scope):
            return None
        assert isinstance(container.type, t.ListOf)
        inner = scope.with_variable(node.variable.text, container.type.element)
        condition = self.condition(node.condition, inner)
        if condition is None:
            return None
        return p.Quantifier(
            node.quantifier == "every",
            node.variable.text,
            container,
            condition,
            t.Boolean(),
            node.span,
        )

    def fresh(self, variable: n.Ident, scope: Scope) -> bool:
        """Refuse a variable that would hide another name."""
        taken = {
            *scope.variables,
            scope.root,
            *self.symbols.parameters,
            *self.symbols.definitions,
            *FUNCTIONS,
            *BUILT_IN,
        }
        if variable.text in taken:
            self.fail(
                "P210",
                f"`{variable.text}` already means something here",
                variable.span,
                "choose another name for the variable",
            )
            return False
        return True

    # --- values

    def arithmetic(self, node: n.Arithmetic, scope: Scope) -> p.Expr | None:
        left, right = self.expr(node.left, scope), self.expr(node.right, scope)
        if left is None or right is None:
            return None
        match left.type, right.type:
            case t.Number(), t.Number():
                whole = left.type.whole and right.type.whole
                result: t.Type = t.Number(whole=whole)
            case ((t.Date() | t.Instant()), t.Days()):
                result = left.type
            case _:
                self.fail(
                    "P302",
                    f"`{node.operator}` does not join {named(left.type)} and {named(right.type)}",
                    node.span,
                    "numbers are added to numbers, `days(n)` to dates",
                )
                return None
        return p.Sum(node.operator, left, right, result, node.span)

    def otherwise(self, node: n.Otherwise, scope: Scope) -> p.Expr | None:
        operand, fallback = self.expr(node.operand, scope), self.expr(node.fallback, scope)
        if operand is None or fallback is None:
            return None
        if not isinstance(operand, p.Read) or not operand.none_when_absent:
            self.fail(
                "P308",
                "absence means *unknown* here, so nothing can stand in for it",
                node.operand.span,
                "only a field whose schema says `x-absent: none` may be followed by `otherwise`",
            )
            return None
        if comparison_by(operand.type, fallback.type) is None:
            self.fail(
                "P302",
                f"{named(fallback.type)} cannot stand in for {named(operand.type)}",
                node.span,
                "after `otherwise` stands a value of the same type",
            )
            return None
        result = operand.type
        if t.is_textual(result) and operand.type != fallback.type:
            result = t.Text()
        elif isinstance(operand.type, t.Instant) and isinstance(fallback.type, t.Date):
            result = t.Date()  # of a day and an instant the day is what both have
        elif isinstance(operand.type, t.Number) and isinstance(fallback.type, t.Number):
            result = t.Number(operand.type.whole and fallback.type.whole)
        return p.Fallback(operand, fallback, result, node.span)

    def attested(self, node: n.Attested, scope: Scope) -> p.Expr | None:
        if not scope.in_rule:
            self.fail(
                "P213",
                "`attested` can only be used in a rule",
                node.span,
                "move it there: an attestation is about the clause that the rule cites",
            )
            return None
        if scope.clause is None:
            self.fail(
                "P406",
                "`attested` needs a rule that cites exactly one clause",
                node.span,
                "split the rule",
            )
            return None
        roles = self.known_roles(node.roles)
        if roles is None:
            return None
        return p.Attestation(scope.clause, node.answer, roles, t.Boolean(), node.span)

    def known_roles(self, idents: tuple[n.Ident, ...]) -> tuple[str, ...] | None:
        """Return the roles, or None after a diagnostic for each that policy.toml lacks."""
        unknown = [ident for ident in idents if ident.text not in self.roles]
        for ident in unknown:
            self.fail(
                "P207",
                f"unknown role `{ident.text}`",
                ident.span,
                did_you_mean(ident.text, self.roles) or "the roles are listed in policy.toml",
            )
        return None if unknown else tuple(ident.text for ident in idents)


def walk(expr: p.Expr) -> list[p.Expr]:
    """Return the expression and all within it, definitions and predicates not entered."""
    found: list[p.Expr] = []
    pending: list[p.Expr] = [expr]
    while pending:
        part = pending.pop()
        found.append(part)
        pending.extend(reversed(children(part)))
    return found


def children(expr: p.Expr) -> tuple[p.Expr, ...]:
    """Return the direct parts of an expression, in order."""
    match expr:
        case p.Constant() | p.Read() | p.Defined() | p.Parametric() | p.AsOf() | p.Attestation():
            return ()
        case p.Applied() | p.Called():
            return tuple(expr.arguments)
        case p.DayCount():
            return (expr.count,)
        case p.Count():
            return (expr.container,)
        case p.Sum() | p.Compared():
            return (expr.left, expr.right)
        case p.Fallback():
            return (expr.operand, expr.fallback)
        case p.Member():
            return (expr.item, expr.container)
        case p.Within():
            return (expr.text, expr.part)
        case p.Matched():
            return (expr.text,)
        case p.Presence() | p.Emptiness() | p.Negation():
            return (expr.operand,)
        case p.Quantifier():
            return (expr.container, expr.condition)
        case p.All() | p.Any():
            return expr.operands
        case _:
            assert_never(expr)


def constant(node: n.Literal) -> p.Constant:
    """Type a literal; texts are brought into form NFC."""
    value = node.value
    match value:
        case bool():
            return p.Constant(value, t.Boolean(), node.span)
        case int() | float():
            return p.Constant(value, t.Number(whole=isinstance(value, int)), node.span)
        case str():
            return p.Constant(normal(value), t.Text(), node.span)
        case datetime.datetime():
            return p.Constant(value, t.Instant(), node.span)
        case _:
            return p.Constant(value, t.Date(), node.span)


def comparison_by(left: t.Type, right: t.Type) -> p.Basis | None:
    """Say as what two types compare, or None if they do not."""
    match left, right:
        case (t.Enumeration(), t.Enumeration()):
            return "value"
        case _ if t.is_textual(left) and t.is_textual(right):
            return "text"
        case (t.Number(), t.Number()) | (t.Boolean(), t.Boolean()):
            return "value"
        case (t.Instant(), t.Instant()):
            return "instant"
        case (t.Date() | t.Instant(), t.Date() | t.Instant()):
            return "day"
        case _:
            return None


def same_family(left: t.Type, right: t.Type) -> bool:
    """Whether values of the types can be equal."""
    return comparison_by(left, right) in ("value", "text", "instant") or left == right


def _decided(operator: str, value: float, low: float | None, high: float | None) -> bool | None:
    """Say whether bounds alone decide `x operator value`: True, False, or None for neither."""
    tests: dict[str, tuple[Callable[[], bool], Callable[[], bool]]] = {
        "<": (lambda: high is not None and high < value, lambda: low is not None and low >= value),
        "<=": (lambda: high is not None and high <= value, lambda: low is not None and low > value),
        ">": (lambda: low is not None and low > value, lambda: high is not None and high <= value),
        ">=": (lambda: low is not None and low >= value, lambda: high is not None and high < value),
    }
    outside = (low is not None and value < low) or (high is not None and value > high)
    if operator in ("==", "!="):
        return (operator == "!=") if outside else None
    always, never = tests[operator]
    return True if always() else False if never() else None


def named(kind: t.Type) -> str:
    """Name a type in a sentence: `a text`, `an integer`, `one of …`, `a list`."""
    match kind:
        case t.Enumeration():
            return str(kind)
        case t.ListOf(t.Record()):
            return "a list of records"
        case t.ListOf(t.Enumeration()):
            return "a list of texts"
        case t.ListOf():
            return f"a list of {kind.element}s"
        case t.Days():
            return "a number of days"
        case _:
            return f"{'an' if str(kind)[0] in 'aeiou' else 'a'} {kind}"


def _unquoted(left: p.Expr, right: p.Expr) -> str | None:
    """Help where a text stands against something that is written without quotes."""
    for text, other in ((left, right), (right, left)):
        if isinstance(other.type, t.ListOf) and not isinstance(text.type, t.ListOf):
            return "whether a value is in a list is asked with `in`"
        if not (isinstance(text, p.Constant) and isinstance(text.value, str)):
            continue
        match other.type:
            case t.Date() | t.Instant():
                return "a date is written without quotes, as 2026-11-22"
            case t.Boolean():
                return "a boolean is a condition by itself; `true` and `false` have no quotes"
            case t.Number():
                return "a number is written without quotes"
    return None


def _short(node: n.Expr) -> str:
    text = " ".join(node.span.text.split())
    return text if len(text) <= _MOST_SHOWN else "…"


def _refusal(reason: str) -> tuple[str, str | None]:
    """Say in an author's words what RE2 does not accept, and how to mend it."""
    if re.search(r"sequence: \\[1-9]", reason):
        return "it cannot refer back to a group", "write out what is to be found twice"
    for part, why, mend in (
        ("perl operator", "it cannot look ahead or back", "join two conditions by `and`"),
        ("escape sequence", reason, r"a backslash stands before a sign or in `\d`, `\s`, `\pL`"),
        ("missing )", "a bracket `(` is not closed", r"a bracket to be found is written `\(`"),
        ("unexpected )", "a bracket `)` is not opened", r"a bracket to be found is written `\)`"),
        ("missing ]", "a bracket `[` is not closed", r"a bracket to be found is written `\[`"),
        (
            "no argument",
            "nothing stands before a repetition",
            r"a sign is written `\*`, `\+`, `\?`",
        ),
        ("repetition", "it repeats too often", "repeat fewer times"),
        ("instructions", reason, "repeat fewer times, or write two patterns"),
    ):
        if part in reason:
            return why, mend
    return reason, None


def _sample(container: p.Expr) -> p.Expr:
    """An element of the list, for its type only."""
    assert isinstance(container.type, t.ListOf)
    return p.Parametric("", container.type.element, container.span)


def _identity(kind: t.Type) -> object:
    return id(kind) if isinstance(kind, t.Record) else kind


def _reads_root(placed: Placed[n.Define]) -> bool:
    return f"{placed.root}." in placed.node.body.span.text
