"""A checked program -> the Python code that decides, in two parts.

`fast_codes` hold what every decision runs: the values of definitions and predicates, whether a
document is valid, and the status of each rule as far as the fast path settles it. `full_codes` hold
what runs only where something breaks: a rule becomes `rule_NAME(document, context)`, which
returns its status and reports to the context what broke, and `facts_rule_NAME`, `missing_rule_NAME`
and, where it asks detectors, `evidence_rule_NAME`, which say why. They are many times larger,
and written rule by rule when one is asked for, or all at once to be kept.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from somepolicy import ir as p
from somepolicy.backends.python import code as py
from somepolicy.backends.python.explanations import Reasons
from somepolicy.backends.python.fast_path import FastPath, Layout
from somepolicy.backends.python.validator import ValidatorWriter
from somepolicy.engine.evaluation import StatusCode
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
    writer = _Writer(program)
    bodies: dict[Source, list[ast.stmt]] = {}
    layouts: dict[str, Layout] = {}
    for definition in program.definitions.values():
        bodies.setdefault(definition.source, []).append(writer.definition(definition))
    for predicate in program.predicates.values():
        bodies.setdefault(predicate.source, []).append(writer.predicate(predicate))
    for kind in program.kinds:
        rules = [rule for rule in program.rules if kind in rule.kinds]
        layouts[kind], made = writer.fast_path(kind, rules)
        for each in made:
            placed = py.at(each.function, each.first.span)
            bodies.setdefault(each.first.source, []).append(placed)
    acceptors = [
        part
        for kind in program.kinds.values()
        for part in ValidatorWriter(kind, writer.stated).functions()
    ]
    general = Generated(_own(program), _module([*writer.prologue, *acceptors]))
    return FastPathCode((general, *_generated(bodies)), layouts)


class FullCode:
    """Generates what runs where something breaks.

    `rule` finds a rule by its name where the program itself does not hold its rules.
    """

    def __init__(
        self, program: p.Program, rule: Callable[[str], p.Rule | None] | None = None
    ) -> None:
        self.program = program
        self._writer = _Writer(program, stated="kept")
        self._rule = (
            {python_name(each.name): each for each in program.rules}.get if rule is None else rule
        )
        self._shared = False

    def everything(self) -> tuple[Generated, ...]:
        """Generate the schemas, the reasons of every definition and predicate, and every rule."""
        bodies: dict[Source, list[ast.stmt]] = {}
        for rule in self.program.rules:
            bodies.setdefault(rule.source, []).extend(self._writer.rule(rule))
        rules = _generated(bodies)
        return (*self._first(), *rules)

    def of(self, name: str) -> tuple[Generated, ...]:
        """Generate what is not yet there and the function of a rule needs, by its name."""
        rule = self._rule(name.partition("rule_")[2])
        if rule is None:
            return tuple(self._first())
        body = Generated(rule.source, _module(self._writer.rule(rule)))
        return (*self._first(), body)

    def _first(self) -> Iterator[Generated]:
        """Yield what is shared, once, and what has been stated since."""
        bodies: dict[Source, list[ast.stmt]] = {}
        own = _own(self.program)
        if not self._shared:
            self._shared = True
            for definition in self.program.definitions.values():
                reasons = self._writer.reasons_of_definition(definition)
                bodies.setdefault(definition.source, []).extend(reasons)
            for predicate in self.program.predicates.values():
                reasons = self._writer.reasons_of_predicate(predicate)
                bodies.setdefault(predicate.source, []).extend(reasons)
            bodies[own] = [py.assign("schemas", py.literal(_schemas(self.program)))]
        yield from _generated({own: self._writer.take_prologue()})
        yield from _generated(bodies)


def _own(program: p.Program) -> Source:
    return Source(f"{program.name}.py", "")


def _schemas(program: p.Program) -> dict[str, list[tuple[str, object]]]:
    """Return the schema files of each kind, its own first, by the names they refer by."""
    return {
        name: [(file.source.path.rpartition("/")[2], file.content) for file in kind.schema.files]
        for name, kind in program.kinds.items()
    }


def _generated(bodies: Mapping[Source, list[ast.stmt]]) -> tuple[Generated, ...]:
    return tuple(Generated(source, _module(body)) for source, body in bodies.items() if body)


def _module(body: list[ast.stmt]) -> ast.Module:
    return py.placed(ast.Module(body=body, type_ignores=[]))


class _Writer(Reasons, FastPath):
    # --- definitions and predicates

    def definition(self, definition: p.Definition) -> ast.stmt:
        """Write `def_NAME`, worked out at most once per document."""
        title = f"def_{definition.name}"
        body = _memoised(title, self.value(definition.body))
        return py.at(py.function(title, (), body), definition.body.span)

    def reasons_of_definition(self, definition: p.Definition) -> list[ast.stmt]:
        """Write the reasons of a definition, each worked out at most once per document."""
        name, body = definition.name, definition.body
        worked_out = {
            f"facts_def_{name}": py.call("unique", self.facts(body)),
            f"missing_def_{name}": py.call("unique", self.missing(body)),
            f"evidence_def_{name}": self.evidence([body]),
        }
        return [
            py.at(py.function(title, (), _memoised(title, value)), body.span)
            for title, value in worked_out.items()
        ]

    def predicate(self, predicate: p.Predicate) -> ast.stmt:
        """`pred_NAME` takes values."""
        values = [f"v_{name}" for name in predicate.parameters]
        title, body = f"pred_{predicate.key}", [py.give(self.value(predicate.body))]
        return py.at(py.function(title, values, body), predicate.body.span)

    def reasons_of_predicate(self, predicate: p.Predicate) -> list[ast.stmt]:
        """Write the reasons of a predicate, which take values and pointers."""
        both = [each for name in predicate.parameters for each in (f"v_{name}", f"q_{name}")]
        key, body = predicate.key, predicate.body
        made = {
            f"facts_pred_{key}": self.facts(body),
            f"missing_pred_{key}": self.missing(body),
            f"evidence_pred_{key}": self.evidence([body]),
        }
        return [
            py.at(py.function(title, both, [py.give(value)]), body.span)
            for title, value in made.items()
        ]

    # --- rules

    def rule(self, rule: p.Rule) -> list[ast.stmt]:
        """Write the functions of a rule's reasons and then its own.

        A thread that finds its own loaded has to find the others.
        """
        body = self._guard(rule)
        if rule.effect == "permit":
            body.append(py.give(_status(StatusCode.PERMITTED)))
        elif rule.each is None:
            body += self._single(rule)
        else:
            body += self._elements(rule, rule.each)
        made = [] if rule.effect == "permit" else self._reasons(rule)
        made.append(py.function(f"rule_{rule.name}", (), body))
        return [py.at(each, rule.span) for each in made]

    def _guard(self, rule: p.Rule) -> list[ast.stmt]:
        if rule.guard is None:
            return []
        outside = py.same(py.name("guard"), False)
        if rule.effect == "permit":
            outside = py.differs(py.name("guard"), True)
        return [
            py.assign("guard", self.value(rule.guard)),
            py.when(outside, py.give(_status(StatusCode.NOT_APPLICABLE))),
        ]

    def _single(self, rule: p.Rule) -> list[ast.stmt]:
        held, work_out = self._condition(rule)
        body = [work_out, py.when(held, py.give(_status(StatusCode.SATISFIED)))]
        if rule.exception is not None:
            body += [
                py.assign("excepted", self.value(rule.exception)),
                py.when(
                    py.same(py.name("excepted"), True), py.give(_status(StatusCode.NOT_APPLICABLE))
                ),
            ]
        broke = self._broke(rule, py.const(""), py.const(None))
        return [*body, py.give(broke)]

    def _condition(self, rule: p.Rule) -> tuple[ast.expr, ast.stmt]:
        """Return the test that the rule holds, and the statement that works it out."""
        if rule.question is not None:
            question = rule.question
            value = self.verdict(question.clause, question.answer, question.roles)
        elif rule.condition is not None:
            value = self.value(rule.condition)
        else:
            value = py.const(rule.forbids)
        return py.same(py.name("holds"), not rule.forbids), py.assign("holds", value)

    def _broke(self, rule: p.Rule, at: ast.expr, element: ast.expr) -> ast.expr:
        """Tell the context; the instance is violated where nothing about it is unknown."""
        known = [py.same(py.name("holds"), rule.forbids)]
        if rule.guard is not None:
            known.append(py.same(py.name("guard"), True))
        if rule.each is not None and rule.each.where is not None:
            known.append(py.same(py.name("counts"), True))
        if rule.exception is not None:
            known.append(py.same(py.name("excepted"), False))
        evidence = py.const(None)
        if self._searches(rule):
            evidence = py.name(f"evidence_rule_{rule.name}")
        return py.method(
            py.name("context"),
            "note_unmet",
            py.const(rule.name),
            py.all_of(known),
            py.name(f"facts_rule_{rule.name}"),
            py.name(f"missing_rule_{rule.name}"),
            evidence,
            at,
            element,
            *((element, at) if rule.each is not None else ()),
        )

    def _elements(self, rule: p.Rule, each: p.Each) -> list[ast.stmt]:
        element = f"v_{each.variable}"
        with self.element(each.variable):
            inner = self._each(rule, each)
        absent = py.method(
            py.name("context"),
            "note_absent_list",
            py.const(rule.name),
            self.place(each.container),
            self.evidence([rule.guard] if rule.guard else []),
        )
        return [
            py.assign("elements", self.value(each.container)),
            py.when(py.same(py.name("elements"), None), py.give(absent)),
            py.assign("status", _status(StatusCode.NOT_APPLICABLE)),
            py.loop(("index", element), "elements", inner),
            py.give(py.name("status")),
        ]

    def _each(self, rule: p.Rule, each: p.Each) -> list[ast.stmt]:
        held, work_out = self._condition(rule)
        body: list[ast.stmt] = []
        if each.where is not None:
            body += [
                py.assign("counts", self.value(each.where)),
                py.when(py.same(py.name("counts"), False), ast.Continue()),
            ]
        body.append(work_out)
        body.append(
            py.when(
                held,
                py.when(
                    py.compare(py.name("status"), ast.Gt(), _status(StatusCode.SATISFIED)),
                    py.assign("status", _status(StatusCode.SATISFIED)),
                ),
                ast.Continue(),
            )
        )
        if rule.exception is not None:
            body += [
                py.assign("excepted", self.value(rule.exception)),
                py.when(py.same(py.name("excepted"), True), ast.Continue()),
            ]
        place = py.plus(
            py.plus(self.place(each.container), py.const("/")),
            py.call("str", py.name("index")),
        )
        broke = self._broke(rule, place, py.name(f"v_{each.variable}"))
        return [*body, py.assign("status", py.call("min", py.name("status"), broke))]

    def _reasons(self, rule: p.Rule) -> list[ast.stmt]:
        parameters: list[str] = []
        if rule.each is not None:
            parameters = [f"v_{rule.each.variable}", f"q_{rule.each.variable}"]
        seen = _looked_at(rule)
        parts = [*seen, rule.exception] if rule.exception is not None else seen
        if rule.question is not None:
            question = rule.question
            facts = py.method(
                py.name("context"),
                "contrary",
                py.const(question.clause),
                py.const(question.answer),
                py.const(question.roles),
            )
        elif rule.condition is not None and rule.each is not None:
            with self.element(rule.each.variable):  # asked where it is violated
                facts = self.facts_known(rule.condition, rule.forbids)
        elif rule.condition is not None:
            facts = self.facts_known(rule.condition, rule.forbids)
        else:
            facts = py.sequence(())
        made = {"facts": facts, "missing": self.missing_of(parts)}
        if self._searches(rule):
            made["evidence"] = self.evidence(seen)
        return [
            py.function(f"{what}_rule_{rule.name}", parameters, [py.give(value)])
            for what, value in made.items()
        ]

    def _searches(self, rule: p.Rule) -> bool:
        """Whether there can be evidence: what detectors found for the parts of the rule."""
        return any(map(self.detects, _looked_at(rule)))


def _looked_at(rule: p.Rule) -> list[p.Expr]:
    """Return the parts of a rule in which detectors may have found something."""
    where = rule.each.where if rule.each else None
    return [x for x in (rule.guard, where, rule.condition) if x is not None]


def _memoised(key: str, value: ast.expr) -> list[ast.stmt]:
    """Keep a value in the context's memo under a key."""
    memo = py.attribute("context", "memo")
    keep = ast.Assign([ast.Subscript(memo, py.const(key), ast.Store())], value)
    known = py.compare(py.const(key), ast.NotIn(), memo)
    return [py.when(known, keep), py.give(ast.Subscript(memo, py.const(key), ast.Load()))]


def _status(status: StatusCode) -> ast.expr:
    return py.const(int(status))
