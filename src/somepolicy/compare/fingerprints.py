"""A rule -> a value that compares: equal for what is written differently and means the same.

Places do not count, nor the names of definitions, which stand for what they say.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping

from somepolicy import ir as p
from somepolicy.functions.table import FUNCTIONS

Fingerprint = object
_UNSHAPED = ("span", "source", "type")  # where it stands, and what follows from the schema


class Fingerprints:
    """Expressions as values that compare: no places, and definitions by what they say.

    Names of clauses are those of NEW.
    """

    def __init__(self, program: p.Program, clauses: Mapping[str, str]) -> None:
        self._program = program
        self._clauses = clauses
        self._digests: dict[tuple[str, str], str] = {}

    def decides(self, rule: p.Rule) -> Fingerprint:
        """Return all that an answer can depend on, and not the wording."""
        return rule.effect, self.cited(rule), sorted(rule.kinds), self.condition(rule)

    def cited(self, rule: p.Rule) -> list[str]:
        """Return the clauses of a rule."""
        return sorted(self._clauses.get(name, name) for name in rule.clauses)

    def condition(self, rule: p.Rule) -> Fingerprint:
        """Return when a rule holds, and what it asks, and whom."""
        asked = rule.question
        parts = (rule.each, rule.guard, rule.forbids, rule.condition, rule.exception)
        question = None if asked is None else (asked.clause, asked.answer, asked.roles)
        renamed = None if question is None else (self._clause(question[0]), *question[1:])
        return tuple(self.of(each) for each in parts), renamed

    def wording(self, rule: p.Rule) -> Fingerprint:
        """Return what a rule says to people."""
        asks = None if rule.question is None else rule.question.asks
        return tuple(self.of(each) for each in (rule.says, rule.remedy, asks))

    def of(self, value: object) -> Fingerprint:
        """Return the fingerprint of any part of a program."""
        match value:
            case p.Defined():
                return "definition", self._definition(value.name)
            case p.Applied():
                return "predicate", self._predicate(value.predicate), self.of(value.arguments)
            case p.Attestation():
                return "attested", self._clause(value.clause), value.answer, value.roles
            case p.Read():
                return "read", value.variable, value.path
            case Mapping():
                return tuple((key, self.of(each)) for key, each in sorted(value.items()))
            case tuple():
                return tuple(self.of(each) for each in value)
            case _ if dataclasses.is_dataclass(value):
                names = [each.name for each in dataclasses.fields(value)]
                parts = (self.of(getattr(value, x)) for x in names if x not in _UNSHAPED)
                return type(value).__name__, *parts
            case _:
                return type(value).__name__, value

    def _clause(self, name: str) -> str:
        return self._clauses.get(name, name)

    def _definition(self, name: str) -> str:
        return self._digest("define", name, self._program.definitions[name].body)

    def _predicate(self, key: str) -> str:
        predicate = self._program.predicates[key]
        return self._digest("predicate", key, (predicate.parameters, predicate.body))

    def _digest(self, sort: str, name: str, value: object) -> str:
        """Return a digest, for a definition used twice by each of a chain doubles every time."""
        if (sort, name) not in self._digests:
            text = repr(self.of(value)).encode("utf-8", "surrogatepass")
            self._digests[sort, name] = hashlib.sha256(text).hexdigest()
        return self._digests[sort, name]


def parts_read(program: p.Program) -> Mapping[str, frozenset[tuple[str, str]]]:
    """Return the parameters and word lists that each rule reads, through definitions too.

    They are named `("parameter", name)` and `("word_list", name)`.
    """
    reached: dict[tuple[str, str], frozenset[tuple[str, str]]] = {}

    def body(sort: str, name: str, expr: object) -> frozenset[tuple[str, str]]:
        if (sort, name) not in reached:
            reached[sort, name] = read(expr)
        return reached[sort, name]

    def read(value: object) -> frozenset[tuple[str, str]]:
        match value:
            case p.Parametric():
                return frozenset({("parameter", value.name)})
            case p.Defined():
                return body("define", value.name, program.definitions[value.name].body)
            case p.Applied():
                return body("predicate", value.predicate, program.predicates[value.predicate].body)
            case p.Called():
                lists = frozenset(("word_list", name) for name in FUNCTIONS[value.function].lists)
                return lists | read(value.arguments)
            case tuple():
                return frozenset[tuple[str, str]]().union(*map(read, value))
            case _ if dataclasses.is_dataclass(value):
                names = (each.name for each in dataclasses.fields(value))
                return read(tuple(getattr(value, x) for x in names if x not in _UNSHAPED))
            case _:
                return frozenset()

    return {
        rule.name: read((rule.each, rule.guard, rule.condition, rule.exception))
        for rule in program.rules
    }
