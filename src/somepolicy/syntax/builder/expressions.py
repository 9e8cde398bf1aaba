"""Expressions: how deep they may be nested, and what only brackets make plain."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal as OneOf
from typing import cast

from lark import Tree

from somepolicy.syntax import nodes as n
from somepolicy.syntax.builder.parts import Parts
from somepolicy.syntax.builder.tree import Branch, Child, branches, keywords, token_at, unquoted
from somepolicy.syntax.source import Span

MOST_DEEP = 60
_MOST_NOTS = 20
_MOST_TERMS = 40


class Expressions:
    """Builds the expressions of one source."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self._depth = 0  # how deep in an expression the node at hand stands

    def _exprs(self, children: Iterable[Child]) -> tuple[n.Expr, ...]:
        return tuple(self.expr(child) for child in children if isinstance(child, Tree))

    def expr(self, tree: Child, levels: int = 1) -> n.Expr:
        """Build an expression that stands some levels below the one it is a part of."""
        assert isinstance(tree, Tree)
        span = self.parts.span(tree)
        if self._depth + levels > MOST_DEEP:
            if not any(error.code == "P501" for error in self.parts.errors):
                self.parts.error(
                    "P501",
                    f"a condition is nested more than {MOST_DEEP} deep",
                    span,
                    "name a part with `define`",
                )
            return n.Literal(True, span)
        self._depth += levels
        built = self._expression(tree, span)
        self._depth -= levels
        return built

    def _expression(self, tree: Branch, span: Span) -> n.Expr:
        match tree.data:
            case "number":
                return n.Literal(self.parts.number(token_at(tree, 0)), span)
            case "negative":
                return n.Literal(-self.parts.number(token_at(tree, 0)), span)
            case "string":
                return n.Literal(unquoted(token_at(tree, 0)), span)
            case "date":
                return n.Literal(self.parts.date(token_at(tree, 0)), span)
            case "instant":
                return n.Literal(self.parts.instant(token_at(tree, 0)), span)
            case "true" | "false":
                return n.Literal(tree.data == "true", span)
            case "name":
                return n.Name(self.parts.ident(tree.children[0]), span)
            case "group":
                return self.expr(tree.children[0], 0)
            case "empty_tuple":
                return n.Tuple((), span)
            case "tuple":
                first, rest = tree.children
                others = rest.children if isinstance(rest, Tree) else []
                return n.Tuple(self._exprs([first, *others]), span)
            case "call":
                arguments = tree.children[1]
                return n.Call(
                    self.parts.ident(tree.children[0]),
                    self._exprs(arguments.children) if isinstance(arguments, Tree) else (),
                    span,
                )
            case "and_" | "or_":
                return self._junction(tree, span)
            case "not_":
                return self._negation(tree, span)
            case "compare":
                return self._comparison(tree, span)
            case "in_" | "not_in":
                return self._membership(tree, span)
            case "contains":
                text, part = tree.children
                return n.Contains(self.expr(text), self.expr(part), span)
            case "matches":
                pattern = token_at(tree, 1)
                return n.Matches(
                    self.expr(tree.children[0]), unquoted(pattern), self.parts.span(pattern), span
                )
            case "is_present":
                return n.Is(self.expr(tree.children[0]), "present", span)
            case "is_missing":
                return n.Is(self.expr(tree.children[0]), "missing", span)
            case "is_empty":
                return n.Is(self.expr(tree.children[0]), "empty", span)
            case "is_not_empty":
                return n.Is(self.expr(tree.children[0]), "not empty", span)
            case "quantified":
                word, variable, container, condition = tree.children
                return n.Quantified(
                    cast(OneOf["some", "every"], keywords(word)),
                    self.parts.simple(variable),
                    self.parts.ident(container),
                    self.expr(condition),
                    span,
                )
            case "summed":
                variable, container, added = tree.children
                return n.Summed(
                    self.parts.simple(variable),
                    self.parts.ident(container),
                    self.expr(added),
                    span,
                )
            case "arithmetic":
                return self._arithmetic(tree, span)
            case "otherwise":
                operand, fallback = tree.children
                return n.Otherwise(self.expr(operand), self.expr(fallback), span)
            case "attested":
                answer, roles = tree.children
                return n.Attested(
                    cast(OneOf["yes", "no"], keywords(answer)), self.parts.idents(roles), span
                )
            case other:
                raise AssertionError(other)

    def _junction(self, tree: Branch, span: Span) -> n.Expr:
        """Join by `and` or `or`; the two are mixed only in brackets."""
        for child in branches(tree):
            if child.data == "and_" and tree.data == "or_":
                self.parts.error(
                    "P108",
                    "`and` and `or` are mixed",
                    self.parts.span(child),
                    "put brackets round the part that belongs together",
                )
        operands = self._exprs(tree.children)
        return n.And(operands, span) if tree.data == "and_" else n.Or(operands, span)

    def _negation(self, tree: Branch, span: Span) -> n.Expr:
        inner, depth = tree, 0
        while isinstance(child := inner.children[0], Tree) and child.data == "not_":
            inner, depth = child, depth + 1
            if depth > _MOST_NOTS:
                self.parts.error("P501", f"more than {_MOST_NOTS} times `not` in a row", span)
                return n.Literal(True, span)
        return n.Not(self.expr(tree.children[0]), span)

    def _comparison(self, tree: Branch, span: Span) -> n.Expr:
        left, operator, right, *more = tree.children
        if more:
            self.parts.error(
                "P109",
                "comparisons cannot be chained",
                span,
                "write two comparisons joined by `and`",
            )
        return n.Compare(cast(n.CompareOp, str(operator)), self.expr(left), self.expr(right), span)

    def _membership(self, tree: Branch, span: Span) -> n.Expr:
        item, container = tree.children
        values = self.container(container)
        return n.Membership(self.expr(item), values, tree.data == "not_in", span)

    def container(self, tree: Child) -> n.Expr:
        """Build what stands after `in`; one literal in brackets is a list of one."""
        values = self.expr(tree)
        if isinstance(tree, Tree) and tree.data == "group" and isinstance(values, n.Literal):
            return n.Tuple((values,), self.parts.span(tree))
        return values

    def _arithmetic(self, tree: Branch, span: Span) -> n.Expr:
        first, *rest = tree.children
        if len(rest) >= 2 * _MOST_TERMS:
            self.parts.error("P501", f"more than {_MOST_TERMS} terms in one sum", span)
            rest = []
        total = self.expr(first, 1 + len(rest) // 2)  # `a + b + c` is a tree as deep as it is long
        for sign, term in zip(rest[::2], rest[1::2], strict=True):
            right = self.expr(term)
            total = n.Arithmetic(
                cast(OneOf["+", "-"], str(sign)), total, right, total.span.to(right.span)
            )
        return total
