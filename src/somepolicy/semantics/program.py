"""The checked policy: every name bound, every expression typed. What the evaluators read.

Expressions are three-valued: True, False, or None for unknown. `type` is the type of a
present value.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal as OneOf

from somepolicy import types as t
from somepolicy.functions.lexicon import Lexicon
from somepolicy.functions.table import Function
from somepolicy.language.nodes import Effect, Scalar, Signature
from somepolicy.language.source import Source, Span
from somepolicy.semantics.schema import KindSchema
from somepolicy.types import Json, Type

_LARGEST = 2**53 - 1
_SURROGATE = re.compile("[\ud800-\udfff]")
Localised = Mapping[str, str]
Answer = OneOf["yes", "no"]
Basis = OneOf["value", "text", "day", "instant"]
Comparison = OneOf["==", "!=", "<", "<=", ">", ">="]


# --- expressions


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
    steps: tuple[str, ...]
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
class Called:
    """A function of the table with its arguments."""

    function: Function
    arguments: tuple[Expr, ...]
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class DayCount:
    """`days(n)`."""

    count: Expr
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Count:
    """`count(list)`."""

    container: Read
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Sum:
    """Numbers added or subtracted, or days to or from a date."""

    operator: OneOf["+", "-"]
    left: Expr
    right: Expr
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
class Compared:
    """A comparison; `by` says as what the two sides compare.

    `day`: dates, an instant counting as the day of its own offset. `text`: after NFC.
    """

    operator: Comparison
    left: Expr
    right: Expr
    by: Basis
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Member:
    """`item in container`; `textual`: after NFC."""

    item: Expr
    container: Expr
    negated: bool
    textual: bool
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Within:
    """`text contains part`."""

    text: Expr
    part: Expr
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Matched:
    """`text matches "pattern"`; the pattern is one RE2 accepts."""

    text: Expr
    pattern: str
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
class Emptiness:
    """`is empty`, `is not empty` of a list or a text."""

    operand: Expr
    empty: bool
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
class All:
    """Kleene `and` of two or more conditions."""

    operands: tuple[Expr, ...]
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Any:
    """Kleene `or` of two or more conditions."""

    operands: tuple[Expr, ...]
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Negation:
    """Kleene `not`."""

    operand: Expr
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
    | Called
    | DayCount
    | Count
    | Sum
    | Fallback
    | Compared
    | Member
    | Within
    | Matched
    | Presence
    | Emptiness
    | Quantifier
    | All
    | Any
    | Negation
    | Attestation
)


# --- declarations


@dataclass(frozen=True)
class Section:
    """A heading of the source text: its title in the policy's words, and its digest if stated."""

    number: int
    title: str
    digest: str | None
    span: Span


@dataclass(frozen=True)
class LeadIn:
    """A sentence that leads in a list; `force` is what it lends the points of the list, if any."""

    locator: str
    digests: tuple[str, ...]
    force: str | None
    span: Span


Message = Mapping[str, tuple[str | Read, ...]]


@dataclass(frozen=True)
class Clause:
    """A clause of the source text; `undecided` says why no rule decides it, if so."""

    name: str
    order: int
    locator: str
    digests: tuple[str, ...]
    force: str
    under: str | None
    binds: str
    kinds: tuple[str, ...]
    law: tuple[str, ...]
    condition: Localised | None
    says: Localised
    undecided: Localised | None
    span: Span


@dataclass(frozen=True)
class Reading:
    """An interpretation of clauses."""

    name: str
    clauses: tuple[str, ...]
    says: Localised
    signed: Signature | None
    span: Span


@dataclass(frozen=True)
class Definition:
    """A value worked out once per document, for the kinds whose fields it reads."""

    name: str
    kinds: tuple[str, ...]
    body: Expr
    source: Source


@dataclass(frozen=True)
class Predicate:
    """A condition on its parameters, typed for one use."""

    key: str
    parameters: tuple[str, ...]
    body: Expr
    source: Source


@dataclass(frozen=True)
class ParameterValue:
    """A value of a parameter and the first day it holds; None: from the beginning."""

    value: Scalar
    since: datetime.date | None


@dataclass(frozen=True)
class Parameter:
    """A value a municipality may set, latest date first; unknown before the earliest."""

    name: str
    type: Type
    values: tuple[ParameterValue, ...]
    overridden: bool

    def admits(self, value: Json) -> bool:
        """Whether a value of JSON is one of the parameter's type."""
        match self.type:
            case t.Enumeration():
                return value in self.type.values
            case t.Boolean():
                return isinstance(value, bool)
            case t.Number():
                if isinstance(value, bool) or not isinstance(value, int | float):
                    return False
                whole = isinstance(value, int) or not self.type.whole
                return whole and -_LARGEST <= value <= _LARGEST
            case t.Text():
                return isinstance(value, str) and not _SURROGATE.search(value)
            case _:
                return False

    def at(self, day: datetime.date) -> Scalar | None:
        """Return the value that holds on a day, or None before there is one."""
        for entry in self.values:
            if entry.since is None or entry.since <= day:
                return entry.value
        return None


@dataclass(frozen=True)
class Each:
    """One instance per element of the list; `where` false: no instance."""

    variable: str
    container: Read
    where: Expr | None


@dataclass(frozen=True)
class Question:
    """What an `attest` rule asks, the answer that clears it, and whose word counts."""

    clause: str
    asks: Message
    answer: Answer
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """One rule. `forbids`: the condition must not hold. `clauses` are in declaration order."""

    name: str
    effect: Effect
    kinds: tuple[str, ...]
    clauses: tuple[str, ...]
    readings: tuple[str, ...]
    each: Each | None
    guard: Expr | None
    forbids: bool
    condition: Expr | None
    exception: Expr | None
    question: Question | None
    says: Message
    remedy: Message | None
    span: Span
    source: Source

    @property
    def denies(self) -> bool:
        """Whether a violated instance denies."""
        return self.effect in ("require", "forbid", "attest")


@dataclass(frozen=True)
class Unregulated:
    """A field no clause is about."""

    kinds: tuple[str, ...]
    steps: tuple[str, ...]
    says: Localised


@dataclass(frozen=True)
class Kind:
    """A kind of document: its schema, and whether an unproven rule denies."""

    name: str
    schema: KindSchema = field(repr=False)
    unproven_denies: bool
    notice: Localised | None

    @property
    def advisory(self) -> bool:
        """Whether the answer is advice that nobody is bound by, as its notice says.

        Words that show it to people then say no one no.
        """
        return not self.unproven_denies and self.notice is not None


@dataclass(frozen=True)
class Logging:
    """What may be logged of a decision; without a `[log]` table nothing may.

    Each path is given by kind of document. `unit_ids` is the pattern of a unit's id that may be
    logged as it is.
    """

    kinds: tuple[str, ...] = ()
    unit_type: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unit_id: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unit_ids: str | None = None
    platform: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fields: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Program:
    """A checked policy. Mappings keep the order of declaration."""

    name: str
    version: str
    languages: tuple[str, ...]
    digest: str
    roles: tuple[str, ...]
    kinds: Mapping[str, Kind]
    sections: Mapping[int, Section]
    lead_ins: tuple[LeadIn, ...]
    clauses: Mapping[str, Clause]
    readings: Mapping[str, Reading]
    definitions: Mapping[str, Definition]
    predicates: Mapping[str, Predicate]
    parameters: Mapping[str, Parameter]
    rules: tuple[Rule, ...]
    unregulated: tuple[Unregulated, ...]
    lexicons: Mapping[str, Lexicon]
    logging: Logging = field(default_factory=Logging)
