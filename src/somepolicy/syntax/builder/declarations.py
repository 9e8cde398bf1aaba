"""What stands at the top of a file: clauses, readings, parameters, definitions, rules, tests."""

from __future__ import annotations

from lark import Tree
from lark.lexer import Token

from somepolicy.syntax import nodes as n
from somepolicy.syntax.builder.expressions import Expressions
from somepolicy.syntax.builder.parts import Parts
from somepolicy.syntax.builder.rules import Rules
from somepolicy.syntax.builder.tests import Tests
from somepolicy.syntax.builder.tree import Branch, branches, is_token, token_at, unquoted
from somepolicy.syntax.diagnostics import PolicyError
from somepolicy.syntax.source import Source


def build(tree: Branch, source: Source) -> tuple[n.Declaration, ...]:
    """Build the declarations of one parsed file. Raises PolicyError with all that is wrong."""
    parts = Parts(source)
    builder = _Declarations(parts)
    declarations = tuple(builder.declaration(child) for child in branches(tree))
    if parts.errors:
        raise PolicyError(parts.errors)
    return declarations


class _Declarations:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._expressions = Expressions(parts)
        self._rules = Rules(self._expressions)
        self._tests = Tests(self._expressions)

    def declaration(self, tree: Branch) -> n.Declaration:
        match tree.data:
            case "section":
                digest = tree.children[2]
                return n.Section(
                    self._parts.whole(token_at(tree, 0)),
                    unquoted(token_at(tree, 1)),
                    None if digest is None else str(digest),
                    self._parts.span(tree),
                )
            case "lead_in":
                locator, digests, force = tree.children
                assert isinstance(digests, Tree)
                return n.LeadIn(
                    str(locator),
                    tuple(str(token) for token in digests.children),
                    None if force is None else self._parts.simple(force),
                    self._parts.span(tree),
                )
            case "clause":
                return self._clause(tree)
            case "reading":
                return self._reading(tree)
            case "header":
                kinds, advises, notice = tree.children
                return n.Header(
                    self._parts.idents(kinds),
                    advises is not None,
                    self._parts.texts(notice),
                    self._parts.span(tree),
                )
            case "unregulated":
                path, among, says = tree.children
                return n.Unregulated(
                    self._parts.ident(path, each=True),
                    self._expressions.container(among.children[0])
                    if isinstance(among, Tree)
                    else None,
                    self._parts.texts(says),
                    self._parts.span(tree),
                )
            case "topic":
                name, says = tree.children
                return n.Topic(
                    self._parts.simple(name), self._parts.texts(says), self._parts.span(tree)
                )
            case "define":
                name, parameters, body = tree.children
                return n.Define(
                    self._parts.simple(name),
                    self._parts.idents(parameters, simple=True),
                    self._expressions.expr(body),
                    self._parts.span(tree),
                )
            case "parameter":
                return self._parameter(tree)
            case "rule":
                return self._rules.rule(tree)
            case _:
                return self._tests.test(tree)

    def _clause(self, tree: Branch) -> n.Clause:
        name, locator, digests, force, under, binds, kinds, law, condition, says, undecided = (
            tree.children
        )
        assert isinstance(digests, Tree)
        return n.Clause(
            self._parts.ident(name),
            str(locator),
            tuple(str(token) for token in digests.children),
            self._parts.simple(force),
            self._parts.simple(under.children[0]) if isinstance(under, Tree) else None,
            self._parts.simple(binds),
            self._parts.idents(kinds),
            tuple(unquoted(t) for t in law.scan_values(is_token)) if isinstance(law, Tree) else (),
            self._parts.texts(condition),
            self._parts.texts(says),
            self._parts.texts(undecided),
            self._parts.span(tree),
        )

    def _reading(self, tree: Branch) -> n.Reading:
        name, clauses, says, status = tree.children
        assert isinstance(status, Tree)
        signed = None
        if status.data == "signed":
            signed = n.Signature(
                unquoted(token_at(status, 0)), self._parts.date(token_at(status, 1))
            )
        return n.Reading(
            self._parts.simple(name),
            self._parts.idents(clauses),
            self._parts.texts(says),
            signed,
            self._parts.span(tree),
        )

    def _parameter(self, tree: Branch) -> n.Parameter:
        name, kind, values, says = tree.children
        assert isinstance(kind, Tree) and isinstance(values, Tree)
        plain = kind.data == "plain_type"
        return n.Parameter(
            self._parts.simple(name),
            self._parts.simple(kind.children[0]) if plain else None,
            ()
            if plain
            else tuple(
                n.Literal(unquoted(t), self._parts.span(t)) for t in kind.scan_values(is_token)
            ),
            tuple(
                n.Dated(
                    self._expressions.expr(dated.children[0]),
                    self._parts.date(token)
                    if isinstance(token := dated.children[1], Token)
                    else None,
                    self._parts.span(dated),
                )
                for dated in branches(values)
            ),
            self._parts.texts(says),
            self._parts.span(tree),
        )
