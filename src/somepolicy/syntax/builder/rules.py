"""A rule, and which parts go with its effect."""

from __future__ import annotations

from typing import Literal as OneOf
from typing import cast

from lark import Tree

from somepolicy.syntax import nodes as n
from somepolicy.syntax.builder.expressions import Expressions
from somepolicy.syntax.builder.tree import Branch, Child, keywords


class Rules:
    """Builds the rules of one source."""

    def __init__(self, expressions: Expressions) -> None:
        self._expressions = expressions
        self._parts = expressions.parts

    def rule(self, tree: Branch) -> n.Rule:
        """Build a rule and check that its parts fit its effect (P111)."""
        effect, name, cites, under, each, when, condition, unless, by, asks, says, remedy = (
            tree.children
        )
        answer, questions = (None, None) if asks is None else asks.children  # type: ignore[union-attr]
        sense = None if condition is None else keywords(condition.children[0])  # type: ignore[union-attr]
        rule = n.Rule(
            effect=cast(n.Effect, keywords(effect)),
            name=self._parts.simple(name),
            cites=self._parts.idents(cites),
            under=self._parts.idents(under),
            each=self._each(each),
            when=self._part(when),
            sense=cast(OneOf["that", "if"] | None, sense),
            condition=self._part(condition, 1),
            unless=self._part(unless),
            by=self._parts.idents(by),
            answer=cast(OneOf["yes", "no"] | None, None if answer is None else keywords(answer)),
            asks=self._parts.texts(questions),
            says=self._parts.texts(says),
            remedy=self._parts.texts(remedy),
            span=self._parts.span(tree),
        )
        self._check_parts(rule)
        return rule

    def _check_parts(self, rule: n.Rule) -> None:
        """Check that the parts of a rule fit its effect."""
        wants_sense = {"require": "that", "forbid": "if"}.get(rule.effect)
        wrong: list[str] = []
        if wants_sense and rule.sense != wants_sense:
            instead = f", not with `{rule.sense}`" if rule.sense else ""
            wrong.append(
                f"`{rule.effect}` needs a condition that begins with `{wants_sense}`{instead}"
            )
        if rule.effect == "attest":
            wrong += [
                f"`attest` needs `{word}`"
                for word, part in (("by", rule.by), ("asks", rule.asks))
                if not part
            ]
        elif rule.by or rule.asks:
            wrong.append("`by` and `asks` belong to `attest` only")
        if rule.effect in ("attest", "permit") and rule.sense:
            wrong.append(f"`{rule.effect}` has no `{rule.sense}`; its guard is `when`")
        if rule.effect == "permit" and rule.unless:
            wrong.append("`permit` has no `unless`; its guard is `when`")
        if rule.effect == "permit" and rule.each:
            wrong.append("`permit` has no `for each`")
        if rule.effect != "attest" and not rule.says:
            wrong.append(f"`{rule.effect}` needs `says`")
        if wrong:
            self._parts.error("P111", "; ".join(wrong), rule.name.span)

    def _each(self, tree: Child) -> n.Each | None:
        if not isinstance(tree, Tree):
            return None
        variable, container, where = tree.children
        return n.Each(
            self._parts.simple(variable),
            self._parts.ident(container),
            None if where is None else self._expressions.expr(where),
            self._parts.span(tree),
        )

    def _part(self, tree: Child, index: int = 0) -> n.Expr | None:
        return self._expressions.expr(tree.children[index]) if isinstance(tree, Tree) else None
