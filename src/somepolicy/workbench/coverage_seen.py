"""What the tests show of each condition: which values it took, and whether it decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from somepolicy import ir as p
from somepolicy.backends.walk.expressions import Walker, elements_of
from somepolicy.backends.walk.results import Bound, Instance, Result
from somepolicy.backends.walk.rules import instances_of
from somepolicy.engine.values import every, pointer, some
from somepolicy.ir import types as t
from somepolicy.syntax.source import Span
from somepolicy.workbench.mutation import Setting

_MOST_SAMPLES = 4
Names = tuple[str, ...]
Truth = bool | None
Ways = Mapping[Truth, bool]


def always_said(rule: p.Rule) -> bool:
    """Whether the rule is advice that stands for every document."""
    return rule.effect == "advise" and not (rule.condition or rule.guard or rule.each)


@dataclass
class Sample:
    """One evaluation of a condition; `masker` is the sibling that kept it from deciding."""

    setting: Setting
    result: Result
    masker: Result | None


@dataclass
class Note:
    """What was seen of a condition."""

    owner: str
    part: str
    kinds: Names
    span: Span
    values: Counter[Truth] = field(default_factory=Counter)
    decided: dict[bool, dict[str, None]] = field(default_factory=lambda: {True: {}, False: {}})
    masks: dict[Truth, Counter[str]] = field(
        default_factory=lambda: {True: Counter(), False: Counter(), None: Counter()}
    )
    samples: dict[tuple[Truth, bool], list[Sample]] = field(default_factory=dict)


def span_key(span: Span) -> tuple[str, int, int]:
    """Return what distinguishes one place of a policy from another."""
    return span.source.path, span.start, span.end


class Seen:
    """Gathers what every evaluation of every condition shows."""

    def __init__(self, program: p.Program) -> None:
        self.program = program
        self.notes: dict[tuple[str, int, int], Note] = {}
        for rule in program.rules:
            for part, expr in parts_of_rule(rule):
                self.declare(expr, rule.name, part, rule.kinds)
        for definition in program.definitions.values():
            if isinstance(definition.body.type, t.Boolean):
                kinds = definition.kinds
                self.declare(definition.body, definition.name, "definition", kinds)
        for predicate in program.predicates.values():
            name = predicate.key.partition("·")[0]
            self.declare(predicate.body, name, "predicate", ())

    def declare(self, expr: p.Expr, owner: str, part: str, kinds: Names) -> None:
        for atom in _atoms(expr):
            note = Note(owner, part, kinds, atom.span)
            self.notes.setdefault(span_key(atom.span), note)

    def setting(self, setting: Setting) -> tuple[Instance, ...]:
        """Note one document; return the instances of all rules of its kind."""
        walker = Walker(setting.policy.program, setting.context)
        found: list[Instance] = []
        for rule in self.program.rules:
            if setting.kind in rule.kinds:
                found += instances_of(rule, walker)
                for parts in _whole(rule, walker):
                    self.instance(rule, parts, setting)
        return tuple(found)

    def instance(self, rule: p.Rule, parts: Mapping[str, Result], setting: Setting) -> None:
        values = {name: truth_of(part) for name, part in parts.items()}
        held = None
        if rule.question is not None:
            question = rule.question
            held = setting.context.verdict(question.clause, question.answer, question.roles)
        for name, part in parts.items():
            ways = {w: _passes(rule, {**values, name: w}, held) for w in (True, False, None)}
            mask = None
            if ways[True] == ways[False]:
                mask = _masked_by(rule, {**values, name: None}, held)
            self.visit(part, ways, mask, None, setting)

    def visit(
        self, result: Result, ways: Ways, mask: str | None, masker: Result | None, setting: Setting
    ) -> None:
        """Go down to the conditions; `ways` says what each value of this part would do."""
        match result.expr:
            case p.Junction() | p.Quantifier():
                if result.parts and result.parts[0].expr is getattr(result.expr, "container", None):
                    return  # an empty or an absent list has no condition to note
                self.junction(result, ways, mask, masker, setting)
            case p.Operation(operator="not"):
                turned = {True: ways[False], False: ways[True], None: ways[None]}
                self.visit(result.parts[0], turned, mask, masker, setting)
            case p.Defined() | p.Applied():
                self.visit(result.parts[0], ways, mask, masker, setting)
            case _:
                self.note(result, ways, mask, masker, setting)

    def junction(
        self, result: Result, ways: Ways, mask: str | None, masker: Result | None, setting: Setting
    ) -> None:
        both = getattr(result.expr, "operator", "") == "and" or getattr(result.expr, "every", False)
        decide = every if both else some
        counts = Counter(truth_of(part) for part in result.parts)
        for part in result.parts:
            others = [v for v, k in counts.items() if k > (v is truth_of(part))]
            inner = {w: ways[decide([*others, w])] for w in (True, False, None)}
            why, by = mask, masker
            if mask is None and inner[True] == inner[False]:
                by = _controlling(result, part, not both)
                why = f"`{_text(by.expr.span)}` was {truth_word(truth_of(by))}"
            self.visit(part, inner, why, by, setting)

    def note(
        self, result: Result, ways: Ways, mask: str | None, masker: Result | None, setting: Setting
    ) -> None:
        note = self.notes.get(span_key(result.expr.span))
        if note is None:
            return
        value = truth_of(result)
        note.values[value] += 1
        decides = ways[True] != ways[False]
        if mask is not None:
            note.masks[value][mask] += 1
        elif value is not None and decides:
            note.decided[value].setdefault(setting.trial.name)
        samples = note.samples.setdefault((value, decides), [])
        if len(samples) < _MOST_SAMPLES:
            samples.append(Sample(setting, result, masker))


def parts_of_rule(rule: p.Rule) -> Iterator[tuple[str, p.Expr]]:
    """Yield the conditions of a rule by the name of their part."""
    where = rule.each.where if rule.each else None
    for name, part in (
        ("guard", rule.guard),
        ("where", where),
        ("condition", rule.condition),
        ("exception", rule.exception),
    ):
        if part is not None:
            yield name, part


def _atoms(expr: p.Expr) -> Iterator[p.Expr]:
    match expr:
        case p.Junction() | p.Operation(operator="not"):
            for operand in expr.operands:
                yield from _atoms(operand)
        case p.Quantifier():
            yield from _atoms(expr.condition)
        case p.Defined() | p.Applied() | p.Constant():
            return
        case _:
            yield expr


def _whole(rule: p.Rule, walker: Walker) -> Iterator[dict[str, Result]]:
    """Evaluate all parts of each instance, also those that the guard or `where` cuts off."""
    outer = {} if rule.guard is None else {"guard": walker.expr(rule.guard, {})}
    if rule.each is None:
        yield outer | {x: walker.expr(y, {}) for x, y in parts_of_rule(rule) if x != "guard"}
        return
    container = walker.expr(rule.each.container, {}).value
    if not isinstance(container, list) or not container:
        yield outer
        return
    for bound in elements_of(container, pointer("", rule.each.container.path)):
        variables: dict[str, Bound] = {rule.each.variable: bound}
        inner = {x: walker.expr(y, variables) for x, y in parts_of_rule(rule) if x != "guard"}
        yield outer | inner


def _passes(rule: p.Rule, values: Mapping[str, Truth], held: Truth) -> bool:
    guard, where = values.get("guard", True), values.get("where", True)
    if rule.effect == "permit":
        return guard is True
    applies = every([guard, where])
    holds = _holds(rule, values, held)
    outside = None if applies is None else not applies
    return some([outside, holds, values.get("exception", False)]) is True


def _holds(rule: p.Rule, values: Mapping[str, Truth], held: Truth) -> Truth:
    if rule.question is not None:
        return held
    if rule.condition is None:
        return False
    if "condition" not in values:
        return True  # an empty list, in which nothing can be false
    value = values["condition"]
    return value if value is None or not rule.forbids else not value


def _masked_by(rule: p.Rule, values: Mapping[str, Truth], held: Truth) -> str:
    if values.get("guard", True) is False:
        return "the guard was false"
    if values.get("where", True) is False:
        return "`where` was false"
    if values.get("exception", False) is True:
        return "the exception held"
    if _holds(rule, values, held) is True:
        return "the rule held anyway"
    return "another part was unknown"


def _controlling(result: Result, part: Result, value: bool) -> Result:
    """Return the sibling that makes the part indifferent: one with that value, or unknown."""
    others: Sequence[Result] = [each for each in result.parts if each is not part]
    return next((x for x in others if truth_of(x) is value), next(x for x in [*others, part]))


def truth_of(result: Result) -> Truth:
    """Return the value of a condition; None is unknown."""
    assert result.value is None or isinstance(result.value, bool)
    return result.value


def truth_word(value: Truth) -> str:
    """Return `true`, `false` or `unknown`."""
    return "unknown" if value is None else "true" if value else "false"


def _text(span: Span) -> str:
    return " ".join(span.text.split())
