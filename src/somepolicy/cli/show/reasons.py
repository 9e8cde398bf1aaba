"""Why a document is not allowed, each reason in one text: for forms that have no rows for more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from somepolicy.cli.show.fields import Fields
from somepolicy.cli.show.questions import questions
from somepolicy.engine.decision import Decision, Finding
from somepolicy.languages import in_language
from somepolicy.policy import Policy
from somepolicy.texts.catalogue import texts
from somepolicy.texts.commands import EvalTexts


@dataclass(frozen=True, slots=True)
class Reason:
    """A breach (`broken`), or what the answer waits for, at a JSON Pointer of the document."""

    broken: bool
    clauses: tuple[str, ...]
    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Wordings:
    """What texts about decisions are made with: the language, and the fields by kind."""

    language: str
    words: EvalTexts
    fields: Mapping[str, Fields]

    @classmethod
    def of(cls, policy: Policy, language: str) -> Wordings:
        """Return those for the documents of a policy."""
        fields = {name: Fields(files, language) for name, files in policy.schemas.items()}
        return cls(language, texts(language).eval, fields)

    def reasons(self, decision: Decision) -> Iterator[Reason]:
        """Yield every breach, then what has to be answered, then what a person has to sign."""
        blocking = [each for each in decision.findings if each.blocking]
        for each in blocking:
            if each.outcome == "violated":
                yield Reason(True, each.clauses, each.at, self._told(each))
        fields = self.fields[decision.document.kind]
        for question in questions(decision):
            if question.leads:
                answers = fields.answers(question.at, self.words)
                asked = f"{fields.title(question.at)} ({answers})"
                text = f"{self.words.to_answer_all}: {asked}"
                yield Reason(False, question.clauses, question.at, text)
        for each in blocking:
            if each.outcome == "unproven" and not each.missing:
                yield Reason(False, each.clauses, each.at, self._waits(each))

    def _told(self, finding: Finding) -> str:
        said = [in_language(finding.message, self.language)]
        if finding.remedy is not None:
            said.append(f"{self.words.to_do}: {in_language(finding.remedy, self.language)}")
        return "\n".join(said)

    def _waits(self, finding: Finding) -> str:
        if finding.attestation is not None:
            return f"{self.words.to_sign}: {in_language(finding.attestation.asks, self.language)}"
        unset = (self.words.unset.format(name=x.name, day=x.from_) for x in finding.unset)
        return f"{self.words.parameter} {'; '.join(unset)}"
