"""Parsed files -> mutants: the small mistakes an author could make, each as typed.

A mutant replaces one stretch of a file by another text. The parser and the checker judge it
like any other policy, so its diff and what is run can never differ.
"""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from somepolicy.syntax import nodes as n
from somepolicy.syntax.parser import parse
from somepolicy.syntax.source import Source, Span
from somepolicy.syntax.syntax_errors import TEXT_OR_COMMENT
from somepolicy.syntax.traversal import expressions, parts_of

_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_OTHER_BOUND = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_IS_OPPOSITE = {
    "present": "is missing",
    "missing": "is present",
    "empty": "is not empty",
    "not empty": "is empty",
}

Changeable = n.Rule | n.Define | n.Parameter


@dataclass(frozen=True)
class Mutant:
    """A file with the text of `span` replaced. `owner` is the declaration it stands in.

    `operator` is one of negate, junction, quantifier, operand, bound, constant, member,
    exception, guard, filter, effect, citation.
    """

    operator: str
    owner: str
    span: Span
    text: str

    @property
    def lines(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The lines that differ, as they were and as they are."""
        source, start, end = self.span.source, self.span.start, self.span.end
        first = source.text.rfind("\n", 0, start) + 1
        last = source.text.find("\n", end)
        last = len(source.text) if last < 0 else last
        was = source.text[first:last]
        now = source.text[first:start] + self.text + source.text[end:last]
        return tuple(was.split("\n")), tuple(now.split("\n"))

    @property
    def diff(self) -> str:
        """The change as a unified diff without context."""
        was, now = (list(lines) for lines in self.lines)
        line = self.span.source.position(self.span.start)[0]
        while was and now and was[0] == now[0]:
            del was[0], now[0]
            line += 1
        while was and now and was[-1] == now[-1]:
            del was[-1], now[-1]
        path = self.span.source.path
        head = f"--- {path}\n+++ {path}\n@@ -{line},{len(was)} +{line},{len(now)} @@"
        return "\n".join((head, *(f"-{x}" for x in was), *(f"+{x}" for x in now)))


def mutants_of(module: n.Module, clauses: Mapping[str, n.Clause]) -> tuple[Mutant, ...]:
    """Return the mutants of a file in order of place, none twice.

    `clauses` are those of the whole policy, in their order.
    """
    maker = _Maker(module, clauses)
    found = [
        mutant
        for node in module.declarations
        if isinstance(node, Changeable)
        for mutant in maker.declaration(node)
    ]
    unique = {(each.span.start, each.span.end, each.text): each for each in reversed(found)}
    return tuple(
        sorted(unique.values(), key=lambda each: (each.span.start, each.span.end, each.text))
    )


def mutated(module: n.Module, mutant: Mutant) -> n.Module | None:
    """Return the file with the mutant in it; None where that says the same as before.

    Only the declaration concerned is parsed anew. Raises PolicyError where it cannot be.
    """
    source, nodes = module.source, list(module.declarations)
    at = next(i for i, x in enumerate(nodes) if _holds(x, mutant.span))
    header = next((x for x in nodes if isinstance(x, n.Header)), None)
    whole, cut = nodes[at].span, mutant.span
    text = source.text[whole.start : cut.start] + mutant.text + source.text[cut.end : whole.end]
    before = "" if header is None else header.span.text + "\n"
    parsed = parse(Source(source.path, before + text)).declarations
    if parsed[-1] == nodes[at]:
        return None
    nodes[at] = parsed[-1]
    return n.Module(source, tuple(nodes), ())


def named_in(node: Changeable) -> frozenset[str]:
    """Return the names that a declaration may use: definitions, predicates, parameters."""
    found: set[str] = set()
    for part in expressions(node):
        if isinstance(part, n.Name):
            found.add(part.ident.parts[0])
        elif isinstance(part, n.Call):
            found.add(part.name.text)
    return frozenset(found)


def _holds(node: n.Declaration, span: Span) -> bool:
    return node.span.start <= span.start and span.end <= node.span.end


def _masked(match: re.Match[str]) -> str:
    return ("\x01" if match[0].startswith('"') else " ") * len(match[0])


class _Maker:
    def __init__(self, module: n.Module, clauses: Mapping[str, n.Clause]) -> None:
        self.source = module.source
        self.code = TEXT_OR_COMMENT.sub(_masked, module.source.text)
        self.clauses = clauses
        self.owner = ""

    def change(self, operator: str, start: int, end: int, text: str) -> Mutant:
        return Mutant(operator, self.owner, Span(self.source, start, end), text)

    # --- declarations

    def declaration(self, node: Changeable) -> Iterator[Mutant]:
        self.owner = node.name.text
        match node:
            case n.Rule():
                yield from self.rule(node)
            case n.Define():
                yield from self.condition(node.body)
                if isinstance(node.body, n.And | n.Or):
                    yield self.denied(node.body)
            case n.Parameter():
                for dated in node.values:
                    yield from self.values(dated.value, bound=True)
            case _:
                assert_never(node)

    def rule(self, node: n.Rule) -> Iterator[Mutant]:
        start = node.span.start
        if node.effect in ("require", "forbid"):
            yield self.change("effect", start, start + len(node.effect), "advise")
        yield from self.citations(node)
        parts = (
            (node.each.where if node.each else None, "where", "filter"),
            (node.when, "when", "guard"),
            (node.condition, None, ""),
            (node.unless, "unless", "exception"),
        )
        for part, word, operator in parts:
            if part is None:
                continue
            yield from self.condition(part)
            if isinstance(part, n.And | n.Or):
                yield self.denied(part)
            if word is not None:
                yield self.without(part.span, word, operator)
        if node.answer is not None:
            yield from self.other_answer(node)

    def citations(self, node: n.Rule) -> Iterator[Mutant]:
        """Cite the next clause of the same force that concerns the same kinds, or the last."""
        names = list(self.clauses)
        cited = {ident.text for ident in node.cites}
        for ident in node.cites:
            clause = self.clauses.get(ident.text)
            if clause is None:
                continue
            at = names.index(ident.text)
            for name in (*names[at + 1 :], *reversed(names[:at])):
                other = self.clauses[name]
                if name not in cited and _alike(clause, other):
                    yield self.change("citation", ident.span.start, ident.span.end, name)
                    break

    def other_answer(self, node: n.Rule) -> Iterator[Mutant]:
        word = "yes" if node.answer == "no" else "no"
        inside = self.code[node.span.start : node.span.end]
        found = re.search(r"\basks\s+(yes|no)\b", inside)
        if found is not None:
            start = node.span.start
            yield self.change("constant", start + found.start(1), start + found.end(1), word)

    def without(self, span: Span, word: str, operator: str) -> Mutant:
        """Leave out a part with its keyword, and its line where nothing else stands there."""
        start, end = self.outer(span)
        start = self.code.rindex(word, 0, start)
        while self.code[start - 1] in " \t":
            start -= 1
        if self.code[start - 1] == "\n" and self.code[end : end + 1] == "\n":
            start -= 1
        return self.change(operator, start, end, "")

    # --- conditions

    def condition(self, node: n.Expr) -> Iterator[Mutant]:
        """Yield what can go wrong where a condition stands."""
        match node:
            case n.And() | n.Or():
                yield from self.junction(node)
            case n.Not():
                inner = node.operand.span
                start, end = self.outer(inner)
                text = self.source.text[start:end]
                yield self.change("negate", node.span.start, end, text)
                if isinstance(node.operand, n.And | n.Or | n.Quantified):
                    yield from self.condition(node.operand)
                else:
                    yield from self.inside(node.operand)
            case n.Quantified():
                word, other = ("some", "every") if node.quantifier == "some" else ("every", "some")
                start = node.span.start
                yield self.change("quantifier", start, start + len(word), other)
                yield from self.condition(node.condition)
            case _:
                opposite = self.opposite(node)
                if opposite is not None:
                    yield opposite
                yield from self.inside(node)

    def junction(self, node: n.And | n.Or) -> Iterator[Mutant]:
        word, other = ("and", "or") if isinstance(node, n.And) else ("or", "and")
        spans = [self.outer(each.span) for each in node.operands]
        text = self.source.text
        swapped = text[spans[0][0] : spans[0][1]]
        for (_, end), (start, after) in itertools.pairwise(spans):
            found = re.search(rf"\b{word}\b", self.code[end:start])
            assert found is not None
            swapped += text[end : end + found.start()] + other
            swapped += text[end + found.end() : after]
        yield self.change("junction", spans[0][0], spans[-1][1], swapped)
        yield self.change("operand", spans[0][0], spans[1][0], "")
        for (_, before), (_, end) in itertools.pairwise(spans):
            yield self.change("operand", before, end, "")
        for operand in node.operands:
            yield from self.condition(operand)

    def denied(self, node: n.Expr) -> Mutant:
        start, end = self.outer(node.span)
        return self.change("negate", start, end, f"not ({self.source.text[start:end]})")

    def opposite(self, node: n.Expr) -> Mutant | None:
        """The condition negated as an author would write it; None for what is not a condition."""
        match node:
            case n.Compare():
                at, end = self.between(node.left, node.right, re.escape(node.operator))
                return self.change("negate", at, end, _OPPOSITE[node.operator])
            case n.Membership():
                at, end = self.between(node.item, node.container, r"(\bnot\s+)?\bin\b")
                return self.change("negate", at, end, "in" if node.negated else "not in")
            case n.Is():
                start = self.outer(node.operand.span)[1]
                at = self.code.index("is", start)
                return self.change("negate", at, node.span.end, _IS_OPPOSITE[node.test])
            case n.Name() | n.Call() | n.Contains() | n.Matches() | n.Attested():
                return self.change(
                    "negate", node.span.start, node.span.end, f"not {node.span.text}"
                )
            case _:
                return None

    def between(self, left: n.Expr, right: n.Expr, pattern: str) -> tuple[int, int]:
        start = left.span.end
        found = re.search(pattern, self.code[start : right.span.start])
        assert found is not None
        return start + found.start(), start + found.end()

    # --- values

    def inside(self, node: n.Expr) -> Iterator[Mutant]:
        """Yield what can go wrong within a condition that is no other condition."""
        match node:
            case n.Compare():
                if node.operator in _OTHER_BOUND:
                    at, end = self.between(node.left, node.right, re.escape(node.operator))
                    yield self.change("bound", at, end, _OTHER_BOUND[node.operator])
                for side in (node.left, node.right):
                    yield from self.values(side, bound=True)
            case n.Attested():
                at = self.code.index(node.answer, node.span.start + len("attested"))
                other = "yes" if node.answer == "no" else "no"
                yield self.change("constant", at, at + len(node.answer), other)
            case _:
                yield from self.values(node, bound=False)

    def values(self, node: n.Expr, *, bound: bool) -> Iterator[Mutant]:
        match node:
            case n.Literal():
                yield from self.literal(node, bound=bound)
            case n.Tuple():
                yield from self.members(node)
            case _:
                counted = bound or (isinstance(node, n.Call) and node.name.text == "days")
                for part in parts_of(node):
                    yield from self.values(part, bound=counted)

    def literal(self, node: n.Literal, *, bound: bool) -> Iterator[Mutant]:
        start, end, value = node.span.start, node.span.end, node.value
        match value:
            case bool():
                yield self.change("constant", start, end, "false" if value else "true")
            case int() | float() if bound:
                for step in (-1, 1):
                    yield self.change("bound", start, end, str(value + step))
            case datetime.datetime():
                return
            case datetime.date() if bound:
                for step in (-1, 1):
                    moved = value.toordinal() + step
                    if 0 < moved <= datetime.date.max.toordinal():
                        text = datetime.date.fromordinal(moved).isoformat()
                        yield self.change("bound", start, end, text)
            case _:
                return

    def members(self, node: n.Tuple) -> Iterator[Mutant]:
        """Leave out each member; the comma of a last one standing alone stays."""
        items = node.items
        if len(items) == 2:
            for kept in reversed(items):
                text = f"({kept.span.text},)"
                yield self.change("member", node.span.start, node.span.end, text)
            return
        for index, item in enumerate(items if len(items) > 1 else ()):
            if index + 1 < len(items):
                yield self.change("member", item.span.start, items[index + 1].span.start, "")
            else:
                yield self.change("member", items[index - 1].span.end, item.span.end, "")

    def outer(self, span: Span) -> tuple[int, int]:
        """Return where a part begins and ends with the brackets around it alone."""
        start, end, code = span.start, span.end, self.code
        while True:
            before, after = start - 1, end
            while before >= 0 and code[before] in " \t\n":
                before -= 1
            while after < len(code) and code[after] in " \t\n":
                after += 1
            if code[before : before + 1] != "(" or code[after : after + 1] != ")":
                return start, end
            if before and f"a{code[before - 1]}".isidentifier():
                return start, end
            start, end = before, after + 1


def _alike(clause: n.Clause, other: n.Clause) -> bool:
    """Whether a rule on one clause may stand on the other as far as force and kinds go."""
    kinds = {kind.text for kind in clause.kinds}
    there = {kind.text for kind in other.kinds}
    return clause.force.text == other.force.text and kinds <= there and not other.undecided
