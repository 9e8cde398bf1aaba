"""No rule stricter or softer than its clause, and no clause forgotten."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from somepolicy import ir as p
from somepolicy.syntax.diagnostics import Diagnostic, Label

EFFECTS_OF_FORCE: Mapping[str, Collection[str]] = {
    "must": ("require", "forbid", "attest"),
    "must_not": ("require", "forbid", "attest"),
    "should": ("advise",),
    "question": ("advise",),
    "consider": ("advise",),
    "may": ("permit",),
    "info": (),
}


def fidelity(program: p.Program) -> Iterator[Diagnostic]:
    """Yield every way in which the rules and the clauses do not agree."""
    for rule in program.rules:
        yield from _rule(rule, program)
    citing: dict[str, list[p.Rule]] = {}
    for rule in program.rules:
        for name in rule.clauses:
            citing.setdefault(name, []).append(rule)
    for clause in program.clauses.values():
        yield from _clause(clause, citing.get(clause.name, []))


def _rule(rule: p.Rule, program: p.Program) -> Iterator[Diagnostic]:
    context = f"rule `{rule.name}`"
    for name in rule.clauses:
        clause = program.clauses[name]
        if clause.undecided:
            yield Diagnostic(
                "P404",
                f"`{name}` is `undecided`, and yet this rule cites it",
                rule.span,
                "take `undecided` away from the clause, or cite another",
                context,
                (Label(clause.span, "the clause"),),
            )
            continue
        beyond = [kind for kind in rule.kinds if kind not in clause.kinds]
        if beyond:
            concerns = ", ".join(clause.kinds) or "no kind of document"
            yield Diagnostic(
                "P401",
                f"`{name}` concerns {concerns}, not {', '.join(beyond)}",
                rule.span,
                "cite another clause, or move the rule to a file about the right kind",
                context,
            )
        read_so = any(name in program.readings[reading].clauses for reading in rule.readings)
        if rule.effect not in EFFECTS_OF_FORCE[clause.force] and not read_so:
            yield _too_strong_or_weak(rule, clause, context)
    for reading_name in rule.readings:
        reading = program.readings[reading_name]
        if not set(reading.clauses) & set(rule.clauses):
            yield Diagnostic(
                "P405",
                f"reading {reading_name} is of {', '.join(reading.clauses)}, "
                f"not of {', '.join(rule.clauses)}",
                rule.span,
                "name a reading of the cited clause, or add the clause to the reading",
                context,
                labels=(Label(reading.span, "the reading"),),
            )


def _too_strong_or_weak(rule: p.Rule, clause: p.Clause, context: str) -> Diagnostic:
    allowed = EFFECTS_OF_FORCE[clause.force]
    fitting = " or ".join(f"`{effect}`" for effect in allowed) or "no rule at all"
    return Diagnostic(
        "P402",
        f"`{rule.effect}` does not fit the force `{clause.force}` of `{clause.name}`",
        rule.span,
        f"that force takes {fitting}; anything else needs `under` a reading of the clause",
        context,
        (Label(clause.span, "the clause"),),
    )


def _clause(clause: p.Clause, citing: list[p.Rule]) -> Iterator[Diagnostic]:
    if not citing and not clause.undecided:
        yield Diagnostic(
            "P403",
            f"no rule cites `{clause.name}`",
            clause.span,
            "write a rule, or say with `undecided` why no rule can decide it",
        )
    if not citing or clause.undecided:
        return
    covered = {kind for rule in citing for kind in rule.kinds}
    lacking = [kind for kind in clause.kinds if kind not in covered]
    if lacking:
        yield Diagnostic(
            "P407",
            f"`{clause.name}` concerns {', '.join(lacking)}, where no rule cites it",
            clause.span,
            "write a rule for that kind, or correct `kinds`",
        )
