"""Operators other than comparisons, over operands that are typed."""

from __future__ import annotations

from collections.abc import Sequence

from somepolicy import ir as p
from somepolicy.check.context import Scope
from somepolicy.check.type_rules import comparable, named, same_family
from somepolicy.ir import types as t
from somepolicy.syntax import nodes as n


def as_condition(typed: p.Expr | None, node: n.Expr, scope: Scope) -> p.Expr | None:
    """Type an expression that has to be true or false."""
    if typed is not None and not isinstance(typed.type, t.Boolean):
        scope.fail(
            "P301",
            f"this is {named(typed.type)}, not a condition",
            node.span,
            "a condition compares, as in `x == 1`, or is a boolean field",
        )
        return None
    if isinstance(typed, p.Constant) and not scope.in_predicate:
        truth = "true" if typed.value else "false"
        scope.fail("P702", f"this is always {truth}", node.span, "leave it out")
    return typed


def values(node: n.Tuple, items: Sequence[p.Expr | None], scope: Scope) -> p.Expr | None:
    """Type a list of fixed values, all of one type."""
    if any(item is None for item in items):
        return None
    values: list[n.Scalar] = []
    for item, written in zip(items, node.items, strict=True):
        if not isinstance(item, p.Constant) or isinstance(item.value, tuple):
            scope.fail(
                "P312",
                "only fixed values can stand in a list like this",
                written.span,
                "join comparisons by `or` instead",
            )
            return None
        if not same_family(item.type, items[0].type if items[0] else item.type):
            scope.fail(
                "P302",
                f"the values of a list are of one type, but this is {named(item.type)}",
                written.span,
                "a text stands in double quotes; numbers, dates and booleans do not",
            )
            return None
        values.append(item.value)
    if not values:
        scope.fail("P312", "this list of values is empty", node.span, "nothing is ever in it")
        return None
    kinds = [item.type for item in items if item is not None]
    # one decimal number makes it a list of numbers, wherever it stands
    element = next((x for x in kinds if isinstance(x, t.Number) and not x.whole), kinds[0])
    return p.Constant(tuple(values), t.ListOf(element), node.span)


def presence(node: n.Is, operand: p.Expr, scope: Scope) -> p.Expr | None:
    """Type a test of whether a field is present, or a list or text empty."""
    if node.test in ("empty", "not empty"):
        if not isinstance(operand.type, t.ListOf | t.Text | t.Detections):
            scope.fail(
                "P312",
                f"{named(operand.type)} cannot be empty",
                node.operand.span,
                "only a list or a text can",
            )
            return None
        operator: p.Operator = "is empty" if node.test == "empty" else "is not empty"
        return p.Operation(operator, (operand,), t.Boolean(), node.span)
    if not isinstance(operand, p.Read) or (operand.variable and not operand.path):
        scope.fail(
            "P312",
            "only a field can be present or missing",
            node.operand.span,
            f"write a path, as `{scope.root}.… is present`",
        )
        return None
    return p.Presence(operand, node.test == "present", t.Boolean(), node.span)


def arithmetic(node: n.Arithmetic, left: p.Expr, right: p.Expr, scope: Scope) -> p.Expr | None:
    """Type a sum or difference, of numbers or of a date and days."""
    match left.type, right.type:
        case t.Number(), t.Number():
            whole = left.type.whole and right.type.whole
            result: t.Type = t.Number(whole=whole)
        case ((t.Date() | t.Instant()), t.Days()):
            result = left.type
        case _:
            scope.fail(
                "P302",
                f"`{node.operator}` does not join {named(left.type)} and {named(right.type)}",
                node.span,
                "numbers are added to numbers, `days(n)` to dates",
            )
            return None
    return p.Operation(node.operator, (left, right), result, node.span)


def total(node: n.Summed, container: p.Read, value: p.Expr, scope: Scope) -> p.Expr | None:
    """Type a sum over the elements of a list; of none it is 0."""
    if not isinstance(value.type, t.Number):
        scope.fail(
            "P304",
            f"`sum` adds numbers, and this is {named(value.type)}",
            node.value.span,
            "behind the colon stands a number of each element, as in `sum(x in list: x.n)`",
        )
        return None
    low = value.type.minimum
    least = 0 if low is not None and low >= 0 else None
    kind = t.Number(whole=value.type.whole, minimum=least)
    return p.Sum(node.variable.text, container, value, kind, node.span)


def otherwise(node: n.Otherwise, operand: p.Expr, fallback: p.Expr, scope: Scope) -> p.Expr | None:
    """Type `otherwise`, whose fallback stands in for what is absent."""
    if not isinstance(operand, p.Read) or not operand.none_when_absent:
        scope.fail(
            "P308",
            "absence means *unknown* here, so nothing can stand in for it",
            node.operand.span,
            "only a field whose schema says `x-absent: none` may be followed by `otherwise`",
        )
        return None
    if not comparable(operand.type, fallback.type):
        scope.fail(
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
