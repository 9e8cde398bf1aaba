"""A checked program -> the descriptors a decision needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from somepolicy import ir as p
from somepolicy.backends.python.fast_path import Layout
from somepolicy.engine.compiled_policy import (
    EACH,
    ClauseDescriptor,
    CompiledPolicy,
    FieldPath,
    Force,
    KindDescriptor,
    ParameterDescriptor,
    QuestionDescriptor,
    RuleDescriptor,
    Shown,
    Template,
    UnregulatedDescriptor,
)
from somepolicy.engine.library import accepted
from somepolicy.ir import types as t
from somepolicy.ir.traversal import children
from somepolicy.json_type import Json
from somepolicy.zones import engine_of

_STRENGTH = {
    "must": 0,
    "must_not": 0,
    "should": 1,
    "question": 2,
    "consider": 3,
    "may": 4,
    "info": 5,
}
_NO_LAYOUT = Layout((), ())


def lower(program: p.Program, layouts: Mapping[str, Layout] | None = None) -> CompiledPolicy:
    """Return what a decision needs; without layouts, what an assembly alone needs."""
    found = layouts or {}
    return CompiledPolicy(
        name=program.name,
        version=program.version,
        digest=program.digest,
        engine=engine_of(program.time_zone),
        time_zone=program.time_zone,
        languages=program.languages,
        parameters={name: parameter_descriptor(each) for name, each in program.parameters.items()},
        kinds={
            name: _kind(program, kind, found.get(name, _NO_LAYOUT))
            for name, kind in program.kinds.items()
        },
        clauses={name: _clause(each) for name, each in program.clauses.items()},
        rules={rule.name: _rule(program, rule) for rule in program.rules},
        lexicons=accepted(program.lexicons),
    )


def parameter_descriptor(parameter: p.Parameter) -> ParameterDescriptor:
    """Return the values of a parameter and the first day of each."""
    return ParameterDescriptor(tuple((each.value, each.since) for each in parameter.values))


def _kind(program: p.Program, kind: p.Kind, layout: Layout) -> KindDescriptor:
    rules = tuple(rule for rule in program.rules if kind.name in rule.kinds)
    citing: dict[str, list[int]] = {}
    for index, rule in enumerate(rules):
        for clause in dict.fromkeys(rule.clauses):
            citing.setdefault(clause, []).append(index)
    assumed = _assumed(program, rules)
    return KindDescriptor(
        name=kind.name,
        notice=None if kind.notice is None else dict(kind.notice),
        unproven_denies=kind.unproven_denies,
        rules=tuple(rule.name for rule in rules),
        citing=tuple(
            (clause.name, tuple(citing.get(clause.name, ())))
            for clause in program.clauses.values()
            if kind.name in clause.kinds
        ),
        defaults=tuple(sorted(assumed.defaults)),
        nones=tuple(sorted(assumed.nones)),
        unregulated=tuple(
            unregulated_descriptor(each) for each in program.unregulated if kind.name in each.kinds
        ),
        chunks=layout.chunks,
        selectors=layout.selectors,
        numbers=tuple(_numbers(kind.schema.record, ())),
        plain_names=all(max(name, default="") < "\ud800" for name in _names(kind.schema.record)),
    )


def unregulated_descriptor(declared: p.Unregulated) -> UnregulatedDescriptor:
    """Return where a field stands that no clause is about, with which values, and what is said."""
    values = cast("tuple[Json, ...] | None", declared.values)
    return UnregulatedDescriptor(declared.path, values, declared.says)


def _clause(clause: p.Clause) -> ClauseDescriptor:
    undecided = None if clause.undecided is None else dict(clause.undecided)
    return ClauseDescriptor(
        clause.name,
        clause.locator,
        cast("Force", clause.force),  # the checker knows no other
        dict(clause.says),
        clause.digests,
        undecided,
    )


def _rule(program: p.Program, rule: p.Rule) -> RuleDescriptor:
    clauses = [program.clauses[name] for name in rule.clauses]
    question = None
    if rule.question is not None:
        asked = rule.question
        question = QuestionDescriptor(
            asked.clause, _template(asked.asks), asked.answer, asked.roles
        )
    return RuleDescriptor(
        rule.name,
        rule.effect,
        rule.clauses,
        rule.readings,
        _template(rule.says),
        None if rule.remedy is None else _template(rule.remedy),
        question,
        denies=rule.denies,
        strength=min(_STRENGTH[clause.force] for clause in clauses),
        order=clauses[0].order,
    )


def _template(message: p.Message) -> Template:
    return {language: _pieces(pieces) for language, pieces in message.items()}


def _pieces(pieces: tuple[str | p.Read, ...]) -> str | tuple[str | Shown, ...]:
    texts = [piece for piece in pieces if isinstance(piece, str)]
    if len(texts) == len(pieces):
        return "".join(texts)
    return tuple(piece if isinstance(piece, str) else _shown(piece) for piece in pieces)


def _shown(read: p.Read) -> Shown:
    labels = None
    if isinstance(read.type, t.Enumeration):
        labels = {value: dict(each) for value, each in read.type.labels.items()}
    default = read.default if read.has_default else None
    instant = isinstance(read.type, t.Instant)
    return Shown(read.variable is not None, read.path, default, labels, instant)


def _names(kind: t.Type) -> Iterator[str]:
    """Yield the name of every field."""
    match kind:
        case t.Record():
            for name, member in kind.fields.items():
                yield name
                yield from _names(member.type)
        case t.ListOf():
            yield from _names(kind.element)


def _numbers(kind: t.Type, at: FieldPath) -> Iterator[FieldPath]:
    """Yield the path of each number that may have decimals."""
    match kind:
        case t.Record():
            for name, member in kind.fields.items():
                yield from _numbers(member.type, (*at, name))
        case t.ListOf():
            yield from _numbers(kind.element, (*at, EACH))
        case t.Number() if not kind.whole:
            yield at


# --- what denying rules read whose absence has a meaning


def _assumed(program: p.Program, rules: Iterable[p.Rule]) -> _AssumedReader:
    """Gather the paths of what denying rules read that means something where it is absent."""
    reader = _AssumedReader(program)
    for rule in rules:
        if not rule.denies:
            continue
        places: dict[str, FieldPath] = {}
        parts = [rule.guard, rule.condition, rule.exception]
        if rule.each is not None:
            reader.read(rule.each.container, places)
            places[rule.each.variable] = (*rule.each.container.path, EACH)
            parts.append(rule.each.where)
        for part in parts:
            if part is not None:
                reader.read(part, places)
    return reader


class _AssumedReader:
    """Gathers fields with a default, and those that say by their absence that there is none.

    Each definition is entered once.
    """

    def __init__(self, program: p.Program) -> None:
        self.program = program
        self.defaults: set[FieldPath] = set()
        self.nones: set[FieldPath] = set()
        self._entered: set[str] = set()

    def read(self, expr: p.Expr, places: Mapping[str, FieldPath]) -> None:
        match expr:
            case p.Read():
                if expr.has_default:
                    self.defaults.add(_path(expr, places))
                elif expr.none_when_absent:
                    self.nones.add(_path(expr, places))
            case p.Published():
                for steps, default in expr.absent:
                    path = tuple(EACH if step is None else step for step in steps)
                    (self.defaults if default else self.nones).add(path)
                for part in children(expr):
                    self.read(part, places)
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
            case p.Quantifier() | p.Sum():
                container, asked = children(expr)
                self.read(container, places)
                element = (*_path(expr.container, places), EACH)
                self.read(asked, {**places, expr.variable: element})
            case _:
                for part in children(expr):
                    self.read(part, places)


def _path(read: p.Read, places: Mapping[str, FieldPath]) -> FieldPath:
    return (*(places[read.variable] if read.variable else ()), *read.path)
