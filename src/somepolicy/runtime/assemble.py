"""Evaluation -> Decision: findings in order, every clause cited, messages filled in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from somepolicy.runtime.context import Context
from somepolicy.runtime.decision import (
    AttestationRequest,
    Citation,
    Decision,
    DocumentRef,
    Finding,
    Outcome,
    PolicyRef,
    Status,
)
from somepolicy.runtime.evaluation import Broken, Evaluation, Rank
from somepolicy.runtime.values import pointer, pointer_key, walk
from somepolicy.runtime.wording import fill, unsettled
from somepolicy.semantics import program as p
from somepolicy.semantics.traversal import children
from somepolicy.types import Json

_STATUS: Mapping[int, Status] = {
    Rank.VIOLATED: "violated",
    Rank.UNPROVEN: "unproven",
    Rank.ADVISED: "advised",
    Rank.SATISFIED: "satisfied",
    Rank.PERMITTED: "permitted",
    Rank.NOT_APPLICABLE: "not_applicable",
}
_STRENGTH = {
    "must": 0,
    "must_not": 0,
    "should": 1,
    "question": 2,
    "consider": 3,
    "may": 4,
    "info": 5,
}
_EACH = "*"


@dataclass(frozen=True)
class KindPlan:
    """What is the same for every document of a kind."""

    kind: p.Kind
    rules: tuple[p.Rule, ...]
    citing: tuple[tuple[p.Clause, tuple[int, ...]], ...]
    defaults: tuple[tuple[str, ...], ...]
    unregulated: tuple[tuple[str, ...], ...]


def plan(program: p.Program, kind: p.Kind) -> KindPlan:
    """Work out once which rules decide each clause of a kind, and which defaults they read."""
    rules = tuple(rule for rule in program.rules if kind.name in rule.kinds)
    return KindPlan(
        kind,
        rules,
        tuple(
            (clause, tuple(i for i, rule in enumerate(rules) if clause.name in rule.clauses))
            for clause in program.clauses.values()
            if kind.name in clause.kinds
        ),
        tuple(sorted(_defaults(program, rules))),
        tuple(each.steps for each in program.unregulated if kind.name in each.kinds),
    )


def assemble(
    program: p.Program,
    plan: KindPlan,
    context: Context,
    evaluation: Evaluation,
    *,
    engine: str,
    as_of_source: str,
    digest: bool,
) -> Decision:
    """Build the decision on one document."""
    findings = _findings(program, plan, context, evaluation.broken)
    blocking = [finding.outcome for finding in findings if finding.blocking]
    because: Outcome | None = None
    if blocking:
        because = "violated" if "violated" in blocking else "unproven"
    document = context.document
    return Decision(
        decision="deny" if blocking else "allow",
        because=because,
        policy=PolicyRef(program.name, program.version, program.digest),
        engine=engine,
        document=DocumentRef(
            plan.kind.name, str(document["id"]), context.content_digest if digest else None
        ),
        as_of=context.as_of.isoformat(),
        as_of_source=as_of_source,  # type: ignore[arg-type]
        findings=findings,
        citations=tuple(_citation(clause, rules, evaluation) for clause, rules in plan.citing),
        assumed=tuple(
            sorted(
                (at for path in plan.defaults for at in _absent(document, path, "")),
                key=pointer_key,
            )
        ),
        unregulated=tuple(
            pointer("", steps)
            for steps in plan.unregulated
            if (value := walk(document, steps)) is not None and value is not False
        ),
        notice=plan.kind.notice,
    )


def _findings(
    program: p.Program, plan: KindPlan, context: Context, broken: Iterable[Broken]
) -> tuple[Finding, ...]:
    keyed = []
    for each in broken:
        blocking = each.rule.denies and (each.violated or plan.kind.unproven_denies)
        clauses = [program.clauses[name] for name in each.rule.clauses]
        key = (
            not blocking,
            min(_STRENGTH[clause.force] for clause in clauses),
            clauses[0].order,
            pointer_key(each.at),
            each.rule.name,
        )
        keyed.append((key, _finding(each, blocking, context)))
    return tuple(finding for _, finding in sorted(keyed, key=lambda pair: pair[0]))


def _finding(broken: Broken, blocking: bool, context: Context) -> Finding:
    rule, document = broken.rule, context.document
    message = fill(rule.says, document, broken.element)
    if rule.denies and rule.question is None and not broken.violated:
        message = unsettled(message)
    return Finding(
        rule=rule.name,
        effect=rule.effect,  # type: ignore[arg-type]
        outcome="violated" if broken.violated else "unproven",
        blocking=blocking,
        clauses=rule.clauses,
        readings=rule.readings,
        at=broken.at,
        facts=broken.facts,
        missing=broken.missing,
        message=message,
        remedy=None if rule.remedy is None else fill(rule.remedy, document, broken.element),
        detections=broken.detections,
        attestation=_request(rule.question, broken.element, context),
    )


def _request(
    question: p.Question | None, element: Json, context: Context
) -> AttestationRequest | None:
    if question is None:
        return None
    asks = fill(question.asks, context.document, element)
    return AttestationRequest(
        question.clause, asks, question.answer, question.roles, context.content_digest
    )


def _citation(clause: p.Clause, rules: tuple[int, ...], evaluation: Evaluation) -> Citation:
    status: Status = "undecided"
    if rules:
        status = _STATUS[min(evaluation.ranks[index] for index in rules)]
    return Citation(
        clause.name,
        clause.locator,
        clause.force,
        status,
        clause.says,
        clause.digests,
        clause.undecided if status == "undecided" else None,
    )


def _absent(value: Json, path: tuple[str, ...], at: str) -> Iterator[str]:
    """Yield the pointers, below every element of a list, where the leaf of a path is absent."""
    for index, name in enumerate(path):
        if name == _EACH:
            for number, element in enumerate(value if isinstance(value, list) else []):
                yield from _absent(element, path[index + 1 :], f"{at}/{number}")
            return
        value = value.get(name) if isinstance(value, dict) else None
        at = pointer(at, (name,))
    if value is None:
        yield at


def _defaults(program: p.Program, rules: Iterable[p.Rule]) -> set[tuple[str, ...]]:
    """Return the path of every defaulted field that a denying rule reads."""
    reader = _DefaultReader(program)
    for rule in rules:
        if not rule.denies:
            continue
        places: dict[str, tuple[str, ...]] = {}
        parts = [rule.guard, rule.condition, rule.exception]
        if rule.each is not None:
            reader.read(rule.each.container, places)
            places[rule.each.variable] = (*rule.each.container.steps, _EACH)
            parts.append(rule.each.where)
        for part in parts:
            if part is not None:
                reader.read(part, places)
    return reader.found


class _DefaultReader:
    """Gathers defaulted fields; each definition is entered once."""

    def __init__(self, program: p.Program) -> None:
        self.program = program
        self.found: set[tuple[str, ...]] = set()
        self._entered: set[str] = set()

    def read(self, expr: p.Expr, places: Mapping[str, tuple[str, ...]]) -> None:
        match expr:
            case p.Read():
                if expr.has_default:
                    self.found.add(_path(expr, places))
            case p.Defined():
                if expr.name not in self._entered:
                    self._entered.add(expr.name)
                    self.read(self.program.definitions[expr.name].body, {})
            case p.Applied():
                for argument in expr.arguments:
                    self.read(argument, places)
                predicate = self.program.predicates[expr.predicate]
                paths = (_path(argument, places) for argument in expr.arguments)
                self.read(predicate.body, dict(zip(predicate.parameters, paths, strict=True)))
            case p.Quantifier():
                self.read(expr.container, places)
                element = (*_path(expr.container, places), _EACH)
                self.read(expr.condition, {**places, expr.variable: element})
            case _:
                for part in children(expr):
                    self.read(part, places)


def _path(read: p.Read, places: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return (*(places[read.variable] if read.variable else ()), *read.steps)
