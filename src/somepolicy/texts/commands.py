"""What the commands say: a class for each part of a file, a member for each text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from somepolicy.texts.plurals import Plural
from somepolicy.texts.vocabulary import SectionTexts


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class UsageTexts(SectionTexts):
    """What a command says that cannot do what was asked, or goes on with it."""

    usage: str
    options: str
    help: str
    error: str
    messages: Mapping[str, str]  # by what is said in English


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class EvalTexts(SectionTexts):
    """What `somepolicy eval`, `detect` and `digest` say of documents and decisions."""

    # the answer
    allowed: str
    denied: str
    breaks_nothing: str  # where the decision is advice
    would_break: Plural
    nothing_blocks: str
    is_kept: str
    is_broken: str
    would_be_broken: str
    lacks_facts: str
    lacks_signature: str
    lacks_both: str
    lacks_value: str
    signature_unheeded: str
    as_of: Mapping[str, str]  # by as_of_source
    # findings
    blocking: str
    worth_changing: str
    clause: str
    would_break_clause: str
    where: str
    because: str
    parameter: str
    unset: str
    not_counted: str
    found: str
    found_at: str
    characters: str
    nothing_found: str
    to_do: str
    # what to answer, what to sign
    to_answer_all: str
    to_answer: str
    also: str
    form: Mapping[str, str]  # of what may be answered
    without_value: str
    to_sign: str
    clearing_answer: str
    signed_by: str
    content: str
    perhaps_needed: str
    # the rest
    advice: str
    try_this: str
    clauses: str
    followed: str
    permitted: str
    not_applicable: str
    undecided: str
    assumed: str
    unregulated: str
    # documents that cannot be decided on
    invalid: str
    unreadable: str
    errors: Mapping[str, str]  # by what the engine says in English
    line: str
    standard_input: str
    did_you_mean: str
    of_another: str  # of a document whose kind the policy does not have
    # the end of a run
    documents: Plural
    count_allowed: Plural
    count_denied: Plural
    count_would_break: Plural
    count_breaks_nothing: Plural
    count_invalid: Plural
    count_questions: Plural
    count_signatures: Plural
    progress: Plural
    other_words: str  # of a clause whose sentence is another in the copy given
    columns: tuple[str, ...]  # of a table of answers
    not_reported: Plural  # documents of a kind that no file report names
    # the trace
    trace: str
    legend: str
    absent: str
    unknown: str
    text_of: Plural
    list_of: Plural
    nothing_listed: str
    days: Plural
    detections: Plural
    record: str
    asks: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CompareTexts(SectionTexts):
    """What `somepolicy compare` says."""

    changes: Plural
    no_changes: Plural
    nothing_compared: str
    of: Plural
    same_policy: str
    as_of: str
    as_of_own: str
    decisions: str
    answer: Mapping[str, str]
    advisory_answer: Mapping[str, str]
    clauses: str
    not_cited: str
    others: str
    others_note: Plural
    documents: Plural
    smallest: str
    edits: str
    no_edits: str
    unshown: str
    unshown_note: str
    sort: Mapping[str, str]
    what: Mapping[str, str]
    text_only: str
    no_time_zone: str
    unjudged: Plural
    # the heads of tables
    kind: str
    before: str
    after: str
    number: str
    smallest_document: str
    clause: str
    part: str
    edit: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LogTexts(SectionTexts):
    """What `somepolicy log` says."""

    sound: str
    unsound: str
    entries: str
    erased: Plural
    pruned: Plural
    signed: str
    unsigned: str
    head: str
    keep_head: str
    fault: Mapping[str, str]
    entry: str
    span: str
    more: Plural
    answer: Mapping[str, str]
    malformed: str
    errors: str
    empty: str
    exported: Plural
    dropped: Plural
    blanked: Plural
    logged: str
    left_out: Plural
    refused: str
    flag: str
    notice: str
    read: str
    unread: str
    read_of: Plural
    first_and_last: str
    from_to: str
    none: str
    end: str
    check: str
    checked: str
    checked_chain: str
    not_whole: Plural
    not_signed: str
    mixed_zones: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ReadingsTexts(SectionTexts):
    """What `somepolicy readings` says."""

    title: str
    as_of: str
    readings: Plural
    standing: Mapping[str, str]
    standing_of: Mapping[str, str]  # with who and when
    counted: Mapping[str, Plural]
    no_readings: str
    all_signed: str
    order: str
    moves: str
    relied_on: str
    no_rule: str
    departs: str
    departs_note: str
    tests: str
    tests_note: Plural
    no_tests: str
    stands_at: str
    under: str
    # the heads of the table
    reading: str
    state: str
    rules: str
    denying: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SourceTexts(SectionTexts):
    """What `somepolicy source` says."""

    faithful: str
    drifted: str
    all_accounted: str
    clauses: Plural
    units: Plural
    counts: Mapping[str, Plural]  # of clauses by status, and of new segments
    compared: str
    # groups
    groups: Mapping[str, str]
    lead_in: str
    section: str
    heading: Mapping[str, str]
    # rows
    what: str
    how: Mapping[str, str]
    force_words: str
    nothing: str
    basis: Mapping[str, str]
    now: str
    at_digest: str
    before: str
    after: str
    rules: str
    readings: str
    tests: str
    more: Plural
    # advice at the end
    try_old: str
    follow: str
    # source show
    no_heading: str
    stands_now: str
    not_the_same: str
    is_gone: str
