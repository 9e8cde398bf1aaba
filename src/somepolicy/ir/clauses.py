"""The source text as the policy accounts for it: headings, clauses, how they are read."""

from __future__ import annotations

from dataclasses import dataclass

from somepolicy.ir.texts import Localised
from somepolicy.syntax.nodes import Signature
from somepolicy.syntax.source import Span


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
