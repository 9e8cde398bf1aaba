"""Rules of a kind -> functions that evaluate them all, at full speed where nothing breaks.

The fast path settles for each rule that it does not apply, is permitted or holds. Where it
cannot, it calls the full evaluation of the rule (rules.py). A rule that holds or permits needs no
note: only another status is noted. The members that several rules read are
read once, rules under the same guard share it, and rules on the elements of one list share one
pass.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from somepolicy import ir as p
from somepolicy.backends.python import code as py
from somepolicy.backends.python.conditions import Truths, of_document
from somepolicy.engine.compiled_policy import ChunkDescriptor, SelectorDescriptor
from somepolicy.engine.evaluation import StatusCode, noted
from somepolicy.ir.traversal import walk
from somepolicy.normal_form import python_name

_MOST_RULES = 200  # in one function: compiling slows down with its size
_FEWEST_RULES = 32  # that are worth an index
_FEWEST_VALUES = 8
_OUTSIDE, _HELD = int(StatusCode.NOT_APPLICABLE), int(StatusCode.SATISFIED)
_BROKE, _UNASKED = 0, -1  # in a pass over a list, no statuses: above 0 the rule still holds

Path = tuple[str, ...]


@dataclass(frozen=True)
class FastFunction:
    """One function, with the rule that gives it its place, and what calls it."""

    descriptor: ChunkDescriptor
    first: p.Rule
    function: ast.stmt


@dataclass(frozen=True)
class Layout:
    """How the rules of a kind are evaluated: chunks that always run, and selected ones."""

    chunks: tuple[ChunkDescriptor, ...]
    selectors: tuple[SelectorDescriptor, ...]


class FastPath(Truths):
    """Writes the fast path of a kind."""

    def fast_path(self, kind: str, rules: Sequence[p.Rule]) -> tuple[Layout, list[FastFunction]]:
        """Return the functions that evaluate the rules, and how they are called."""
        made: list[FastFunction] = []

        def chunk(numbered: Sequence[tuple[int, p.Rule]]) -> ChunkDescriptor:
            name = f"rules_{kind}_{len(made)}"
            descriptor = ChunkDescriptor(python_name(name), tuple(index for index, _ in numbered))
            chosen = [rule for _, rule in numbered]
            made.append(FastFunction(descriptor, chosen[0], self._function(name, numbered)))
            return descriptor

        numbered = list(enumerate(rules))
        steps = _selecting(rules)
        always: list[tuple[int, p.Rule]] = []
        by_value: dict[str, list[tuple[int, p.Rule]]] = {}
        for index, rule in numbered:
            value = _selected_by(rule, steps) if steps else None
            chosen = always if value is None else by_value.setdefault(value, [])
            chosen.append((index, rule))
        chunks = tuple(chunk(part) for part in _parts(always))
        groups = {
            value: tuple(chunk(part) for part in _parts(group)) for value, group in by_value.items()
        }
        selectors = (SelectorDescriptor(steps, groups),) if groups else ()
        return Layout(chunks, selectors), made

    def _function(self, name: str, numbered: Sequence[tuple[int, p.Rule]]) -> ast.stmt:
        rules = [rule for _, rule in numbered]
        self.hoisted, self.encoded = {}, {}
        body = self._hoist(None, _reads_of(rules), "document")
        body += self._encode(rules)
        single: list[tuple[int, p.Rule]] = []
        lists: dict[Path, list[tuple[int, p.Rule]]] = {}
        for index, rule in numbered:
            if rule.each is None or rule.effect == "permit":
                single.append((index, rule))
            else:
                lists.setdefault(rule.each.container.path, []).append((index, rule))
        body += self._guarded(single)
        for each in lists.values():
            body += self._pass_over(each)
        self.hoisted, self.encoded = {}, {}
        return py.function(name, ("found",), [*body, py.give(py.const(None))])

    # --- reading once

    def _hoist(self, variable: str | None, reads: Iterable[p.Read], owner: str) -> list[ast.stmt]:
        """Read into locals what is read more than once, the shorter paths first."""
        uses: Counter[Path] = Counter()
        sure: dict[Path, int] = {}
        for read in reads:
            for length in range(1, len(read.path) + 1):
                path = read.path[:length]
                uses[path] += 1
                sure[path] = min(length, read.sure)
        made: list[ast.stmt] = []
        for path, count in sorted(uses.items(), key=lambda use: len(use[0])):
            if count > 1:
                value = self.member(variable, path, sure[path])
                made.append(py.assign(f"{owner}_{len(made)}", value))
                self.hoisted[variable, path] = f"{owner}_{len(made) - 1}"
        return made

    def _encode(self, rules: Iterable[p.Rule]) -> list[ast.stmt]:
        """Encode once a text that several patterns search."""
        texts = Counter(
            read.path
            for rule in rules
            for part in _fast_parts(rule)
            for expr in walk(part)
            if isinstance(expr, p.Operation) and expr.operator == "matches"
            for read in expr.operands[:1]
            if of_document(read)
        )
        made: list[ast.stmt] = []
        for steps, count in texts.items():
            if count > 1:
                self.encoded[steps] = f"encoded_{len(made)}"
                value = py.call("encoded", self.member(None, steps))
                made.append(py.assign(self.encoded[steps], value))
        return made

    # --- rules on the document

    def _guarded(self, rules: Sequence[tuple[int, p.Rule]]) -> list[ast.stmt]:
        """Evaluate the rules on the document, those under one guard together."""
        groups: dict[object, list[tuple[int, p.Rule]]] = {}
        for index, rule in rules:
            groups.setdefault(_shape(rule.guard), []).append((index, rule))
        body: list[ast.stmt] = []
        for group in groups.values():
            guard = group[0][1].guard
            noting = [each for index, rule in group for each in self._noting(index, rule)]
            if guard is None:
                body += noting
                continue
            outside = py.note_all(tuple(noted(index, _OUTSIDE) for index, _ in group))
            body.append(py.choose(self.is_false(guard), [outside], noting))
        return body

    def _noting(self, index: int, rule: p.Rule) -> list[ast.stmt]:
        """Note the status of a rule on the document whose guard is not False."""
        if rule.effect != "permit":
            return [py.when(py.negate(self._holds(rule)), _full_status(index, rule))]
        if rule.guard is None:
            return []
        outside = py.note(py.const(noted(index, _OUTSIDE)))
        return [py.when(py.negate(self.is_true(rule.guard)), outside)]

    def _holds(self, rule: p.Rule) -> ast.expr:
        if rule.question is not None:
            question = rule.question
            verdict = self.verdict(question.clause, question.answer, question.roles)
            return py.same(verdict, True)
        if rule.condition is None:
            return py.const(False)
        return self.is_false(rule.condition) if rule.forbids else self.is_true(rule.condition)

    # --- rules on the elements of a list

    def _pass_over(self, rules: Sequence[tuple[int, p.Rule]]) -> list[ast.stmt]:
        """Evaluate the rules on one list in one pass; what breaks is left to the rule itself.

        A rule without `where` holds as soon as there is an element, until one breaks it.
        """
        first = rules[0][1].each
        assert first is not None
        number, outside = rules[0][0], dict(self.hoisted)
        kept, element = f"list_{number}", f"element_{number}"
        begin: list[ast.stmt] = []
        end: list[ast.stmt] = []
        absent: list[ast.stmt] = []
        for index, rule in rules:
            begin.append(py.assign(f"r{index}", self._begin(rule, kept)))
            end.append(_end(index, rule))
            absent.append(_full_status(index, rule))
        for _, rule in rules:
            assert rule.each is not None
            self.hoisted[rule.each.variable, ()] = element
        inner = self._hoist_elements(rules, element)
        for index, rule in rules:
            inner.append(self._element(index, rule))
        self.hoisted = outside
        there = [*begin, py.plain_loop(element, kept, inner), *end]
        taken = py.assign(kept, self.value(first.container))
        if not self.unknowable(first.container):
            return [taken, *there]
        return [taken, py.choose(py.same(py.name(kept), None), absent, there)]

    def _hoist_elements(self, rules: Sequence[tuple[int, p.Rule]], element: str) -> list[ast.stmt]:
        """Read members of an element once for all rules, each of which has its own variable."""
        reads = [
            read
            for _, rule in rules
            if rule.each is not None
            for read in _reads(_asked(rule), rule.each.variable)
        ]
        first = rules[0][1].each
        assert first is not None
        made = self._hoist(first.variable, reads, element)
        known = [(path, name) for (of, path), name in self.hoisted.items() if of == first.variable]
        for _, rule in rules:
            assert rule.each is not None
            self.hoisted |= {(rule.each.variable, path): name for path, name in known}
        return made

    def _begin(self, rule: p.Rule, kept: str) -> ast.expr:
        assert rule.each is not None
        start: ast.expr = py.const(_OUTSIDE)
        if rule.each.where is None:
            start = py.either(py.name(kept), py.const(_HELD), start)
        if rule.guard is not None:
            start = py.either(self.is_false(rule.guard), py.const(_UNASKED), start)
        return start

    def _element(self, index: int, rule: p.Rule) -> ast.stmt:
        """Go on while no element broke the rule: one that did is evaluated as a whole afterwards."""
        assert rule.each is not None
        status = f"r{index}"
        asked: ast.expr = py.compare(py.name(status), ast.Gt(), py.const(_BROKE))
        if rule.each.where is not None:
            counts = py.all_of([asked, py.negate(self.is_false(rule.each.where))])
            held = py.either(self._holds(rule), py.const(_HELD), py.const(_BROKE))
            return py.when(counts, py.assign(status, held))
        broke = py.negate(self._holds(rule))
        if rule.guard is not None:
            broke = py.all_of([asked, broke])
        return py.when(broke, py.assign(status, py.const(_BROKE)))


def _end(index: int, rule: p.Rule) -> ast.stmt:
    status = py.name(f"r{index}")
    broke = py.compare(status, ast.Eq(), py.const(_BROKE))
    outside = py.note(py.const(noted(index, _OUTSIDE)))
    other = py.compare(status, ast.NotEq(), py.const(_HELD))
    return py.when(other, py.choose(broke, [_full_status(index, rule)], [outside]))


def _full_status(index: int, rule: p.Rule) -> ast.stmt:
    status = py.method(
        py.name("context"), "full_status", py.const(python_name(f"rule_{rule.name}"))
    )
    return py.note(py.plus(py.const(noted(index, 0)), status))


# --- how rules are put together


def _parts(
    numbered: Sequence[tuple[int, p.Rule]],
) -> Iterator[Sequence[tuple[int, p.Rule]]]:
    """Part the rules by the file they stand in, since a function belongs to one file."""
    for _, group in groupby(numbered, key=lambda each: id(each[1].source)):
        rules = list(group)
        for start in range(0, len(rules), _MOST_RULES):
            yield rules[start : start + _MOST_RULES]


def _selecting(rules: Sequence[p.Rule]) -> Path:
    """Return the field by whose value it pays to select rules; empty where there is none."""
    found: dict[Path, list[str]] = {}
    for rule in rules:
        for steps, value in _equalities(rule):
            found.setdefault(steps, []).append(value)
    worth = {
        steps: len(values)
        for steps, values in found.items()
        if len(values) >= _FEWEST_RULES and len(set(values)) >= _FEWEST_VALUES
    }
    return max(worth, key=lambda steps: worth[steps], default=())


def _selected_by(rule: p.Rule, steps: Path) -> str | None:
    return next((value for found, value in _equalities(rule) if found == steps), None)


def _equalities(rule: p.Rule) -> Iterator[tuple[Path, str]]:
    """Yield what a guard asks of fields of the document: a text each has to equal."""
    guard = rule.guard
    for part in (
        guard.operands if isinstance(guard, p.Junction) and guard.operator == "and" else (guard,)
    ):
        if not isinstance(part, p.Operation) or part.operator != "==":
            continue
        read, constant = part.operands
        if isinstance(read, p.Constant):
            read, constant = constant, read
        if isinstance(read, p.Read) and isinstance(constant, p.Constant):
            plain = read.variable is None and not read.has_default
            if plain and isinstance(constant.value, str):
                yield read.path, constant.value


def _shape(value: object) -> object:
    """Return what two expressions share exactly where they say the same, places left aside."""
    if isinstance(value, tuple):
        return tuple(map(_shape, value))
    if not hasattr(value, "__dataclass_fields__"):
        return (type(value).__name__, repr(value))
    fields = (name for name in value.__dataclass_fields__ if name not in ("span", "type"))
    return (type(value).__name__, *(_shape(getattr(value, name)) for name in fields))


def _fast_parts(rule: p.Rule) -> Iterator[p.Expr]:
    """Yield the parts of a rule that the fast path looks at."""
    if rule.guard is not None:
        yield rule.guard
    if rule.each is not None:
        yield rule.each.container
    yield from _asked(rule)


def _asked(rule: p.Rule) -> Iterator[p.Expr]:
    """Yield what is asked of each element: a guard may use its name for something else."""
    if rule.each is not None and rule.each.where is not None:
        yield rule.each.where
    if rule.condition is not None:
        yield rule.condition


def _reads_of(rules: Iterable[p.Rule]) -> Iterator[p.Read]:
    """Yield each reading of a member of the document on the fast path."""
    for rule in rules:
        yield from _reads(_fast_parts(rule), None)


def _reads(parts: Iterable[p.Expr], variable: str | None) -> Iterator[p.Read]:
    for part in parts:
        for expr in walk(part):
            if isinstance(expr, p.Read) and expr.variable == variable and expr.path:
                yield expr
