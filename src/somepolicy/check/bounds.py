"""How much work an expression may ask for: lists within lists."""

from __future__ import annotations

from collections.abc import Mapping

from somepolicy import ir as p
from somepolicy.check.context import Scope
from somepolicy.ir.traversal import children

_MOST_NESTED = 2


def bound_lists(part: p.Expr, around: int, scope: Scope) -> None:
    """Refuse lists within lists beyond the bound; `around` counts those outside the part."""
    if around + _nested(part, scope.policy.predicates) > _MOST_NESTED:
        scope.fail(
            "P504",
            f"lists are gone through within lists more than {_MOST_NESTED} deep",
            part.span,
            "name the inner part with `define`, which is worked out once per document",
        )


def _nested(expr: p.Expr, predicates: Mapping[str, p.Predicate | None]) -> int:
    """Return how deep lists are gone through within lists.

    A quantifier, a sum, a count and membership in a list of the document each go through one; a
    definition is worked out once per document and counts nothing, a predicate what it holds.
    """
    inner = max((_nested(part, predicates) for part in children(expr)), default=0)
    match expr:
        case p.Quantifier() | p.Sum() | p.Published() | p.Operation(operator="count"):
            return inner + 1
        case p.Operation(operator="in" | "not in", operands=(_, container)) if not isinstance(
            container, p.Constant
        ):
            return inner + 1
        case p.Applied():
            target = predicates.get(expr.predicate)
            return max(inner, 0 if target is None else _nested(target.body, predicates))
        case _:
            return inner
