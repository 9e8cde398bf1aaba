"""A decision -> the report on it, a document for a case file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from somepolicy.engine.decision import (
    Citation,
    Decision,
    Detection,
    Finding,
    NotCounted,
    Unset,
)
from somepolicy.ir import Program
from somepolicy.json_type import Json
from somepolicy.languages import in_language
from somepolicy.reports.model import (
    Cell,
    Column,
    Figure,
    Report,
    Section,
    Table,
    Tone,
)
from somepolicy.reports.naming import (
    Names,
    kind_label,
    section_label,
    section_of,
)
from somepolicy.reports.tones import TONES
from somepolicy.texts.catalogue import texts
from somepolicy.texts.reports import DecisionTexts, ReportTexts

_CITED = "citations"
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::00)?(:\d\d[.\d]*)?(\S*)")
_ROLE = "/attestations/0/role"


@dataclass(frozen=True)
class _Maker:
    """What every table of the report is made from; `document` is None where it is not at hand."""

    program: Program
    decision: Decision
    document: Json
    names: Names
    language: str
    quotes: Mapping[str, str]
    own: DecisionTexts
    words: ReportTexts

    @property
    def private(self) -> bool:
        """Whether this is an employee's own check, which refuses nothing."""
        return not self.program.kinds[self.decision.document.kind].unproven_denies

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


def decision_report(
    program: Program,
    decision: Decision,
    document: Json,
    names: Names,
    language: str,
    *,
    quotes: Mapping[str, str],
    about: tuple[tuple[str, str], ...] = (),
) -> Report:
    """Build the report. `document` is the one decided on, None where it is not at hand."""
    words = texts(language).report
    own = texts(language).decision
    make = _Maker(program, decision, document, names, language, quotes, own, words)
    lead = [_reason(make)]
    if any(each.unset for each in decision.findings if each.blocking):
        lead.append(own.lacks_value)
    if decision.notice is not None:
        lead.append(make.said(decision.notice))
    blocking = [each for each in decision.findings if each.blocking]
    advice = [each for each in decision.findings if not each.blocking]
    return Report(
        name="decision",
        language=language,
        title=f"{own.private_title if make.private else own.title}: {decision.document.id}",
        subject=kind_label(program, decision.document.kind, language),
        lead=tuple(lead),
        about=(*_about(make), *about),
        figures=_figures(make, blocking, advice),
        sections=(
            Section(
                "blocking",
                own.private_blocking if make.private else own.blocking,
                (own.private_text if make.private else own.blocking_text,) if blocking else (),
                (_findings(make, "findings", own.blocking_table, blocking, own.no_blocking),),
            ),
            *_missing(make, blocking),
            *_to_sign(make, blocking),
            Section(
                "advice",
                own.advice_title,
                (own.advice_text,) if advice else (),
                (_findings(make, "advised", own.advice_title, advice, own.no_advice),),
            ),
            _clauses(make),
            *_remarks(make),
        ),
    )


def _reason(make: _Maker) -> str:
    allowed, reasons = make.decision.allowed, make.own.reasons
    if make.private:
        return reasons["private_allow" if allowed else "private_deny"]
    return reasons[make.decision.because or "allow"]


def _about(make: _Maker) -> tuple[tuple[str, str], ...]:
    decision, own, words = make.decision, make.own, make.words
    document = decision.document
    return (
        (own.document, document.id),
        (words.kind, kind_label(make.program, document.kind, make.language)),
        (own.content, document.digest or words.not_stated),
        (own.as_of, own.sources[decision.as_of_source].format(at=_moment(decision.as_of))),
        (words.policy, f"{decision.policy.name} {decision.policy.version}"),
        (words.digest, decision.policy.digest),
        (own.engine, decision.engine),
    )


def _moment(as_of: str) -> str:
    """Shorten `2026-11-22T10:00:00+01:00` to what people read, keeping the offset."""
    found = _MOMENT.fullmatch(as_of)
    if found is None:
        return as_of
    day, clock, seconds, offset = found.groups()
    return f"{day} {clock}{seconds or ''} {'UTC' if offset in ('Z', '+00:00') else offset}"


def _figures(make: _Maker, blocking: list[Finding], advice: list[Finding]) -> tuple[Figure, ...]:
    own, decision = make.own, make.decision
    answer, tone = _answer(make)
    label = own.private_blocking if make.private else own.blocking
    cited = Figure(
        "cited",
        own.cited,
        len(decision.citations),
        own.cited_note(len(make.program.clauses)),
    )
    return (
        Figure("answer", own.answer, answer, tone=tone, form="text"),
        Figure("blocking", label, len(blocking)),
        Figure("advice", own.advice, len(advice)),
        cited,
    )


def _answer(make: _Maker) -> tuple[str, Tone]:
    own, decision = make.own, make.decision
    if decision.allowed:
        return (own.breaks_nothing if make.private else own.allowed), "good"
    if make.private:
        return own.would_break, "advice"
    return own.denied, "open" if decision.because == "unproven" else "bad"


# --- findings


def _findings(make: _Maker, key: str, caption: str, findings: list[Finding], empty: str) -> Table:
    own, words = make.own, make.words
    unheeded = any(each.in_vain for each in findings)
    columns = (
        Column("message", own.finding),
        Column("outcome", own.outcome),
        Column("clauses", own.clauses, "list"),
        Column("where", own.where),
        Column("because", own.because, "list"),
        Column("missing", own.missing, "list"),
        *([Column("not_counted", own.not_counted, "list")] if unheeded else []),
        Column("found", own.found, "list"),
        Column("remedy", own.to_do),
        Column("readings", own.readings, "list"),
        Column("rule", own.rule),
    )
    rows = tuple(
        (
            Cell(make.said(each.message)),
            _outcome(make, each),
            Cell(tuple(_cited(make, name) for name in each.clauses)),
            Cell(make.place(each.at) or None),
            Cell(tuple(map(make.fact, each.facts))),
            Cell((*map(make.place, each.missing), *(_unset(make, x) for x in each.unset))),
            *([Cell(tuple(_unheeded(make, x) for x in each.in_vain))] if unheeded else []),
            Cell(tuple(_detected(make, x) for x in each.detections)),
            Cell(None if each.remedy is None else make.said(each.remedy)),
            Cell(each.readings),
            Cell(f"{each.rule} ({words.vocabulary.effect[each.effect]})"),
        )
        for each in findings
    )
    return Table(key, caption, columns, rows, empty, layout="cards")


def _outcome(make: _Maker, finding: Finding) -> Cell:
    if not finding.blocking:
        return Cell(make.words.vocabulary.status["advised"], tone="advice")
    if _only_unsigned(finding):
        return Cell(make.own.waits, tone="open")
    return Cell(make.words.vocabulary.status[finding.outcome], tone=TONES[finding.outcome])


def _only_unsigned(finding: Finding) -> bool:
    asks = finding.attestation is not None and finding.outcome == "unproven"
    return asks and not finding.missing and not finding.unset


def _unset(make: _Maker, parameter: Unset) -> str:
    return make.own.unset.format(name=parameter.name, day=parameter.from_)


def _unheeded(make: _Maker, attestation: NotCounted) -> str:
    return f"{make.place(attestation.at)}: {make.own.vocabulary.why_not[attestation.why]}"


def _cited(make: _Maker, name: str) -> str:
    """Return a clause with what it says; one for other kinds of document by name only."""
    for each in make.decision.citations:
        if each.clause == name:
            return f"{name} ({each.locator}): {make.said(each.text)}"
    return name


def _detected(make: _Maker, detection: Detection) -> str:
    return make.own.detection.format(
        detector=detection.detector,
        strength=make.own.vocabulary.strength[detection.strength],
        at=make.names.title(detection.at),
        masked=detection.masked,
    )


# --- what is missing, what to sign


def _missing(make: _Maker, blocking: list[Finding]) -> tuple[Section, ...]:
    own = make.own
    missing = tuple(dict.fromkeys(at for each in blocking for at in each.missing))
    if not missing:
        return ()
    rows = tuple((Cell(make.names.title(at)), Cell(at)) for at in missing)
    columns = (Column("field", own.field), Column("at", own.at, "code"))
    table = Table("missing", own.missing_title, columns, rows, own.no_missing)
    return (Section("missing", own.missing_title, (own.missing_text,), (table,)),)


def _to_sign(make: _Maker, blocking: list[Finding]) -> tuple[Section, ...]:
    own = make.own
    asked = [
        each.attestation
        for each in blocking
        if each.attestation is not None and each.outcome == "unproven"
    ]
    if not asked:
        return ()
    rows = tuple(
        (
            Cell(make.said(each.asks)),
            Cell(own.vocabulary.answer[each.answer]),
            Cell(
                f" {own.vocabulary.or_else} ".join(
                    make.names.label(_ROLE, role) for role in each.roles
                )
            ),
            Cell(each.clause),
            Cell(each.content_digest),
        )
        for each in asked
    )
    columns = (
        Column("asks", own.asks),
        Column("answer", own.clears),
        Column("roles", own.roles),
        Column("clause", make.words.clause, "code"),
        Column("content", own.content, "code"),
    )
    table = Table("to_sign", own.sign_title, columns, rows, own.no_sign, layout="cards")
    return (Section("to_sign", own.sign_title, (own.sign_text,), (table,)),)


# --- the rest


def _clauses(make: _Maker) -> Section:
    own, words, quotes = make.own, make.words, make.quotes
    citations = make.decision.citations
    reasons = any(each.reason for each in citations)
    columns = (
        Column("clause", words.clause, "code"),
        Column("status", words.status),
        Column("section", words.section),
        Column("locator", words.locator, "code"),
        Column("force", words.force),
        Column("says", words.says),
        *([Column("quote", words.quote)] if quotes else []),
        *([Column("reason", own.reason)] if reasons else []),
    )
    rows = tuple(
        (
            Cell(each.clause),
            Cell(words.vocabulary.status[each.status], tone=TONES[each.status]),
            Cell(_section(make, each)),
            Cell(each.locator),
            Cell(words.vocabulary.force.get(each.force, each.force)),
            Cell(make.said(each.text)),
            *([Cell(quotes.get(each.clause))] if quotes else []),
            *([Cell(make.said(each.reason) if each.reason else None)] if reasons else []),
        )
        for each in citations
    )
    table = Table(_CITED, own.clauses_table, columns, rows, own.no_clauses, picture="strip")
    return Section("clauses", own.clauses_title, (own.clauses_text,), (table,))


def _section(make: _Maker, citation: Citation) -> str:
    return section_label(make.program, section_of(citation.locator), make.words.section)


def _remarks(make: _Maker) -> tuple[Section, ...]:
    own, decision = make.own, make.decision
    columns = (Column("field", own.field), Column("at", own.at, "code"))
    tables = []
    for key, caption, places in (
        ("assumed", own.assumed, decision.assumed),
        ("unregulated", own.unregulated, decision.unregulated),
    ):
        if places:
            rows = tuple((Cell(_absent(make, key, at)), Cell(at)) for at in places)
            tables.append(Table(key, caption, columns, rows, own.none))
    if not tables:
        return ()
    return (Section("remarks", own.remarks, (), tuple(tables)),)


def _absent(make: _Maker, key: str, at: str) -> str:
    """Return what people call a field, and what its absence was taken to say where it is none."""
    title = make.names.title(at)
    none = key == "assumed" and make.names.means_none(at)
    return make.own.absent.format(field=title) if none else title
