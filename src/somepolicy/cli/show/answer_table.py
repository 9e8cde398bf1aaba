"""Answers as a table for people: a row for each document, in their order."""

from __future__ import annotations

import sys

from somepolicy.cli.show.answers import Answer, Tally
from somepolicy.cli.show.decision import answer_of
from somepolicy.cli.show.errors import place
from somepolicy.cli.show.reasons import Wordings
from somepolicy.cli.terminal import Page, console, styled, write

_MOST_HELD = 5000  # rows; a longer stream becomes several tables
_WIDEST = 30  # of a column


class TableWriter:
    """Takes answers and writes them as rows. Of advice it names no clauses: a table is passed on."""

    def __init__(self, wordings: Wordings, advisory: frozenset[str]) -> None:
        self._wordings = wordings
        self._advisory = advisory
        self._rows: list[tuple[str, ...]] = []

    def write(self, answer: Answer) -> None:
        """Keep one row."""
        words, decision = self._wordings.words, answer.decision
        where = place(answer.item, words)
        if decision is None:
            codes = ", ".join(dict.fromkeys(each.code for each in answer.errors))
            self._rows.append((f"✗ {words.invalid}", "", "", codes, "", where))
        else:
            advises = decision.document.kind in self._advisory
            reasons = list(self._wordings.reasons(decision))
            broken = {name: None for x in reasons if x.broken for name in x.clauses}
            waits = sum(not each.broken for each in reasons)
            mark = "✗" if broken and not advises else "!" if broken else "?" if waits else "✓"
            self._rows.append(
                (
                    f"{mark} {answer_of(decision, words, advisory=advises)}",
                    decision.document.id,
                    decision.document.kind,
                    "" if advises else ", ".join(broken),
                    str(waits or ""),
                    where,
                )
            )
        if len(self._rows) == _MOST_HELD:
            self._flush()

    def end(self, tally: Tally) -> None:
        """Write what is held, and the count."""
        self._flush()
        write(tally.summary(self._wordings.words), sys.stdout)

    def _flush(self) -> None:
        rows = [self._wordings.words.columns, *self._rows] if self._rows else []
        widths = [min(max(map(len, column)), _WIDEST) for column in zip(*rows, strict=True)]
        page = Page(console(sys.stdout))
        for number, row in enumerate(rows):
            cells = [_cell(*each) for each in zip(row, widths, strict=True)]
            line = styled(("  ".join(cells).rstrip(), "" if number else "bold"))
            line.truncate(page.console.width, overflow="ellipsis")
            page.lines.append(line)
        page.print()
        self._rows = []


def _cell(text: str, width: int) -> str:
    return (text if len(text) <= width else f"{text[: width - 1]}…").ljust(width)
