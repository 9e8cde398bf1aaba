"""Syntax expression -> typed expression: bind every name, type every part.

An expression that cannot be typed yields None after its one diagnostic, and whatever holds
it stays silent, so that each mistake is told once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, assert_never

from somepolicy import ir as p
from somepolicy.check.comparisons import Comparisons
from somepolicy.check.names import Scope
from somepolicy.check.type_rules import comparable, constant, named, same_family
from somepolicy.ir import types as t
from somepolicy.syntax import nodes as n
from somepolicy.syntax.source import Span


class Typer(Comparisons):
    """Types the expressions of one policy; definitions and predicates as they are met."""

    def expr(self, node: n.Expr, scope: Scope) -> p.Expr | None:
        """Type any expression; P501, once, where it is nested too deep."""
        self._depth += 1
        typed = self.typed(node, scope) if self.reach(0, node.span) else None
        self._depth -= 1
        return typed

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
                return (
                    None if inner is None else p.Operation("not", (inner,), t.Boolean(), node.span)
                )
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
        kinds = [item.type for item in items if item is not None]
        # one decimal number makes it a list of numbers, wherever it stands
        element = next((x for x in kinds if isinstance(x, t.Number) and not x.whole), kinds[0])
        return p.Constant(tuple(values), t.ListOf(element), node.span)

    def junction(self, node: n.And | n.Or, scope: Scope) -> p.Expr | None:
        operands = [self.condition(operand, scope) for operand in node.operands]
        good = tuple(operand for operand in operands if operand is not None)
        if len(good) < len(operands):
            return None
        operator: Literal["and", "or"] = "and" if isinstance(node, n.And) else "or"
        return p.Junction(operator, good, t.Boolean(), node.span)

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
            operator: p.Operator = "is empty" if node.test == "empty" else "is not empty"
            return p.Operation(operator, (operand,), t.Boolean(), node.span)
        if not isinstance(operand, p.Read) or (operand.variable and not operand.path):
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
        return p.Operation(node.operator, (left, right), result, node.span)

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
        if not comparable(operand.type, fallback.type):
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

    def attestable(self, kinds: Iterable[str], span: Span) -> None:
        """Refuse to ask for an attestation in kinds of documents that can have none."""
        for kind in kinds:
            if "attestations" not in self.records[kind].fields:
                self.fail(
                    "P314",
                    f"a {kind} can have no attestations, so nobody could give this one",
                    span,
                    "add the list `attestations` to its schema, or ask in another kind",
                )

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
        self.attestable(scope.kinds, node.span)
        roles = self.known_roles(node.roles)
        if roles is None:
            return None
        return p.Attestation(scope.clause, node.answer, roles, t.Boolean(), node.span)
