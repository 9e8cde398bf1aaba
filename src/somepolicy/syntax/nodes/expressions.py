"""Values and conditions as an author wrote them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Literal as OneOf

from somepolicy.syntax.nodes.names import Ident
from somepolicy.syntax.source import Span

CompareOp = OneOf["==", "!=", "<", "<=", ">", ">="]
Scalar = bool | int | float | str | datetime.date | datetime.datetime


@dataclass(frozen=True, slots=True)
class Literal:
    """`"text"`, `12`, `true`, `2026-11-22`."""

    value: Scalar
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Tuple:
    """`("image", "gif")`."""

    items: tuple[Expr, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A path, variable, definition, parameter or `as_of`: the resolver finds out which."""

    ident: Ident
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function or predicate with its arguments."""

    name: Ident
    arguments: tuple[Expr, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class And:
    """Two or more conditions joined by `and`."""

    operands: tuple[Expr, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Or:
    """Two or more conditions joined by `or`."""

    operands: tuple[Expr, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Not:
    """`not C`."""

    operand: Expr
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Compare:
    """`a <= b`."""

    operator: CompareOp
    left: Expr
    right: Expr
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Membership:
    """`a in b`, `a not in b`."""

    item: Expr
    container: Expr
    negated: bool
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Contains:
    """`text contains text`."""

    text: Expr
    part: Expr
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Matches:
    """`text matches "pattern"`."""

    text: Expr
    pattern: str
    pattern_span: Span = field(compare=False, repr=False)
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Is:
    """`a is present`, `is missing`, `is empty`, `is not empty`."""

    operand: Expr
    test: OneOf["present", "missing", "empty", "not empty"]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Quantified:
    """`some x in list (C)`, `every x in list (C)`."""

    quantifier: OneOf["some", "every"]
    variable: Ident
    container: Ident
    condition: Expr
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Summed:
    """`sum(x in list: x.n)`."""

    variable: Ident
    container: Ident
    value: Expr
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`a + b`, `a - b`."""

    operator: OneOf["+", "-"]
    left: Expr
    right: Expr
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Otherwise:
    """`a otherwise b`: b where a is absent and its absence means *none*."""

    operand: Expr
    fallback: Expr
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Attested:
    """`attested no by privacy_officer`."""

    answer: OneOf["yes", "no"]
    roles: tuple[Ident, ...]
    span: Span = field(compare=False, repr=False)


Expr = (
    Literal
    | Tuple
    | Name
    | Call
    | And
    | Or
    | Not
    | Compare
    | Membership
    | Contains
    | Matches
    | Is
    | Quantified
    | Summed
    | Arithmetic
    | Otherwise
    | Attested
)
