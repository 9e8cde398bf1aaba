"""Comparisons: of values, in lists, within texts."""

from __future__ import annotations

import re
from dataclasses import replace

from somepolicy import ir as p
from somepolicy.check.context import Scope
from somepolicy.check.type_rules import comparable, decided, named, same_family
from somepolicy.ir import types as t
from somepolicy.patterns import NO_TEXT, BadPatternError, check_pattern
from somepolicy.syntax import nodes as n
from somepolicy.syntax.diagnostics import did_you_mean
from somepolicy.syntax.source import Span

_ORDERED = ("<", "<=", ">", ">=")
_MOST_SHOWN = 60
_NOTHING = re.compile(
    r"(?:\(\?[A-Za-z-]+\)|\((?:\?[A-Za-z-]*:)?\))*"
)  # `(?i)`, `()`: groups of nothing
_ASKS = "whether a text says something is asked with `is not empty`"
_FIXED = "compare with a value that can differ, or leave it out"


def compare(node: n.Compare, left: p.Expr, right: p.Expr, scope: Scope) -> p.Expr | None:
    """Type a comparison; P303 or P702 where the types alone decide it."""
    if not comparable(left.type, right.type):
        scope.fail(
            "P302",
            f"{named(left.type)} cannot be compared with {named(right.type)}",
            node.span,
            _unquoted(left, right),
        )
        return None
    unordered = t.is_textual(left.type) or isinstance(left.type, t.Boolean)
    if node.operator in _ORDERED and unordered:
        scope.fail(
            "P302",
            f"{named(left.type)} has no order",
            node.span,
            "compare it with `==`, `!=` or `in`",
        )
        return None
    for value, other in ((left, right), (right, left)):
        if not _can_hold(value, other, scope):
            return None
    if not _within_bounds(node, left, right, scope):
        return None
    if isinstance(left, p.Constant) and isinstance(right, p.Constant):
        scope.fail("P702", "both sides are fixed, so this never changes", node.span, _FIXED)
    return p.Operation(node.operator, (left, right), t.Boolean(), node.span)


def _can_hold(value: p.Expr, other: p.Expr, scope: Scope) -> bool:
    """Refuse a fixed text that the other side's enumeration does not have."""
    if not isinstance(other.type, t.Enumeration):
        return True
    if isinstance(value, p.Constant) and isinstance(value.value, str):
        return _has_value(other.type, value.value, value.span, scope)
    if isinstance(value.type, t.Enumeration) and not (
        set(value.type.values) & set(other.type.values)
    ):
        scope.fail(
            "P303",
            f"the two sides have no value in common: {value.type}, and {other.type}",
            value.span,
            "compare with a field of the same values",
        )
        return False
    return True


def _has_value(enumeration: t.Enumeration, value: str, span: Span, scope: Scope) -> bool:
    if value in enumeration.values:
        return True
    scope.fail(
        "P303",
        f'`"{value}"` is never a value here',
        span,
        did_you_mean(value, enumeration.values)
        or "the values are " + ", ".join(f'`"{each}"`' for each in enumeration.values),
    )
    return False


def _within_bounds(node: n.Compare, left: p.Expr, right: p.Expr, scope: Scope) -> bool:
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
    truth = decided(operator, value, low, high)
    if truth is None:
        return True
    least = "−∞" if low is None else f"{low:g}"
    most = "∞" if high is None else f"{high:g}"
    bounds = f"the value lies between {least} and {most}"
    if truth:
        scope.fail("P702", f"this is always true: {bounds}", node.span, _FIXED)
        return True
    scope.fail("P303", f"this can never hold: {bounds}", node.span, _FIXED)
    return False


def membership(node: n.Membership, item: p.Expr, container: p.Expr, scope: Scope) -> p.Expr | None:
    """Type `in` and `not in`, of a list of the document or of fixed values."""
    if not isinstance(container.type, t.ListOf):
        mended = f"{_short(node.container)} contains {_short(node.item)}"
        scope.fail(
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
        scope.fail(
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
            _has_value(item.type, str(value), span, scope)
            for value, span in zip(container.value, spans, strict=True)
        ]
        if not all(checks):
            return None
    if isinstance(element, t.Enumeration) and not _can_hold(item, _sample(container), scope):
        return None
    operator: p.Operator = "not in" if node.negated else "in"
    return p.Operation(operator, (item, container), t.Boolean(), node.span)


def contains(node: n.Contains, text: p.Expr, part: p.Expr, scope: Scope) -> p.Expr | None:
    """Type `contains`, which looks for one text within another."""
    if isinstance(text.type, t.ListOf):
        scope.fail(
            "P306",
            "`contains` looks into a text, and this is a list",
            node.text.span,
            f"write `{_short(node.part)} in {_short(node.text)}`",
        )
        return None
    for side, written in ((text, node.text), (part, node.part)):
        if not t.is_textual(side.type):
            scope.fail(
                "P306",
                f"a text is needed, not {named(side.type)}",
                written.span,
                "`contains` looks for one text within another",
            )
            return None
    if isinstance(part, p.Constant) and not part.value:
        scope.fail("P306", "every text contains an empty one", part.span, _ASKS)
        return None
    return p.Operation("contains", (text, part), t.Boolean(), node.span)


def matches(node: n.Matches, text: p.Expr | None, scope: Scope) -> p.Expr | None:
    """Type `matches`; P309 where the pattern is none, whatever is amiss with the text."""
    if _NOTHING.fullmatch(node.pattern):
        scope.fail("P309", "an empty pattern matches every text", node.pattern_span, _ASKS)
        return None
    try:
        check_pattern(node.pattern)
    except BadPatternError as reason:
        why, mend = _refusal(str(reason))
        span = node.pattern_span if reason.place is None else _within(node, *reason.place)
        scope.fail("P309", f"the pattern is refused: {why}", span, mend)
        return None
    if text is None:
        return None
    if not t.is_textual(text.type):
        scope.fail(
            "P306",
            f"a text is needed, not {named(text.type)}",
            node.text.span,
            "`matches` looks for a pattern in a text",
        )
        return None
    pattern = p.Constant(node.pattern, t.Text(), node.pattern_span)
    return p.Operation("matches", (text, pattern), t.Boolean(), node.span)


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


def _within(node: n.Matches, start: int, end: int) -> Span:
    """Find a part of a pattern in the source, where each quote stands doubled."""
    span, text = node.pattern_span, node.pattern
    first = span.start + 1 + start + text.count('"', 0, start)
    return Span(span.source, first, first + end - start + text.count('"', start, end))


def _refusal(reason: str) -> tuple[str, str | None]:
    """Say in an author's words what RE2 does not accept, and how to mend it."""
    if re.search(r"sequence: \\[1-9]", reason):
        return "it cannot refer back to a group", "write out what is to be found twice"
    for part, why, mend in (
        ("perl operator", "it cannot look ahead or back", "join two conditions by `and`"),
        (
            "escape sequence",
            reason,
            r"a backslash stands before a sign or in `\d`, `\s`, `\p{Latin}`",
        ),
        ("missing )", "a bracket `(` is not closed", r"a bracket to be found is written `\(`"),
        ("unexpected )", "a bracket `)` is not opened", r"a bracket to be found is written `\)`"),
        ("missing ]", "a bracket `[` is not closed", r"a bracket to be found is written `\[`"),
        (
            "no argument",
            "nothing stands before a repetition",
            r"a sign is written `\*`, `\+`, `\?`",
        ),
        ("repetition", "it repeats too often", "repeat fewer times"),
        (NO_TEXT, reason, "type it anew, a letter and its marks as one character"),
        ("instructions", reason, "repeat fewer times, or write two patterns"),
    ):
        if part in reason:
            return why, mend
    return reason, None


def _sample(container: p.Expr) -> p.Expr:
    """An element of the list, for its type only."""
    assert isinstance(container.type, t.ListOf)
    return p.Parametric("", container.type.element, container.span)
