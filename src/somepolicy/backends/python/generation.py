"""A checked program -> the Python code that decides, in two parts.

One part every decision runs: the values of definitions and predicates, whether a document is valid,
and the status of each rule as far as the fast path settles it. The other runs only where something
breaks: the full evaluation of rules and their reasons. It is many times larger, and written rule by
rule when one is asked for, or all at once to be kept.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from somepolicy import ir as p
from somepolicy.backends.python import code as py
from somepolicy.backends.python.fast_path import Layout, fast_path
from somepolicy.backends.python.rules import (
    definition_function,
    definition_reasons,
    predicate_function,
    predicate_reasons,
    rule_functions,
)
from somepolicy.backends.python.scope import Names
from somepolicy.backends.python.validator import ValidatorWriter
from somepolicy.normal_form import python_name
from somepolicy.syntax.source import Source


@dataclass(frozen=True)
class Generated:
    """The code that belongs to one file."""

    source: Source
    tree: ast.Module


@dataclass(frozen=True)
class FastPathCode:
    """What every decision runs, and per kind how its rules are evaluated."""

    files: tuple[Generated, ...]
    layouts: Mapping[str, Layout]


def generate_fast_path(program: p.Program) -> FastPathCode:
    """Generate what every decision runs."""
    names = Names(program)
    bodies: dict[Source, list[ast.stmt]] = {}
    layouts: dict[str, Layout] = {}
    for definition in program.definitions.values():
        bodies.setdefault(definition.source, []).append(definition_function(names, definition))
    for predicate in program.predicates.values():
        bodies.setdefault(predicate.source, []).append(predicate_function(names, predicate))
    for kind in program.kinds:
        rules = [rule for rule in program.rules if kind in rule.kinds]
        layouts[kind], made = fast_path(names, kind, rules)
        for each in made:
            placed = py.at(each.function, each.first.span)
            bodies.setdefault(each.first.source, []).append(placed)
    validators = [
        part
        for kind in program.kinds.values()
        for part in ValidatorWriter(kind, names.stated).functions()
    ]
    general = Generated(_own(program), _module([*names.take_prologue(), *validators]))
    return FastPathCode((general, *_generated(bodies)), layouts)


class FullCode:
    """Generates what runs where something breaks.

    `rule` finds a rule by its name where the program itself does not hold its rules.
    """

    def __init__(
        self, program: p.Program, rule: Callable[[str], p.Rule | None] | None = None
    ) -> None:
        self.program = program
        self._names = Names(program, "kept")
        self._rule = (
            {python_name(each.name): each for each in program.rules}.get if rule is None else rule
        )
        self._shared = False

    def everything(self) -> tuple[Generated, ...]:
        """Generate the schemas, the reasons of every definition and predicate, and every rule."""
        bodies: dict[Source, list[ast.stmt]] = {}
        for rule in self.program.rules:
            bodies.setdefault(rule.source, []).extend(rule_functions(self._names, rule))
        rules = _generated(bodies)
        return (*self._first(), *rules)

    def of(self, name: str) -> tuple[Generated, ...]:
        """Generate what is not yet there and the function of a rule needs, by its name."""
        rule = self._rule(name.partition("rule_")[2])
        if rule is None:
            return tuple(self._first())
        body = Generated(rule.source, _module(rule_functions(self._names, rule)))
        return (*self._first(), body)

    def _first(self) -> Iterator[Generated]:
        """Yield what is shared, once, and what has been stated since."""
        bodies: dict[Source, list[ast.stmt]] = {}
        own = _own(self.program)
        if not self._shared:
            self._shared = True
            for definition in self.program.definitions.values():
                reasons = definition_reasons(self._names, definition)
                bodies.setdefault(definition.source, []).extend(reasons)
            for predicate in self.program.predicates.values():
                reasons = predicate_reasons(self._names, predicate)
                bodies.setdefault(predicate.source, []).extend(reasons)
            schemas = {name: x.schema.named_files for name, x in self.program.kinds.items()}
            bodies[own] = [py.assign("schemas", py.literal(schemas))]
        yield from _generated({own: self._names.take_prologue()})
        yield from _generated(bodies)


def _own(program: p.Program) -> Source:
    return Source(f"{program.name}.py", "")


def _generated(bodies: Mapping[Source, list[ast.stmt]]) -> tuple[Generated, ...]:
    return tuple(Generated(source, _module(body)) for source, body in bodies.items() if body)


def _module(body: list[ast.stmt]) -> ast.Module:
    return py.placed(ast.Module(body=body, type_ignores=[]))
