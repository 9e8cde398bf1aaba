"""What a document does not say and a rule needs to know: a question for each missing fact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.text import Text

from somepolicy.cli.show.decision_view import AT, DecisionView, Row, cited, evidence, rows, titled
from somepolicy.cli.terminal import styled
from somepolicy.engine.decision import Decision, Finding


@dataclass(frozen=True)
class Question:
    """A missing fact, by its JSON Pointer, and the findings that wait for it first.

    `also` are facts that only some answers make needed. `leads`: the document is not settled
    without the answer; else only an advice waits for it.
    """

    at: str
    also: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def leads(self) -> bool:
        """Whether more than advice waits for the answer."""
        return any(_denies(each) for each in self.findings)

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses that wait, each once."""
        return tuple(dict.fromkeys(name for each in self.findings for name in each.clauses))


def questions(decision: Decision) -> list[Question]:
    """Return each fact that unproven findings wait for, once: first those that lead."""
    unproven = [each for each in decision.findings if each.outcome == "unproven" and each.missing]
    first: dict[str, list[Finding]] = {}
    for each in sorted(unproven, key=lambda x: not _denies(x)):
        first.setdefault(each.missing[0], []).append(each)
    named = set(first)
    found = []
    for at, waiting in first.items():
        further = (x for each in waiting for x in each.missing if x not in named)
        also = tuple(dict.fromkeys(further))
        named.update(also)
        found.append(Question(at, also, tuple(waiting)))
    return found


def _denies(finding: Finding) -> bool:
    return finding.blocking or finding.effect != "advise"


def show_questions(view: DecisionView, asked: Iterable[Question]) -> None:
    """Add each question, with what may be answered and the clauses that wait for it."""
    for number, question in enumerate(asked):
        if number:
            view.page.line()
        view.page.line(
            styled(
                ("? ", "yellow"), (view.fields.title(question.at), "bold"), (f"  {question.at}", AT)
            ),
            hang=2,
        )
        rows(view, _rows(view, question))
        if question.also:
            also = "; ".join(titled(view, at).plain for at in question.also)
            view.page.line(styled((f"{view.words.also} {also}", AT)), indent=4, hang=2)


def _rows(view: DecisionView, question: Question) -> list[Row]:
    words = view.words
    answers = view.fields.answers(question.at, words)
    found: list[Row] = [(words.to_answer, styled(answers))] if answers else []
    found += [(words.clause, each) for each in _clauses(view, question.clauses)]
    rest = [row for each in question.findings for row in evidence(view, each)]
    return found + [row for at, row in enumerate(rest) if row not in rest[:at]]


def _clauses(view: DecisionView, names: tuple[str, ...]) -> list[Text]:
    """Say what a single clause is about; of several, which ones in one line."""
    if len(names) == 1 or view.quotes is not None:
        return cited(view, names)
    known = (view.citations[name] for name in names if name in view.citations)
    return [styled(", ".join(f"{each.clause} ({each.locator})" for each in known))]
