"""What typing needs to know: of the whole policy, and of the place an expression stands at."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from somepolicy import ir as p
from somepolicy.check.common_types import CommonTypes
from somepolicy.check.depth import MOST_DEEP, Depth
from somepolicy.check.manifest import Manifest
from somepolicy.check.symbols import Symbols
from somepolicy.ir import types as t
from somepolicy.syntax import nodes as n
from somepolicy.syntax.diagnostics import Diagnostic
from somepolicy.syntax.source import Span


@dataclass
class PolicyContext:
    """What is declared, what has been typed of it so far, and every error met.

    In `definitions` and `predicates` None stands for what cannot be typed; its error is reported.
    """

    symbols: Symbols
    manifest: Manifest
    records: Mapping[str, t.Record]  # of each kind
    lexicons: Collection[str]
    errors: list[Diagnostic] = field(default_factory=list)
    parameter_types: dict[str, t.Type] = field(default_factory=dict)
    definitions: dict[str, p.Definition | None] = field(default_factory=dict)
    predicates: dict[str, p.Predicate | None] = field(default_factory=dict)
    predicate_kinds: dict[str, tuple[str, ...]] = field(default_factory=dict)
    predicate_keys: dict[tuple[object, ...], str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    depth: Depth = field(default_factory=Depth)
    too_deep: bool = False  # is reported once
    common: CommonTypes = field(default_factory=CommonTypes)

    def fail(self, code: str, message: str, span: Span, help: str | None = None) -> None:
        """Note an error at a place outside any rule or definition."""
        self.errors.append(Diagnostic(code, message, span, help))


@dataclass(frozen=True)
class Scope:
    """What names mean at one place: the root and its records, variables, the rule's clause."""

    policy: PolicyContext
    root: str
    kinds: tuple[str, ...]
    variables: Mapping[str, t.Type | p.Constant]
    owner: str | None = None  # the rule or definition, as errors name it
    clause: str | None = None  # what `attested` is about; None where it cannot be used
    in_rule: bool = False
    in_predicate: bool = False
    within: tuple[str, ...] = ()  # the definitions and predicates that lead here

    def with_variable(self, name: str, kind: t.Type) -> Scope:
        """Return the scope with one variable more."""
        return replace(self, variables={**self.variables, name: kind})

    def fail(self, code: str, message: str, span: Span, help: str | None = None) -> None:
        """Note an error at a place, in the rule or definition at hand."""
        self.policy.errors.append(Diagnostic(code, message, span, help, self.owner))

    def may_nest(self, span: Span, body: str | None = None) -> bool:
        """Whether it may be nested as deep as here, or as the body of that name; P501 once."""
        if self.policy.depth.allows(body):
            return True
        if not self.policy.too_deep:
            self.fail(
                "P501",
                f"with the definitions it uses, this is nested more than {MOST_DEEP} deep",
                span,
                "let fewer definitions build upon each other",
            )
        self.policy.too_deep = True
        return False


Typer = Callable[[n.Expr, Scope], p.Expr | None]
"""`expressions.expr`, handed to what types parts when, and in which scope, it decides itself."""
