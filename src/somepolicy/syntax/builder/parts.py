"""The smallest parts: places, names, texts, dates and numbers. What is wrong is collected here."""

from __future__ import annotations

import datetime
import re

from lark import Tree
from lark.lexer import Token

from somepolicy.normal_form import normal
from somepolicy.syntax import nodes as n
from somepolicy.syntax.builder.tree import Branch, Child, branches, token_at, unquoted
from somepolicy.syntax.diagnostics import Diagnostic
from somepolicy.syntax.names import is_name, misfit
from somepolicy.syntax.source import Source, Span

_INDEX = re.compile(r"\[[0-9]+\]")
_MOST_DIGITS = 15  # what every JSON number keeps exactly


class Parts:
    """Reads the parts of one source; `errors` is all that was wrong so far."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.errors: list[Diagnostic] = []

    def span(self, item: Branch | Token) -> Span:
        """Return the characters of the source that a part stands for; none where it is empty."""
        if isinstance(item, Token):
            return Span(self.source, item.start_pos or 0, item.end_pos or 0)
        if item.meta.empty:
            return Span(self.source, 0, 0)
        return Span(self.source, item.meta.start_pos, item.meta.end_pos)

    def error(self, code: str, message: str, span: Span, help: str | None = None) -> None:
        """Collect what is wrong; building goes on, to find the rest."""
        self.errors.append(Diagnostic(code, message, span, help))

    def ident(self, token: Child, *, indexed: bool = False, each: bool = False) -> n.Ident:
        """Read a name or a path; an index in it is an error (P112) where it cannot be used.

        `each`: whether `[]` may stand for every element of a list.
        """
        assert isinstance(token, Token)
        if "[" in token.replace(n.EACH, "") and not indexed:
            self.error(
                "P112",
                "an index cannot be used here",
                self.span(token),
                f"write `{_INDEX.sub(n.EACH, token)}`, for every element of the list"
                if each
                else "reach the elements of a list with `for each`, `some` or `every`",
            )
        if not token.isascii():
            self._letters(token)
        return n.Ident(normal(str(token)), self.span(token))

    def _letters(self, token: Token) -> None:
        """Refuse a character that no name is made of (P105)."""
        start = token.start_pos or 0
        for step in token.split("."):
            name = step.partition("[")[0]
            if not is_name(name):
                at, message, help = misfit(name)
                span = Span(self.source, start + at, start + at + 1)
                self.error("P105", message, span, help)
            start += len(step) + 1

    def simple(self, token: Child) -> n.Ident:
        """Read a name of one part: a rule, a variable, a definition."""
        ident = self.ident(token)
        if "." in ident.text and "[" not in ident.text:
            self.error(
                "P112", f"`{ident.text}` cannot have dots here", ident.span, "use `_` instead"
            )
        return ident

    def idents(self, tree: Child, *, simple: bool = False) -> tuple[n.Ident, ...]:
        """Read the names of a list; `kinds` nests to the left, so it is walked in a loop."""
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
        """Read texts by language; none where they are left out."""
        if tree is None:
            return ()
        assert isinstance(tree, Tree)
        inner = tree if tree.data == "texts" else tree.children[0]
        assert isinstance(inner, Tree)
        return tuple(
            n.Text(self.simple(t.children[0]), unquoted(token_at(t, 1)), self.span(token_at(t, 1)))
            for t in branches(inner)
        )

    def date(self, token: Token) -> datetime.date:
        """Read a day; one that does not exist is an error (P110) and another day stands in."""
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
        """Read a time with its offset; one that does not exist is an error (P110)."""
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
        """Read a number; too many digits are an error (P505) and 0 stands in."""
        if len(token.replace(".", "")) > _MOST_DIGITS:
            self.error("P505", f"a number has at most {_MOST_DIGITS} digits", self.span(token))
            return 0
        return float(token) if "." in token else int(token)

    def whole(self, token: Token) -> int:
        """Read a whole number; one with decimals is an error (P106) and is cut off."""
        number = self.number(token)
        if isinstance(number, float):
            self.error(
                "P106", f"`{token}` cannot stand here", self.span(token), "a whole number is needed"
            )
        return int(number)

    def pointer(self, token: Token) -> n.Pointer:
        """Read a JSON Pointer."""
        return n.Pointer(normal(str(token)), self.span(token))
