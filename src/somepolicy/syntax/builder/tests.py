"""A test of the policy: what it is given, changes of it, and what is expected."""

from __future__ import annotations

import datetime
from typing import Literal as OneOf
from typing import cast

from lark import Tree
from lark.lexer import Token

from somepolicy.syntax import nodes as n
from somepolicy.syntax.builder.expressions import Expressions
from somepolicy.syntax.builder.tree import (
    Branch,
    Child,
    branches,
    is_token,
    keywords,
    token_at,
    unquoted,
)


class Tests:
    """Builds the tests of one source."""

    def __init__(self, expressions: Expressions) -> None:
        self._expressions = expressions
        self._parts = expressions.parts

    def test(self, tree: Branch) -> n.Test:
        """Build a test with its cases."""
        name, given, steps, *cases = tree.children
        assert isinstance(name, Token) and isinstance(given, Token) and isinstance(steps, Tree)
        return n.Test(
            unquoted(name),
            n.Quoted(unquoted(given), self._parts.span(given)),
            self._steps(steps),
            tuple(
                n.Case(
                    unquoted(token_at(case, 0)),
                    self._steps(cast(Branch, case.children[1])),
                    self._parts.span(case),
                )
                for case in cases
                if isinstance(case, Tree)
            ),
            self._parts.span(tree),
        )

    def _steps(self, tree: Branch) -> n.Steps:
        changes: list[n.Change] = []
        at = None
        expectations: list[n.Expectation] = []
        for child in branches(tree):
            match child.data:
                case "with_":
                    path = self._parts.ident(child.children[0], indexed=True)
                    value = self._one_or_more(child.children[1])
                    changes.append(n.With(path, value, self._parts.span(child)))
                case "without":
                    path = self._parts.ident(child.children[0], indexed=True)
                    changes.append(n.Without(path, self._parts.span(child)))
                case "at":
                    at = self._moment(token_at(child, 0))
                case _:
                    expectations.append(self._expectation(child))
        return n.Steps(tuple(changes), at, tuple(expectations))

    def _one_or_more(self, tree: Child) -> n.Expr:
        """A value in brackets is a list of one, for brackets have no other use here."""
        value = self._expressions.expr(tree)
        grouped = isinstance(tree, Tree) and tree.data == "group"
        return n.Tuple((value,), value.span) if grouped else value

    def _moment(self, token: Token) -> datetime.date:
        """A day, which stands for its noon in the time zone of the policy, or an instant."""
        return self._parts.instant(token) if token.type == "INSTANT" else self._parts.date(token)

    def _expectation(self, tree: Branch) -> n.Expectation:
        span = self._parts.span(tree)
        match tree.data:
            case "expect_decision":
                return n.ExpectDecision(
                    cast(OneOf["allow", "deny"], keywords(tree.children[0])), span
                )
            case "expect_clause":
                return n.ExpectClause(
                    self._parts.ident(tree.children[0]), keywords(tree.children[1]), span
                )
            case "expect_invalid":
                return n.ExpectInvalid(self._parts.pointer(token_at(tree, 0)), span)
            case "expect_unregulated":
                return n.ExpectUnregulated(self._parts.pointer(token_at(tree, 0)), span)
            case _:
                rule, outcome, at, because = tree.children
                reasons = [] if because is None else because.scan_values(is_token)  # type: ignore[union-attr]
                return n.ExpectRule(
                    self._parts.simple(rule),
                    keywords(outcome),
                    self._parts.pointer(token_at(at, 0)) if isinstance(at, Tree) else None,
                    tuple(self._parts.pointer(token) for token in reasons),
                    span,
                )
