"""Declarations other than rules: kinds, lead-ins, clauses, readings, what is not regulated."""

from __future__ import annotations

from collections.abc import Collection

from somepolicy import ir as p
from somepolicy.check.comparisons import membership
from somepolicy.check.context import PolicyContext, Scope
from somepolicy.check.expressions import expr
from somepolicy.check.fidelity import EFFECTS_OF_FORCE
from somepolicy.check.messages import localised
from somepolicy.check.names import bind
from somepolicy.check.paths import root_path
from somepolicy.check.symbols import Placed
from somepolicy.check.type_rules import named
from somepolicy.ir import types as t
from somepolicy.ir.schemas import KindSchema
from somepolicy.syntax import nodes as n
from somepolicy.syntax.diagnostics import did_you_mean
from somepolicy.syntax.source import Span

_WITH_VALUES = t.Text | t.Enumeration | t.Number | t.Boolean
_BINDS = ("unit", "employee", "both")


def kind(name: str, schema: KindSchema, policy: PolicyContext) -> p.Kind:
    """Return a kind of document; what is unproven denies unless its file says otherwise."""
    regime = policy.symbols.regimes.get(name)
    if regime is None:
        return p.Kind(name, schema, True, None)
    return p.Kind(
        name, schema, not regime.unproven_advises, _optional(regime.notice, regime.span, policy)
    )


def lead_in(node: n.LeadIn, policy: PolicyContext) -> p.LeadIn:
    """Return a lead-in; P202 where its force is none."""
    if node.force is not None and node.force.text not in EFFECTS_OF_FORCE:
        refuse_choice("force", node.force, EFFECTS_OF_FORCE, policy)
    force = None if node.force is None else node.force.text
    return p.LeadIn(node.locator, node.digests, force, node.span)


def clause(order: int, node: n.Clause, policy: PolicyContext) -> p.Clause:
    """Return a clause, the one of this order; P202 or P208 where it says what is not known."""
    for ident in (node.force, node.under):
        if ident is not None and ident.text not in EFFECTS_OF_FORCE:
            refuse_choice("force", ident, EFFECTS_OF_FORCE, policy)
    if node.binds.text not in _BINDS:
        refuse_choice("addressee", node.binds, _BINDS, policy)
    kinds = policy.manifest.kinds
    for each in node.kinds:
        if each.text not in kinds:
            policy.fail(
                "P208",
                f"unknown kind of document `{each.text}`",
                each.span,
                did_you_mean(each.text, kinds) or f"policy.toml has {', '.join(kinds)}",
            )
    at = node.name.span
    return p.Clause(
        name=node.name.text,
        order=order,
        locator=node.locator,
        digests=node.digests,
        force=node.force.text if node.force.text in EFFECTS_OF_FORCE else "info",
        under=None if node.under is None else node.under.text,
        binds=node.binds.text,
        kinds=tuple(each.text for each in node.kinds),
        law=node.law,
        condition=_optional(node.condition, at, policy),
        says=localised(node.says, policy.manifest.languages, at, policy.fail),
        undecided=_optional(node.undecided, at, policy),
        span=at,
    )


def refuse_choice(
    what: str, ident: n.Ident, choices: Collection[str], policy: PolicyContext
) -> None:
    """Note that a word is none of those that can stand at its place."""
    policy.fail(
        "P202",
        f"unknown {what} `{ident.text}`",
        ident.span,
        did_you_mean(ident.text, choices) or f"it is one of {', '.join(choices)}",
    )


def _optional(texts: n.Texts, at: Span, policy: PolicyContext) -> dict[str, str] | None:
    return localised(texts, policy.manifest.languages, at, policy.fail) if texts else None


def reading(node: n.Reading, policy: PolicyContext) -> p.Reading:
    """Return a reading of those of its clauses that exist."""
    return p.Reading(
        node.name.text,
        known_clauses(node.clauses, policy),
        localised(node.says, policy.manifest.languages, node.name.span, policy.fail),
        node.signed,
        node.name.span,
    )


def known_clauses(idents: tuple[n.Ident, ...], policy: PolicyContext) -> tuple[str, ...]:
    """Return the clauses that exist, in order of declaration, each once."""
    clauses = policy.symbols.clauses
    for ident in idents:
        if ident.text not in clauses:
            policy.fail(
                "P204",
                f"unknown clause `{ident.text}`",
                ident.span,
                did_you_mean(ident.text, clauses)
                or f"a clause is declared as `clause {ident.text} at …`",
            )
    known = {ident.text for ident in idents if ident.text in clauses}
    return tuple(sorted(known, key=policy.symbols.clause_order.__getitem__))


def unregulated(placed: Placed[n.Unregulated], policy: PolicyContext) -> p.Unregulated | None:
    """Return the field of which the source says nothing; None where it is no field."""
    node = placed.node
    at = node.path.span
    says = localised(node.says, policy.manifest.languages, at, policy.fail)
    scope = Scope(policy, placed.root, placed.kinds, {})
    if node.path.parts[0] == placed.root:
        read: p.Expr | None = root_path(node.path, scope, each=True)
    else:
        read = bind(node.path, scope, expr)
    among = None if node.among is None else expr(node.among, scope)
    if not isinstance(read, p.Read) or not read.path:
        if read is not None:
            policy.fail(
                "P312",
                "a field of the document is needed",
                at,
                f"write a path as `{placed.root}.…`",
            )
        return None
    path = tuple(None if step == n.EACH else step for step in read.path)
    if node.among is None:
        return p.Unregulated(placed.kinds, path, None, says)
    values = None if among is None else _values(node.path, read, node.among, among, scope)
    return None if values is None else p.Unregulated(placed.kinds, path, values, says)


def _values(
    path: n.Ident, read: p.Read, among: n.Expr, values: p.Expr, scope: Scope
) -> tuple[n.Scalar, ...] | None:
    """Return the values that a field is looked for with; None where it cannot have them."""
    if isinstance(read.type, t.ListOf):
        scope.fail(
            "P305",
            f"`{path.text}` is a list",
            path.span,
            f"write `{path.text}{n.EACH}`, for every element",
        )
        return None
    if not isinstance(read.type, _WITH_VALUES):
        scope.fail(
            "P312",
            f"{named(read.type)} is not looked for by its values",
            path.span,
            "before `in` stands a text, a number or a boolean",
        )
        return None
    if not isinstance(values, p.Constant) and isinstance(values.type, t.ListOf):
        scope.fail(
            "P312",
            "only fixed values can stand here",
            among.span,
            "write them in brackets, as `(1, 2)`",
        )
        return None
    asked = n.Membership(
        n.Name(path, path.span), among, negated=False, span=path.span.to(among.span)
    )
    if membership(asked, read, values, scope) is None:
        return None
    assert isinstance(values, p.Constant) and isinstance(values.value, tuple)
    return values.value


def topic(node: n.Topic, policy: PolicyContext) -> p.Topic:
    """Return a subject of which the source says nothing."""
    says = localised(node.says, policy.manifest.languages, node.name.span, policy.fail)
    return p.Topic(node.name.text, says)
