"""Definitions, predicates and rules -> the functions that evaluate them in full, and say why.

A definition is `def_NAME(document, context)`, a predicate `pred_NAME(document, context, values)`,
a rule `rule_NAME(document, context)`, which returns its status and reports to the context what is
not met. Beside each stand its reasons, `facts_…`, `missing_…` and `evidence_…`; a rule has the last
only where it asks detectors.
"""

from __future__ import annotations

import ast
from functools import partial

from somepolicy import ir as p
from somepolicy.backends.python import code as py
from somepolicy.backends.python.explanations import (
    detects,
    evidence,
    facts,
    facts_known,
    missing,
    missing_of,
    place,
)
from somepolicy.backends.python.expressions import attestations, value
from somepolicy.backends.python.scope import Names, Scope
from somepolicy.engine.evaluation import StatusCode

# --- definitions and predicates


def definition_function(names: Names, definition: p.Definition) -> ast.stmt:
    """Return `def_NAME`, worked out at most once per document."""
    title = f"def_{definition.name}"
    return _memoised(title, value(Scope(names), definition.body), definition.body)


def definition_reasons(names: Names, definition: p.Definition) -> list[ast.stmt]:
    """Return the reasons of a definition, each worked out at most once per document."""
    scope, name, body = Scope(names), definition.name, definition.body
    return [
        _memoised(f"facts_def_{name}", py.call("unique", facts(scope, body)), body),
        _memoised(f"missing_def_{name}", py.call("unique", missing(scope, body)), body),
        _memoised(f"evidence_def_{name}", evidence(scope, [body]), body),
    ]


def _memoised(title: str, worked_out: ast.expr, body: p.Expr) -> ast.stmt:
    """Return a function of a definition, which keeps its value in the context's memo."""
    memo = py.attribute("context", "memo")
    keep = ast.Assign([ast.Subscript(memo, py.const(title), ast.Store())], worked_out)
    known = py.compare(py.const(title), ast.NotIn(), memo)
    kept = ast.Subscript(memo, py.const(title), ast.Load())
    return py.at(py.function(title, (), [py.when(known, keep), py.give(kept)]), body.span)


def predicate_function(names: Names, predicate: p.Predicate) -> ast.stmt:
    """Return `pred_NAME`, which takes values."""
    values = [f"v_{name}" for name in predicate.parameters]
    title, body = f"pred_{predicate.key}", [py.give(value(Scope(names), predicate.body))]
    return py.at(py.function(title, values, body), predicate.body.span)


def predicate_reasons(names: Names, predicate: p.Predicate) -> list[ast.stmt]:
    """Return the reasons of a predicate, which take values and pointers."""
    both = [each for name in predicate.parameters for each in (f"v_{name}", f"q_{name}")]
    scope, key, body = Scope(names), predicate.key, predicate.body
    made = {
        f"facts_pred_{key}": facts(scope, body),
        f"missing_pred_{key}": missing(scope, body),
        f"evidence_pred_{key}": evidence(scope, [body]),
    }
    return [
        py.at(py.function(title, both, [py.give(given)]), body.span)
        for title, given in made.items()
    ]


# --- rules


def rule_functions(names: Names, rule: p.Rule) -> list[ast.stmt]:
    """Return the functions of a rule's reasons and then its own.

    A thread that finds its own loaded has to find the others.
    """
    scope = Scope(names)
    body = _guard(scope, rule)
    if rule.effect == "permit":
        body.append(py.give(_status(StatusCode.PERMITTED)))
    elif rule.each is None:
        body += _single(scope, rule)
    else:
        body += _elements(scope, rule, rule.each)
    made = [] if rule.effect == "permit" else _reasons(scope, rule)
    made.append(py.function(f"rule_{rule.name}", (), body))
    return [py.at(each, rule.span) for each in made]


def _guard(scope: Scope, rule: p.Rule) -> list[ast.stmt]:
    if rule.guard is None:
        return []
    outside = py.same(py.name("guard"), False)
    if rule.effect == "permit":
        outside = py.differs(py.name("guard"), True)
    return [
        py.assign("guard", value(scope, rule.guard)),
        py.when(outside, py.give(_status(StatusCode.NOT_APPLICABLE))),
    ]


def _single(scope: Scope, rule: p.Rule) -> list[ast.stmt]:
    held, work_out = _condition(scope, rule)
    body = [work_out, py.when(held, py.give(_status(StatusCode.SATISFIED)))]
    outside = py.give(_status(StatusCode.NOT_APPLICABLE))
    body += _excepted(scope, rule, outside)
    return [*body, py.give(_broke(scope, rule, py.const(""), py.const(None)))]


def _excepted(scope: Scope, rule: p.Rule, leave: ast.stmt) -> list[ast.stmt]:
    if rule.exception is None:
        return []
    test = py.same(py.name("excepted"), True)
    return [py.assign("excepted", value(scope, rule.exception)), py.when(test, leave)]


def _condition(scope: Scope, rule: p.Rule) -> tuple[ast.expr, ast.stmt]:
    """Return the test that the rule holds, and the statement that works it out."""
    if rule.question is not None:
        holds = attestations(rule.question, "verdict")
    elif rule.condition is not None:
        holds = value(scope, rule.condition)
    else:
        holds = py.const(rule.forbids)
    return py.same(py.name("holds"), not rule.forbids), py.assign("holds", holds)


def _broke(scope: Scope, rule: p.Rule, at: ast.expr, element: ast.expr) -> ast.expr:
    """Return code that reports an instance: violated where nothing about it is unknown."""
    known = [py.same(py.name("holds"), rule.forbids)]
    if rule.guard is not None:
        known.append(py.same(py.name("guard"), True))
    if rule.each is not None and rule.each.where is not None:
        known.append(py.same(py.name("counts"), True))
    if rule.exception is not None:
        known.append(py.same(py.name("excepted"), False))
    found = py.const(None)
    if _searches(scope, rule):
        found = py.name(f"evidence_rule_{rule.name}")
    return py.method(
        py.name("context"),
        "note_unmet",
        py.const(rule.name),
        py.all_of(known),
        py.name(f"facts_rule_{rule.name}"),
        py.name(f"missing_rule_{rule.name}"),
        found,
        at,
        element,
        *((element, at) if rule.each is not None else ()),
    )


def _elements(scope: Scope, rule: p.Rule, each: p.Each) -> list[ast.stmt]:
    element = f"v_{each.variable}"
    inner = _each(scope.of_element(each.variable), rule, each)
    absent = py.method(
        py.name("context"),
        "note_absent_list",
        py.const(rule.name),
        place(each.container),
        evidence(scope, [rule.guard] if rule.guard else []),
    )
    return [
        py.assign("elements", value(scope, each.container)),
        py.when(py.same(py.name("elements"), None), py.give(absent)),
        py.assign("status", _status(StatusCode.NOT_APPLICABLE)),
        py.loop(("index", element), "elements", inner),
        py.give(py.name("status")),
    ]


def _each(scope: Scope, rule: p.Rule, each: p.Each) -> list[ast.stmt]:
    held, work_out = _condition(scope, rule)
    body: list[ast.stmt] = []
    if each.where is not None:
        body += [
            py.assign("counts", value(scope, each.where)),
            py.when(py.same(py.name("counts"), False), ast.Continue()),
        ]
    above = py.compare(py.name("status"), ast.Gt(), _status(StatusCode.SATISFIED))
    lower = py.when(above, py.assign("status", _status(StatusCode.SATISFIED)))
    body += [work_out, py.when(held, lower, ast.Continue())]
    body += _excepted(scope, rule, ast.Continue())
    below = py.plus(place(each.container), py.const("/"))
    at = py.plus(below, py.call("str", py.name("index")))
    broke = _broke(scope, rule, at, py.name(f"v_{each.variable}"))
    return [*body, py.assign("status", py.call("min", py.name("status"), broke))]


def _reasons(scope: Scope, rule: p.Rule) -> list[ast.stmt]:
    parameters: list[str] = []
    if rule.each is not None:
        parameters = [f"v_{rule.each.variable}", f"q_{rule.each.variable}"]
    seen = _looked_at(rule)
    parts = [*seen, rule.exception] if rule.exception is not None else seen
    if rule.question is not None:
        behind = attestations(rule.question, "contrary")
    elif rule.condition is not None:
        within = scope
        if rule.each is not None:  # asked where it is violated
            within = scope.of_element(rule.each.variable)
        behind = facts_known(within, rule.condition, rule.forbids)
    else:
        behind = py.sequence(())
    made = {"facts": behind, "missing": missing_of(scope, parts)}
    if _searches(scope, rule):
        made["evidence"] = evidence(scope, seen)
    return [
        py.function(f"{what}_rule_{rule.name}", parameters, [py.give(given)])
        for what, given in made.items()
    ]


def _searches(scope: Scope, rule: p.Rule) -> bool:
    """Whether there can be evidence: what detectors found for the parts of the rule."""
    return any(map(partial(detects, scope), _looked_at(rule)))


def _looked_at(rule: p.Rule) -> list[p.Expr]:
    """Return the parts of a rule in which detectors may have found something."""
    where = rule.each.where if rule.each else None
    return [x for x in (rule.guard, where, rule.condition) if x is not None]


def _status(status: StatusCode) -> ast.expr:
    return py.const(int(status))
