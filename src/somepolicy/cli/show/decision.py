"""A decision as text for a person: the answer, what is in the way, what to do, the rest."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from somepolicy.cli.show.decision_view import (
    AT,
    DecisionView,
    about,
    detected,
    heading,
    quoted,
    rows,
    to_do,
    unheeded,
    unset,
)
from somepolicy.cli.show.questions import Question, questions, show_questions
from somepolicy.cli.terminal import styled
from somepolicy.engine.decision import AttestationRequest, Citation, Decision, Finding
from somepolicy.engine.unregulated import places, silence
from somepolicy.texts.commands import EvalTexts

_MOMENT = re.compile(r"(.{10})T(\d\d:\d\d:[\d.]+)(.+)")


def show_decision(view: DecisionView) -> None:
    """Add the text of a decision to the page."""
    asked = questions(view.decision)
    _headline(view)
    _to_answer(view, [each for each in asked if each.leads])
    _blocking(view)
    _to_sign(view)
    _without_value(view)
    _advice(view, [each for each in asked if not each.leads])
    _clauses(view)
    _remarks(view)


# --- the answer


def _headline(view: DecisionView) -> None:
    decision, words, page = view.decision, view.words, view.page
    mark, word, style = _answer(view)
    page.line(styled((f"{mark} {word}", f"bold {style}"), "  ", (decision.document.id, "bold")))
    policy = f"{decision.policy.name} {decision.policy.version}"
    as_of = words.as_of[decision.as_of_source].format(at=moment(decision.as_of))
    page.line(styled((f"{decision.document.kind} · {policy} · {as_of}", AT)), indent=2)
    page.line(_reason(view), indent=2)
    if decision.notice is not None:
        page.line()
        page.line(view.said(decision.notice), indent=2)


def _answer(view: DecisionView) -> tuple[str, str, str]:
    """Return mark, words and style; advice is never shown as a refusal."""
    words = answer_of(view.decision, view.words, advisory=view.advisory)
    if view.decision.allowed:
        return "✓", words, "green"
    return ("!", words, "yellow") if view.advisory else ("✗", words, "red")


def answer_of(decision: Decision, words: EvalTexts, *, advisory: bool) -> str:
    """Return the answer in words; advice is never shown as a refusal."""
    if decision.allowed:
        return words.breaks_nothing if advisory else words.allowed
    if not advisory:
        return words.denied
    broken = {name for each in decision.findings if each.blocking for name in each.clauses}
    return words.would_break(len(broken))


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


def _only_unsigned(finding: Finding) -> bool:
    """Whether nothing but a signature is missing."""
    asks = finding.attestation is not None and finding.outcome == "unproven"
    return asks and not finding.missing and not finding.unset


def moment(as_of: str) -> str:
    """Shorten `2026-11-22T10:00:00+01:00` to what people read, keeping the offset."""
    found = _MOMENT.fullmatch(as_of)
    assert found is not None, as_of
    day, clock, offset = found.groups()
    return f"{day} {clock.removesuffix(':00')} {'UTC' if offset == '+00:00' else offset}"


# --- questions, findings, signatures


def _to_answer(view: DecisionView, asked: list[Question]) -> None:
    if asked:
        heading(view, view.words.to_answer_all, len(asked))
    show_questions(view, asked)


def _blocking(view: DecisionView) -> None:
    """Show what is broken; what only waits for an answer breaks nothing."""
    found = [
        each for each in view.decision.findings if each.outcome == "violated" and each.blocking
    ]
    if found:
        word = view.words.worth_changing if view.advisory else view.words.blocking
        heading(view, word, len(found))
    for number, finding in enumerate(found):
        if number:
            view.page.line()
        _finding(view, finding)


def _finding(view: DecisionView, finding: Finding) -> None:
    mark = ("! ", "yellow") if view.advisory else ("✗ ", "red")
    view.page.line(styled(mark, (view.said(finding.message), "bold")), hang=2)
    rows(view, [*about(view, finding), *to_do(view, finding)])


def _to_sign(view: DecisionView) -> None:
    asked = [
        (each, each.attestation)
        for each in view.decision.findings
        if each.blocking and each.attestation is not None and each.outcome == "unproven"
    ]
    if asked:
        heading(view, view.words.to_sign, len(asked))
    for finding, request in asked:
        _request(view, finding, request)


def _request(view: DecisionView, finding: Finding, request: AttestationRequest) -> None:
    words = view.words
    note = f"  ({words.perhaps_needed})" if finding.missing or finding.unset else ""
    view.page.line(styled(("✎ ", "cyan"), (view.said(request.asks), "bold"), (note, AT)), hang=2)
    roles = [view.fields.label("/attestations/0/role", role) for role in request.roles]
    rows(
        view,
        [
            *about(view, finding),
            *to_do(view, finding),
            (words.clearing_answer, styled(words.vocabulary.answer[request.answer])),
            (words.signed_by, styled(f" {words.vocabulary.or_else} ".join(roles))),
            (words.content, styled((request.content_digest, AT))),
        ],
    )


def _without_value(view: DecisionView) -> None:
    """Show what only a value of the policy would settle: nobody who fills in can."""
    found = [
        each
        for each in view.decision.findings
        if each.blocking and each.unset and each.attestation is None and not each.missing
    ]
    if found:
        heading(view, view.words.without_value, len(found))
    for finding in found:
        _unsettled(view, finding)


def _unsettled(view: DecisionView, finding: Finding) -> None:
    names = "; ".join(unset(view, each) for each in finding.unset)
    said = f"{view.words.parameter} {names}"
    view.page.line(styled(("? ", "yellow"), (said, "bold")), hang=2)
    rows(view, about(view, finding._replace(unset=())))


# --- the rest


def _advice(view: DecisionView, asked: list[Question]) -> None:
    found = [each for each in view.decision.findings if not each.blocking and not each.missing]
    if found or asked:
        heading(view, view.words.advice, len(found) + len(asked))
    for finding in found:
        _one_advice(view, finding)
    show_questions(view, asked)


def _one_advice(view: DecisionView, finding: Finding) -> None:
    words, page = view.words, view.page
    if finding.outcome == "unproven" and finding.unset:
        _unsettled(view, finding)
        return
    where = ", ".join([*finding.clauses, *([finding.at] if finding.at else [])])
    message = view.said(finding.message)
    page.line(styled(("• ", "blue"), message, (f"  ({where})", AT)), hang=2)
    for clause in finding.clauses:
        for text in quoted(view, clause):
            page.line(text, indent=2, hang=2)
    for attestation in finding.in_vain:
        said = styled((f"{words.not_counted}: ", AT), unheeded(view, attestation))
        page.line(said, indent=2, hang=2)
    for each in finding.detections:
        page.line(styled((f"{words.found}: ", AT), detected(view, each)), indent=2, hang=2)
    if finding.remedy is not None:
        page.line(styled((f"{words.try_this}: ", AT), view.said(finding.remedy)), indent=2, hang=2)


def _clauses(view: DecisionView) -> None:
    words, by_status = view.words, _by_status(view.decision.citations)
    listed = (("satisfied", words.followed), ("permitted", words.permitted))
    counted = (("not_applicable", words.not_applicable), ("undecided", words.undecided))
    shown = [
        (f"{word} ({len(by_status[status])})", styled(", ".join(by_status[status])))
        for status, word in listed
        if status in by_status
    ]
    shown += [
        (word, styled(str(len(by_status[status]))))
        for status, word in counted
        if status in by_status
    ]
    if shown:
        view.page.line()
        view.page.line(styled((words.clauses, "bold")))
        rows(view, shown)


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
        page.line(styled(view.fields.title(at), none, (f"  {at}", AT)), indent=2, hang=2)
    if decision.unregulated:
        page.line()
        page.line(styled((view.words.unregulated, "bold")))
    for at in decision.unregulated:
        said = _unregulated(view, at)
        page.line(styled(view.fields.title(at), (f"  {at}", AT), said), indent=2, hang=2)


def _unregulated(view: DecisionView, at: str) -> str:
    """Return what the policy says of a field that no clause is about, in the document's case."""
    said = (
        view.said(each.says)
        for each in view.kind.unregulated
        if at in places(silence(each), view.document)
    )
    return "".join(f"  {text}" for text in dict.fromkeys(said))
