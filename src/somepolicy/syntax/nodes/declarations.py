"""What a file of a policy declares: parts of the source text, definitions, parameters, rules."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Literal as OneOf

from somepolicy.syntax.nodes.expressions import Expr, Literal
from somepolicy.syntax.nodes.names import Ident, Texts
from somepolicy.syntax.source import Span


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the source text; `digest` is that of its own words, if stated."""

    number: int
    title: str
    digest: str | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class LeadIn:
    """A sentence that is no clause itself but leads in the list after it, with that force."""

    locator: str
    digests: tuple[str, ...]
    force: Ident | None
    span: Span = field(compare=False, repr=False)


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
    span: Span = field(compare=False, repr=False)


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
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Header:
    """`rules for post, unproven advises, notice …`: what the file's rules are about."""

    kinds: tuple[Ident, ...]
    unproven_advises: bool
    notice: Texts
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Unregulated:
    """A field that no clause is about, or some values of it: those `among` which it is."""

    path: Ident
    among: Expr | None
    says: Texts
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject that no clause is about, and no field either."""

    name: Ident
    says: Texts
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Define:
    """A named value or condition; with parameters a predicate."""

    name: Ident
    parameters: tuple[Ident, ...]
    body: Expr
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Dated:
    """A value of a parameter and the first day it holds; None: from the beginning."""

    value: Expr
    since: datetime.date | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that a municipality may set; `choices` where it is one of a few texts."""

    name: Ident
    type: Ident | None
    choices: tuple[Literal, ...]
    values: tuple[Dated, ...]
    says: Texts
    span: Span = field(compare=False, repr=False)


Effect = OneOf["require", "forbid", "attest", "advise", "permit"]


@dataclass(frozen=True, slots=True)
class Each:
    """`for each x in list where C`."""

    variable: Ident
    container: Ident
    where: Expr | None
    span: Span = field(compare=False, repr=False)


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
    span: Span = field(compare=False, repr=False)
