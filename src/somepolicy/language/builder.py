"""Parse tree -> nodes, with what the grammar cannot say: brackets, dates, parts of a rule."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import Literal as OneOf
from typing import cast

from lark import Tree
from lark.lexer import Token

from somepolicy.language import nodes as n
from somepolicy.language.diagnostics import Diagnostic, PolicyError
from somepolicy.language.source import Source, Span

Branch = Tree[Token]
Child = Branch | Token | None

MOST_DEEP = 60
_MOST_NOTS = 20
_MOST_TERMS = 40
_MOST_DIGITS = 15  # what every JSON number keeps exactly


def build(tree: Branch, source: Source) -> tuple[n.Declaration, ...]:
    """Build the declarations of one parsed file. Raises PolicyError with all that is wrong."""
    builder = _Builder(source)
    declarations = tuple(builder.declaration(child) for child in _trees(tree))
    if builder.errors:
        raise PolicyError(builder.errors)
    return declarations


def _trees(tree: Branch) -> Iterator[Branch]:
    return (child for child in tree.children if isinstance(child, Tree))


def _unquote(token: Token) -> str:
    return str(token)[1:-1].replace('""', '"')


class _Builder:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.errors: list[Diagnostic] = []
        self.depth = 0  # how deep in an expression the node at hand stands

    # --- places

    def span(self, item: Branch | Token) -> Span:
        if isinstance(item, Token):
            return Span(self.source, item.start_pos or 0, item.end_pos or 0)
        if item.meta.empty:
            return Span(self.source, 0, 0)
        return Span(self.source, item.meta.start_pos, item.meta.end_pos)

    def error(self, code: str, message: str, span: Span, help: str | None = None) -> None:
        self.errors.append(Diagnostic(code, message, span, help))

    # --- small parts

    def ident(self, token: Child, *, indexed: bool = False) -> n.Ident:
        assert isinstance(token, Token)
        if "[" in token and not indexed:
            self.error(
                "P112",
                "an index cannot be used here",
                self.span(token),
                "reach the elements of a list with `for each`, `some` or `every`",
            )
        return n.Ident(str(token), self.span(token))

    def simple(self, token: Child) -> n.Ident:
        """A name of one part: a rule, a variable, a definition."""
        ident = self.ident(token)
        if "." in ident.text and "[" not in ident.text:
            self.error(
                "P112", f"`{ident.text}` cannot have dots here", ident.span, "use `_` instead"
            )
        return ident

    def idents(self, tree: Child, *, simple: bool = False) -> tuple[n.Ident, ...]:
        """The names of a list; `kinds` nests to the left, so it is walked in a loop."""
        tokens: list[Token] = []
        pending: list[Child] = [tree]
        while pending:
            match pending.pop():
                case Tree() as branch:
                    pending.extend(branch.children)
                case Token() as token:
                    tokens.append(token)
        read = self.simple if simple else self.ident
        return tuple(read(token) for token in reversed(tokens))

    def texts(self, tree: Child) -> n.Texts:
        if tree is None:
            return ()
        assert isinstance(tree, Tree)
        inner = tree if tree.data == "texts" else tree.children[0]
        assert isinstance(inner, Tree)
        return tuple(
            n.Text(self.simple(t.children[0]), _unquote(_token(t, 1)), self.span(_token(t, 1)))
            for t in _trees(inner)
        )

    def date(self, token: Token) -> datetime.date:
        try:
            return datetime.date.fromisoformat(token)
        except ValueError:
            self.error(
                "P110",
                f"the date {token} does not exist",
                self.span(token),
                "a date is year, month and day, as 2026-11-22",
            )
            return datetime.date(2000, 1, 1)

    def instant(self, token: Token) -> datetime.datetime:
        try:
            return datetime.datetime.fromisoformat(token)
        except ValueError:
            self.error(
                "P110",
                f"the time {token} does not exist",
                self.span(token),
                "a time is written as 2026-11-22T12:00:00+01:00",
            )
            return datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)

    def number(self, token: Token) -> int | float:
        if len(token.replace(".", "")) > _MOST_DIGITS:
            self.error("P505", f"a number has at most {_MOST_DIGITS} digits", self.span(token))
            return 0
        return float(token) if "." in token else int(token)

    def whole(self, token: Token) -> int:
        number = self.number(token)
        if isinstance(number, float):
            self.error(
                "P106", f"`{token}` cannot stand here", self.span(token), "a whole number is needed"
            )
        return int(number)

    # --- declarations

    def declaration(self, tree: Branch) -> n.Declaration:
        match tree.data:
            case "section":
                digest = tree.children[2]
                return n.Section(
                    self.whole(_token(tree, 0)),
                    _unquote(_token(tree, 1)),
                    None if digest is None else str(digest),
                    self.span(tree),
                )
            case "lead_in":
                locator, digests, force = tree.children
                assert isinstance(digests, Tree)
                return n.LeadIn(
                    str(locator),
                    tuple(str(token) for token in digests.children),
                    None if force is None else self.simple(force),
                    self.span(tree),
                )
            case "clause":
                return self.clause(tree)
            case "reading":
                return self.reading(tree)
            case "header":
                kinds, advises, notice = tree.children
                return n.Header(
                    self.idents(kinds), advises is not None, self.texts(notice), self.span(tree)
                )
            case "unregulated":
                return n.Unregulated(
                    self.ident(tree.children[0]), self.texts(tree.children[1]), self.span(tree)
                )
            case "define":
                name, parameters, body = tree.children
                return n.Define(
                    self.simple(name),
                    self.idents(parameters, simple=True),
                    self.expr(body),
                    self.span(tree),
                )
            case "parameter":
                return self.parameter(tree)
            case "rule":
                return self.rule(tree)
            case _:
                return self.test(tree)

    def clause(self, tree: Branch) -> n.Clause:
        name, locator, digests, force, under, binds, kinds, law, condition, says, undecided = (
            tree.children
        )
        assert isinstance(digests, Tree)
        return n.Clause(
            self.ident(name),
            str(locator),
            tuple(str(token) for token in digests.children),
            self.simple(force),
            self.simple(under.children[0]) if isinstance(under, Tree) else None,
            self.simple(binds),
            self.idents(kinds),
            tuple(_unquote(t) for t in law.scan_values(_is_token)) if isinstance(law, Tree) else (),
            self.texts(condition),
            self.texts(says),
            self.texts(undecided),
            self.span(tree),
        )

    def reading(self, tree: Branch) -> n.Reading:
        name, clauses, says, status = tree.children
        assert isinstance(status, Tree)
        signed = None
        if status.data == "signed":
            signed = n.Signature(_unquote(_token(status, 0)), self.date(_token(status, 1)))
        return n.Reading(
            self.simple(name), self.idents(clauses), self.texts(says), signed, self.span(tree)
        )

    def parameter(self, tree: Branch) -> n.Parameter:
        name, kind, values, says = tree.children
        assert isinstance(kind, Tree) and isinstance(values, Tree)
        plain = kind.data == "plain_type"
        return n.Parameter(
            self.simple(name),
            self.simple(kind.children[0]) if plain else None,
            ()
            if plain
            else tuple(n.Literal(_unquote(t), self.span(t)) for t in kind.scan_values(_is_token)),
            tuple(
                n.Dated(
                    self.expr(dated.children[0]),
                    self.date(token) if isinstance(token := dated.children[1], Token) else None,
                    self.span(dated),
                )
                for dated in _trees(values)
            ),
            self.texts(says),
            self.span(tree),
        )

    def rule(self, tree: Branch) -> n.Rule:
        effect, name, cites, under, each, when, condition, unless, by, asks, says, remedy = (
            tree.children
        )
        answer, questions = (None, None) if asks is None else asks.children  # type: ignore[union-attr]
        sense = None if condition is None else _word(condition.children[0])  # type: ignore[union-attr]
        rule = n.Rule(
            effect=cast(n.Effect, _word(effect)),
            name=self.simple(name),
            cites=self.idents(cites),
            under=self.idents(under),
            each=self.each(each),
            when=self.part(when),
            sense=cast(OneOf["that", "if"] | None, sense),
            condition=self.part(condition, 1),
            unless=self.part(unless),
            by=self.idents(by),
            answer=cast(OneOf["yes", "no"] | None, None if answer is None else _word(answer)),
            asks=self.texts(questions),
            says=self.texts(says),
            remedy=self.texts(remedy),
            span=self.span(tree),
        )
        self.check_parts(rule)
        return rule

    def check_parts(self, rule: n.Rule) -> None:
        """Hold the parts of a rule against its effect."""
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
            self.error("P111", "; ".join(wrong), rule.name.span)

    def each(self, tree: Child) -> n.Each | None:
        if not isinstance(tree, Tree):
            return None
        variable, container, where = tree.children
        return n.Each(
            self.simple(variable),
            self.ident(container),
            None if where is None else self.expr(where),
            self.span(tree),
        )

    def part(self, tree: Child, index: int = 0) -> n.Expr | None:
        return self.expr(tree.children[index]) if isinstance(tree, Tree) else None

    # --- tests

    def test(self, tree: Branch) -> n.Test:
        name, given, steps, *cases = tree.children
        assert isinstance(name, Token) and isinstance(given, Token) and isinstance(steps, Tree)
        return n.Test(
            _unquote(name),
            n.Quoted(_unquote(given), self.span(given)),
            self.steps(steps),
            tuple(
                n.Case(
                    _unquote(_token(case, 0)),
                    self.steps(cast(Branch, case.children[1])),
                    self.span(case),
                )
                for case in cases
                if isinstance(case, Tree)
            ),
            self.span(tree),
        )

    def steps(self, tree: Branch) -> n.Steps:
        changes: list[n.Change] = []
        at = None
        expectations: list[n.Expectation] = []
        for child in _trees(tree):
            match child.data:
                case "with_":
                    path = self.ident(child.children[0], indexed=True)
                    value = self.one_or_more(child.children[1])
                    changes.append(n.With(path, value, self.span(child)))
                case "without":
                    path = self.ident(child.children[0], indexed=True)
                    changes.append(n.Without(path, self.span(child)))
                case "at":
                    at = self.moment(_token(child, 0))
                case _:
                    expectations.append(self.expectation(child))
        return n.Steps(tuple(changes), at, tuple(expectations))

    def one_or_more(self, tree: Child) -> n.Expr:
        """A value in brackets is a list of one, for brackets have no other use here."""
        value = self.expr(tree)
        grouped = isinstance(tree, Tree) and tree.data == "group"
        return n.Tuple((value,), value.span) if grouped else value

    def moment(self, token: Token) -> datetime.datetime:
        """A day stands for its noon in UTC."""
        if token.type == "INSTANT":
            return self.instant(token)
        return datetime.datetime.combine(self.date(token), datetime.time(12), datetime.UTC)

    def expectation(self, tree: Branch) -> n.Expectation:
        span = self.span(tree)
        match tree.data:
            case "expect_decision":
                return n.ExpectDecision(cast(OneOf["allow", "deny"], _word(tree.children[0])), span)
            case "expect_clause":
                return n.ExpectClause(self.ident(tree.children[0]), _word(tree.children[1]), span)
            case "expect_invalid":
                return n.ExpectInvalid(self.pointer(_token(tree, 0)), span)
            case "expect_unregulated":
                return n.ExpectUnregulated(self.pointer(_token(tree, 0)), span)
            case _:
                rule, outcome, at, because = tree.children
                reasons = [] if because is None else because.scan_values(_is_token)  # type: ignore[union-attr]
                return n.ExpectRule(
                    self.simple(rule),
                    _word(outcome),
                    self.pointer(_token(at, 0)) if isinstance(at, Tree) else None,
                    tuple(self.pointer(token) for token in reasons),
                    span,
                )

    def pointer(self, token: Token) -> n.Pointer:
        return n.Pointer(str(token), self.span(token))

    # --- expressions

    def exprs(self, children: Iterable[Child]) -> tuple[n.Expr, ...]:
        return tuple(self.expr(child) for child in children if isinstance(child, Tree))

    def expr(self, tree: Child, levels: int = 1) -> n.Expr:
        """Build an expression that stands some levels below the one it is a part of."""
        assert isinstance(tree, Tree)
        span = self.span(tree)
        if self.depth + levels > MOST_DEEP:
            if not any(error.code == "P501" for error in self.errors):
                self.error(
                    "P501",
                    f"a condition is nested more than {MOST_DEEP} deep",
                    span,
                    "name a part with `define`",
                )
            return n.Literal(True, span)
        self.depth += levels
        built = self.expression(tree, span)
        self.depth -= levels
        return built

    def expression(self, tree: Branch, span: Span) -> n.Expr:
        match tree.data:
            case "number":
                return n.Literal(self.number(_token(tree, 0)), span)
            case "negative":
                return n.Literal(-self.number(_token(tree, 0)), span)
            case "string":
                return n.Literal(_unquote(_token(tree, 0)), span)
            case "date":
                return n.Literal(self.date(_token(tree, 0)), span)
            case "instant":
                return n.Literal(self.instant(_token(tree, 0)), span)
            case "true" | "false":
                return n.Literal(tree.data == "true", span)
            case "name":
                return n.Name(self.ident(tree.children[0]), span)
            case "group":
                return self.expr(tree.children[0], 0)
            case "empty_tuple":
                return n.Tuple((), span)
            case "tuple":
                first, rest = tree.children
                others = rest.children if isinstance(rest, Tree) else []
                return n.Tuple(self.exprs([first, *others]), span)
            case "call":
                arguments = tree.children[1]
                return n.Call(
                    self.ident(tree.children[0]),
                    self.exprs(arguments.children) if isinstance(arguments, Tree) else (),
                    span,
                )
            case "and_" | "or_":
                return self.junction(tree, span)
            case "not_":
                return self.negation(tree, span)
            case "compare":
                return self.comparison(tree, span)
            case "in_" | "not_in":
                return self.membership(tree, span)
            case "contains":
                text, part = tree.children
                return n.Contains(self.expr(text), self.expr(part), span)
            case "matches":
                pattern = _token(tree, 1)
                return n.Matches(
                    self.expr(tree.children[0]), _unquote(pattern), self.span(pattern), span
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
                    cast(OneOf["some", "every"], _word(word)),
                    self.simple(variable),
                    self.ident(container),
                    self.expr(condition),
                    span,
                )
            case "arithmetic":
                return self.arithmetic(tree, span)
            case "otherwise":
                operand, fallback = tree.children
                return n.Otherwise(self.expr(operand), self.expr(fallback), span)
            case "attested":
                answer, roles = tree.children
                return n.Attested(cast(OneOf["yes", "no"], _word(answer)), self.idents(roles), span)
            case other:
                raise AssertionError(other)

    def junction(self, tree: Branch, span: Span) -> n.Expr:
        """Join by `and` or `or`; the two are mixed only in brackets."""
        for child in _trees(tree):
            if child.data == "and_" and tree.data == "or_":
                self.error(
                    "P108",
                    "`and` and `or` are mixed",
                    self.span(child),
                    "put brackets round the part that belongs together",
                )
        operands = self.exprs(tree.children)
        return n.And(operands, span) if tree.data == "and_" else n.Or(operands, span)

    def negation(self, tree: Branch, span: Span) -> n.Expr:
        inner, depth = tree, 0
        while isinstance(child := inner.children[0], Tree) and child.data == "not_":
            inner, depth = child, depth + 1
            if depth > _MOST_NOTS:
                self.error("P501", f"more than {_MOST_NOTS} times `not` in a row", span)
                return n.Literal(True, span)
        return n.Not(self.expr(tree.children[0]), span)

    def comparison(self, tree: Branch, span: Span) -> n.Expr:
        left, operator, right, *more = tree.children
        if more:
            self.error(
                "P109",
                "comparisons cannot be chained",
                span,
                "write two comparisons joined by `and`",
            )
        return n.Compare(cast(n.CompareOp, str(operator)), self.expr(left), self.expr(right), span)

    def membership(self, tree: Branch, span: Span) -> n.Expr:
        item, container = tree.children
        if isinstance(container, Tree) and container.data == "group":
            only = self.expr(container)
            values: n.Expr = only
            if isinstance(only, n.Literal):
                values = n.Tuple((only,), self.span(container))
        else:
            values = self.expr(container)
        return n.Membership(self.expr(item), values, tree.data == "not_in", span)

    def arithmetic(self, tree: Branch, span: Span) -> n.Expr:
        first, *rest = tree.children
        if len(rest) >= 2 * _MOST_TERMS:
            self.error("P501", f"more than {_MOST_TERMS} terms in one sum", span)
            rest = []
        total = self.expr(first, 1 + len(rest) // 2)  # `a + b + c` is a tree as deep as it is long
        for sign, term in zip(rest[::2], rest[1::2], strict=True):
            right = self.expr(term)
            total = n.Arithmetic(
                cast(OneOf["+", "-"], str(sign)), total, right, total.span.to(right.span)
            )
        return total


def _is_token(item: object) -> bool:
    return isinstance(item, Token)


def _token(tree: Branch, index: int) -> Token:
    token = tree.children[index]
    assert isinstance(token, Token)
    return token


def _word(tree: Child) -> str:
    """The keyword or keywords a rule of the grammar kept, with one blank between."""
    assert isinstance(tree, Tree)
    return " ".join(str(token) for token in tree.children)
