"""Expressions, typed, with every name bound.

They are three-valued: True, False, or None for unknown. `type` is the type of a present value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal as OneOf

from somepolicy.ir.operators import Operator
from somepolicy.ir.types import Number, Type
from somepolicy.json_type import Json
from somepolicy.syntax.nodes import Scalar
from somepolicy.syntax.source import Span

Answer = OneOf["yes", "no"]
Shape = Mapping[str, "Shape"] | list["Shape"] | None


@dataclass(frozen=True, slots=True)
class Constant:
    """A value the policy states: a scalar or a tuple of scalars, texts in form NFC."""

    value: Scalar | tuple[Scalar, ...]
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Read:
    """A value of the document: from the root (None), or from a variable or parameter.

    Without steps it is the variable's own value. `default` stands for an absent leaf, whatever
    ancestor is missing; `none_when_absent` marks a leaf that may be followed by `otherwise`.
    The first `sure` of the steps are there wherever the document, or the element that the
    variable stands for, is: the schema requires them.
    """

    variable: str | None
    path: tuple[str, ...]
    type: Type
    default: Json
    has_default: bool
    none_when_absent: bool
    span: Span
    sure: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Defined:
    """The value of a definition."""

    name: str
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Applied:
    """A predicate applied to paths; `predicate` is the key of its typed instance."""

    predicate: str
    arguments: tuple[Read, ...]
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Parametric:
    """The value of a parameter at the time of the decision."""

    name: str
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class AsOf:
    """The instant of the decision."""

    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator of `ir.operators` on its operands: unknown as soon as one of them is."""

    operator: Operator
    operands: tuple[Expr, ...]
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Called:
    """A function of the table, by its name, with its arguments: unknown as soon as one is."""

    function: str
    arguments: tuple[Expr, ...]
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Part:
    """An object, a list or a text of the document, of which `shape` says where its texts are.

    None is a text itself, a list its elements, a mapping the members of an object. With a
    condition: of the elements of a list those for which it is not false, `shape` of each.
    """

    container: Read
    shape: Shape
    variable: str | None = None
    condition: Expr | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """`published(…)`: the texts that readers see in parts of the document, as far as they are there.

    `absent` are the paths of those whose absence the schema gives a meaning, with whether a
    default stands for them; None in a path is every element of a list.
    """

    parts: tuple[Part, ...]
    absent: tuple[tuple[tuple[str | None, ...], bool], ...]
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Fallback:
    """`x otherwise y`: y where x is absent though its parent is there."""

    operand: Read
    fallback: Expr
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Presence:
    """`is present`, `is missing`: never unknown but for a `none_when_absent` leaf without parent."""

    operand: Read
    present: bool
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Quantifier:
    """Kleene or/and of the condition over the elements."""

    every: bool
    variable: str
    container: Read
    condition: Expr
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of a number over the elements: 0 of none, unknown as soon as one number is."""

    variable: str
    container: Read
    value: Expr
    type: Number
    span: Span


@dataclass(frozen=True, slots=True)
class Junction:
    """Kleene `and` or `or` of two or more conditions."""

    operator: OneOf["and", "or"]
    operands: tuple[Expr, ...]
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Attestation:
    """`attested no by …`: a valid attestation of the clause with that answer, none against."""

    clause: str
    answer: Answer
    roles: tuple[str, ...]
    type: Type
    span: Span


Expr = (
    Constant
    | Read
    | Defined
    | Applied
    | Parametric
    | AsOf
    | Operation
    | Called
    | Published
    | Fallback
    | Presence
    | Quantifier
    | Sum
    | Junction
    | Attestation
)
