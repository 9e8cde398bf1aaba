"""A rule on one document -> its instances, each with its status and the results of its parts."""

from __future__ import annotations

from somepolicy import ir as p
from somepolicy.backends.walk.expressions import Variables, Walker, elements_of, known
from somepolicy.backends.walk.results import Bound, Instance, Result
from somepolicy.engine.evaluation import StatusCode
from somepolicy.engine.values import (
    SOME_ELEMENT,
    every,
    outside_elements,
    pointer,
    some,
    tidy_missing,
    unique,
    unset_names,
)


def instances_of(rule: p.Rule, walker: Walker) -> list[Instance]:
    """Evaluate a rule: one instance per element of `for each`, else one."""
    guard = None if rule.guard is None else walker.expr(rule.guard, {})
    if guard is not None and guard.value is False:
        return [_outside(rule, guard)]
    if rule.effect == "permit":
        applies = guard is None or guard.value is True
        status = StatusCode.PERMITTED if applies else StatusCode.NOT_APPLICABLE
        return [Instance(rule, "", status, False, None, guard, None, None, None, (), ())]
    if rule.each is None:
        return [_instance(walker, rule, guard, None, Bound(None, ""), {})]
    container = walker.expr(rule.each.container, {})
    if container.value is None:
        return [_without_list(walker, rule, rule.each, guard, container)]
    assert isinstance(container.value, list)
    instances = []
    for bound in elements_of(container.value, pointer("", rule.each.container.path)):
        variables = {rule.each.variable: bound}
        where = None if rule.each.where is None else walker.expr(rule.each.where, variables)
        if where is None or where.value is not False:
            instances.append(_instance(walker, rule, guard, where, bound, variables))
    return instances or [_outside(rule, guard)]


def _without_list(
    walker: Walker, rule: p.Rule, each: p.Each, guard: Result | None, container: Result
) -> Instance:
    """The one instance of an absent list: what it lacks besides is what an element would."""
    unknown = {each.variable: Bound(None, SOME_ELEMENT)}
    parts = [walker.expr(x, unknown) for x in (each.where, rule.condition, rule.exception) if x]
    beside = [m for part in (guard, *parts) if part and part.value is None for m in part.missing]
    return Instance(
        rule,
        pointer("", each.container.path),
        StatusCode.ADVISED if rule.effect == "advise" else StatusCode.UNPROVEN,
        False,
        None,
        guard,
        None,
        container,
        None,
        (),
        tidy_missing([*container.missing, *outside_elements(beside)]),
        unset_names(beside),
    )


def _instance(
    walker: Walker,
    rule: p.Rule,
    guard: Result | None,
    where: Result | None,
    bound: Bound,
    variables: Variables,
) -> Instance:
    """Decide one instance: D = (not guard) or condition or exception."""
    condition = None if rule.condition is None else walker.expr(rule.condition, variables)
    exception = None if rule.exception is None else walker.expr(rule.exception, variables)
    applies = every([known(part.value) for part in (guard, where) if part])
    holds, facts = _holds(walker, rule, condition)
    excepted = False if exception is None else known(exception.value)
    passes = some([_negated(applies), holds, excepted])
    parts = (guard, where, condition, exception)
    if passes is True:
        status = StatusCode.SATISFIED if holds is True else StatusCode.NOT_APPLICABLE
        return Instance(rule, bound.at, status, False, bound.value, *parts, (), ())
    if rule.effect == "advise":
        status = StatusCode.ADVISED
    else:
        status = StatusCode.VIOLATED if passes is False else StatusCode.UNPROVEN
    missing = tuple(m for part in parts if part and part.value is None for m in part.missing)
    return Instance(
        rule,
        bound.at,
        status,
        passes is False,
        bound.value,
        *parts,
        unique(facts) if passes is False else (),
        tidy_missing(missing) if passes is None else (),
        unset_names(missing) if passes is None else (),
    )


def _holds(
    walker: Walker, rule: p.Rule, condition: Result | None
) -> tuple[bool | None, tuple[str, ...]]:
    """X: the condition in the rule's sense, or the attestation; without either False."""
    if rule.question is not None:
        question = (rule.question.clause, rule.question.answer, rule.question.roles)
        return walker.context.verdict(*question), tuple(walker.context.contrary(*question))
    if condition is None:
        return False, ()
    value = known(condition.value)
    return (_negated(value) if rule.forbids else value), condition.facts


def _outside(rule: p.Rule, guard: Result | None) -> Instance:
    return Instance(
        rule, "", StatusCode.NOT_APPLICABLE, False, None, guard, None, None, None, (), ()
    )


def _negated(value: bool | None) -> bool | None:
    return None if value is None else not value
