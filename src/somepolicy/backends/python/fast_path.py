"""Rules of a kind -> functions that evaluate them all, at full speed where nothing breaks.

The fast path settles for each rule that it does not apply, is permitted or holds. Where it
cannot, it calls the full evaluation of the rule (rules.py). A rule that holds or permits needs no
note: only another status is noted. The members that several rules read are read once, rules under
the same guard share it, and rules on the elements of one list share one pass.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from somepolicy import ir as p
from somepolicy.backends.python import code as py
from somepolicy.backends.python.conditions import of_document, test
from somepolicy.backends.python.expressions import attestations, value
from somepolicy.backends.python.members import member, unknowable
from somepolicy.backends.python.scope import Member, Names, Path, Scope
from somepolicy.engine.compiled_policy import ChunkDescriptor, SelectorDescriptor
from somepolicy.engine.evaluation import StatusCode, noted
from somepolicy.ir.traversal import walk
from somepolicy.normal_form import python_name

_MOST_RULES = 200  # in one function: compiling slows down with its size
_FEWEST_RULES = 32  # that are worth an index
_FEWEST_VALUES = 8
_OUTSIDE, _HELD = int(StatusCode.NOT_APPLICABLE), int(StatusCode.SATISFIED)
_BROKE, _UNASKED = 0, -1  # in a pass over a list, no statuses: above 0 the rule still holds

Numbered = Sequence[tuple[int, p.Rule]]  # by their place among those of the kind


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


def fast_path(
    names: Names, kind: str, rules: Sequence[p.Rule]
) -> tuple[Layout, list[FastFunction]]:
    """Return the functions that evaluate the rules, and how they are called."""
    made: list[FastFunction] = []

    def chunk(numbered: Numbered) -> ChunkDescriptor:
        name = f"rules_{kind}_{len(made)}"
        descriptor = ChunkDescriptor(python_name(name), tuple(index for index, _ in numbered))
        made.append(FastFunction(descriptor, numbered[0][1], _function(names, name, numbered)))
        return descriptor

    numbered = list(enumerate(rules))
    steps = _selecting(rules)
    always: list[tuple[int, p.Rule]] = []
    by_value: dict[str, list[tuple[int, p.Rule]]] = {}
    for index, rule in numbered:
        text = _selected_by(rule, steps) if steps else None
        chosen = always if text is None else by_value.setdefault(text, [])
        chosen.append((index, rule))
    chunks = tuple(chunk(part) for part in _parts(always))
    groups = {
        text: tuple(chunk(part) for part in _parts(group)) for text, group in by_value.items()
    }
    selectors = (SelectorDescriptor(steps, groups),) if groups else ()
    return Layout(chunks, selectors), made


def _function(names: Names, name: str, numbered: Numbered) -> ast.stmt:
    rules = [rule for _, rule in numbered]
    scope, reading = _hoist(Scope(names), None, _reads_of(rules), "document")
    scope, encoding = _encode(scope, rules)
    single: list[tuple[int, p.Rule]] = []
    lists: dict[Path, list[tuple[int, p.Rule]]] = {}
    for index, rule in numbered:
        if rule.each is None or rule.effect == "permit":
            single.append((index, rule))
        else:
            lists.setdefault(rule.each.container.path, []).append((index, rule))
    body = [*reading, *encoding, *_guarded(scope, single)]
    for each in lists.values():
        body += _pass_over(scope, each)
    return py.function(name, ("found",), [*body, py.give(py.const(None))])


# --- reading once


def _hoist(
    scope: Scope, variable: str | None, reads: Iterable[p.Read], owner: str
) -> tuple[Scope, list[ast.stmt]]:
    """Read into locals what is read more than once, the shorter paths first.

    Return the scope that has these locals, and the statements that fill them.
    """
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
            local = f"{owner}_{len(made)}"
            made.append(py.assign(local, member(scope, variable, path, sure[path])))
            scope = scope.hoisting({(variable, path): local})
    return scope, made


def _encode(scope: Scope, rules: Iterable[p.Rule]) -> tuple[Scope, list[ast.stmt]]:
    """Encode once a text that several patterns search; return as `_hoist` does."""
    texts = Counter(
        read.path
        for rule in rules
        for part in _fast_parts(rule)
        for expr in walk(part)
        if isinstance(expr, p.Operation) and expr.operator == "matches"
        for read in expr.operands[:1]
        if of_document(read)
    )
    several = [path for path, count in texts.items() if count > 1]
    encoded = {path: f"encoded_{number}" for number, path in enumerate(several)}
    made = [
        py.assign(local, py.call("encoded", member(scope, None, path)))
        for path, local in encoded.items()
    ]
    return replace(scope, encoded=encoded), made


# --- rules on the document


def _guarded(scope: Scope, rules: Numbered) -> list[ast.stmt]:
    """Evaluate the rules on the document, those under one guard together."""
    groups: dict[object, list[tuple[int, p.Rule]]] = {}
    for index, rule in rules:
        groups.setdefault(_shape(rule.guard), []).append((index, rule))
    body: list[ast.stmt] = []
    for group in groups.values():
        guard = group[0][1].guard
        noting = [each for index, rule in group for each in _noting(scope, index, rule)]
        if guard is None:
            body += noting
            continue
        outside = py.note_all(tuple(noted(index, _OUTSIDE) for index, _ in group))
        body.append(py.choose(test(scope, guard, False), [outside], noting))
    return body


def _noting(scope: Scope, index: int, rule: p.Rule) -> list[ast.stmt]:
    """Note the status of a rule on the document whose guard is not False."""
    if rule.effect != "permit":
        return [py.when(py.negate(_holds(scope, rule)), _full_status(index, rule))]
    if rule.guard is None:
        return []
    outside = py.note(py.const(noted(index, _OUTSIDE)))
    return [py.when(py.negate(test(scope, rule.guard, True)), outside)]


def _holds(scope: Scope, rule: p.Rule) -> ast.expr:
    if rule.question is not None:
        return py.same(attestations(rule.question, "verdict"), True)
    if rule.condition is None:
        return py.const(False)
    return test(scope, rule.condition, not rule.forbids)


# --- rules on the elements of a list


def _pass_over(scope: Scope, rules: Numbered) -> list[ast.stmt]:
    """Evaluate the rules on one list in one pass; what breaks is left to the rule itself.

    A rule without `where` holds as soon as there is an element, until one breaks it.
    """
    number, first = rules[0][0], rules[0][1].each
    assert first is not None
    kept, element = f"list_{number}", f"element_{number}"
    begin: list[ast.stmt] = []
    end: list[ast.stmt] = []
    absent: list[ast.stmt] = []
    for index, rule in rules:
        begin.append(py.assign(f"r{index}", _begin(scope, rule, kept)))
        end.append(_end(index, rule))
        absent.append(_full_status(index, rule))
    within, reading = _hoist_elements(scope, rules, element)
    inner = [*reading, *(_element(within, index, rule) for index, rule in rules)]
    there = [*begin, py.plain_loop(element, kept, inner), *end]
    taken = py.assign(kept, value(scope, first.container))
    if not unknowable(scope, first.container):
        return [taken, *there]
    return [taken, py.choose(py.same(py.name(kept), None), absent, there)]


def _hoist_elements(scope: Scope, rules: Numbered, element: str) -> tuple[Scope, list[ast.stmt]]:
    """Read members of an element once for all rules, each of which has its own variable.

    Return as `_hoist` does.
    """
    asked = [(rule.each.variable, rule) for _, rule in rules if rule.each is not None]
    reads = [read for variable, rule in asked for read in _reads(_asked(rule), variable)]
    first = asked[0][0]
    scope, made = _hoist(scope.hoisting({(first, ()): element}), first, reads, element)
    known = [(path, local) for (of, path), local in scope.hoisted.items() if of == first]
    shared: dict[Member, str] = {
        (variable, path): local for variable, _ in asked for path, local in known
    }
    return scope.hoisting(shared), made


def _begin(scope: Scope, rule: p.Rule, kept: str) -> ast.expr:
    assert rule.each is not None
    start: ast.expr = py.const(_OUTSIDE)
    if rule.each.where is None:
        start = py.either(py.name(kept), py.const(_HELD), start)
    if rule.guard is not None:
        start = py.either(test(scope, rule.guard, False), py.const(_UNASKED), start)
    return start


def _element(scope: Scope, index: int, rule: p.Rule) -> ast.stmt:
    """Go on while no element broke the rule: one that did is evaluated as a whole afterwards."""
    assert rule.each is not None
    status = f"r{index}"
    asked: ast.expr = py.compare(py.name(status), ast.Gt(), py.const(_BROKE))
    if rule.each.where is not None:
        counts = py.all_of([asked, py.negate(test(scope, rule.each.where, False))])
        held = py.either(_holds(scope, rule), py.const(_HELD), py.const(_BROKE))
        return py.when(counts, py.assign(status, held))
    broke = py.negate(_holds(scope, rule))
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
    title = py.const(python_name(f"rule_{rule.name}"))
    status = py.method(py.name("context"), "full_status", title)
    return py.note(py.plus(py.const(noted(index, 0)), status))


# --- how rules are put together


def _parts(numbered: Numbered) -> Iterator[Numbered]:
    """Part the rules by the file they stand in, since a function belongs to one file."""
    for _, group in groupby(numbered, key=lambda each: id(each[1].source)):
        rules = list(group)
        for start in range(0, len(rules), _MOST_RULES):
            yield rules[start : start + _MOST_RULES]


def _selecting(rules: Sequence[p.Rule]) -> Path:
    """Return the field by whose value it pays to select rules; empty where there is none."""
    found: dict[Path, list[str]] = {}
    for rule in rules:
        for steps, text in _equalities(rule):
            found.setdefault(steps, []).append(text)
    worth = {
        steps: len(values)
        for steps, values in found.items()
        if len(values) >= _FEWEST_RULES and len(set(values)) >= _FEWEST_VALUES
    }
    return max(worth, key=lambda steps: worth[steps], default=())


def _selected_by(rule: p.Rule, steps: Path) -> str | None:
    return next((text for found, text in _equalities(rule) if found == steps), None)


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
