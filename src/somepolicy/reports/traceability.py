"""A policy and what shows it at work -> the report that follows each clause to its proof."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from somepolicy import ir as p
from somepolicy.languages import in_language
from somepolicy.reports.evidence import Evidence, TestEvidence
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
    NamesByKind,
    kind_label,
    section_label,
    section_of,
)
from somepolicy.reports.readings import signature
from somepolicy.texts.catalogue import texts
from somepolicy.texts.reports import ReportTexts, TraceabilityTexts
from somepolicy.workbench.coverage_report import ClauseCoverage

_DETAIL = "clauses"
_TONES: Mapping[str, Tone] = {
    "decided": "good",
    "undecided": "quiet",
    "gap": "bad",
    "untested": "open",
}
_BROKEN = ("violated", "advised")  # as coverage counts
_MUTE = ("not_applicable", "undecided")


@dataclass(frozen=True)
class Traced:
    """A clause with all that depends on it; `lacks` says in words what is missing."""

    clause: p.Clause
    rules: tuple[p.Rule, ...]
    coverage: ClauseCoverage
    kept: tuple[str, ...]
    broken: tuple[str, ...]
    others: int
    examples: tuple[str, ...]
    verdict: str
    lacks: tuple[str, ...]


def trace_clauses(
    program: p.Program, evidence: Evidence, own: TraceabilityTexts, words: ReportTexts
) -> tuple[Traced, ...]:
    """Follow every clause to its rules, tests and examples, in the order of the guideline."""
    ordered = sorted(program.clauses.values(), key=lambda each: each.order)
    return tuple(_traced(each, program, evidence, own, words) for each in ordered)


def traceability(
    program: p.Program,
    evidence: Evidence,
    names: NamesByKind,
    language: str,
    *,
    day: datetime.date,
    quotes: Mapping[str, str],
    about: tuple[tuple[str, str], ...] = (),
) -> Report:
    """Build the report. `day` says which signatures are given yet, `quotes` are verbatim texts by clause, for those that have one."""
    words = texts(language).report
    own = texts(language).traceability
    traced = trace_clauses(program, evidence, own, words)
    standings = {x.name: signature(x, day, language) for x in program.readings.values()}
    return Report(
        name="traceability",
        language=language,
        title=own.title,
        subject=f"{program.name} {program.version}",
        lead=(own.lead,) if evidence.at_hand else (own.lead, own.no_examples),
        about=(
            (words.policy, f"{program.name} {program.version}"),
            (words.digest, program.digest),
            *about,
        ),
        figures=_figures(evidence, traced, standings, own),
        sections=(
            _glance(program, traced, own, words),
            _gaps(traced, own, words),
            *_failing(evidence.tests, own),
            _detail(program, traced, standings, quotes, language, own, words),
            _readings(program, standings, language, own, words),
            _unregulated(program, names, language, own, words),
        ),
    )


# --- clause -> what depends on it


def _traced(
    clause: p.Clause,
    program: p.Program,
    evidence: Evidence,
    own: TraceabilityTexts,
    words: ReportTexts,
) -> Traced:
    rules = tuple(rule for rule in program.rules if clause.name in rule.clauses)
    coverage = evidence.coverage(clause, program)
    tests = [x for x in evidence.tests if x.passed and clause.name in x.statuses]
    kept_when = {(coverage.other or "satisfied").replace(" ", "_"), "permitted"}
    kept, broken = _shown(tests, clause, kept_when), _shown(tests, clause, {*_BROKEN})
    lacks = tuple(_lacks(clause, rules, coverage, own)) if evidence.at_hand or not rules else ()
    if clause.undecided is not None:
        verdict, lacks = "undecided", ()
    elif lacks:
        verdict = "gap"
    else:
        verdict = "decided" if evidence.at_hand else "untested"
    decided_by = [x for x in tests if x.statuses[clause.name] not in _MUTE]
    shown = {*kept, *broken}
    return Traced(
        clause,
        rules,
        coverage,
        kept,
        broken,
        sum(x.name not in shown for x in decided_by),
        tuple(
            f"{each.name} ({words.vocabulary.status.get(status := each.statuses[clause.name], status)})"
            for each in evidence.examples
            if each.statuses.get(clause.name, "undecided") not in _MUTE
        ),
        verdict,
        lacks,
    )


def _shown(tests: Iterable[TestEvidence], clause: p.Clause, statuses: set[str]) -> tuple[str, ...]:
    """Return the tests that name the clause; where none does, those that decide it."""
    fitting = [each for each in tests if each.statuses[clause.name] in statuses]
    named = [each for each in fitting if clause.name in each.named]
    return tuple(each.name for each in named or fitting)


def _lacks(
    clause: p.Clause, rules: tuple[p.Rule, ...], coverage: ClauseCoverage, own: TraceabilityTexts
) -> Iterable[str]:
    if clause.undecided is not None or not clause.kinds:
        return
    if not rules:
        yield own.no_rule
    elif coverage.deciding:
        if not coverage.kept:
            yield own.not_kept
        if not coverage.broken:
            yield own.not_broken
    elif not coverage.covered:
        yield own.not_permitted


# --- figures and sections


def _figures(
    evidence: Evidence,
    traced: tuple[Traced, ...],
    standings: Mapping[str, Cell],
    own: TraceabilityTexts,
) -> tuple[Figure, ...]:
    count = {name: sum(x.verdict == name for x in traced) for name in _TONES}
    decided = count["decided"] + count["untested"]
    signed = sum(each.tone == "good" for each in standings.values())
    passed = sum(each.passed for each in evidence.tests)
    found = [
        Figure("clauses", own.clauses, len(traced)),
        Figure(
            "decided", own.decided, decided, own.decided_note if evidence.at_hand else "", "good"
        ),
        Figure("undecided", own.undecided, count["undecided"], own.undecided_note, "quiet"),
        Figure("gaps", own.gaps, count["gap"], own.gaps_note, "bad" if count["gap"] else "good"),
    ]
    if evidence.at_hand:
        note = own.tests_note(len(evidence.tests))
        tone: Tone = "good" if passed == len(evidence.tests) else "bad"
        found.append(Figure("tests", own.tests, passed, note, tone))
    if standings:
        note = own.signed_note(len(standings))
        whole: Tone = "good" if signed == len(standings) else "open"
        found.append(Figure("signed", own.signed, signed, note, whole))
    return tuple(found)


def _glance(
    program: p.Program, traced: tuple[Traced, ...], own: TraceabilityTexts, words: ReportTexts
) -> Section:
    rows = tuple(
        (
            Cell(each.clause.name, to=f"{_DETAIL}-{number}"),
            Cell(_section(program, each.clause, words)),
            Cell(words.vocabulary.force[each.clause.force]),
            Cell(len(each.rules)),
            Cell(len(each.kept)),
            Cell(len(each.broken)),
            _verdict(each, own),
        )
        for number, each in enumerate(traced, 1)
    )
    columns = (
        Column("clause", words.clause, "code"),
        Column("section", words.section),
        Column("force", words.force),
        Column("rules", own.rules, "count"),
        Column("kept", own.kept, "count"),
        Column("broken", own.broken, "count"),
        Column("status", words.status),
    )
    table = Table("overview", own.glance_table, columns, rows, own.no_gap, picture="strip")
    return Section("glance", own.glance, (own.glance_text,), (table,))


def _gaps(traced: tuple[Traced, ...], own: TraceabilityTexts, words: ReportTexts) -> Section:
    rows = tuple(
        (Cell(each.clause.name, to=f"{_DETAIL}-{number}"), Cell(each.lacks))
        for number, each in enumerate(traced, 1)
        if each.verdict == "gap"
    )
    columns = (Column("clause", words.clause, "code"), Column("lacks", own.lacks, "list"))
    table = Table("gaps", own.gap_table, columns, rows, own.no_gap)
    return Section("gaps", own.gap_title, (own.gap_text,), (table,))


def _failing(tests: tuple[TestEvidence, ...], own: TraceabilityTexts) -> Iterable[Section]:
    rows = tuple((Cell(each.name),) for each in tests if not each.passed)
    if rows:
        table = Table("failing", own.failing, (Column("test", own.test),), rows, own.none_failing)
        yield Section("failing", own.failing, (own.failing_text,), (table,))


def _detail(
    program: p.Program,
    traced: tuple[Traced, ...],
    standings: Mapping[str, Cell],
    quotes: Mapping[str, str],
    language: str,
    own: TraceabilityTexts,
    words: ReportTexts,
) -> Section:
    columns = [
        Column("clause", words.clause, "code"),
        Column("status", words.status),
        Column("says", words.says),
        *([Column("quote", words.quote)] if quotes else []),
        Column("section", words.section),
        Column("locator", words.locator, "code"),
        Column("force", words.force),
        Column("kinds", words.kind, "list"),
        Column("law", own.law, "list"),
        Column("reason", own.reason),
        Column("rules", own.rules, "list"),
        Column("readings", own.readings, "list"),
        Column("kept", own.kept, "list"),
        Column("broken", own.broken, "list"),
        Column("others", own.also),
        Column("examples", own.examples, "list"),
    ]
    rows = tuple(
        (
            Cell(each.clause.name),
            _verdict(each, own),
            Cell(in_language(each.clause.says, language)),
            *([Cell(quotes.get(each.clause.name))] if quotes else []),
            Cell(_section(program, each.clause, words)),
            Cell(each.clause.locator),
            Cell(words.vocabulary.force[each.clause.force]),
            Cell(tuple(kind_label(program, kind, language) for kind in each.clause.kinds)),
            Cell(each.clause.law),
            Cell(
                None
                if each.clause.undecided is None
                else in_language(each.clause.undecided, language)
            ),
            Cell(
                tuple(
                    f"{rule.name} ({words.vocabulary.effect[rule.effect]})" for rule in each.rules
                )
            ),
            Cell(_relied_on(program, each, standings)),
            Cell(each.kept),
            Cell(each.broken),
            Cell(own.also_value(each.others) if each.others else None),
            Cell(each.examples),
        )
        for each in traced
    )
    table = Table(_DETAIL, own.detail_table, tuple(columns), rows, own.no_gap, layout="cards")
    return Section("detail", own.detail, (own.detail_text,), (table,))


def _relied_on(
    program: p.Program, traced: Traced, standings: Mapping[str, Cell]
) -> tuple[str, ...]:
    """Return the readings of the clause's rules, and those that are of the clause."""
    used = {name for rule in traced.rules for name in rule.readings}
    return tuple(
        f"{each.name} ({standings[each.name].value})"
        for each in program.readings.values()
        if each.name in used or traced.clause.name in each.clauses
    )


def _readings(
    program: p.Program,
    standings: Mapping[str, Cell],
    language: str,
    own: TraceabilityTexts,
    words: ReportTexts,
) -> Section:
    rows = tuple(
        (
            Cell(each.name),
            standings[each.name],
            Cell(in_language(each.says, language)),
            Cell(each.clauses),
        )
        for each in program.readings.values()
    )
    columns = (
        Column("reading", own.reading, "code"),
        Column("status", words.status),
        Column("says", words.says),
        Column("clauses", own.of_clauses, "list"),
    )
    table = Table("readings", own.readings_table, columns, rows, own.no_readings, layout="cards")
    return Section("readings", own.readings, (own.readings_text,), (table,))


def _unregulated(
    program: p.Program,
    names: NamesByKind,
    language: str,
    own: TraceabilityTexts,
    words: ReportTexts,
) -> Section:
    rows = tuple(
        (
            Cell(_silent(each, names[kind], words)),
            Cell(kind_label(program, kind, language)),
            Cell(in_language(each.says, language)),
        )
        for each in program.unregulated
        for kind in each.kinds
    )
    columns = (
        Column("field", own.field),
        Column("kind", words.kind),
        Column("says", words.says),
    )
    table = Table("unregulated", own.unregulated_table, columns, rows, own.no_unregulated)
    topics = Table(
        "topics",
        own.topics_table,
        (Column("topic", own.topic, "code"), Column("says", words.says)),
        tuple(
            (Cell(each.name), Cell(in_language(each.says, language)))
            for each in program.topics.values()
        ),
        own.no_unregulated,
    )
    if not topics.rows:
        return Section("unregulated", own.unregulated, (own.unregulated_text,), (table,))
    said = (own.unregulated_text, own.topics_text)
    return Section("unregulated", own.unregulated, said, (table, topics))


def _silent(declared: p.Unregulated, names: Names, words: ReportTexts) -> str:
    """Return what people call a field no clause is about, and the values of it that are meant."""
    title = names.title(declared.pointer)
    if declared.values is None:
        return title
    shown: list[str] = []
    for value in declared.values:
        match value:
            case bool():
                shown.append(words.vocabulary.answer["yes" if value else "no"])
            case str():
                shown.append(names.label(declared.pointer, value))
            case _:
                shown.append(str(value))
    return f"{title}: {', '.join(shown)}"


def _section(program: p.Program, clause: p.Clause, words: ReportTexts) -> str:
    return section_label(program, section_of(clause.locator), words.section)


def _verdict(traced: Traced, own: TraceabilityTexts) -> Cell:
    return Cell(own.verdicts[traced.verdict], tone=_TONES[traced.verdict])
