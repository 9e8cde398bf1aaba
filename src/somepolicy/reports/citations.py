"""Totals -> the report on how the clauses were used."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from dataclasses import dataclass

from somepolicy.engine.decision import STATUSES
from somepolicy.ir import Program, Rule
from somepolicy.languages import in_language
from somepolicy.reports.grouping import ALLOWED, MALFORMED, NOT_STATED
from somepolicy.reports.model import Cell, Column, Figure, Report, Section, Table, share
from somepolicy.reports.naming import (
    NamesByKind,
    kind_label,
    section_label,
    section_of,
    value_label,
)
from somepolicy.reports.numbers import shown
from somepolicy.reports.period import Period
from somepolicy.reports.readings import signature
from somepolicy.reports.tally import STOPPED, Totals
from somepolicy.reports.tones import TONES
from somepolicy.texts.catalogue import texts
from somepolicy.texts.reports import CitationsTexts, ReportTexts

_MOST_MISSING = 20
_MOST_MONTHS = 12
_MOST_FILLED = 240  # months
_ALWAYS = Period()
_STEPS = 5  # of shading


@dataclass(frozen=True)
class _Maker:
    """What every table of the report is made from."""

    program: Program
    totals: Totals
    names: NamesByKind
    language: str
    day: datetime.date
    period: Period
    own: CitationsTexts
    words: ReportTexts

    def label(self, dimension: str, value: str) -> str:
        """Return what people call a value of a dimension."""
        logging = self.program.logging
        if value == NOT_STATED:
            return self.words.not_stated
        if dimension == "kind":
            return kind_label(self.program, value, self.language)
        if dimension == "unit_type":
            return value_label(self.names, logging.unit_type, value)
        return (
            value_label(self.names, logging.platform, value) if dimension == "platform" else value
        )

    def says(self, clause: str) -> str | None:
        """Return what a clause says; None of one that the policy does not have."""
        found = self.program.clauses.get(clause)
        return None if found is None else in_language(found.says, self.language)

    @property
    def clauses(self) -> list[str]:
        """Every clause in the order of the guideline; then those of earlier policies, by name."""
        ordered = sorted(self.program.clauses.values(), key=lambda each: each.order)
        known = [each.name for each in ordered]
        return [*known, *sorted({name for name, _ in self.totals.statuses} - {*known})]


def citations(
    program: Program,
    totals: Totals,
    names: NamesByKind,
    language: str,
    *,
    from_log: bool,
    day: datetime.date,
    period: Period = _ALWAYS,
    left_out: int = 0,
    time_zone: str | None = None,
    mixed_zones: bool = False,
    about: tuple[tuple[str, str], ...] = (),
) -> Report:
    """Build the report, from a log or else from documents.

    `day` says which signatures of readings are given yet, `period` what was asked for. `left_out` is the number of documents that may not be counted. Months are those of the
    `time_zone`; None: of UTC, which is said where the log has several (`mixed_zones`).
    """
    words = texts(language).report
    own = texts(language).citations
    make = _Maker(program, totals, names, language, day, period, own, words)
    months = totals.values("month")
    asked = period.said(own, from_log=from_log)
    found = own.months.format(first=months[0], last=months[-1]) if months else own.nothing
    zone = own.mixed_zones if mixed_zones else time_zone
    return Report(
        name="citations",
        language=language,
        title=own.title,
        subject=f"{program.name} {program.version}",
        lead=(f"{own.period}: {asked}.", own.lead if months else own.nothing),
        about=(
            (own.period, asked),
            (own.seen, found),
            *(() if zone is None else ((own.time_zone, zone),)),
            (own.source, own.from_log if from_log else own.from_documents),
            (words.policy, f"{program.name} {program.version}"),
            (words.digest, program.digest),
            *about,
        ),
        figures=tuple(_figures(make, left_out)),
        sections=(
            _trend(make),
            _clauses(make),
            _matrix(make, "unit_type"),
            _deviations(make),
            _readings(make),
            _missing(make),
            _by_values(make),
            _matrix(make, "platform"),
            _matrix(make, "month"),
            _detected(make),
        ),
    )


def _figures(make: _Maker, left_out: int) -> Iterator[Figure]:
    own, totals = make.own, make.totals
    whole = totals.decisions()
    yield Figure("decisions", own.decisions, whole)
    for key, label, outcome in (
        ("allowed", own.allowed, ALLOWED),
        ("violated", f"{own.denied}: {own.violated.lower()}", "violated"),
        ("unproven", f"{own.denied}: {own.unproven.lower()}", "unproven"),
    ):
        number = totals.decisions(outcome=outcome)
        tone = TONES.get(outcome, "good")
        part = share(number, whole)
        note = (
            ""
            if part is None
            else own.of_decisions.format(share=shown(part, "percent", make.language))
        )
        yield Figure(key, label, number, note, tone)
    used = {clause for clause, status in totals.statuses if status != "undecided"}
    stopping = {clause for name, _, clause in totals.stopped if not name}
    yield Figure("stopping", own.hit, len(stopping), own.hit_note(len(used)))
    if malformed := totals.decisions(outcome=MALFORMED):
        yield Figure("malformed", own.malformed, malformed, tone="quiet")
    if left_out:
        yield Figure("left_out", own.left_out, left_out, tone="quiet")


def _trend(make: _Maker) -> Section:
    own = make.own
    table = Table(
        "trend",
        own.trend_table,
        (Column("month", own.month), *_outcome_columns(own)),
        tuple((Cell(month), *_outcomes(make, "month", month)) for month in _months(make)),
        own.nothing,
        picture="months",
    )
    return Section("trend", own.trend, (own.trend_text,), (table,))


def _months(make: _Maker) -> list[str]:
    """Return every month of the period, else from the first to the last that had a decision.

    Where they lie further apart than a log can, as documents may, only those with a decision.
    """
    seen = make.totals.values("month")
    if not seen:
        return []
    ends = make.period.months or (seen[0], seen[-1])
    first, last = map(_counted, ends)
    if last - first >= _MOST_FILLED:
        return list(seen)
    return [f"{each // 12:04}-{each % 12 + 1:02}" for each in range(first, last + 1)]


def _counted(month: str) -> int:
    year, _, number = month.partition("-")
    return int(year) * 12 + int(number) - 1


def _outcome_columns(own: CitationsTexts) -> tuple[Column, ...]:
    return (
        Column("decisions", own.decisions, "count"),
        Column("allowed", own.allowed, "count"),
        Column("violated", own.violated, "count"),
        Column("unproven", own.unproven, "count"),
        Column("denied_share", own.denied_share, "percent"),
    )


def _outcomes(make: _Maker, dimension: str, value: str) -> tuple[Cell, ...]:
    allowed, violated, unproven = (
        make.totals.outcomes[dimension, value, outcome] for outcome in (ALLOWED, *STOPPED)
    )
    whole = allowed + violated + unproven
    numbers = (whole, allowed, violated, unproven)
    return (*map(Cell, numbers), Cell(share(violated + unproven, whole)))


def _clauses(make: _Maker) -> Section:
    own, words, totals = make.own, make.words, make.totals
    rows = []
    for name in make.clauses if make.totals.outcomes else ():
        counts = [totals.statuses[name, status] for status in STATUSES]
        applied, stopped = totals.applied["", "", name], totals.stopped["", "", name]
        clause = make.program.clauses.get(name)
        worst = next((x for x, count in zip(STATUSES, counts, strict=True) if count), None)
        rows.append(
            (
                Cell(name),
                Cell(make.says(name)),
                Cell(_section(make, clause.locator) if clause else words.not_stated),
                Cell(words.vocabulary.force[clause.force] if clause else None),
                _worst(worst, words),
                Cell(sum(counts)),
                *(Cell(count) for count in counts),
                Cell(share(stopped, applied)),
            )
        )
    columns = (
        Column("clause", words.clause, "code"),
        Column("says", words.says),
        Column("section", words.section),
        Column("force", words.force),
        Column("worst", own.worst),
        Column("cited", own.cited, "count"),
        *(
            Column(status, words.vocabulary.status[status].capitalize(), "count")
            for status in STATUSES
        ),
        Column("stopped_share", own.stopped_share, "percent"),
    )
    table = Table("clauses", own.clauses_table, columns, tuple(rows), own.nothing, picture="strip")
    return Section("clauses", own.clauses_title, (own.clauses_text,), (table,))


def _worst(status: str | None, words: ReportTexts) -> Cell:
    if status is None:
        return Cell(words.not_used, tone="quiet")
    return Cell(words.vocabulary.status[status], tone=TONES[status])


def _section(make: _Maker, locator: str) -> str:
    return section_label(make.program, section_of(locator), make.words.section)


def _by_values(make: _Maker) -> Section:
    own = make.own
    tables = tuple(
        Table(
            dimension,
            own.counted_by[dimension],
            (Column(dimension, label), *_outcome_columns(own)),
            tuple(
                (Cell(make.label(dimension, value)), *_outcomes(make, dimension, value))
                for value in _by_size(make.totals, dimension)
            ),
            own.nothing,
        )
        for dimension, label in own.by.items()
    )
    return Section("who", own.who, (), tables)


def _by_size(totals: Totals, dimension: str) -> list[str]:
    """Return the values of a dimension, the most decisions first, what is not stated last."""
    values = [each for each in totals.values(dimension) if totals.decisions(dimension, each)]
    return sorted(values, key=lambda x: (x == NOT_STATED, -totals.decisions(dimension, x), x))


def _matrix(make: _Maker, dimension: str) -> Section:
    own, totals = make.own, make.totals
    values = _months(make) if dimension == "month" else _by_size(totals, dimension)
    text = [own.matrix_text]
    if dimension == "month" and len(values) > _MOST_MONTHS:
        values = values[-_MOST_MONTHS:]
        text.append(own.latest(_MOST_MONTHS))
    stopping = [clause for clause in make.clauses if totals.stopped["", "", clause]]
    rates = {
        (clause, value): totals.stopped[dimension, value, clause]
        / (totals.applied[dimension, value, clause] or 1)
        for clause in stopping
        for value in values
    }
    most = max(rates.values(), default=0) or 1
    rows = tuple(
        (
            Cell(clause),
            Cell(make.says(clause)),
            *(
                Cell(
                    totals.stopped[dimension, value, clause],
                    shade=math.ceil(_STEPS * rates[clause, value] / most),
                )
                for value in values
            ),
            Cell(totals.stopped["", "", clause]),
        )
        for clause in stopping
    )
    columns = (
        Column("clause", make.words.clause, "code"),
        Column("says", make.words.says),
        *(Column(value, make.label(dimension, value), "count") for value in values),
        Column("total", make.words.total, "count"),
    )
    key = f"stopped_by_{dimension}"
    table = Table(key, own.matrix[dimension], columns, rows, own.nothing_stopped, layout="matrix")
    return Section(key, own.matrix[dimension], tuple(text), (table,))


def _deviations(make: _Maker) -> Section:
    own, words = make.own, make.words
    by_rule = {rule.name: rule for rule in make.program.rules}
    outcomes = ("denied", "unproven", "advised")
    found = {
        name: [make.totals.rules[name, outcome] for outcome in outcomes]
        for name in {name for name, _ in make.totals.rules}
    }

    def rank(name: str) -> tuple[int, int, str]:
        return -sum(found[name][:2]), -found[name][2], name

    rows = tuple(
        (
            Cell(name),
            Cell(_message(by_rule[name], make.language) if name in by_rule else None),
            Cell(words.vocabulary.effect[by_rule[name].effect] if name in by_rule else None),
            Cell(_in_words(make, by_rule[name].clauses) if name in by_rule else ()),
            Cell(by_rule[name].readings if name in by_rule else ()),
            *map(Cell, found[name]),
        )
        for name in sorted(found, key=rank)
    )
    columns = (
        Column("rule", own.rule, "code"),
        Column("says", words.says),
        Column("effect", own.effect),
        Column("clauses", own.clauses, "list"),
        Column("readings", own.readings, "list"),
        Column("violated", own.violated, "count"),
        Column("unproven", own.unproven, "count"),
        Column("advised", own.advised, "count"),
    )
    table = Table("deviations", own.deviations_table, columns, rows, own.no_deviation)
    return Section("deviations", own.deviations, (own.deviations_text,), (table,))


def _message(rule: Rule, language: str) -> str:
    """Return what the rule says of a document, an ellipsis for each value of it."""
    return "".join(x if isinstance(x, str) else "…" for x in in_language(rule.says, language))


def _in_words(make: _Maker, clauses: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{name}: {make.says(name) or ''}" for name in clauses)


def _readings(make: _Maker) -> Section:
    """Say in words what the rules that stopped or advised rest on."""
    own, words = make.own, make.words
    seen = {name for name, _ in make.totals.rules}
    rules = [rule for rule in make.program.rules if rule.name in seen]
    rows = tuple(
        (
            Cell(each.name),
            signature(each, make.day, make.language),
            Cell(in_language(each.says, make.language)),
            Cell(tuple(rule.name for rule in rules if each.name in rule.readings)),
        )
        for each in make.program.readings.values()
        if any(each.name in rule.readings for rule in rules)
    )
    columns = (
        Column("reading", own.reading, "code"),
        Column("status", words.status),
        Column("says", words.says),
        Column("rules", own.rules, "list"),
    )
    table = Table("readings", own.readings_table, columns, rows, own.no_readings, layout="cards")
    return Section("readings", own.readings, (own.readings_text,), (table,))


def _missing(make: _Maker) -> Section:
    own = make.own
    ranked = sorted(make.totals.missing.items(), key=lambda item: (-item[1], item[0]))
    rows = tuple(
        (
            Cell(make.names[kind].title(at) if kind in make.names else at),
            Cell(make.label("kind", kind)),
            Cell(at),
            Cell(number),
            Cell(share(number, make.totals.decisions("kind", kind))),
        )
        for (kind, at), number in ranked[:_MOST_MISSING]
    )
    columns = (
        Column("field", own.field),
        Column("kind", own.kind),
        Column("at", own.at, "code"),
        Column("decisions", own.decisions, "count"),
        Column("share", own.part, "percent"),
    )
    table = Table("missing", own.missing_table, columns, rows, own.no_missing)
    return Section("missing", own.missing, (own.missing_text,), (table,))


def _detected(make: _Maker) -> Section:
    own = make.own
    ranked = sorted(make.totals.detections.items(), key=lambda item: (-item[1], item[0]))
    rows = tuple(
        (
            Cell(own.vocabulary.detector_name(name)),
            Cell(own.vocabulary.strength.get(strength, strength)),
            Cell(number),
        )
        for (name, strength), number in ranked
    )
    columns = (
        Column("detector", own.detector),
        Column("strength", own.strength),
        Column("decisions", own.decisions, "count"),
    )
    table = Table("detected", own.detected_table, columns, rows, own.no_detection)
    return Section("detected", own.detected, (own.detected_text,), (table,))
