"""The reference evaluator: a tree walk, slow and obvious. Oracle of the compiled one.

The results of the walk form the trace; from the instances of a rule come its status and what
they lack or show.
"""

from __future__ import annotations

from somepolicy import ir as p
from somepolicy.backends.walk.expressions import Walker
from somepolicy.backends.walk.results import Instance
from somepolicy.backends.walk.rules import instances_of
from somepolicy.engine.context import Context
from somepolicy.engine.evaluation import Evaluation, StatusCode, UnmetInstance
from somepolicy.engine.values import located
from somepolicy.functions.detection import Detection, Detections
from somepolicy.ir import types as t


def trace(program: p.Program, kind: str, context: Context) -> tuple[Instance, ...]:
    """Evaluate every rule of a kind; one instance per element of `for each`, else one.

    A rule whose list is empty, or whose guard is false, has a single instance that does not
    apply.
    """
    walker = Walker(program, context)
    return tuple(
        instance
        for rule in program.rules
        if kind in rule.kinds
        for instance in instances_of(rule, walker)
    )


def evaluation(program: p.Program, kind: str, instances: tuple[Instance, ...]) -> Evaluation:
    """Evaluate each rule of the kind by its instances."""
    rules = [rule for rule in program.rules if kind in rule.kinds]
    statuses = {rule.name: int(StatusCode.NOT_APPLICABLE) for rule in rules}
    for instance in instances:
        statuses[instance.rule.name] = min(statuses[instance.rule.name], instance.status)
    unmet = tuple(
        UnmetInstance(
            x.rule.name, x.violated, x.at, x.element, x.facts, x.missing, _evidence(x), x.unset
        )
        for x in instances
        if x.status <= StatusCode.ADVISED
    )
    return Evaluation(tuple(statuses[rule.name] for rule in rules), unmet)


def _evidence(instance: Instance) -> Detections:
    """Gather what detectors found for the guard and the condition, each once, with its place."""
    found: list[Detection] = []
    pending = [x for x in (instance.condition, instance.where, instance.guard) if x is not None]
    while pending:
        result = pending.pop()
        if isinstance(result.expr.type, t.Detections):
            if isinstance(result.value, tuple):
                found += located(result.value, result.facts)
        else:
            pending.extend(reversed(result.parts))
    return tuple(dict.fromkeys(found))
