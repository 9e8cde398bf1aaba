"""The cases of a suite, and the ones among them that a pattern asks for."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from somepolicy.language import nodes as n
from somepolicy.language.diagnostics import nearest
from somepolicy.language.source import Span
from somepolicy.normal_form import normal
from somepolicy.patterns import BadPatternError, check_pattern, finder

_SHORTEST_WORD = 4


@dataclass(frozen=True)
class Row:
    """A case of a test with what it shares with the others, or a test without cases."""

    test: str
    case: str | None
    span: Span
    given: n.Quoted
    changes: tuple[n.Change, ...]
    at: datetime.date | None
    expectations: tuple[n.Expectation, ...]

    @property
    def name(self) -> str:
        """`test > case`, or `test`."""
        return self.test if self.case is None else f"{self.test} > {self.case}"

    @property
    def names(self) -> Iterator[str]:
        """What the row can be asked for by: its names, and the clauses and rules it expects."""
        yield self.name
        yield self.test
        if self.case is not None:
            yield self.case
        for each in self.expectations:
            if isinstance(each, n.ExpectClause):
                yield each.clause.text
            elif isinstance(each, n.ExpectRule):
                yield each.rule.text


def rows(tests: Iterable[n.Test]) -> Iterator[Row]:
    """Yield one row per case, or per test without cases, in order."""
    for test in tests:
        cases: list[tuple[str | None, Span, n.Steps]]
        cases = [(case.name, case.span, case.steps) for case in test.cases]
        for name, span, steps in cases or [(None, test.span, n.Steps((), None, ()))]:
            yield Row(
                test.name,
                name,
                span,
                test.given,
                test.steps.changes + steps.changes,
                steps.at or test.steps.at,
                test.steps.expectations + steps.expectations,
            )


class Selection:
    """What a pattern asks for: it occurs in a name as it is, or RE2 finds it there.

    `refused` says why the pattern is a text only, None where it is a pattern, too.
    """

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern = normal(pattern)
        self.refused: str | None = None
        self._finds: Callable[[str], bool] = lambda _: False
        try:
            check_pattern(pattern)
            self._finds = finder(pattern)
        except BadPatternError as reason:
            self.refused = str(reason)

    def __contains__(self, row: object) -> bool:
        """Whether one of the row's names fits."""
        return isinstance(row, Row) and any(
            self.pattern in name or self._finds(name) for name in map(normal, row.names)
        )

    def nearest(self, among: Iterable[Row]) -> str | None:
        """Return the name, or the word of a name, most like the pattern."""
        names = {name for row in among for name in row.names}
        words = {word.strip("\"'(),.:;") for name in names for word in name.split()}
        return nearest(
            self.pattern, names | {word for word in words if len(word) >= _SHORTEST_WORD}
        )
