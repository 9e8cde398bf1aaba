"""Which readings a decision rests on, in their own words, and who signed them."""

from __future__ import annotations

from somepolicy.reports.decision_view import DecisionView
from somepolicy.reports.model import Cell, Column, Section, Table
from somepolicy.reports.readings import signature

_MUTE = ("not_applicable", "undecided")


def readings_section(view: DecisionView) -> Section:
    """Return those of the findings first, then those of the rules that decided other clauses."""
    own, known = view.own, view.program.readings
    uses = _uses(view)
    rows = tuple(
        (
            Cell(name),
            signature(known[name], view.day, view.language)
            if name in known
            else Cell(own.unknown_reading, tone="open"),
            Cell(view.said(known[name].says) if name in known else None),
            Cell(clauses),
        )
        for name, clauses in uses.items()
    )
    columns = (
        Column("reading", own.reading, "code"),
        Column("status", view.words.status),
        Column("says", view.words.says),
        Column("clauses", own.clauses, "list"),
    )
    table = Table("readings", own.readings, columns, rows, own.no_readings, layout="cards")
    return Section("readings", own.readings_title, (own.readings_text,), (table,))


def _uses(view: DecisionView) -> dict[str, tuple[str, ...]]:
    """Return the clauses that each reading moved here, the readings of findings first."""
    kind, decision = view.decision.document.kind, view.decision
    decided = {x.clause for x in decision.citations if x.status not in _MUTE}
    found = [(each.readings, each.clauses) for each in decision.findings]
    found += [
        (rule.readings, tuple(x for x in rule.clauses if x in decided))
        for rule in view.program.rules
        if kind in rule.kinds and not decided.isdisjoint(rule.clauses)
    ]
    uses: dict[str, tuple[str, ...]] = {}
    for readings, clauses in found:
        for name in readings:
            uses[name] = tuple(dict.fromkeys((*uses.get(name, ()), *clauses)))
    return uses
