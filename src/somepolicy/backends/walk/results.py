"""What the walk finds: the value of an expression with its reasons, and an instance of a rule."""

from __future__ import annotations

from dataclasses import dataclass

from somepolicy import ir as p
from somepolicy.engine.evaluation import StatusCode
from somepolicy.json_type import Json


@dataclass(frozen=True, slots=True)
class Result:
    """The value of an expression with its reasons; `parts` are the results it is made of."""

    expr: p.Expr
    value: object
    facts: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    parts: tuple[Result, ...] = ()


@dataclass(frozen=True, slots=True)
class Bound:
    """What a variable stands for: a value and where it is in the document."""

    value: Json
    at: str


@dataclass(frozen=True, slots=True)
class Instance:
    """One instance of a rule with the results of its parts: the trace of `--explain`."""

    rule: p.Rule
    at: str
    status: StatusCode
    violated: bool
    element: Json
    guard: Result | None
    where: Result | None
    condition: Result | None
    exception: Result | None
    facts: tuple[str, ...]
    missing: tuple[str, ...]
    unset: tuple[str, ...] = ()
