"""The cases of a suite, and the ones among them that a pattern asks for."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from somepolicy.nearest import nearest
from somepolicy.normal_form import normal
from somepolicy.patterns import BadPatternError, check_pattern, finder
from somepolicy.syntax import nodes as n
from somepolicy.syntax.source import Span

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

    Without a pattern every case is meant, with `within` only those in this file or folder.
    `refused` says why the pattern is a text only, None where it is a pattern, too.
    """

    def __init__(self, pattern: str | None = None, within: Path | None = None) -> None:
        self.pattern = pattern = None if pattern is None else normal(pattern)
        self.within = within
        self.refused: str | None = None
        self._finds: Callable[[str], bool] = lambda _: False
        if pattern is None:
            return
        try:
            check_pattern(pattern)
            self._finds = finder(pattern)
        except BadPatternError as reason:
            self.refused = str(reason)

    def __contains__(self, row: object) -> bool:
        """Whether the row stands in the place asked for, and one of its names fits."""
        if not isinstance(row, Row) or not self._holds(row):
            return False
        pattern, names = self.pattern, map(normal, row.names)
        return pattern is None or any(pattern in name or self._finds(name) for name in names)

    def _holds(self, row: Row) -> bool:
        if self.within is None:
            return True
        place, file = (os.path.abspath(each) for each in (self.within, row.span.source.path))  # noqa: PTH100 - a link stays one
        return file == place or file.startswith(place + os.sep)

    def nearest(self, among: Iterable[Row]) -> str | None:
        """Return the name, or the word of a name, most like the pattern."""
        names = {name for row in among for name in row.names}
        words = {word.strip("\"'(),.:;") for name in names for word in name.split()}
        return nearest(
            self.pattern or "", names | {word for word in words if len(word) >= _SHORTEST_WORD}
        )
