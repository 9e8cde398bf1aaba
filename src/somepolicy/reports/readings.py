"""The register of readings: what each interpretation moves, what relies on it, who signed it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from somepolicy import ir as p
from somepolicy.backends.walk.reference import trace
from somepolicy.check.fidelity import EFFECTS_OF_FORCE
from somepolicy.engine.decision import Localised, PolicyRef
from somepolicy.engine.evaluation import StatusCode
from somepolicy.functions.something import says_something
from somepolicy.policy import Policy
from somepolicy.reports.model import Cell
from somepolicy.syntax.diagnostics import Diagnostic, Label
from somepolicy.syntax.nodes import Effect
from somepolicy.texts.catalogue import texts
from somepolicy.workbench.load import example_folders, load_suite
from somepolicy.workbench.mutation import settings

Standing = Literal["proposed", "dated_ahead", "signed"]
_MOST_LABELS = 3
_ORDER: Mapping[Standing, int] = {"proposed": 0, "dated_ahead": 1, "signed": 2}


@dataclass(frozen=True, slots=True)
class MovedClause:
    """A clause the reading is of. `under` is the force of its lead-in, None: it has none."""

    name: str
    locator: str
    force: str
    under: str | None
    says: Localised


@dataclass(frozen=True, slots=True)
class RelyingRule:
    """A rule that names the reading.

    `departs` holds the clauses of the reading whose force takes another effect: the rule is
    stricter or softer than they are, and only a reading allows that. `tests` is how many tests
    and cases have an instance of the rule that applies; None: the policy has no tests.
    """

    name: str
    effect: Effect
    departs: tuple[str, ...]
    tests: int | None

    @property
    def denies(self) -> bool:
        """Whether a violated instance denies."""
        return self.effect in ("require", "forbid", "attest")


@dataclass(frozen=True, slots=True)
class Entry:
    """One reading. Clauses and rules are in order of declaration.

    `signed_by` is a title in the policy's own words and `signed_on` its day, None while it is
    proposed. A signature of a day to come is `dated_ahead` and does not count yet. `tests`
    counts each test once, though it exercises several of the rules. `where` is `file:line`.
    """

    name: str
    says: Localised
    standing: Standing
    signed_by: str | None
    signed_on: datetime.date | None
    clauses: tuple[MovedClause, ...]
    rules: tuple[RelyingRule, ...]
    tests: int | None
    where: str

    @property
    def denying(self) -> int:
        """How many rules that deny rely on the reading."""
        return sum(rule.denies for rule in self.rules)


@dataclass(frozen=True, slots=True)
class Register:
    """Every reading of a policy as of a day, those that wait for a signature first.

    Among those of one standing the first has most rules that deny relying on it, then most
    rules, then comes the order of declaration.
    """

    policy: PolicyRef
    day: datetime.date
    entries: tuple[Entry, ...]

    @property
    def unsigned(self) -> tuple[Entry, ...]:
        """Those whose signature is still to come."""
        return tuple(entry for entry in self.entries if entry.standing != "signed")


def register(policy: Policy, day: datetime.date) -> Register:
    """Draw up the register. `day` says which signatures are given yet.

    The tests in the policy's folder are evaluated, about 2 ms each. Raises PolicyError where a
    test file is wrong.
    """
    program = policy.program
    tests = _exercising(policy)
    entries = [_entry(reading, program, tests, day) for reading in program.readings.values()]
    ranked = sorted(entries, key=lambda x: (_ORDER[x.standing], -x.denying, -len(x.rules)))
    reference = PolicyRef(program.name, program.version, program.digest)
    return Register(reference, day, tuple(ranked))


def unsigned_readings(program: p.Program, day: datetime.date) -> tuple[Diagnostic, ...]:
    """Return an error P408 for every reading without a signature that holds on the day."""
    return tuple(
        _unsigned(reading, program, day)
        for reading in program.readings.values()
        if standing(reading, day) != "signed"
    )


def standing(reading: p.Reading, day: datetime.date) -> Standing:
    """Return what a reading is on a day; one signed by a blank title is only proposed."""
    if reading.signed is None or not says_something(reading.signed.role):
        return "proposed"
    return "dated_ahead" if reading.signed.on > day else "signed"


def signature(reading: p.Reading, day: datetime.date, language: str) -> Cell:
    """Say in the words of `somepolicy readings` whether a reading is signed on the day, by whom."""
    found = standing(reading, day)
    by, on = (None, None) if reading.signed is None else (reading.signed.role, reading.signed.on)
    text = texts(language).readings.standing_of[found].format(by=by, on=on)
    return Cell(text, tone="good" if found == "signed" else "open")


def _unsigned(reading: p.Reading, program: p.Program, day: datetime.date) -> Diagnostic:
    signed = reading.signed
    help = 'a reading is settled by `status signed "title of who decided" on YYYY-MM-DD`'
    if signed is None:
        message = f"reading {reading.name} is only proposed"
    elif standing(reading, day) == "proposed":
        message = f"reading {reading.name} is signed by no one"
    else:
        message = f"reading {reading.name} is signed on {signed.on}, which is still to come"
        help = "a signature counts from its day on: correct the day, or wait"
    relying = [rule for rule in program.rules if reading.name in rule.readings]
    shown = tuple(Label(rule.span, f"rule `{rule.name}`") for rule in relying[:_MOST_LABELS])
    rules = "1 rule relies" if len(relying) == 1 else f"{len(relying)} rules rely"
    more = f", and {rules} on it" if relying else ""
    return Diagnostic("P408", message + more, reading.span, help, None, shown)


def _entry(
    reading: p.Reading,
    program: p.Program,
    tests: Mapping[str, frozenset[str]] | None,
    day: datetime.date,
) -> Entry:
    rules = [rule for rule in program.rules if reading.name in rule.readings]
    clauses = [program.clauses[name] for name in program.clauses if name in reading.clauses]
    stands = standing(reading, day)
    # a blank title has signed nothing
    signed = None if stands == "proposed" else reading.signed
    line, _ = reading.span.source.position(reading.span.start)
    exercising = None if tests is None else frozenset[str]().union(*(tests[x.name] for x in rules))
    return Entry(
        name=reading.name,
        says=reading.says,
        standing=stands,
        signed_by=None if signed is None else signed.role,
        signed_on=None if signed is None else signed.on,
        clauses=tuple(MovedClause(c.name, c.locator, c.force, c.under, c.says) for c in clauses),
        rules=tuple(
            RelyingRule(
                rule.name,
                rule.effect,
                _departs(rule, clauses),
                None if tests is None else len(tests[rule.name]),
            )
            for rule in rules
        ),
        tests=None if exercising is None else len(exercising),
        where=f"{reading.span.source.path}:{line}",
    )


def _departs(rule: p.Rule, clauses: list[p.Clause]) -> tuple[str, ...]:
    return tuple(
        clause.name
        for clause in clauses
        if clause.name in rule.clauses and rule.effect not in EFFECTS_OF_FORCE[clause.force]
    )


def _exercising(policy: Policy) -> Mapping[str, frozenset[str]] | None:
    """Return the names of the tests that each rule applies in; None where there are no tests.

    An installed policy has its tests without the documents they are about: none can be run.
    """
    if not example_folders(policy.folder):
        return None
    suite = load_suite(policy, policy.folder)
    if not suite.rows:
        return None
    found: dict[str, set[str]] = {rule.name: set() for rule in policy.program.rules}
    for setting in settings(policy, suite):
        for instance in trace(setting.policy.program, setting.kind, setting.context):
            if instance.status is not StatusCode.NOT_APPLICABLE:
                found[instance.rule.name].add(setting.trial.name)
    return {name: frozenset(tests) for name, tests in found.items()}
