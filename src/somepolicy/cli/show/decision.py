"""A decision as text for a person: the answer, what is in the way, what to do, the rest."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from rich.text import Text

from somepolicy.cli.show.fields import Fields
from somepolicy.cli.terminal import Page, styled
from somepolicy.engine.decision import (
    AttestationRequest,
    Citation,
    Decision,
    Detection,
    Finding,
    Localised,
    NotCounted,
    Unset,
)
from somepolicy.ir import Program
from somepolicy.json_type import Json
from somepolicy.languages import in_language
from somepolicy.source.quotes import Quotes
from somepolicy.texts.commands import EvalTexts

_MOMENT = re.compile(r"(.{10})T(\d\d:\d\d:[\d.]+)(.+)")
_AT = "dim"  # pointers and identifiers
Row = tuple[str, Text]


@dataclass(frozen=True)
class DecisionView:
    """What the text about one decision is made from; `quotes` where a copy of the source is given."""

    page: Page
    program: Program
    document: Json
    decision: Decision
    language: str
    words: EvalTexts
    fields: Fields
    quotes: Quotes | None = None

    @property
    def advisory(self) -> bool:
        """Whether the decision is advice, which refuses nothing."""
        return self.program.kinds[self.decision.document.kind].advisory

    @property
    def citations(self) -> Mapping[str, Citation]:
        """The citations by clause."""
        return {each.clause: each for each in self.decision.citations}

    def said(self, text: Localised) -> str:
        """Return a text of the policy in the language chosen, or the nearest to it."""
        return in_language(text, self.language)


def show_decision(view: DecisionView) -> None:
    """Add the text of a decision to the page."""
    _headline(view)
    _blocking(view)
    _missing(view)
    _to_sign(view)
    _advice(view)
    _clauses(view)
    _remarks(view)


# --- the answer


def _headline(view: DecisionView) -> None:
    decision, words, page = view.decision, view.words, view.page
    mark, word, style = _answer(view)
    page.line(styled((f"{mark} {word}", f"bold {style}"), "  ", (decision.document.id, "bold")))
    policy = f"{decision.policy.name} {decision.policy.version}"
    as_of = words.as_of[decision.as_of_source].format(at=moment(decision.as_of))
    page.line(styled((f"{decision.document.kind} · {policy} · {as_of}", _AT)), indent=2)
    page.line(_reason(view), indent=2)
    if decision.notice is not None:
        page.line()
        page.line(view.said(decision.notice), indent=2)


def _answer(view: DecisionView) -> tuple[str, str, str]:
    """Return mark, words and style; advice is never shown as a refusal."""
    decision, words = view.decision, view.words
    if decision.allowed:
        return "✓", words.breaks_nothing if view.advisory else words.allowed, "green"
    if not view.advisory:
        return "✗", words.denied, "red"
    broken = {name for each in decision.findings if each.blocking for name in each.clauses}
    return "!", words.would_break(len(broken)), "yellow"


def _reason(view: DecisionView) -> str:
    words, blocking = view.words, [each for each in view.decision.findings if each.blocking]
    if view.advisory:
        return words.would_be_broken if blocking else words.is_kept
    if not blocking:
        return words.nothing_blocks
    if view.decision.because == "violated":
        return words.is_broken
    return " ".join(_lacking(words, blocking))


def _lacking(words: EvalTexts, blocking: Collection[Finding]) -> Iterator[str]:
    """Say what is lacking where nothing is broken: facts, signatures, values of the policy."""
    unsigned = [each for each in blocking if _only_unsigned(each)]
    unknown = any(each.missing for each in blocking)
    if unsigned and unknown:
        yield words.lacks_both
    elif unknown:
        yield words.lacks_facts
    elif not all(each.not_counted for each in unsigned):
        yield words.lacks_signature
    if any(each.not_counted for each in unsigned):
        yield words.signature_unheeded
    if any(each.unset for each in blocking):
        yield words.lacks_value


def moment(as_of: str) -> str:
    """Shorten `2026-11-22T10:00:00+01:00` to what people read, keeping the offset."""
    found = _MOMENT.fullmatch(as_of)
    assert found is not None, as_of
    day, clock, offset = found.groups()
    return f"{day} {clock.removesuffix(':00')} {'UTC' if offset == '+00:00' else offset}"


# --- findings


def _blocking(view: DecisionView) -> None:
    found = [each for each in view.decision.findings if each.blocking]
    if found:
        word = view.words.worth_changing if view.advisory else view.words.blocking
        _heading(view, word, len(found))
    for number, finding in enumerate(found):
        if number:
            view.page.line()
        _finding(view, finding)


def _finding(view: DecisionView, finding: Finding) -> None:
    words = view.words
    mark, style = _mark(view, finding)
    message = (view.said(finding.message), "bold")
    note = f"  ({words.unsigned})" if _only_unsigned(finding) else ""
    view.page.line(styled((f"{mark} ", style), message, (note, _AT)), hang=2)
    clause = words.would_break_clause if view.advisory else words.clause
    rows: list[Row] = [(clause, each) for each in _cited(view, finding)]
    if finding.at:
        rows.append((words.where, _titled(view, finding.at)))
    rows += [(words.because, _fact(view, at)) for at in finding.facts]
    rows += [(words.missing, _titled(view, at)) for at in finding.missing]
    rows += [(words.parameter, _unset(view, each)) for each in finding.unset]
    rows += [(words.not_counted, _unheeded(view, each)) for each in finding.in_vain]
    rows += [(words.found, _detected(view, each)) for each in finding.detections]
    if finding.remedy is not None:
        rows.append((words.to_do, styled(view.said(finding.remedy))))
    _rows(view, rows)


def _mark(view: DecisionView, finding: Finding) -> tuple[str, str]:
    if finding.outcome == "unproven":
        return "?", "yellow"
    return ("!", "yellow") if view.advisory else ("✗", "red")


def _cited(view: DecisionView, finding: Finding) -> list[Text]:
    """Say what each clause of a finding is about, those for other kinds of document left out."""
    shown: list[Text] = []
    for each in (view.citations[name] for name in finding.clauses if name in view.citations):
        place = (f" ({each.locator}): ", _AT)
        shown.append(styled((each.clause, "cyan"), place, view.said(each.text)))
        shown += _quoted(view, each.clause)
    return shown


def _quoted(view: DecisionView, clause: str) -> list[Text]:
    """Return the source's own words for a clause where a copy is at hand, or that it has others."""
    if view.quotes is None:
        return []
    if clause in view.quotes:
        return [styled((f"«{view.quotes[clause]}»", "italic"))]
    return [styled((view.words.other_words.format(file=view.quotes.copy.path), _AT))]


def _titled(view: DecisionView, at: str) -> Text:
    return styled(view.fields.title(at), (f"  {at}", _AT))


def _fact(view: DecisionView, at: str) -> Text:
    value = view.fields.fact(at, view.document, view.words)
    shown = () if value is None else (": ", (value, "bold"))
    return styled(view.fields.title(at), *shown, (f"  {at}", _AT))


def _unset(view: DecisionView, parameter: Unset) -> Text:
    return styled(view.words.unset.format(name=parameter.name, day=parameter.from_))


def _unheeded(view: DecisionView, attestation: NotCounted) -> Text:
    why = view.words.vocabulary.why_not[attestation.why]
    return styled(view.fields.title(attestation.at), f": {why}", (f"  {attestation.at}", _AT))


def _detected(view: DecisionView, detection: Detection) -> Text:
    return styled(
        view.words.found_at.format(
            detector=detection.detector,
            strength=view.words.vocabulary.strength[detection.strength],
            start=detection.span[0] + 1,
            end=detection.span[1],
            at=detection.at,
            masked=detection.masked,
        )
    )


# --- what is missing, what to sign


def _missing(view: DecisionView) -> None:
    """List once what every blocking finding lacks, in the order of the findings."""
    blocking = [each for each in view.decision.findings if each.blocking]
    missing = list(dict.fromkeys(at for each in blocking for at in each.missing))
    if not missing:
        return
    _heading(view, view.words.missing_facts, len(missing))
    titles = [view.fields.title(at) for at in missing]
    width = min(max(map(len, titles)), view.page.console.width // 2)
    for title, at in zip(titles, missing, strict=True):
        view.page.line(styled(title.ljust(width), (f"  {at}", _AT)), indent=2, hang=2)


def _only_unsigned(finding: Finding) -> bool:
    """Whether nothing but a signature is missing."""
    asks = finding.attestation is not None and finding.outcome == "unproven"
    return asks and not finding.missing and not finding.unset


def _to_sign(view: DecisionView) -> None:
    asked = [
        (each, each.attestation)
        for each in view.decision.findings
        if each.blocking and each.attestation is not None and each.outcome == "unproven"
    ]
    if asked:
        _heading(view, view.words.to_sign, len(asked))
    for finding, request in asked:
        _request(view, finding, request)


def _request(view: DecisionView, finding: Finding, request: AttestationRequest) -> None:
    words = view.words
    note = "" if _only_unsigned(finding) else f"  ({words.perhaps_needed})"
    view.page.line(styled(("✎ ", "cyan"), (view.said(request.asks), "bold"), (note, _AT)), hang=2)
    roles = [view.fields.label("/attestations/0/role", role) for role in request.roles]
    _rows(
        view,
        [
            (words.clearing_answer, styled(words.vocabulary.answer[request.answer])),
            (words.signed_by, styled(f" {words.vocabulary.or_else} ".join(roles))),
            (words.clause, styled((request.clause, "cyan"))),
            (words.content, styled((request.content_digest, _AT))),
        ],
    )


# --- the rest


def _advice(view: DecisionView) -> None:
    found = [each for each in view.decision.findings if not each.blocking]
    if found:
        _heading(view, view.words.advice, len(found))
    for finding in found:
        _one_advice(view, finding)


def _one_advice(view: DecisionView, finding: Finding) -> None:
    words, page = view.words, view.page
    # a rule that would deny elsewhere, but not where what is unproven only advises
    open_rule = finding.effect != "advise" and finding.outcome == "unproven"
    bullet = ("? ", "yellow") if open_rule else ("• ", "blue")
    where = ", ".join([*finding.clauses, *([finding.at] if finding.at else [])])
    page.line(styled(bullet, view.said(finding.message), (f"  ({where})", _AT)), hang=2)
    for clause in finding.clauses:
        for text in _quoted(view, clause):
            page.line(text, indent=2, hang=2)
    for at in finding.missing if open_rule else ():
        page.line(styled((f"{words.missing}: ", _AT), _titled(view, at)), indent=2, hang=2)
    for parameter in finding.unset:
        said = styled((f"{words.parameter}: ", _AT), _unset(view, parameter))
        page.line(said, indent=2, hang=2)
    for attestation in finding.in_vain:
        said = styled((f"{words.not_counted}: ", _AT), _unheeded(view, attestation))
        page.line(said, indent=2, hang=2)
    for each in finding.detections:
        page.line(styled((f"{words.found}: ", _AT), _detected(view, each)), indent=2, hang=2)
    if finding.remedy is not None:
        page.line(styled((f"{words.try_this}: ", _AT), view.said(finding.remedy)), indent=2, hang=2)


def _clauses(view: DecisionView) -> None:
    words, by_status = view.words, _by_status(view.decision.citations)
    listed = (("satisfied", words.followed), ("permitted", words.permitted))
    counted = (("not_applicable", words.not_applicable), ("undecided", words.undecided))
    rows = [
        (f"{word} ({len(by_status[status])})", styled(", ".join(by_status[status])))
        for status, word in listed
        if status in by_status
    ]
    rows += [
        (word, styled(str(len(by_status[status]))))
        for status, word in counted
        if status in by_status
    ]
    if rows:
        view.page.line()
        view.page.line(styled((words.clauses, "bold")))
        _rows(view, rows)


def _by_status(citations: Iterable[Citation]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in citations:
        found.setdefault(each.status, []).append(each.clause)
    return found


def _remarks(view: DecisionView) -> None:
    """List what absent fields were taken to say, and fields that no clause is about."""
    decision, page = view.decision, view.page
    if decision.assumed:
        page.line()
        page.line(styled((view.words.assumed, "bold")))
    for at in decision.assumed:
        none = f": {view.words.absent}" if view.fields.means_none(at) else ""
        page.line(styled(view.fields.title(at), none, (f"  {at}", _AT)), indent=2, hang=2)
    if decision.unregulated:
        page.line()
        page.line(styled((view.words.unregulated, "bold")))
    for at in decision.unregulated:
        said = _unregulated(view, at)
        page.line(styled(view.fields.title(at), (f"  {at}", _AT), said), indent=2, hang=2)


def _unregulated(view: DecisionView, at: str) -> str:
    """Return what the policy says of a field that no clause is about, in the document's case."""
    value = view.fields.value(at, view.document)
    said = (
        view.said(each.says)
        for each in view.program.unregulated
        if view.decision.document.kind in each.kinds and each.speaks_of(at, value)
    )
    return "".join(f"  {text}" for text in dict.fromkeys(said))


def _heading(view: DecisionView, word: str, count: int) -> None:
    view.page.line()
    view.page.line(styled((f"{word} ({count})", "bold underline")))


def _rows(view: DecisionView, rows: list[Row]) -> None:
    """Add rows below a finding; a label that repeats is shown once."""
    width = max((len(label) for label, _ in rows), default=0) + 2
    shown: list[Row] = []
    for index, (label, text) in enumerate(rows):
        again = index > 0 and rows[index - 1][0] == label
        shown.append(("" if again else label, text))
    view.page.rows(shown, indent=4, width=width)
