"""The operators of the checked program that are unknown as soon as one of their operands is.

One row each: a backend says for a row what it writes for operands that are there. That an unknown
operand makes the whole unknown, and which facts lie behind it, is the same for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

Operator = Literal[
    "not", "==", "!=", "<", "<=", ">", ">=", "in", "not in", "contains", "matches",
    "is empty", "is not empty", "+", "-", "count", "days",
]  # fmt: skip


class Row(NamedTuple):
    """How an operator is written, `x` and `y` being its operands; what it takes; what it is."""

    written: str
    types: str
    meaning: str


_BOTH = "two values of one type; a date-time beside a date counts as its day"
_ORDERED = "two numbers, dates or date-times; a date-time beside a date counts as its day"

OPERATORS: Mapping[Operator, Row] = MappingProxyType(
    {
        "not": Row("not x", "a condition", "true where x is false"),
        "==": Row("x == y", _BOTH, "both are the same; texts in form NFC"),
        "!=": Row("x != y", _BOTH, "they differ"),
        "<": Row("x < y", _ORDERED, "x comes before y"),
        "<=": Row("x <= y", _ORDERED, "x does not come after y"),
        ">": Row("x > y", _ORDERED, "x comes after y"),
        ">=": Row("x >= y", _ORDERED, "x does not come before y"),
        "in": Row("x in y", "a value, and a list of its type", "an element of y is x"),
        "not in": Row("x not in y", "a value, and a list of its type", "no element of y is x"),
        "contains": Row("x contains y", "two texts", "y stands somewhere in x"),
        "matches": Row(
            "x matches y", "a text, and a fixed pattern of RE2", "y is found somewhere in x"
        ),
        "is empty": Row(
            "x is empty", "a list, a text or detections", "x has no element, or says nothing"
        ),
        "is not empty": Row(
            "x is not empty", "a list, a text or detections", "x has an element, or says something"
        ),
        "+": Row(
            "x + y", "two numbers, or a date and days", "the sum, or the date so many days later"
        ),
        "-": Row(
            "x - y", "two numbers, or a date and days", "the rest, or the date so many days before"
        ),
        "count": Row("count(x)", "a list of the document", "how many elements x has"),
        "days": Row("days(x)", "a whole number", "so many days"),
    }
)

COMPARISONS: frozenset[Operator] = frozenset(("==", "!=", "<", "<=", ">", ">="))
CONDITIONS: frozenset[Operator] = COMPARISONS | frozenset(
    ("in", "not in", "contains", "matches", "is empty", "is not empty")
)
