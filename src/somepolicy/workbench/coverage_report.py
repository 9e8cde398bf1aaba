"""What coverage is: of clauses, of rules, of conditions, and each gap with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from somepolicy.syntax import nodes as n
from somepolicy.syntax.source import Span

_BROKEN = ("violated", "unproven", "advised")
Names = tuple[str, ...]
Truth = bool | None
Ways = Mapping[Truth, bool]


@dataclass(frozen=True)
class ClauseCoverage:
    """The tests by the status that a clause has in their decisions.

    `deciding`: a rule other than a `permit` cites it. `other` is the status that shows it kept:
    advice without a condition is never satisfied, and advice that always stands (None) has no
    other outcome than `advised`.
    """

    name: str
    span: Span
    deciding: bool
    other: str | None
    tests: Mapping[str, Names]

    @property
    def broken(self) -> bool:
        """Whether a test violates it, or has it listed as advice."""
        return "violated" in self.tests or "advised" in self.tests

    @property
    def kept(self) -> bool:
        """Whether a test shows it kept."""
        return self.other is None or self.other in self.tests

    @property
    def covered(self) -> bool:
        """Whether the tests decide it both ways."""
        return self.broken and self.kept if self.deciding else "permitted" in self.tests


@dataclass(frozen=True)
class RuleCoverage:
    """The tests by the outcome of an instance of the rule; `always`: it has no other outcome."""

    name: str
    effect: n.Effect
    span: Span
    always: bool
    tests: Mapping[str, Names]

    @property
    def covered(self) -> bool:
        """Whether some test leaves it unmet and some test does not."""
        if self.effect == "permit":
            return "permitted" in self.tests
        broken = any(x in self.tests for x in _BROKEN)
        return broken and (self.always or bool(set(self.tests) - {*_BROKEN}))


@dataclass(frozen=True)
class CoverageGap:
    """A value with which a condition decides in no test; why, and a change that helps.

    `change` is what a new case needs, `within` the test it starts from. Both are None where
    no change of one or two fields was found; a change found has been tried.
    """

    wanted: bool
    reason: str
    within: str | None = None
    change: str | None = None


@dataclass(frozen=True)
class Atom:
    """A condition that holds no other: how often it had each value, and where it decided.

    `owner` is the rule, definition or predicate, `part` guard, where, condition, exception,
    definition or predicate.
    """

    owner: str
    part: str
    span: Span
    seen: Mapping[Truth, int]
    decided: Mapping[bool, Names]
    gaps: tuple[CoverageGap, ...]

    @property
    def covered(self) -> bool:
        """Whether it decides both ways."""
        return not self.gaps


@dataclass(frozen=True)
class Coverage:
    """What the tests of a policy decide, in order of declaration."""

    policy: str
    version: str
    tests: int
    clauses: tuple[ClauseCoverage, ...]
    rules: tuple[RuleCoverage, ...]
    atoms: tuple[Atom, ...]

    @property
    def percent(self) -> float:
        """Of the clauses that rules decide, those decided both ways."""
        deciding = [each.covered for each in self.clauses if each.deciding]
        return _percent(sum(deciding), len(deciding))

    @property
    def percent_of_conditions(self) -> float:
        """Of the two values of each condition, those with which it decides."""
        filled = sum(2 - len(each.gaps) for each in self.atoms)
        return _percent(filled, 2 * len(self.atoms))


def _percent(part: int, whole: int) -> float:
    return 100.0 * part / whole if whole else 100.0
