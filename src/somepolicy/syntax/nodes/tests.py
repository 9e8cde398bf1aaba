"""Tests of a policy: the document, what is changed in it, what is expected."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Literal as OneOf

from somepolicy.syntax.nodes.expressions import Expr
from somepolicy.syntax.nodes.names import Ident
from somepolicy.syntax.source import Span


@dataclass(frozen=True, slots=True)
class Quoted:
    """A text of no language: the name of a file."""

    text: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Pointer:
    """A JSON Pointer as written."""

    text: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class With:
    """`with post.media[0].kind = "gif"`."""

    path: Ident
    value: Expr
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Without:
    """`without post.web_copy`."""

    path: Ident
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ExpectDecision:
    """`expect allow`, `expect deny`."""

    decision: OneOf["allow", "deny"]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ExpectClause:
    """`expect clause C violated`."""

    clause: Ident
    status: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ExpectRule:
    """`expect R violated at /p because /q`."""

    rule: Ident
    outcome: str
    at: Pointer | None
    because: tuple[Pointer, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ExpectInvalid:
    """`expect invalid /p`: the schema refuses the document there."""

    at: Pointer
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ExpectUnregulated:
    """`expect unregulated /p`."""

    at: Pointer
    span: Span = field(compare=False, repr=False)


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
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Test:
    """A test of the policy, with its cases if it has any; `given` names its document."""

    name: str
    given: Quoted
    steps: Steps
    cases: tuple[Case, ...]
    span: Span = field(compare=False, repr=False)
