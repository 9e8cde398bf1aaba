"""Rules, and the definitions and predicates that their conditions use."""

from __future__ import annotations

from dataclasses import dataclass

from somepolicy.ir.expressions import Answer, Expr, Read
from somepolicy.ir.texts import Message
from somepolicy.syntax.nodes import Effect
from somepolicy.syntax.source import Source, Span


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
