"""Rules: what they cite and ask, typed; how much work they may be; what absence may not do."""

from __future__ import annotations

from somepolicy import ir as p
from somepolicy.check.attestations import known_roles, refuse_unattestable
from somepolicy.check.bounds import bound_lists
from somepolicy.check.context import PolicyContext, Scope
from somepolicy.check.declarations import known_clauses
from somepolicy.check.expressions import condition, expr
from somepolicy.check.messages import message
from somepolicy.check.names import elements
from somepolicy.check.polarity import failing_open
from somepolicy.check.symbols import Placed
from somepolicy.syntax import nodes as n
from somepolicy.syntax.diagnostics import did_you_mean


def rule(placed: Placed[n.Rule], policy: PolicyContext) -> p.Rule | None:
    """Type a rule; None where none of the clauses that it cites exists."""
    node = placed.node
    owner, at = f"rule `{node.name.text}`", node.name.span
    clauses = known_clauses(node.cites, policy)
    single = node.cites[0].text if len({ident.text for ident in node.cites}) == 1 else None
    scope = Scope(policy, placed.root, placed.kinds, {}, owner, clause=single, in_rule=True)
    before = len(policy.errors)
    guard = _optional(node.when, scope)
    each, inner = (None, scope) if node.each is None else _each(node.each, scope)
    typed = each is not None or node.each is None  # else the variable means nothing
    built = p.Rule(
        name=node.name.text,
        effect=node.effect,
        kinds=placed.kinds,
        clauses=clauses,
        readings=_known_readings(node.under, scope),
        each=each,
        guard=guard,
        forbids=node.sense == "if",
        condition=_optional(node.condition, inner) if typed else None,
        exception=_optional(node.unless, inner) if typed else None,
        question=_question(node, inner, filled=typed),
        says=message(node.says or node.asks, at, inner, filled=typed),
        remedy=message(node.remedy, at, inner, filled=typed) if node.remedy else None,
        span=at,
        source=placed.module.source,
    )
    if len(policy.errors) == before:
        _refuse_failing_open(built, scope)
        _bound(built, scope)
    return built if clauses else None


def _optional(node: n.Expr | None, scope: Scope) -> p.Expr | None:
    return None if node is None else condition(node, scope)


def _each(node: n.Each, scope: Scope) -> tuple[p.Each | None, Scope]:
    """Type the list of a rule; with the scope of its elements."""
    gone_through = elements(node.variable, node.container, scope, expr)
    if gone_through is None:
        return None, scope
    container, inner = gone_through
    return p.Each(node.variable.text, container, _optional(node.where, inner)), inner


def _known_readings(idents: tuple[n.Ident, ...], scope: Scope) -> tuple[str, ...]:
    readings = scope.policy.symbols.readings
    for ident in idents:
        if ident.text not in readings:
            scope.fail(
                "P205",
                f"unknown reading `{ident.text}`",
                ident.span,
                did_you_mean(ident.text, readings)
                or f"a reading is declared as `reading {ident.text} of …`",
            )
    cited = {ident.text for ident in idents}
    return tuple(name for name in readings if name in cited)


def _question(node: n.Rule, scope: Scope, *, filled: bool) -> p.Question | None:
    if node.effect != "attest" or node.answer is None:
        return None
    if scope.clause is None:
        scope.fail(
            "P406",
            "an attestation answers for exactly one clause",
            node.name.span,
            "split the rule",
        )
        return None
    if filled:
        refuse_unattestable(node.name.span, scope)
    roles = known_roles(node.by, scope)
    asks = message(node.asks, node.name.span, scope, filled=filled)
    return None if roles is None else p.Question(scope.clause, asks, node.answer, roles)


def _refuse_failing_open(rule: p.Rule, scope: Scope) -> None:
    policy = scope.policy
    clauses = [policy.symbols.clauses[name] for name in rule.clauses]
    if not rule.denies or not any(each.force.text in ("must", "must_not") for each in clauses):
        return  # a should that denies does so under a reading, which may spare the absent
    for test in failing_open(rule, policy.definitions, policy.predicates):
        asked = isinstance(test, p.Attestation)
        scope.fail(
            "P307",
            f"an absent {'attestation' if asked else 'fact'} would help this rule to pass",
            test.span,
            "let the attestation help instead: demand it with `attest`, or spare with "
            "`unless attested …` what somebody has answered for"
            if asked
            else "ask for the value itself: an absent fact is unknown, and the rule unproven; "
            "or, where absence means none, say `x-absent: none` in the schema",
        )


def _bound(rule: p.Rule, scope: Scope) -> None:
    around = 1 if rule.each else 0
    where = rule.each.where if rule.each else None
    if rule.guard is not None:
        bound_lists(rule.guard, 0, scope)
    for part in (where, rule.condition, rule.exception):
        if part is not None:
            bound_lists(part, around, scope)
