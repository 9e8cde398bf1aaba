"""Answers in the form asked for: text for people, JSON or a line of JSON for programs."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from somepolicy.batch.work import INVALID, Counts, error_record
from somepolicy.cli.problems import say
from somepolicy.cli.show.decision import show_decision
from somepolicy.cli.show.decision_view import DecisionView
from somepolicy.cli.show.errors import show_errors
from somepolicy.cli.show.reasons import Wordings
from somepolicy.cli.terminal import Page, console
from somepolicy.documents.reading import Item
from somepolicy.engine.decision import Decision
from somepolicy.engine.errors import DocumentError
from somepolicy.engine.given import composed
from somepolicy.policy import Policy
from somepolicy.texts.commands import EvalTexts

if TYPE_CHECKING:
    from somepolicy.backends.walk.results import Instance
    from somepolicy.source.quotes import Quotes


@dataclass(frozen=True, slots=True)
class Answer:
    """The decision on a document with the trace if asked for, or else its errors."""

    item: Item
    decision: Decision | None
    trace: tuple[Instance, ...]
    errors: tuple[DocumentError, ...]


@dataclass(slots=True)
class Tally:
    """How many answers of each sort were given; those of the kinds `advisory` refuse nothing."""

    advisory: frozenset[str] = field(default_factory=frozenset)
    allowed: int = 0
    denied: int = 0
    breaks_nothing: int = 0
    would_break: int = 0
    invalid: int = 0

    def add(self, answer: Answer) -> None:
        """Count an answer."""
        match answer.decision:
            case None:
                self.invalid += 1
            case Decision(decision="allow"):
                if answer.decision.document.kind in self.advisory:
                    self.breaks_nothing += 1
                else:
                    self.allowed += 1
            case _ if answer.decision.document.kind in self.advisory:
                self.would_break += 1
            case _:
                self.denied += 1

    def add_counts(self, counts: Counts) -> None:
        """Count many answers by kind and decision."""
        for (kind, decision), number in counts.items():
            if (kind, decision) == INVALID:
                self.invalid += number
            elif kind in self.advisory:
                self.breaks_nothing += number * (decision == "allow")
                self.would_break += number * (decision != "allow")
            else:
                self.allowed += number * (decision == "allow")
                self.denied += number * (decision != "allow")

    @property
    def total(self) -> int:
        """How many answers were given."""
        return self.allowed + self.denied + self.breaks_nothing + self.would_break + self.invalid

    def summary(self, words: EvalTexts) -> str:
        """Return one line with every number that is not zero."""
        numbers = (
            (words.count_allowed, self.allowed),
            (words.count_denied, self.denied),
            (words.count_breaks_nothing, self.breaks_nothing),
            (words.count_would_break, self.would_break),
            (words.count_invalid, self.invalid),
        )
        counts = ", ".join(form(number) for form, number in numbers if number)
        return f"{words.documents(self.total)}: {counts}"


class Writer(Protocol):
    """Takes the answers one by one, in order."""

    def write(self, answer: Answer) -> None:
        """Write one answer."""

    def end(self, tally: Tally, /) -> None:
        """Write what comes after the last answer."""


class NdjsonWriter:
    """One line for each document: the decision's own bytes, or a record of its errors."""

    def write(self, answer: Answer) -> None:
        """Write a line and send it off, for whoever reads may be waiting."""
        sys.stdout.buffer.write(_json(answer) + b"\n")
        sys.stdout.buffer.flush()

    def end(self, tally: Tally) -> None:
        """Point at records of errors, which are easy to overlook."""
        point_at_errors(tally)


class JsonWriter:
    """The answer itself where there is one document, else a list that grows as it is written."""

    def __init__(self) -> None:
        self._only: bytes | None = None
        self._several = False

    def write(self, answer: Answer) -> None:
        """Hold the first answer back until it is known whether it is the only one."""
        text = _json(answer)
        if self._several:
            sys.stdout.buffer.write(b",\n" + text)
        elif self._only is None:
            self._only = text
        else:
            sys.stdout.buffer.write(b"[\n" + self._only + b",\n" + text)
            self._several = True

    def end(self, tally: Tally) -> None:
        """Close the list."""
        sys.stdout.buffer.write(b"\n]\n" if self._several else (self._only or b"") + b"\n")
        sys.stdout.buffer.flush()
        point_at_errors(tally)


class TextWriter:
    """Text for people: decisions on standard output, what is invalid on standard error."""

    def __init__(self, policy: Policy, wordings: Wordings, quotes: Quotes | None = None) -> None:
        self._policy = policy
        self._quotes = quotes
        self._wordings = wordings
        self._language = wordings.language
        self._words = wordings.words
        self._page = Page(console(sys.stdout))
        self._errors = Page(console(sys.stderr))
        self._begun = False
        self._fields = wordings.fields

    def write(self, answer: Answer) -> None:
        """Write one answer, an empty line before all but the first."""
        page = self._errors if answer.decision is None else self._page
        if self._begun:
            page.line()
        self._begun = True
        if answer.decision is None:
            show_errors(page, answer.item, answer.errors, self._wordings)
        else:
            self._decision(answer, answer.decision)
        sys.stdout.flush()
        page.print()

    def _decision(self, answer: Answer, decision: Decision) -> None:
        fields = self._fields[decision.document.kind]
        view = DecisionView(
            page=self._page,
            kind=self._policy.evaluator.compiled.kinds[decision.document.kind],
            document=composed(answer.item.document),
            decision=decision,
            language=self._language,
            words=self._words,
            fields=fields,
            quotes=self._quotes,
        )
        show_decision(view)
        if answer.trace:
            from somepolicy.cli.show.trace import show_trace  # noqa: PLC0415 - only --explain needs the form

            show_trace(self._page, answer.trace, self._words, fields, advisory=view.advisory)

    def end(self, tally: Tally) -> None:
        """Sum up where there was more than one document."""
        if tally.total > 1:
            self._page.line()
            self._page.line(tally.summary(self._words))
            self._page.print()


def _json(answer: Answer) -> bytes:
    if answer.decision is None:
        item = answer.item
        return error_record(item.source, item.line, item.at, answer.errors)
    return answer.decision.to_json()


def point_at_errors(tally: Tally) -> None:
    """Say how many records of errors the output holds, if any."""
    if tally.invalid:
        of = f"{tally.invalid} of {tally.total}"
        say(f"somepolicy: {of} cannot be judged; the output holds their `errors`")
