"""The texts of a kind of document that the rules of a policy pass to detectors.

A path is a tuple of members from the document down, `EACH` for every element of a list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from somepolicy import ir as p
from somepolicy.check.published import paths as published_paths
from somepolicy.engine.compiled_policy import EACH, FieldPath
from somepolicy.engine.values import pointer
from somepolicy.functions.table import FUNCTIONS, Function
from somepolicy.ir import types as t
from somepolicy.ir.traversal import children
from somepolicy.json_type import Json

_Places = Mapping[str, FieldPath]  # of each variable in scope


@dataclass(frozen=True, slots=True)
class SearchedText:
    """A text of a document, by its JSON Pointer.

    `beside` is the other text it is compared with, "" where the document has none; None where
    no rule compares it with another. `only` names the detectors that a text is searched with
    which rules reach as one of the published texts alone; None: every detector.
    """

    pointer: str
    text: str
    beside: str | None
    only: frozenset[str] | None = None


Paths = Mapping[FieldPath, FieldPath | None]
"""The path of each text and of the one it is compared with; () where that is in no document."""


def is_detector(row: Function) -> bool:
    """Whether a function finds something in a text."""
    return isinstance(row.result, t.Detections) and not isinstance(
        row.parameters[0][1], t.Detections
    )


def searched_paths(program: p.Program, kind: str) -> Paths:
    """Return the paths of the texts of a kind that its rules search, in the order of the rules."""
    return _read(program, kind).found


def published_alone(program: p.Program, kind: str) -> Mapping[FieldPath, frozenset[str]]:
    """Return the paths that rules reach among the published texts alone, with their detectors."""
    reader = _read(program, kind)
    return {
        path: frozenset(names)
        for path, names in reader.published.items()
        if path not in reader.named
    }


def _read(program: p.Program, kind: str) -> _SearchedPaths:
    reader = _SearchedPaths(program)
    for rule in program.rules:
        if kind not in rule.kinds:
            continue
        places: dict[str, FieldPath] = {}
        parts = [rule.guard, rule.condition, rule.exception]
        if rule.each is not None:
            places[rule.each.variable] = (*rule.each.container.path, EACH)
            parts.insert(1, rule.each.where)
        for part in parts:
            if part is not None:
                reader.read(part, places)
    return reader


def searched_texts(
    paths: Paths, document: Json, only: Mapping[FieldPath, frozenset[str]]
) -> Iterator[SearchedText]:
    """Yield every text of a document at these paths, absent ones left out."""
    for path, beside in paths.items():
        for steps, value in _expand(document, path):
            if not isinstance(value, str):
                continue
            other = None if beside is None else _text(document, _alike(beside, path, steps))
            yield SearchedText(pointer("", steps), value, other, only.get(path))


# --- in the program


class _SearchedPaths:
    """Gathers what detectors are given; each definition is entered once."""

    def __init__(self, program: p.Program) -> None:
        self.program = program
        self.found: dict[FieldPath, FieldPath | None] = {}
        self.named: set[FieldPath] = set()  # by a rule, as itself
        self.published: dict[FieldPath, set[str]] = {}  # the functions called on it among others
        self._entered: set[str] = set()

    def read(self, expr: p.Expr, places: _Places) -> None:
        match expr:
            case p.Called():
                if is_detector(FUNCTIONS[expr.function]):
                    self._given(expr, places)
                for part in expr.arguments:
                    self.read(part, places)
            case p.Defined():
                if expr.name not in self._entered:
                    self._entered.add(expr.name)
                    self.read(self.program.definitions[expr.name].body, {})
            case p.Applied():
                predicate = self.program.predicates[expr.predicate]
                paths = (_path(argument, places) for argument in expr.arguments)
                self.read(predicate.body, dict(zip(predicate.parameters, paths, strict=True)))
            case p.Quantifier():
                element = (*_path(expr.container, places), EACH)
                self.read(expr.condition, {**places, expr.variable: element})
            case _:
                for part in children(expr):
                    self.read(part, places)

    def _given(self, call: p.Called, places: _Places) -> None:
        textual = [
            argument
            for argument, (_, kind) in zip(
                call.arguments, FUNCTIONS[call.function].parameters, strict=True
            )
            if isinstance(kind, t.Text)
        ]
        among = isinstance(textual[0].type, t.Texts)
        for path in self._paths(textual[0], places):
            if among:
                self.published.setdefault(path, set()).add(call.function)
            else:
                self.named.add(path)
            beside = next(self._paths(textual[1], places), ()) if len(textual) > 1 else None
            if self.found.get(path) is None:
                self.found[path] = beside

    def _paths(self, expr: p.Expr, places: _Places) -> Iterator[FieldPath]:
        """Yield where the value of an argument may come from."""
        match expr:
            case p.Read():
                yield _path(expr, places)
            case p.Published():
                for part in expr.parts:
                    for path in published_paths(part):
                        yield tuple(EACH if step is None else step for step in path)
            case p.Fallback():
                yield from self._paths(expr.operand, places)
                yield from self._paths(expr.fallback, places)
            case p.Defined():
                yield from self._paths(self.program.definitions[expr.name].body, {})
            case _:
                return


def _path(read: p.Read, places: _Places) -> FieldPath:
    return (*(places[read.variable] if read.variable else ()), *read.path)


# --- in a document


def _expand(value: Json, path: FieldPath, at: FieldPath = ()) -> Iterator[tuple[FieldPath, Json]]:
    """Yield the values at a path, each with its steps; an index for every `EACH`."""
    if not path:
        yield at, value
    elif path[0] == EACH and isinstance(value, list):
        for index, each in enumerate(value):
            yield from _expand(each, path[1:], (*at, str(index)))
    elif isinstance(value, dict) and path[0] in value:
        yield from _expand(value[path[0]], path[1:], (*at, path[0]))


def _alike(beside: FieldPath, path: FieldPath, steps: FieldPath) -> FieldPath:
    """Give a path the indexes of another as far as the two are one."""
    found: list[str] = []
    together = True
    for step, other, actual in zip_longest(beside, path, steps):
        if step is None:
            break
        together = together and step == other
        found.append(actual if together else step)
    return tuple(found)


def _text(value: Json, steps: FieldPath) -> str:
    """Return the first text at steps; "" without one."""
    for step in steps:
        match value:
            case dict():
                value = value.get(step)
            case list() if step == EACH:
                value = value[0] if value else None
            case list():
                value = value[int(step)]
            case _:
                return ""
    return value if isinstance(value, str) else ""
