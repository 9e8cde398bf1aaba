"""What the reports say: a class for each part of a file, a member for each text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from somepolicy.texts.plurals import Plural
from somepolicy.texts.vocabulary import SectionTexts


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ReportTexts(SectionTexts):
    """What all reports say, and how they write numbers and months."""

    decimal: str
    thousands: str
    months: tuple[str, ...]
    contents: str
    skip: str
    figures: str
    about: str
    figure: str
    value: str
    note: str
    more: Plural
    strip: str
    legend: str
    chart: str
    policy: str
    digest: str
    made: str
    made_with: str
    not_stated: str
    not_used: str
    total: str
    clause: str
    section: str
    locator: str
    force: str
    status: str
    says: str
    quote: str
    kind: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CitationsTexts(SectionTexts):
    """What the report on citations says."""

    title: str
    lead: str
    source: str
    from_log: str
    from_documents: str
    period: str
    time_zone: str
    mixed_zones: str
    months: str
    decisions: str
    allowed: str
    denied: str
    violated: str
    unproven: str
    malformed: str
    left_out: str
    denied_share: str
    of_decisions: str
    hit: str
    hit_note: Plural
    trend: str
    trend_text: str
    trend_table: str
    month: str
    clauses_title: str
    clauses_text: str
    clauses_table: str
    cited: str
    worst: str
    stopped_share: str
    by: Mapping[str, str]
    who: str
    counted_by: Mapping[str, str]
    matrix: Mapping[str, str]
    matrix_text: str
    latest: Plural
    nothing_stopped: str
    deviations: str
    deviations_text: str
    deviations_table: str
    rule: str
    effect: str
    clauses: str
    advised: str
    no_deviation: str
    missing: str
    missing_text: str
    missing_table: str
    field: str
    kind: str
    at: str
    part: str
    no_missing: str
    detected: str
    detected_text: str
    detected_table: str
    detector: str
    strength: str
    no_detection: str
    nothing: str
    seen: str
    whole_log: str
    the_documents: str
    since: str
    until: str
    before: str
    quarter: str
    year: str
    readings: str
    readings_text: str
    readings_table: str
    no_readings: str
    reading: str
    rules: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class DecisionTexts(SectionTexts):
    """What the report on a decision says."""

    title: str
    document: str
    content: str
    as_of: str
    sources: Mapping[str, str]
    engine: str
    answer: str
    allowed: str
    denied: str
    reasons: Mapping[str, str]
    blocking: str
    advice: str
    cited: str
    cited_note: Plural
    blocking_text: str
    no_blocking: str
    finding: str
    outcome: str
    waits: str
    clauses: str
    readings: str
    where: str
    because: str
    missing: str
    unset: str
    lacks_value: str
    not_counted: str
    found: str
    to_do: str
    rule: str
    missing_title: str
    missing_text: str
    field: str
    at: str
    no_missing: str
    sign_title: str
    sign_text: str
    asks: str
    clears: str
    roles: str
    no_sign: str
    advice_title: str
    advice_text: str
    no_advice: str
    clauses_title: str
    clauses_text: str
    clauses_table: str
    no_clauses: str
    reason: str
    remarks: str
    assumed: str
    absent: str
    unregulated: str
    none: str
    detection: str
    refused: str
    document_title: str
    open: str
    no_breach: str
    answers: str
    open_table: str
    readings_title: str
    readings_text: str
    no_readings: str
    reading: str
    unknown_reading: str
    other_policy: str
    declared_title: str
    declared_text: str
    declared_table: str
    not_at_hand: str
    free_text: str
    nothing_listed: str
    signed_table: str
    no_signed: str
    role: str
    signed_at: str
    expires: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TraceabilityTexts(SectionTexts):
    """What the traceability report says."""

    title: str
    lead: str
    no_examples: str
    clauses: str
    decided: str
    decided_note: str
    undecided: str
    undecided_note: str
    gaps: str
    gaps_note: str
    tests: str
    tests_note: Plural
    signed: str
    signed_note: Plural
    glance: str
    glance_text: str
    glance_table: str
    rules: str
    kept: str
    broken: str
    examples: str
    readings: str
    also: str
    also_value: Plural
    gap_title: str
    gap_text: str
    gap_table: str
    lacks: str
    no_gap: str
    no_rule: str
    not_kept: str
    not_broken: str
    not_permitted: str
    detail: str
    detail_text: str
    detail_table: str
    reason: str
    law: str
    failing: str
    failing_text: str
    test: str
    none_failing: str
    readings_text: str
    readings_table: str
    reading: str
    of_clauses: str
    no_readings: str
    unregulated: str
    unregulated_text: str
    unregulated_table: str
    topics_text: str
    topics_table: str
    topic: str
    field: str
    no_unregulated: str
    verdicts: Mapping[str, str]
