"""The syntax tree: what an author wrote, and where. Frozen data without behaviour.

Spans do not take part in comparison, so two texts that say the same are equal trees.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Literal as OneOf

from somepolicy.syntax.source import Source, Span


def _span() -> Span:
    return field(compare=False, repr=False)  # type: ignore[no-any-return]


# --- small parts


@dataclass(frozen=True, slots=True)
class Ident:
    """A name as written: `item`, `rett.bilde`, `post.media`."""

    text: str
    span: Span = _span()

    @property
    def parts(self) -> tuple[str, ...]:
        """The name split at its dots."""
        return tuple(self.text.split("."))


@dataclass(frozen=True, slots=True)
class Text:
    """A text in one language; `value` has doubled quotes undone."""

    language: Ident
    value: str
    span: Span = _span()


Texts = tuple[Text, ...]

# --- expressions

CompareOp = OneOf["==", "!=", "<", "<=", ">", ">="]
Scalar = bool | int | float | str | datetime.date | datetime.datetime


@dataclass(frozen=True, slots=True)
class Literal:
    """`"text"`, `12`, `true`, `2026-11-22`."""

    value: Scalar
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Tuple:
    """`("image", "gif")`."""

    items: tuple[Expr, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Name:
    """A path, variable, definition, parameter or `as_of`: the resolver finds out which."""

    ident: Ident
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Call:
    """A function or predicate with its arguments."""

    name: Ident
    arguments: tuple[Expr, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class And:
    """Two or more conditions joined by `and`."""

    operands: tuple[Expr, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Or:
    """Two or more conditions joined by `or`."""

    operands: tuple[Expr, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Not:
    """`not C`."""

    operand: Expr
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Compare:
    """`a <= b`."""

    operator: CompareOp
    left: Expr
    right: Expr
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Membership:
    """`a in b`, `a not in b`."""

    item: Expr
    container: Expr
    negated: bool
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Contains:
    """`text contains text`."""

    text: Expr
    part: Expr
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Matches:
    """`text matches "pattern"`."""

    text: Expr
    pattern: str
    pattern_span: Span = _span()
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Is:
    """`a is present`, `is missing`, `is empty`, `is not empty`."""

    operand: Expr
    test: OneOf["present", "missing", "empty", "not empty"]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Quantified:
    """`some x in list (C)`, `every x in list (C)`."""

    quantifier: OneOf["some", "every"]
    variable: Ident
    container: Ident
    condition: Expr
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Summed:
    """`sum(x in list: x.n)`."""

    variable: Ident
    container: Ident
    value: Expr
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`a + b`, `a - b`."""

    operator: OneOf["+", "-"]
    left: Expr
    right: Expr
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Otherwise:
    """`a otherwise b`: b where a is absent and its absence means *none*."""

    operand: Expr
    fallback: Expr
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Attested:
    """`attested no by privacy_officer`."""

    answer: OneOf["yes", "no"]
    roles: tuple[Ident, ...]
    span: Span = _span()


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

# --- declarations


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the source text; `digest` is that of its own words, if stated."""

    number: int
    title: str
    digest: str | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class LeadIn:
    """A sentence that is no clause itself but leads in the list after it, with that force."""

    locator: str
    digests: tuple[str, ...]
    force: Ident | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Clause:
    """One unit of the source text that says one thing."""

    name: Ident
    locator: str
    digests: tuple[str, ...]
    force: Ident
    under: Ident | None
    binds: Ident
    kinds: tuple[Ident, ...]
    law: tuple[str, ...]
    condition: Texts
    says: Texts
    undecided: Texts
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed a reading, and when."""

    role: str
    on: datetime.date


@dataclass(frozen=True, slots=True)
class Reading:
    """An interpretation of clauses; `signed` is None while it is only proposed."""

    name: Ident
    clauses: tuple[Ident, ...]
    says: Texts
    signed: Signature | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Header:
    """`rules for post, unproven advises, notice …`: what the file's rules are about."""

    kinds: tuple[Ident, ...]
    unproven_advises: bool
    notice: Texts
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Unregulated:
    """A field that no clause is about."""

    path: Ident
    says: Texts
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Define:
    """A named value or condition; with parameters a predicate."""

    name: Ident
    parameters: tuple[Ident, ...]
    body: Expr
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Dated:
    """A value of a parameter and the first day it holds; None: from the beginning."""

    value: Expr
    since: datetime.date | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that a municipality may set; `choices` where it is one of a few texts."""

    name: Ident
    type: Ident | None
    choices: tuple[Literal, ...]
    values: tuple[Dated, ...]
    says: Texts
    span: Span = _span()


Effect = OneOf["require", "forbid", "attest", "advise", "permit"]


@dataclass(frozen=True, slots=True)
class Each:
    """`for each x in list where C`."""

    variable: Ident
    container: Ident
    where: Expr | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; `sense` is the word before the condition."""

    effect: Effect
    name: Ident
    cites: tuple[Ident, ...]
    under: tuple[Ident, ...]
    each: Each | None
    when: Expr | None
    sense: OneOf["that", "if"] | None
    condition: Expr | None
    unless: Expr | None
    by: tuple[Ident, ...]
    answer: OneOf["yes", "no"] | None
    asks: Texts
    says: Texts
    remedy: Texts
    span: Span = _span()


# --- tests


@dataclass(frozen=True, slots=True)
class Quoted:
    """A text of no language: the name of a file."""

    text: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Pointer:
    """A JSON Pointer as written."""

    text: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class With:
    """`with post.media[0].kind = "gif"`."""

    path: Ident
    value: Expr
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Without:
    """`without post.web_copy`."""

    path: Ident
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class ExpectDecision:
    """`expect allow`, `expect deny`."""

    decision: OneOf["allow", "deny"]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class ExpectClause:
    """`expect clause C violated`."""

    clause: Ident
    status: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class ExpectRule:
    """`expect R violated at /p because /q`."""

    rule: Ident
    outcome: str
    at: Pointer | None
    because: tuple[Pointer, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class ExpectInvalid:
    """`expect invalid /p`: the schema refuses the document there."""

    at: Pointer
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class ExpectUnregulated:
    """`expect unregulated /p`."""

    at: Pointer
    span: Span = _span()


Change = With | Without
Expectation = ExpectDecision | ExpectClause | ExpectRule | ExpectInvalid | ExpectUnregulated


@dataclass(frozen=True, slots=True)
class Steps:
    """What a test or a case does: change the document, set the time, expect."""

    changes: tuple[Change, ...]
    at: datetime.date | None
    expectations: tuple[Expectation, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One row of a table test."""

    name: str
    steps: Steps
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Test:
    """A test of the policy, with its cases if it has any; `given` names its document."""

    name: str
    given: Quoted
    steps: Steps
    cases: tuple[Case, ...]
    span: Span = _span()


Declaration = (
    Section | LeadIn | Clause | Reading | Header | Unregulated | Define | Parameter | Rule | Test
)


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, `#` included."""

    text: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Module:
    """One parsed `.pol` file."""

    source: Source = field(compare=False)
    declarations: tuple[Declaration, ...]
    comments: tuple[Comment, ...]
