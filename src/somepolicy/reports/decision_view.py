"""What the parts of the report on a decision are made from, and how they name things."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from somepolicy.engine.decision import Decision
from somepolicy.ir import Program
from somepolicy.json_type import Json
from somepolicy.languages import in_language
from somepolicy.reports.naming import Names
from somepolicy.texts.reports import DecisionTexts, ReportTexts


@dataclass(frozen=True)
class DecisionView:
    """One decision and all that is known of it.

    `document` is None where it is not at hand; `day` says which signatures of readings are given
    yet; `quotes` are verbatim texts by clause, for those that have one.
    """

    program: Program
    decision: Decision
    document: Json
    names: Names
    language: str
    day: datetime.date
    quotes: Mapping[str, str]
    own: DecisionTexts
    words: ReportTexts

    def said(self, text: Mapping[str, str]) -> str:
        """Return a text of the policy."""
        return in_language(text, self.language)

    def place(self, at: str) -> str:
        """Return what people call a place, and its pointer."""
        return f"{self.names.title(at)} ({at})" if at else ""

    def fact(self, at: str) -> str:
        """Return a place with its value, where that is not free text."""
        value = None if self.document is None else self.names.fact(at, self.document)
        shown = "" if value is None else f": {value}"
        return f"{self.names.title(at)}{shown} ({at})"

    def cited(self, name: str) -> str:
        """Return a clause with what it says; one that is not cited, by what the policy says."""
        for each in self.decision.citations:
            if each.clause == name:
                return f"{name} ({each.locator}): {self.said(each.text)}"
        clause = self.program.clauses.get(name)
        return name if clause is None else f"{name} ({clause.locator}): {self.said(clause.says)}"
