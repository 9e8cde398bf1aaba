"""Coverage by line: a line counts as often as the conditions and rules on it were evaluated."""

from __future__ import annotations

from dataclasses import dataclass

from somepolicy.syntax.source import Source, Span
from somepolicy.workbench.coverage_report import Atom, Coverage, RuleCoverage


@dataclass(frozen=True)
class CoverageLine:
    """The conditions and the names of rules that stand on one line of a file; at least one."""

    atoms: tuple[Atom, ...]
    rules: tuple[RuleCoverage, ...]

    @property
    def hits(self) -> int:
        """How often it was evaluated; of several conditions, the one evaluated most."""
        evaluated = [sum(atom.seen.values()) for atom in self.atoms]
        return max([*evaluated, *map(runs, self.rules)])

    @property
    def branches(self) -> tuple[int, ...]:
        """How many tests each branch decided: two for each condition, true and false."""
        return tuple(len(atom.decided[value]) for atom in self.atoms for value in (True, False))

    @property
    def whole(self) -> bool:
        """Whether each condition decides both ways and each rule is covered."""
        return all(self.branches) and all(rule.covered for rule in self.rules)


def lines_of(coverage: Coverage) -> dict[Source, dict[int, CoverageLine]]:
    """Return the lines with a condition or the name of a rule, by file, in order, from 1."""
    atoms: dict[tuple[Source, int], list[Atom]] = {}
    rules: dict[tuple[Source, int], list[RuleCoverage]] = {}
    for atom in coverage.atoms:
        atoms.setdefault(_line_of(atom.span), []).append(atom)
    for rule in coverage.rules:
        rules.setdefault(_line_of(rule.span), []).append(rule)
    places = sorted({*atoms, *rules}, key=lambda place: (place[0].path, place[1]))
    files: dict[Source, dict[int, CoverageLine]] = {}
    for place in places:
        line = CoverageLine(tuple(atoms.get(place, ())), tuple(rules.get(place, ())))
        files.setdefault(place[0], {})[place[1]] = line
    return files


def runs(rule: RuleCoverage) -> int:
    """Return in how many tests the rule was evaluated."""
    return len({name for names in rule.tests.values() for name in names})


def _line_of(span: Span) -> tuple[Source, int]:
    return span.source, span.source.position(span.start)[0]
