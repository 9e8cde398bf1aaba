"""Why a condition is not covered, and the smallest change of a document that covers it."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice

from somepolicy import ir as p
from somepolicy.backends.walk.results import Result
from somepolicy.engine.values import pointer
from somepolicy.ir import types as t
from somepolicy.ir.operators import COMPARISONS
from somepolicy.ir.traversal import walk
from somepolicy.syntax import nodes as n
from somepolicy.syntax.source import Span
from somepolicy.workbench.change import NoSuchPlaceError, changed, parameters_of
from somepolicy.workbench.coverage_report import (
    Atom,
    CoverageGap,
)
from somepolicy.workbench.coverage_seen import (
    Note,
    Sample,
    Seen,
    parts_of_rule,
    span_key,
    truth_of,
    truth_word,
)
from somepolicy.workbench.mutation import setting_of

_MOST_TRIED = 16
Truth = bool | None
Ways = Mapping[Truth, bool]


class Gaps:
    """Says why a condition does not decide with a value, and looks for a test that would."""

    def __init__(self, seen: Seen, note: Note) -> None:
        self.program = seen.program
        self.found = note
        self.rules = _using(seen.program, note)

    def atom(self) -> Atom:
        note = self.found
        decided = {value: tuple(names) for value, names in note.decided.items()}
        gaps = tuple(self.gap(value) for value in (True, False) if not decided[value])
        return Atom(note.owner, note.part, note.span, dict(note.values), decided, gaps)

    def gap(self, wanted: bool) -> CoverageGap:
        reason = self.reason(wanted)
        tried = ((x, changes) for x in self.samples(wanted) for changes in _ways(x, wanted))
        refused = admitted = False
        for sample, changes in islice(tried, _MOST_TRIED):
            if (filled := self.fills(sample, changes, wanted)) is None:
                refused = True
            elif filled:
                text = " ".join(map(_shown, changes))
                return CoverageGap(wanted, reason, sample.setting.trial.name, text)
            else:
                admitted = True
        if refused and not admitted:
            reason += "; the schema refuses what would make it so, as far as was tried"
        return CoverageGap(wanted, reason)

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
            others = [truth_word(x) for x in (not wanted, None) if note.values[x]]
            return f"never {truth_word(wanted)}: always {' or '.join(others)}"
        why = note.masks[wanted].most_common(1)
        cause = why[0][0] if why else "an unknown beside it"
        return f"masked whenever it is {truth_word(wanted)}: {cause}"

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
        seen = Seen(replace(self.program, rules=self.rules))
        seen.setting(setting)
        return bool(seen.notes[span_key(self.found.span)].decided[wanted])


def _using(program: p.Program, note: Note) -> tuple[p.Rule, ...]:
    """Return the rules whose outcome a condition can change."""
    if note.part not in ("definition", "predicate"):
        return tuple(rule for rule in program.rules if rule.name == note.owner)
    bodies = {name: x.body for name, x in program.definitions.items()}
    bodies |= {key: x.body for key, x in program.predicates.items()}
    found = []
    for rule in program.rules:
        names: set[str] = set()
        pending = [part for _, part in parts_of_rule(rule)]
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
        value = truth_of(sample.masker)
        beside = [(x,) for x in _making(sample.masker, value is False, root)]
    yield from ((*second, *first) for first in own for second in beside if first or second)


def _making(result: Result, wanted: bool, root: str) -> Iterator[n.Change]:
    """Yield changes that may make a condition true, or false; likely ones first."""
    expr = result.expr
    match expr:
        case p.Read() | p.Parametric():
            yield from _setting_to(result, (wanted,), root)
        case p.Operation() if expr.operator in COMPARISONS:
            equal = (expr.operator in ("==", "<=", ">=")) is wanted
            for this, other in (result.parts, result.parts[::-1]):
                values = _near(this.expr.type, other.value)
                yield from _setting_to(this, values if equal else [*values[1:], *values[:1]], root)
        case p.Operation(operator="in" | "not in"):
            item, container = result.parts
            inside = wanted is (expr.operator == "in")
            held = container.value if isinstance(container.value, tuple) else ()
            if inside and held:
                yield from _setting_to(item, held[:1], root)
            elif isinstance(item.expr.type, t.Enumeration):
                yield from _setting_to(
                    item, [x for x in item.expr.type.values if x not in held][:2], root
                )
            else:
                yield from _setting_to(item, ("x",), root)
            both = ((item.value,), ()) if inside else ((), (item.value,))
            yield from _setting_to(container, both, root)
        case p.Presence():
            read = Result(expr.operand, None, result.facts, result.missing)
            if expr.present is wanted:
                yield from _setting_to(read, _some(expr.operand.type), root)
            else:
                yield from (n.Without(x.path, x.span) for x in _setting_to(read, ("",), root))
        case p.Operation(operator="is empty" | "is not empty", operands=(operand,)):
            text = t.is_textual(operand.type)
            empty = wanted is (expr.operator == "is empty")
            states: tuple[object, ...] = (
                ("" if text else (),) if empty else ("x" if text else ("x",),)
            )
            yield from _setting_to(result.parts[0], states, root)
        case p.Operation(operator="contains" | "matches"):
            part = result.parts[1].value if expr.operator == "contains" else "1"
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
            own = () if read.expr.variable else (pointer("", read.expr.path),)
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
