"""A decision -> the report on it, a document for a case file."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping

from somepolicy.engine.decision import Citation, Decision
from somepolicy.errors import SomepolicyError
from somepolicy.ir import Program
from somepolicy.json_type import Json
from somepolicy.reports.decision_findings import asked, findings_sections, is_breach, is_unsigned
from somepolicy.reports.decision_view import DecisionView
from somepolicy.reports.declared import concerned, declared_section
from somepolicy.reports.model import Cell, Column, Figure, Report, Section, Table, Tone
from somepolicy.reports.naming import Names, kind_label, section_label, section_of
from somepolicy.reports.relied import readings_section
from somepolicy.reports.tones import TONES
from somepolicy.texts.catalogue import texts

_CITED = "citations"
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::00)?(:\d\d[.\d]*)?(\S*)")


class PrivateCheckError(SomepolicyError, ValueError):
    """A check that employees make for themselves: nothing of it is kept, so no report is made."""


def decision_report(
    program: Program,
    decision: Decision,
    document: Json,
    names: Names,
    language: str,
    *,
    day: datetime.date,
    quotes: Mapping[str, str],
    about: tuple[tuple[str, str], ...] = (),
) -> Report:
    """Build the report. `document` is the one decided on, None where it is not at hand.

    `day` says which signatures of readings are given yet. Raises PrivateCheckError for a kind
    whose unproven rules only advise: what employees check for themselves is for no case file.
    """
    words, own = texts(language).report, texts(language).decision
    kind = decision.document.kind
    if not program.kinds[kind].unproven_denies:
        raise PrivateCheckError(own.refused.format(kind=kind))
    view = DecisionView(program, decision, document, names, language, day, quotes, own, words)
    return Report(
        name="decision",
        language=language,
        title=f"{own.title}: {decision.document.id}",
        subject=kind_label(program, kind, language),
        lead=tuple(_lead(view)),
        about=(*_about(view), *about),
        figures=tuple(_figures(view)),
        sections=(
            _document(view),
            *findings_sections(view),
            readings_section(view),
            declared_section(view),
            _clauses(view),
            *_remarks(view),
        ),
    )


def _lead(view: DecisionView) -> Iterator[str]:
    decision, own = view.decision, view.own
    yield own.reasons[decision.because or "allow"]
    if any(each.unset for each in decision.findings if each.blocking):
        yield own.lacks_value
    if decision.notice is not None:
        yield view.said(decision.notice)
    if decision.policy.digest != view.program.digest:
        yield own.other_policy


def _about(view: DecisionView) -> tuple[tuple[str, str], ...]:
    decision, own, words = view.decision, view.own, view.words
    return (
        (own.content, decision.document.digest or words.not_stated),
        (words.policy, f"{decision.policy.name} {decision.policy.version}"),
        (words.digest, decision.policy.digest),
        (own.engine, decision.engine),
    )


def _document(view: DecisionView) -> Section:
    decision, own, words = view.decision, view.own, view.words
    as_of = own.sources[decision.as_of_source].format(at=_moment(decision.as_of))
    rows = (
        (words.kind, kind_label(view.program, decision.document.kind, view.language)),
        (own.document, decision.document.id),
        *(() if view.document is None else concerned(view)),
        (own.as_of, as_of),
    )
    columns = (Column("field", own.field), Column("value", words.value))
    cells = tuple((Cell(label), Cell(value)) for label, value in rows)
    table = Table("document", own.document_title, columns, cells, own.none)
    return Section("document", own.document_title, (), (table,))


def _moment(as_of: str) -> str:
    """Shorten `2026-11-22T10:00:00+01:00` to what people read, keeping the offset."""
    found = _MOMENT.fullmatch(as_of)
    if found is None:
        return as_of
    day, clock, seconds, offset = found.groups()
    return f"{day} {clock}{seconds or ''} {'UTC' if offset in ('Z', '+00:00') else offset}"


def _figures(view: DecisionView) -> Iterator[Figure]:
    own, decision = view.own, view.decision
    answer, tone = _answer(view)
    yield Figure("answer", own.answer, answer, tone=tone, form="text")
    if questions := len(asked(decision.findings)):
        yield Figure("missing", own.missing_title, questions, tone="open")
    if unsigned := sum(map(is_unsigned, decision.findings)):
        yield Figure("to_sign", own.sign_title, unsigned, tone="open")
    breaches = sum(map(is_breach, decision.findings))
    yield Figure("blocking", own.blocking, breaches, tone="bad" if breaches else None)
    yield Figure("advice", own.advice_title, sum(not each.blocking for each in decision.findings))
    note = own.cited_note(len(view.program.clauses))
    yield Figure("cited", own.cited, len(decision.citations), note)


def _answer(view: DecisionView) -> tuple[str, Tone]:
    own, decision = view.own, view.decision
    if decision.allowed:
        return own.allowed, "good"
    return (own.open, "open") if decision.because == "unproven" else (own.denied, "bad")


# --- the rest


def _clauses(view: DecisionView) -> Section:
    own, words, quotes = view.own, view.words, view.quotes
    citations = view.decision.citations
    reasons = any(each.reason for each in citations)
    columns = (
        Column("clause", words.clause, "code"),
        Column("says", words.says),
        Column("status", words.status),
        Column("section", words.section),
        Column("locator", words.locator, "code"),
        Column("force", words.force),
        *([Column("quote", words.quote)] if quotes else []),
        *([Column("reason", own.reason)] if reasons else []),
    )
    rows = tuple(
        (
            Cell(each.clause),
            Cell(view.said(each.text)),
            Cell(words.vocabulary.status[each.status], tone=TONES[each.status]),
            Cell(_section(view, each)),
            Cell(each.locator),
            Cell(words.vocabulary.force.get(each.force, each.force)),
            *([Cell(quotes.get(each.clause))] if quotes else []),
            *([Cell(view.said(each.reason) if each.reason else None)] if reasons else []),
        )
        for each in citations
    )
    table = Table(_CITED, own.clauses_table, columns, rows, own.no_clauses, picture="strip")
    return Section("clauses", own.clauses_title, (own.clauses_text,), (table,))


def _section(view: DecisionView, citation: Citation) -> str:
    return section_label(view.program, section_of(citation.locator), view.words.section)


def _remarks(view: DecisionView) -> tuple[Section, ...]:
    own, decision = view.own, view.decision
    columns = (Column("field", own.field), Column("at", own.at, "code"))
    tables = []
    for key, caption, places in (
        ("assumed", own.assumed, decision.assumed),
        ("unregulated", own.unregulated, decision.unregulated),
    ):
        if places:
            rows = tuple((Cell(_absent(view, key, at)), Cell(at)) for at in places)
            tables.append(Table(key, caption, columns, rows, own.none))
    if not tables:
        return ()
    return (Section("remarks", own.remarks, (), tuple(tables)),)


def _absent(view: DecisionView, key: str, at: str) -> str:
    """Return what people call a field, and what its absence was taken to say where it is none."""
    title = view.names.title(at)
    none = key == "assumed" and view.names.means_none(at)
    return view.own.absent.format(field=title) if none else title
