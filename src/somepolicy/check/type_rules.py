"""What the types of values allow: which compare, and what a bound already decides."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from somepolicy import ir as p
from somepolicy.ir import types as t
from somepolicy.normal_form import normal
from somepolicy.syntax import nodes as n


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


def comparable(left: t.Type, right: t.Type) -> bool:
    """Whether values of the types compare; an instant beside a date counts as its day."""
    if t.is_textual(left) and t.is_textual(right):
        return True
    match left, right:
        case (t.Number(), t.Number()) | (t.Boolean(), t.Boolean()):
            return True
        case (t.Date() | t.Instant(), t.Date() | t.Instant()):
            return True
        case _:
            return False


def same_family(left: t.Type, right: t.Type) -> bool:
    """Whether values of the types can be equal as they are."""
    days = isinstance(left, t.Date) or isinstance(right, t.Date)
    return left == right or (comparable(left, right) and not days)


def decided(operator: str, value: float, low: float | None, high: float | None) -> bool | None:
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
        case t.Texts():
            return str(kind)
        case _:
            return f"{'an' if str(kind)[0] in 'aeiou' else 'a'} {kind}"
