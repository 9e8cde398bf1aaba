"""Policy + tests -> Coverage: the clauses, rules and conditions that the tests decide.

A condition counts as covered where, in one test, changing its value alone would change whether
the instance passes while it is true, and in another while it is false: masking MC/DC, after
Chilenski, "An investigation of three forms of the MC/DC coverage criterion" (2001). An instance
passes where (not guard) or condition or exception is true. A definition that stands twice in a
rule counts as two conditions, each changed alone.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from somepolicy import types as t
from somepolicy.language import nodes as n
from somepolicy.language.source import Span
from somepolicy.policy import Policy
from somepolicy.runtime.assemble import assemble, plan
from somepolicy.runtime.decision import Decision
from somepolicy.runtime.reference import Bound, Instance, Result, _elements, _Walker, evaluation
from somepolicy.runtime.values import every, pointer, some
from somepolicy.semantics import program as p
from somepolicy.semantics.traversal import walk
from somepolicy.testing.change import NoSuchPlaceError, changed, parameters_of
from somepolicy.testing.load import Suite
from somepolicy.testing.mutation import Setting, setting_of, settings
from somepolicy.testing.runner import _WORDS

_MOST_SAMPLES = 4
_MOST_TRIED = 16
_BROKEN = ("violated", "unproven", "advised")
Names = tuple[str, ...]
Truth = bool | None


@dataclass(frozen=True)
class ClauseCoverage:
    """The tests by the status that a clause has in their decisions.

    `deciding`: a rule other than a `permit` cites it. `other` is the status that shows it kept:
    advice without a condition is never satisfied, and advice that always stands (None) has no
    other outcome than `advised`.
    """

    name: str
    span: Span
    deciding: bool
    other: str | None
    tests: Mapping[str, Names]

    @property
    def broken(self) -> bool:
        """Whether a test violates it, or has it listed as advice."""
        return "violated" in self.tests or "advised" in self.tests

    @property
    def kept(self) -> bool:
        """Whether a test shows it kept."""
        return self.other is None or self.other in self.tests

    @property
    def covered(self) -> bool:
        """Whether the tests decide it both ways."""
        return self.broken and self.kept if self.deciding else "permitted" in self.tests


@dataclass(frozen=True)
class RuleCoverage:
    """The tests by the outcome of an instance of the rule; `always`: it has no other outcome."""

    name: str
    effect: n.Effect
    span: Span
    always: bool
    tests: Mapping[str, Names]

    @property
    def covered(self) -> bool:
        """Whether the tests have it broken and not broken."""
        if self.effect == "permit":
            return "permitted" in self.tests
        broken = any(x in self.tests for x in _BROKEN)
        return broken and (self.always or bool(set(self.tests) - {*_BROKEN}))


@dataclass(frozen=True)
class Gap:
    """A value with which a condition decides in no test; why, and a change that helps.

    `change` is what a new case needs, `within` the test it starts from. Both are None where
    no change of one or two fields was found; a change found has been tried.
    """

    wanted: bool
    reason: str
    within: str | None = None
    change: str | None = None


@dataclass(frozen=True)
class Atom:
    """A condition that holds no other: how often it had each value, and where it decided.

    `owner` is the rule, definition or predicate, `part` guard, where, condition, exception,
    definition or predicate.
    """

    owner: str
    part: str
    span: Span
    seen: Mapping[Truth, int]
    decided: Mapping[bool, Names]
    gaps: tuple[Gap, ...]

    @property
    def covered(self) -> bool:
        """Whether it decides both ways."""
        return not self.gaps


@dataclass(frozen=True)
class Coverage:
    """What the tests of a policy decide, in order of declaration."""

    policy: str
    tests: int
    clauses: tuple[ClauseCoverage, ...]
    rules: tuple[RuleCoverage, ...]
    atoms: tuple[Atom, ...]

    @property
    def percent(self) -> float:
        """Of the clauses that rules decide, those decided both ways."""
        deciding = [each.covered for each in self.clauses if each.deciding]
        return _percent(sum(deciding), len(deciding))

    @property
    def percent_of_conditions(self) -> float:
        """Of the two values of each condition, those with which it decides."""
        filled = sum(2 - len(each.gaps) for each in self.atoms)
        return _percent(filled, 2 * len(self.atoms))


def _percent(part: int, whole: int) -> float:
    return 100.0 * part / whole if whole else 100.0


def measure(policy: Policy, suite: Suite) -> Coverage:
    """Evaluate every test of the suite and say what it covers, and what would cover the rest."""
    program = policy.program
    seen = _Seen(program)
    clauses: dict[str, dict[str, dict[str, None]]] = {name: {} for name in program.clauses}
    rules: dict[str, dict[str, dict[str, None]]] = {rule.name: {} for rule in program.rules}
    plans = {name: plan(program, kind) for name, kind in program.kinds.items()}
    count = 0
    for setting in settings(policy, suite):
        count += 1
        instances = seen.setting(setting)
        name = setting.trial.name
        for each in instances:
            rules[each.rule.name].setdefault(_WORDS[each.rank], {})[name] = None
        decided: Decision = assemble(
            program,
            plans[setting.kind],
            setting.context,
            evaluation(program, setting.kind, instances),
            engine="",
            as_of_source=setting.source,
            digest=False,
        )
        for citation in decided.citations:
            status = citation.status.replace("_", " ")
            clauses[citation.clause].setdefault(status, {})[name] = None
    return Coverage(
        program.name,
        count,
        tuple(
            _clause(clause, program, clauses[clause.name])
            for clause in program.clauses.values()
            if clause.kinds and not clause.undecided
        ),
        tuple(
            RuleCoverage(x.name, x.effect, x.span, _always(x), _names(rules[x.name]))
            for x in program.rules
        ),
        tuple(_Gaps(seen, each).atom() for each in seen.notes.values()),
    )


def _names(tests: Mapping[str, Mapping[str, None]]) -> dict[str, Names]:
    return {status: tuple(names) for status, names in tests.items()}


def _clause(
    clause: p.Clause, program: p.Program, tests: Mapping[str, Mapping[str, None]]
) -> ClauseCoverage:
    citing = [rule for rule in program.rules if clause.name in rule.clauses]
    deciding = [rule for rule in citing if rule.effect != "permit"]
    other: str | None = "satisfied"
    if not any(rule.condition is not None or rule.question for rule in deciding):
        other = None if any(map(_always, deciding)) else "not applicable"
    return ClauseCoverage(clause.name, clause.span, bool(deciding), other, _names(tests))


def _always(rule: p.Rule) -> bool:
    """Whether the rule is advice that stands for every document."""
    return rule.effect == "advise" and not (rule.condition or rule.guard or rule.each)


# --- conditions

Ways = Mapping[Truth, bool]  # whether the instance passes, by the value of a part


@dataclass
class Sample:
    """One evaluation of a condition; `masker` is the sibling that kept it from deciding."""

    setting: Setting
    result: Result
    masker: Result | None


@dataclass
class _Note:
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


def _key(span: Span) -> tuple[str, int, int]:
    return span.source.path, span.start, span.end


class _Seen:
    """Gathers what every evaluation of every condition shows."""

    def __init__(self, program: p.Program) -> None:
        self.program = program
        self.notes: dict[tuple[str, int, int], _Note] = {}
        for rule in program.rules:
            for part, expr in _parts(rule):
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
            note = _Note(owner, part, kinds, atom.span)
            self.notes.setdefault(_key(atom.span), note)

    def setting(self, setting: Setting) -> tuple[Instance, ...]:
        """Note one document; return the instances of all rules of its kind."""
        walker = _Walker(setting.policy.program, setting.context)
        found: list[Instance] = []
        for rule in self.program.rules:
            if setting.kind in rule.kinds:
                found += walker.rule(rule)
                for parts in _whole(rule, walker):
                    self.instance(rule, parts, setting)
        return tuple(found)

    def instance(self, rule: p.Rule, parts: Mapping[str, Result], setting: Setting) -> None:
        values = {name: _truth(part) for name, part in parts.items()}
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
            case p.All() | p.Any() | p.Quantifier():
                if result.parts and result.parts[0].expr is getattr(result.expr, "container", None):
                    return  # an empty or an absent list has no condition to note
                self.junction(result, ways, mask, masker, setting)
            case p.Negation():
                turned = {True: ways[False], False: ways[True], None: ways[None]}
                self.visit(result.parts[0], turned, mask, masker, setting)
            case p.Defined() | p.Applied():
                self.visit(result.parts[0], ways, mask, masker, setting)
            case _:
                self.note(result, ways, mask, masker, setting)

    def junction(
        self, result: Result, ways: Ways, mask: str | None, masker: Result | None, setting: Setting
    ) -> None:
        both = isinstance(result.expr, p.All) or getattr(result.expr, "every", False)
        decide = every if both else some
        counts = Counter(_truth(part) for part in result.parts)
        for part in result.parts:
            others = [v for v, k in counts.items() if k > (v is _truth(part))]
            inner = {w: ways[decide([*others, w])] for w in (True, False, None)}
            why, by = mask, masker
            if mask is None and inner[True] == inner[False]:
                by = _controlling(result, part, not both)
                why = f"`{_text(by.expr.span)}` was {_word(_truth(by))}"
            self.visit(part, inner, why, by, setting)

    def note(
        self, result: Result, ways: Ways, mask: str | None, masker: Result | None, setting: Setting
    ) -> None:
        note = self.notes.get(_key(result.expr.span))
        if note is None:
            return
        value = _truth(result)
        note.values[value] += 1
        decides = ways[True] != ways[False]
        if mask is not None:
            note.masks[value][mask] += 1
        elif value is not None and decides:
            note.decided[value].setdefault(setting.trial.name)
        samples = note.samples.setdefault((value, decides), [])
        if len(samples) < _MOST_SAMPLES:
            samples.append(Sample(setting, result, masker))


def _parts(rule: p.Rule) -> Iterator[tuple[str, p.Expr]]:
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
        case p.All() | p.Any():
            for operand in expr.operands:
                yield from _atoms(operand)
        case p.Negation():
            yield from _atoms(expr.operand)
        case p.Quantifier():
            yield from _atoms(expr.condition)
        case p.Defined() | p.Applied() | p.Constant():
            return
        case _:
            yield expr


def _whole(rule: p.Rule, walker: _Walker) -> Iterator[dict[str, Result]]:
    """Evaluate all parts of each instance, also those that the guard or `where` cuts off."""
    outer = {} if rule.guard is None else {"guard": walker.expr(rule.guard, {})}
    if rule.each is None:
        yield outer | {x: walker.expr(y, {}) for x, y in _parts(rule) if x != "guard"}
        return
    container = walker.expr(rule.each.container, {}).value
    if not isinstance(container, list) or not container:
        yield outer
        return
    for bound in _elements(container, pointer("", rule.each.container.steps)):
        variables: dict[str, Bound] = {rule.each.variable: bound}
        inner = {x: walker.expr(y, variables) for x, y in _parts(rule) if x != "guard"}
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
        return True  # an empty list, which nothing in it can break
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
    return next((x for x in others if _truth(x) is value), next(x for x in [*others, part]))


def _truth(result: Result) -> Truth:
    assert result.value is None or isinstance(result.value, bool)
    return result.value


def _word(value: Truth) -> str:
    return "unknown" if value is None else "true" if value else "false"


def _text(span: Span) -> str:
    return " ".join(span.text.split())


# --- gaps


class _Gaps:
    """Says why a condition does not decide with a value, and looks for a test that would."""

    def __init__(self, seen: _Seen, note: _Note) -> None:
        self.program = seen.program
        self.found = note
        self.rules = _using(seen.program, note)

    def atom(self) -> Atom:
        note = self.found
        decided = {value: tuple(names) for value, names in note.decided.items()}
        gaps = tuple(self.gap(value) for value in (True, False) if not decided[value])
        return Atom(note.owner, note.part, note.span, dict(note.values), decided, gaps)

    def gap(self, wanted: bool) -> Gap:
        reason = self.reason(wanted)
        tried = ((x, changes) for x in self.samples(wanted) for changes in _ways(x, wanted))
        refused = admitted = False
        for sample, changes in islice(tried, _MOST_TRIED):
            if (filled := self.fills(sample, changes, wanted)) is None:
                refused = True
            elif filled:
                text = " ".join(map(_shown, changes))
                return Gap(wanted, reason, sample.setting.trial.name, text)
            else:
                admitted = True
        if refused and not admitted:
            reason += "; the schema refuses what would make it so, as far as was tried"
        return Gap(wanted, reason)

    def reason(self, wanted: bool) -> str:
        note = self.found
        if not note.values:
            where = f" of a {' or '.join(note.kinds)}" if note.kinds else ""
            return f"never evaluated: no test{where} has an element to evaluate it on"
        masks = sum(note.masks.values(), Counter())
        cut = [x for x in ("the guard was false", "`where` was false") if x in masks]
        if cut and masks[cut[0]] == sum(note.values.values()):
            return f"never evaluated, because {cut[0]}"
        if not note.values[wanted]:
            others = [_word(x) for x in (not wanted, None) if note.values[x]]
            return f"never {_word(wanted)}: always {' or '.join(others)}"
        why = note.masks[wanted].most_common(1)
        told = why[0][0] if why else "an unknown beside it"
        return f"masked whenever it is {_word(wanted)}: {told}"

    def samples(self, wanted: bool) -> Iterator[Sample]:
        """Yield first what one change may help, then what needs another condition changed."""
        for decides in (True, False):
            for value in (not wanted, None, wanted):
                yield from self.found.samples.get((value, decides), ())

    def fills(self, sample: Sample, changes: tuple[n.Change, ...], wanted: bool) -> bool | None:
        """Whether the test so changed has the condition decide; None: it cannot be made."""
        trial, policy = sample.setting.trial, sample.setting.policy
        parameters = parameters_of(changes)
        try:
            document = changed(trial.document, changes)
            policy = policy.with_parameters(parameters) if parameters else policy
        except (NoSuchPlaceError, ValueError):
            return None
        setting = setting_of(policy, replace(trial, document=document))
        if setting is None:
            return None
        seen = _Seen(replace(self.program, rules=self.rules))
        seen.setting(setting)
        return bool(seen.notes[_key(self.found.span)].decided[wanted])


def _using(program: p.Program, note: _Note) -> tuple[p.Rule, ...]:
    """Return the rules whose outcome a condition can change."""
    if note.part not in ("definition", "predicate"):
        return tuple(rule for rule in program.rules if rule.name == note.owner)
    bodies = {name: x.body for name, x in program.definitions.items()}
    bodies |= {key: x.body for key, x in program.predicates.items()}
    found = []
    for rule in program.rules:
        names: set[str] = set()
        pending = [part for _, part in _parts(rule)]
        while pending:
            for expr in walk(pending.pop()):
                name = getattr(expr, "predicate", getattr(expr, "name", ""))
                if isinstance(expr, p.Defined | p.Applied) and name not in names:
                    names.add(name)
                    pending.append(bodies[name])
        if note.owner in {name.partition("·")[0] for name in names}:
            found.append(rule)
    return tuple(found)


def _ways(sample: Sample, wanted: bool) -> Iterator[tuple[n.Change, ...]]:
    """Yield changes that may give a condition the value, and free it from its sibling."""
    root = sample.setting.kind
    own: list[tuple[n.Change, ...]] = [()]
    if sample.result.value is not wanted:
        own = [(x,) for x in _making(sample.result, wanted, root)]
    beside: list[tuple[n.Change, ...]] = [()]
    if sample.masker is not None:
        value = _truth(sample.masker)
        beside = [(x,) for x in _making(sample.masker, value is False, root)]
    yield from ((*second, *first) for first in own for second in beside if first or second)


def _making(result: Result, wanted: bool, root: str) -> Iterator[n.Change]:
    """Yield changes that may make a condition true, or false; likely ones first."""
    expr = result.expr
    match expr:
        case p.Read() | p.Parametric():
            yield from _setting_to(result, (wanted,), root)
        case p.Compared():
            equal = (expr.operator in ("==", "<=", ">=")) is wanted
            for this, other in (result.parts, result.parts[::-1]):
                values = _near(this.expr.type, other.value)
                yield from _setting_to(this, values if equal else [*values[1:], *values[:1]], root)
        case p.Member():
            item, container = result.parts
            held = container.value if isinstance(container.value, tuple) else ()
            if (wanted is not expr.negated) and held:
                yield from _setting_to(item, held[:1], root)
            elif isinstance(item.expr.type, t.Enumeration):
                yield from _setting_to(
                    item, [x for x in item.expr.type.values if x not in held][:2], root
                )
            else:
                yield from _setting_to(item, ("x",), root)
            both = ((item.value,), ()) if wanted is not expr.negated else ((), (item.value,))
            yield from _setting_to(container, both, root)
        case p.Presence():
            read = Result(expr.operand, None, result.facts, result.missing)
            if expr.present is wanted:
                yield from _setting_to(read, _some(expr.operand.type), root)
            else:
                yield from (n.Without(x.path, x.span) for x in _setting_to(read, ("",), root))
        case p.Emptiness():
            text = t.is_textual(expr.operand.type)
            states: tuple[object, ...] = (
                ("" if text else (),) if expr.empty is wanted else ("x" if text else ("x",),)
            )
            yield from _setting_to(result.parts[0], states, root)
        case p.Within() | p.Matched():
            part = result.parts[1].value if len(result.parts) > 1 else "1"
            yield from _setting_to(result.parts[0], (part, "x") if wanted else ("",), root)
        case _:
            return


def _near(kind: t.Type, value: object) -> list[object]:
    """Return the value and others of the type close to it."""
    match kind, value:
        case t.Enumeration(), str():
            return [value, *[x for x in kind.values if x != value][:2]]
        case t.Boolean(), bool():
            return [value, not value]
        case t.Number(), int() | float():
            return [value, value + 1, value - 1]
        case ((t.Date() | t.Instant()), datetime.date()):
            day = (
                value.date()
                if isinstance(value, datetime.datetime) and isinstance(kind, t.Date)
                else value
            )
            step = datetime.timedelta(days=1)
            return [day, day + step, day - step]
        case t.Text(), str():
            return [value, value + "x"]
        case _:
            return []


def _some(kind: t.Type) -> list[object]:
    match kind:
        case t.Enumeration():
            return [*kind.values[:2]]
        case t.Boolean():
            return [True, False]
        case t.Number():
            return [1]
        case t.Text():
            return ["x"]
        case t.Date():
            return [datetime.date(2026, 11, 22)]
        case _:
            return []


def _setting_to(part: Result, values: Iterable[object], root: str) -> Iterator[n.With]:
    """Yield the values set where a field or parameter was read; nothing for what is neither."""
    read = part.parts[0] if isinstance(part.expr, p.Fallback) else part
    match read.expr:
        case p.Parametric():
            path = read.expr.name
        case p.Read():
            own = () if read.expr.variable else (pointer("", read.expr.steps),)
            at = next(iter((*read.facts, *read.missing, *own)), "\0").removeprefix("?")
            if "\0" in at:
                return
            path = root + "".join(f"[{x}]" if x.isdecimal() else f".{x}" for x in at.split("/")[1:])
        case _:
            return
    span = read.expr.span
    for value in values:
        if value is not None:
            yield n.With(n.Ident(path, span), _literal(value, span), span)


def _literal(value: object, span: Span) -> n.Expr:
    if isinstance(value, tuple):
        return n.Tuple(tuple(_literal(each, span) for each in value), span)
    assert isinstance(value, bool | int | float | str | datetime.date)
    return n.Literal(value, span)


def _shown(change: n.Change) -> str:
    if isinstance(change, n.Without):
        return f"without {change.path.text}"
    return f"with {change.path.text} = {_written(change.value)}"


def _written(value: n.Expr) -> str:
    if isinstance(value, n.Tuple):
        inner = ", ".join(_written(each) for each in value.items)
        return f"({inner},)" if len(value.items) == 1 else f"({inner})"
    assert isinstance(value, n.Literal)
    match value.value:
        case bool():
            return "true" if value.value else "false"
        case str():
            return '"' + value.value.replace('"', '""') + '"'
        case datetime.date():
            return value.value.isoformat()
        case _:
            return str(value.value)
