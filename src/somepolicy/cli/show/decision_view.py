"""What the text about one decision is made from, and the rows that its parts share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from somepolicy.cli.show.fields import Fields
from somepolicy.cli.terminal import Page, styled
from somepolicy.engine.compiled_policy import KindDescriptor
from somepolicy.engine.decision import (
    Citation,
    Decision,
    Detection,
    Finding,
    Localised,
    NotCounted,
    Unset,
)
from somepolicy.json_type import Json
from somepolicy.languages import in_language
from somepolicy.texts.commands import EvalTexts

if TYPE_CHECKING:
    from somepolicy.source.quotes import Quotes

AT = "dim"  # pointers and identifiers
Row = tuple[str, Text]


@dataclass(frozen=True)
class DecisionView:
    """What the text about one decision is made from; `quotes` where a copy of the source is given."""

    page: Page
    kind: KindDescriptor
    document: Json
    decision: Decision
    language: str
    words: EvalTexts
    fields: Fields
    quotes: Quotes | None = None

    @property
    def advisory(self) -> bool:
        """Whether the decision is advice, which refuses nothing."""
        return self.kind.advisory

    @property
    def citations(self) -> Mapping[str, Citation]:
        """The citations by clause."""
        return {each.clause: each for each in self.decision.citations}

    def said(self, text: Localised) -> str:
        """Return a text of the policy in the language chosen, or the nearest to it."""
        return in_language(text, self.language)


def heading(view: DecisionView, word: str, count: int) -> None:
    """Add the heading of a part, with how many there are."""
    view.page.line()
    view.page.line(styled((f"{word} ({count})", "bold underline")))


def rows(view: DecisionView, rows: list[Row]) -> None:
    """Add rows below a finding; a label that repeats is shown once."""
    width = max((len(label) for label, _ in rows), default=0) + 2
    shown: list[Row] = []
    for index, (label, text) in enumerate(rows):
        again = index > 0 and rows[index - 1][0] == label
        shown.append(("" if again else label, text))
    view.page.rows(shown, indent=4, width=width)


def about(view: DecisionView, finding: Finding) -> list[Row]:
    """Return which clauses a finding is about, where, and what it rests on."""
    words = view.words
    broken = view.advisory and finding.outcome == "violated"
    clause = words.would_break_clause if broken else words.clause
    found: list[Row] = [(clause, each) for each in cited(view, finding.clauses)]
    if finding.at:
        found.append((words.where, titled(view, finding.at)))
    found += [(words.because, _fact(view, at)) for at in finding.facts]
    return found + evidence(view, finding)


def evidence(view: DecisionView, finding: Finding) -> list[Row]:
    """Return parameters without a value, signatures in vain and what detectors found."""
    words = view.words
    found = [(words.parameter, styled(unset(view, each))) for each in finding.unset]
    found += [(words.not_counted, unheeded(view, each)) for each in finding.in_vain]
    return found + [(words.found, detected(view, each)) for each in finding.detections]


def to_do(view: DecisionView, finding: Finding) -> list[Row]:
    """Return what would mend it."""
    if finding.remedy is None:
        return []
    return [(view.words.to_do, styled(view.said(finding.remedy)))]


def cited(view: DecisionView, clauses: tuple[str, ...]) -> list[Text]:
    """Say what each clause is about, those for other kinds of document left out."""
    shown: list[Text] = []
    for each in (view.citations[name] for name in clauses if name in view.citations):
        place = (f" ({each.locator}): ", AT)
        shown.append(styled((each.clause, "cyan"), place, view.said(each.text)))
        shown += quoted(view, each.clause)
    return shown


def quoted(view: DecisionView, clause: str) -> list[Text]:
    """Return the source's own words for a clause where a copy is at hand, or that it has others."""
    if view.quotes is None:
        return []
    if clause in view.quotes:
        return [styled((f"«{view.quotes[clause]}»", "italic"))]
    return [styled((view.words.other_words.format(file=view.quotes.copy.path), AT))]


def titled(view: DecisionView, at: str) -> Text:
    """Return what people call a field, and its pointer."""
    return styled(view.fields.title(at), (f"  {at}", AT))


def _fact(view: DecisionView, at: str) -> Text:
    value = view.fields.fact(at, view.document, view.words)
    shown = () if value is None else (": ", (value, "bold"))
    return styled(view.fields.title(at), *shown, (f"  {at}", AT))


def unset(view: DecisionView, parameter: Unset) -> str:
    """Say from when on a parameter has a value."""
    return view.words.unset.format(name=parameter.name, day=parameter.from_)


def unheeded(view: DecisionView, attestation: NotCounted) -> Text:
    """Say why a signature does not count."""
    why = view.words.vocabulary.why_not[attestation.why]
    return styled(view.fields.title(attestation.at), f": {why}", (f"  {attestation.at}", AT))


def detected(view: DecisionView, detection: Detection) -> Text:
    """Say what a detector found, masked."""
    vocabulary = view.words.vocabulary
    return styled(
        view.words.found_at.format(
            detector=vocabulary.detector_name(detection.detector),
            strength=vocabulary.strength[detection.strength],
            start=detection.span[0] + 1,
            end=detection.span[1],
            at=detection.at,
            masked=vocabulary.masked_text(detection.masked),
        )
    )
