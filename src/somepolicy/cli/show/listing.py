"""Many answers as text: a line for each, breaches before open questions before what is allowed."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from rich.text import Text

from somepolicy.cli.show.answers import Answer, Tally, TextWriter
from somepolicy.cli.show.decision import answer_of
from somepolicy.cli.show.questions import questions
from somepolicy.cli.show.reasons import Wordings
from somepolicy.cli.terminal import Page, console, styled
from somepolicy.engine.decision import Decision
from somepolicy.languages import in_language
from somepolicy.texts.commands import EvalTexts

_MOST_HELD = 5000  # lines; those of a longer stream are put in order so many at a time
_WIDEST_ID = 40
_MARKS = (("✗ ", "red"), ("? ", "yellow"), ("✓ ", "green"))  # by rank


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """One answer in a line. `rank`: 0 a breach, 1 open, 2 allowed."""

    rank: int
    number: int
    answer: str
    id: str
    reason: str


class ListWriter:
    """Takes answers for people: one is shown in full, several as a list.

    What cannot be judged is shown in full on standard error in either case.
    """

    def __init__(self, whole: TextWriter, wordings: Wordings, advisory: frozenset[str]) -> None:
        self._whole = whole
        self._language = wordings.language
        self._words = wordings.words
        self._advisory = advisory
        self._page = Page(console(sys.stdout))
        self._first: Answer | None = None
        self._count = 0
        self._lines: list[Line] = []

    def write(self, answer: Answer) -> None:
        """Hold the first answer back until it is known whether it is the only one."""
        self._count += 1
        if self._count == 1:
            self._first = answer
            return
        if self._first is not None:
            self._add(self._first)
            self._first = None
        self._add(answer)

    def end(self, tally: Tally) -> None:
        """Write what is held, and how many answers there were of each sort."""
        if self._first is not None:
            self._whole.write(self._first)
        self._flush()
        self._whole.end(tally)

    def _add(self, answer: Answer) -> None:
        if answer.decision is None:
            self._whole.write(answer)
            return
        self._lines.append(self._line(answer.decision))
        if len(self._lines) == _MOST_HELD:
            self._flush()

    def _line(self, decision: Decision) -> Line:
        advisory = decision.document.kind in self._advisory
        asked = sum(each.leads for each in questions(decision))
        rank = 0 if decision.because == "violated" else 1 if decision.because or asked else 2
        reason = reason_of(decision, asked, self._language, self._words)
        answer = answer_of(decision, self._words, advisory=advisory)
        return Line(rank, len(self._lines), answer, decision.document.id, reason)

    def _flush(self) -> None:
        widths = [min(max(map(len, each), default=0), _WIDEST_ID) for each in self._columns()]
        for line in sorted(self._lines):
            self._page.lines.append(self._text(line, *widths))
        self._lines = []
        self._page.print()
        sys.stdout.flush()

    def _columns(self) -> tuple[list[str], list[str]]:
        return [each.answer for each in self._lines], [each.id for each in self._lines]

    def _text(self, line: Line, answer: int, id: int) -> Text:
        advises = line.rank == 0 and line.answer != self._words.denied
        mark, style = ("! ", "yellow") if advises else _MARKS[line.rank]
        text = styled(
            (mark, f"bold {style}"),
            (line.answer.ljust(answer), f"bold {style}"),
            "  ",
            (line.id.ljust(id), "bold"),
            "  ",
            line.reason,
        )
        text.rstrip()
        text.truncate(self._page.console.width, overflow="ellipsis")
        return text


def reason_of(decision: Decision, asked: int, language: str, words: EvalTexts) -> str:
    """Return the message of the first breach, else what the answer waits for."""
    for each in decision.findings:
        if each.blocking and each.outcome == "violated":
            return in_language(each.message, language)
    unproven = [each for each in decision.findings if each.blocking]
    signatures = sum(each.attestation is not None for each in unproven)
    waits = [words.count_questions(asked)] if asked else []
    waits += [words.count_signatures(signatures)] if signatures else []
    return ", ".join(waits) or (words.lacks_value if unproven else "")
