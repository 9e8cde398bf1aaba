"""Findings -> what has to be answered, what has to be signed, what is broken, what is advised."""

from __future__ import annotations

from collections.abc import Iterable

from somepolicy.engine.decision import Detection, Finding, NotCounted, Unset
from somepolicy.reports.decision_view import DecisionView
from somepolicy.reports.model import Cell, Column, Section, Table
from somepolicy.reports.readings import signature
from somepolicy.reports.tones import TONES

_ROLE = "/attestations/0/role"


def is_breach(finding: Finding) -> bool:
    """Whether a finding says that something is wrong, and not only that something is unknown."""
    return finding.blocking and finding.outcome == "violated"


def is_open(finding: Finding) -> bool:
    """Whether a finding waits for an answer, or for a value of the policy."""
    unknown = finding.blocking and finding.outcome == "unproven"
    return unknown and (finding.attestation is None or bool(finding.missing or finding.unset))


def is_unsigned(finding: Finding) -> bool:
    """Whether a finding waits for a signature, perhaps after an answer."""
    asks = finding.blocking and finding.attestation is not None
    return asks and finding.outcome == "unproven"


def asked(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Return each place that open findings miss, once."""
    return tuple(dict.fromkeys(at for each in findings if is_open(each) for at in each.missing))


def findings_sections(view: DecisionView) -> tuple[Section, ...]:
    """Return what is open before what is broken, and advice last."""
    own, findings = view.own, view.decision.findings
    breaches = [each for each in findings if is_breach(each)]
    advice = [each for each in findings if not each.blocking]
    blocked = own.no_breach if any(each.blocking for each in findings) else own.no_blocking
    return (
        *_to_answer(view, [each for each in findings if is_open(each)]),
        *_to_sign(view, [each for each in findings if is_unsigned(each)]),
        Section(
            "blocking",
            own.blocking,
            (own.blocking_text,) if breaches else (),
            (_table(view, "findings", own.blocking, breaches, blocked),),
        ),
        Section(
            "advice",
            own.advice_title,
            (own.advice_text,) if advice else (),
            (_table(view, "advised", own.advice_title, advice, own.no_advice),),
        ),
    )


def _table(
    view: DecisionView, key: str, caption: str, findings: list[Finding], empty: str
) -> Table:
    own = view.own
    first = Column("message", own.advice if key == "advised" else own.finding)
    rows = tuple((Cell(view.said(each.message)), *_rests_on(view, each)) for each in findings)
    return Table(key, caption, (first, *_columns(view)), rows, empty, layout="cards")


def _columns(view: DecisionView) -> tuple[Column, ...]:
    own = view.own
    return (
        Column("outcome", own.outcome),
        Column("clauses", own.clauses, "list"),
        Column("where", own.where),
        Column("because", own.because, "list"),
        Column("missing", own.missing, "list"),
        Column("not_counted", own.not_counted, "list"),
        Column("found", own.found, "list"),
        Column("remedy", own.to_do),
        Column("readings", own.readings, "list"),
        Column("rule", own.rule),
    )


def _rests_on(view: DecisionView, finding: Finding) -> tuple[Cell, ...]:
    status, effect = view.words.vocabulary.status, view.words.vocabulary.effect
    if not finding.blocking:
        outcome = Cell(status["advised"], tone="advice")
    elif finding.outcome == "unproven":
        outcome = Cell(view.own.waits, tone="open")
    else:
        outcome = Cell(status[finding.outcome], tone=TONES[finding.outcome])
    return (
        outcome,
        Cell(tuple(map(view.cited, finding.clauses))),
        Cell(view.place(finding.at) or None),
        Cell(tuple(map(view.fact, finding.facts))),
        Cell((*map(view.place, finding.missing), *(_unset(view, x) for x in finding.unset))),
        Cell(tuple(_unheeded(view, x) for x in finding.in_vain)),
        Cell(tuple(_detected(view, x) for x in finding.detections)),
        Cell(None if finding.remedy is None else view.said(finding.remedy)),
        Cell(_readings(view, finding)),
        Cell(f"{finding.rule} ({effect[finding.effect]})"),
    )


def _readings(view: DecisionView, finding: Finding) -> tuple[str, ...]:
    """Say of each reading whether it is signed; what it says stands in a section of its own."""
    known = view.program.readings
    return tuple(
        f"{x} ({signature(known[x], view.day, view.language).value})" if x in known else x
        for x in finding.readings
    )


def _unset(view: DecisionView, parameter: Unset) -> str:
    return view.own.unset.format(name=parameter.name, day=parameter.from_)


def _unheeded(view: DecisionView, attestation: NotCounted) -> str:
    return f"{view.place(attestation.at)}: {view.own.vocabulary.why_not[attestation.why]}"


def _detected(view: DecisionView, detection: Detection) -> str:
    vocabulary = view.own.vocabulary
    return view.own.detection.format(
        detector=vocabulary.detector_name(detection.detector),
        strength=vocabulary.strength[detection.strength],
        at=view.names.title(detection.at),
        masked=vocabulary.masked_text(detection.masked),
    )


# --- what has to be answered or signed


def _to_answer(view: DecisionView, findings: list[Finding]) -> tuple[Section, ...]:
    """A message says what is wrong; here nothing is yet, so a finding is named by its clauses."""
    if not findings:
        return ()
    own = view.own
    columns = (
        Column("field", own.field),
        Column("answers", own.answers),
        Column("clauses", own.clauses, "list"),
        Column("at", own.at, "code"),
    )
    waiting = {at: [each for each in findings if at in each.missing] for at in asked(findings)}
    rows = tuple(
        (
            Cell(view.names.title(at)),
            Cell(view.names.answers(at)),
            Cell(tuple(dict.fromkeys(name for each in found for name in each.clauses))),
            Cell(at),
        )
        for at, found in waiting.items()
    )
    tables = [Table("missing", own.missing_title, columns, rows, own.no_missing)] if rows else []
    clauses = view.program.clauses
    heads = (
        " ".join(view.said(clauses[name].says) if name in clauses else name for name in x.clauses)
        for x in findings
    )
    tables.append(
        Table(
            "open",
            own.open_table,
            (Column("asks", own.asks), *_columns(view)),
            tuple(
                (Cell(head), *_rests_on(view, x)) for head, x in zip(heads, findings, strict=True)
            ),
            own.none,
            layout="cards",
        )
    )
    return (Section("missing", own.missing_title, (own.missing_text,), tuple(tables)),)


def _to_sign(view: DecisionView, findings: list[Finding]) -> tuple[Section, ...]:
    own = view.own
    if not findings:
        return ()
    rows = tuple(
        (
            Cell(view.said(asks.asks)),
            Cell(own.vocabulary.answer[asks.answer]),
            Cell(
                f" {own.vocabulary.or_else} ".join(
                    view.names.label(_ROLE, role) for role in asks.roles
                )
            ),
            Cell(view.cited(asks.clause)),
            Cell(view.place(each.at) or None),
            Cell(tuple(_unheeded(view, x) for x in each.in_vain)),
            Cell(_readings(view, each)),
            Cell(each.rule),
            Cell(asks.content_digest),
        )
        for each in findings
        if (asks := each.attestation) is not None
    )
    columns = (
        Column("asks", own.asks),
        Column("answer", own.clears),
        Column("roles", own.roles),
        Column("clause", view.words.clause),
        Column("where", own.where),
        Column("not_counted", own.not_counted, "list"),
        Column("readings", own.readings, "list"),
        Column("rule", own.rule),
        Column("content", own.content, "code"),
    )
    table = Table("to_sign", own.sign_title, columns, rows, own.no_sign, layout="cards")
    return (Section("to_sign", own.sign_title, (own.sign_text,), (table,)),)
