"""Attestations: whether a kind can have them, who may give them, and what they answer."""

from __future__ import annotations

from collections.abc import Sequence

from somepolicy import ir as p
from somepolicy.check.context import Scope
from somepolicy.ir import types as t
from somepolicy.syntax import nodes as n
from somepolicy.syntax.diagnostics import did_you_mean
from somepolicy.syntax.source import Span


def attested(node: n.Attested, scope: Scope) -> p.Expr | None:
    """Type `attested`, which is about the one clause that the rule cites."""
    if not scope.in_rule:
        scope.fail(
            "P213",
            "`attested` can only be used in a rule",
            node.span,
            "move it there: an attestation is about the clause that the rule cites",
        )
        return None
    if scope.clause is None:
        scope.fail(
            "P406",
            "`attested` needs a rule that cites exactly one clause",
            node.span,
            "split the rule",
        )
        return None
    refuse_unattestable(node.span, scope)
    roles = known_roles(node.roles, scope)
    if roles is None:
        return None
    return p.Attestation(scope.clause, node.answer, roles, t.Boolean(), node.span)


def refuse_unattestable(span: Span, scope: Scope) -> None:
    """Refuse to ask for an attestation in kinds of documents that can have none."""
    for kind in scope.kinds:
        if "attestations" not in scope.policy.records[kind].fields:
            scope.fail(
                "P314",
                f"a {kind} can have no attestations, so nobody could give this one",
                span,
                "add the list `attestations` to its schema, or ask in another kind",
            )


def known_roles(idents: Sequence[n.Ident], scope: Scope) -> tuple[str, ...] | None:
    """Return the roles, or None after a diagnostic for each that policy.toml lacks."""
    roles = scope.policy.manifest.roles
    unknown = [ident for ident in idents if ident.text not in roles]
    for ident in unknown:
        scope.fail(
            "P207",
            f"unknown role `{ident.text}`",
            ident.span,
            did_you_mean(ident.text, roles) or "the roles are listed in policy.toml",
        )
    return None if unknown else tuple(ident.text for ident in idents)
