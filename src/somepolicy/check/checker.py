"""Modules + manifest + schemas -> Program: the whole of the checking, in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from somepolicy import ir as p
from somepolicy.check.alike import alike
from somepolicy.check.bounds import MOST_LISTS_NESTED, lists_nested
from somepolicy.check.expressions import Typer
from somepolicy.check.fidelity import EFFECTS_OF_FORCE, fidelity
from somepolicy.check.log_table import logging
from somepolicy.check.manifest import Manifest, name_span
from somepolicy.check.messages import localised, message, problem_collector
from somepolicy.check.names import Scope
from somepolicy.check.polarity import failing_open
from somepolicy.check.symbols import Placed, collect
from somepolicy.check.type_rules import comparable, constant, named
from somepolicy.check.warnings import remarks
from somepolicy.ir import types as t
from somepolicy.ir.schemas import KindSchema
from somepolicy.lexicon import Lexicon
from somepolicy.syntax import nodes as n
from somepolicy.syntax.diagnostics import Diagnostic, PolicyError, did_you_mean, in_order
from somepolicy.syntax.source import Source, Span

_BINDS = ("unit", "employee", "both")
_PARAMETER_TYPES: Mapping[str, t.Type] = {
    "number": t.Number(),
    "integer": t.Number(whole=True),
    "text": t.Text(),
    "boolean": t.Boolean(),
    "date": t.Date(),
}
_UNUSED = "use it in a rule, or delete it"
K = TypeVar("K")


@dataclass(frozen=True)
class Checked:
    """A usable policy and the warnings about it."""

    program: p.Program
    warnings: tuple[Diagnostic, ...]


def check(
    modules: Iterable[n.Module],
    manifest: Manifest,
    manifest_source: Source,
    schemas: Mapping[str, KindSchema],
    lexicons: Mapping[str, Lexicon],
    digest: str,
) -> Checked:
    """Check a policy. Raises PolicyError with every error, in order of place."""
    checker = _Checker(tuple(modules), manifest, manifest_source, schemas, lexicons)
    program = checker.program(digest)
    found = in_order(checker.problems(program))
    errors = [diagnostic for diagnostic in found if diagnostic.severity == "error"]
    if errors:
        raise PolicyError(errors)
    return Checked(program, found)


class _Checker:
    def __init__(
        self,
        modules: tuple[n.Module, ...],
        manifest: Manifest,
        manifest_source: Source,
        schemas: Mapping[str, KindSchema],
        lexicons: Mapping[str, Lexicon],
    ) -> None:
        self.lexicons = lexicons
        self.manifest = manifest
        self.manifest_source = manifest_source
        self.schemas = schemas
        self.modules = modules
        self.languages = tuple(manifest.languages)
        self.symbols = collect(modules, manifest)
        records = {kind: schema.record for kind, schema in schemas.items()}
        self.typer = Typer(self.symbols, records, tuple(manifest.roles), frozenset(lexicons))
        self.errors: list[Diagnostic] = []
        self.fail = problem_collector(self.errors)

    def program(self, digest: str) -> p.Program:
        """Build the program; what could not be built is left out and told by `problems`."""
        parameters = _present(
            {name: self.parameter(x) for name, x in self.symbols.parameters.items()}
        )
        clauses = {
            name: self.clause(order, node)
            for order, (name, node) in enumerate(self.symbols.clauses.items())
        }
        readings = {name: self.reading(node) for name, node in self.symbols.readings.items()}
        self.unknown_overrides()
        rules = tuple(
            rule
            for placed in self.symbols.rules.values()
            if (rule := self.rule(placed)) is not None
        )
        self.unused_definitions()
        kinds = {name: self.kind(name) for name in self.manifest.kinds}
        return p.Program(
            name=self.manifest.name,
            version=self.manifest.version,
            languages=self.languages,
            digest=digest,
            roles=tuple(self.manifest.roles),
            kinds=kinds,
            sections={
                number: p.Section(number, node.title, node.digest, node.span)
                for number, node in self.symbols.sections.items()
            },
            lead_ins=tuple(self.lead_in(node) for node in self.symbols.lead_ins.values()),
            clauses=clauses,
            readings=readings,
            definitions=_present(self.typer.definitions),
            predicates=_present(self.typer.predicates),
            parameters=parameters,
            rules=rules,
            unregulated=tuple(
                found
                for placed in self.symbols.unregulated
                if (found := self.unregulated(placed)) is not None
            ),
            lexicons=self.lexicons,
            time_zone=self.manifest.time_zone,
            logging=logging(self.manifest, self.manifest_source, kinds, self.errors.append),
        )

    def problems(self, program: p.Program) -> list[Diagnostic]:
        """Return every error and warning met, fidelity included once all names are known."""
        found = [*self.symbols.errors, *self.errors, *self.typer.errors]
        if not any(diagnostic.severity == "error" for diagnostic in found):
            found += fidelity(program)
            found += self.unused()
            found += remarks(program)
            found += alike(
                self.symbols, self.modules, self.manifest, self.manifest_source, self.schemas
            )
        return found

    # --- declarations

    def kind(self, name: str) -> p.Kind:
        regime = self.symbols.regimes.get(name)
        notice = None
        if regime is not None and regime.notice:
            notice = localised(regime.notice, self.languages, regime.span, self.fail)
        denies = regime is None or not regime.unproven_advises
        return p.Kind(name, self.schemas[name], denies, notice)

    def lead_in(self, node: n.LeadIn) -> p.LeadIn:
        if node.force is not None and node.force.text not in EFFECTS_OF_FORCE:
            self.choose("force", node.force, EFFECTS_OF_FORCE)
        force = None if node.force is None else node.force.text
        return p.LeadIn(node.locator, node.digests, force, node.span)

    def clause(self, order: int, node: n.Clause) -> p.Clause:
        for ident in (node.force, node.under):
            if ident is not None and ident.text not in EFFECTS_OF_FORCE:
                self.choose("force", ident, EFFECTS_OF_FORCE)
        if node.binds.text not in _BINDS:
            self.choose("addressee", node.binds, _BINDS)
        for kind in node.kinds:
            if kind.text not in self.manifest.kinds:
                self.fail(
                    "P208",
                    f"unknown kind of document `{kind.text}`",
                    kind.span,
                    did_you_mean(kind.text, self.manifest.kinds)
                    or f"policy.toml has {', '.join(self.manifest.kinds)}",
                )
        return p.Clause(
            name=node.name.text,
            order=order,
            locator=node.locator,
            digests=node.digests,
            force=node.force.text if node.force.text in EFFECTS_OF_FORCE else "info",
            under=None if node.under is None else node.under.text,
            binds=node.binds.text,
            kinds=tuple(kind.text for kind in node.kinds),
            law=node.law,
            condition=self.optional(node.condition, node.name.span),
            says=localised(node.says, self.languages, node.name.span, self.fail),
            undecided=self.optional(node.undecided, node.name.span),
            span=node.name.span,
        )

    def choose(self, what: str, ident: n.Ident, choices: Iterable[str]) -> None:
        listed = list(choices)
        self.fail(
            "P202",
            f"unknown {what} `{ident.text}`",
            ident.span,
            did_you_mean(ident.text, listed) or f"it is one of {', '.join(listed)}",
        )

    def optional(self, texts: n.Texts, at: Span) -> dict[str, str] | None:
        return localised(texts, self.languages, at, self.fail) if texts else None

    def reading(self, node: n.Reading) -> p.Reading:
        return p.Reading(
            node.name.text,
            self.known_clauses(node.clauses),
            localised(node.says, self.languages, node.name.span, self.fail),
            node.signed,
            node.name.span,
        )

    def known_clauses(self, idents: tuple[n.Ident, ...]) -> tuple[str, ...]:
        """Return the clauses that exist, in order of declaration, each once."""
        for ident in idents:
            if ident.text not in self.symbols.clauses:
                self.fail(
                    "P204",
                    f"unknown clause `{ident.text}`",
                    ident.span,
                    did_you_mean(ident.text, self.symbols.clauses)
                    or f"a clause is declared as `clause {ident.text} at …`",
                )
        named = {ident.text for ident in idents if ident.text in self.symbols.clauses}
        return tuple(sorted(named, key=self.symbols.clause_order.__getitem__))

    def parameter(self, node: n.Parameter) -> p.Parameter | None:
        kind = self.parameter_type(node)
        if kind is None:
            return None
        if node.says:
            localised(node.says, self.languages, node.name.span, self.fail)
        values = [self.parameter_value(dated, kind) for dated in node.values]
        good = [value for value in values if value is not None]
        if len(good) < len(values):
            return None
        starts = [value.since for value in good]
        if len(set(starts)) < len(starts):
            self.fail(
                "P311",
                "two values begin on the same day",
                node.name.span,
                "a later value needs the day it holds from, as `80 from 2027-01-01`; "
                "decimals stand after a point, as `1.5`",
            )
        overridden = node.name.text in self.manifest.parameters
        if overridden:
            good = self.override(node, kind)
        good.sort(key=lambda value: value.since.toordinal() if value.since else 0, reverse=True)
        self.typer.parameter_types[node.name.text] = kind
        return p.Parameter(node.name.text, kind, tuple(good), overridden)

    def parameter_type(self, node: n.Parameter) -> t.Type | None:
        if node.type is None:
            return t.Enumeration(tuple(str(choice.value) for choice in node.choices))
        if node.type.text not in _PARAMETER_TYPES:
            self.choose("type", node.type, [*_PARAMETER_TYPES, "one of (…)"])
            return None
        return _PARAMETER_TYPES[node.type.text]

    def parameter_value(self, dated: n.Dated, kind: t.Type) -> p.ParameterValue | None:
        if isinstance(dated.value, n.Literal):
            value = constant(dated.value)
            if not isinstance(value.value, tuple) and _fits(value, kind):
                return p.ParameterValue(value.value, dated.since)
        self.misfit(dated.value, kind)
        return None

    def misfit(self, node: n.Expr, kind: t.Type) -> None:
        """Say why a parameter cannot have this value."""
        value = node.value if isinstance(node, n.Literal) else None
        if value is None:
            help = "a parameter has a fixed value; what is worked out is named with `define`"
        elif isinstance(kind, t.Enumeration):
            listed = ", ".join(f'`"{choice}"`' for choice in kind.values)
            help = did_you_mean(str(value), kind.values) or f"the values are {listed}"
        elif isinstance(value, str):
            help = f"{named(kind)} is written without quotes"
        elif isinstance(kind, t.Text):
            help = "a text stands in double quotes"
        else:
            help = f"write {named(kind)}, or change the type of the parameter"
        self.fail("P311", f"this is not {named(kind)}", node.span, help)

    def override(self, node: n.Parameter, kind: t.Type) -> list[p.ParameterValue]:
        """Take the value of policy.toml, which holds at all times."""
        name = node.name.text
        value = constant(n.Literal(self.manifest.parameters[name], self.manifest_span(name)))
        if isinstance(value.value, tuple) or not _fits(value, kind):
            self.fail(
                "P311",
                f"the value of `{name}` is not {named(kind)}",
                value.span,
                "policy.toml sets a value of the type that the parameter has",
            )
            return []
        return [p.ParameterValue(value.value, None)]

    def unknown_overrides(self) -> None:
        for name in self.manifest.parameters.keys() - self.symbols.parameters.keys():
            self.fail(
                "P202",
                f"unknown parameter `{name}`",
                self.manifest_span(name),
                did_you_mean(name, self.symbols.parameters)
                or "a parameter is declared in a `.pol` file",
            )

    def manifest_span(self, name: str) -> Span:
        return name_span(self.manifest_source, name)

    def unregulated(self, placed: Placed[n.Unregulated]) -> p.Unregulated | None:
        node = placed.node
        says = localised(node.says, self.languages, node.path.span, self.fail)
        scope = Scope(placed.root, placed.kinds, {})
        read = self.typer.name(n.Name(node.path, node.path.span), scope)
        if not isinstance(read, p.Read) or not read.path:
            if read is not None:
                self.fail(
                    "P312",
                    "a field of the document is needed",
                    node.path.span,
                    f"write a path as `{placed.root}.…`",
                )
            return None
        return p.Unregulated(placed.kinds, read.path, says)

    # --- rules

    def rule(self, placed: Placed[n.Rule]) -> p.Rule | None:
        node, typer = placed.node, self.typer
        typer.context = f"rule `{node.name.text}`"
        clauses = self.known_clauses(node.cites)
        cited = {ident.text for ident in node.cites}
        single = node.cites[0].text if len(cited) == 1 else None
        scope = Scope(placed.root, placed.kinds, {}, single, in_rule=True)
        before = len(typer.errors)
        guard = None if node.when is None else typer.condition(node.when, scope)
        each = self.each(node.each, scope)
        inner = scope
        if each is not None and isinstance(each.container.type, t.ListOf):
            inner = scope.with_variable(each.variable, each.container.type.element)
        condition = exception = None
        if node.each is None or each is not None:
            condition = None if node.condition is None else typer.condition(node.condition, inner)
            exception = None if node.unless is None else typer.condition(node.unless, inner)
        shown = None if node.each is not None and each is None else inner
        rule = p.Rule(
            name=node.name.text,
            effect=node.effect,
            kinds=placed.kinds,
            clauses=clauses,
            readings=self.known_readings(node.under),
            each=each,
            guard=guard,
            forbids=node.sense == "if",
            condition=condition,
            exception=exception,
            question=self.question(node, single, shown),
            says=message(node.says or node.asks, self.languages, node.name.span, typer, shown),
            remedy=message(node.remedy, self.languages, node.name.span, typer, shown)
            if node.remedy
            else None,
            span=node.name.span,
            source=placed.module.source,
        )
        if len(typer.errors) == before:
            self.polarity(rule)
            self.nesting(rule)
        typer.context = None
        return rule if clauses else None

    def each(self, node: n.Each | None, scope: Scope) -> p.Each | None:
        if node is None:
            return None
        container = self.typer.list_of(node.container, scope)
        if container is None or not self.typer.fresh(node.variable, scope):
            return None
        assert isinstance(container.type, t.ListOf)
        inner = scope.with_variable(node.variable.text, container.type.element)
        where = None if node.where is None else self.typer.condition(node.where, inner)
        return p.Each(node.variable.text, container, where)

    def known_readings(self, idents: tuple[n.Ident, ...]) -> tuple[str, ...]:
        for ident in idents:
            if ident.text not in self.symbols.readings:
                self.typer.fail(
                    "P205",
                    f"unknown reading `{ident.text}`",
                    ident.span,
                    did_you_mean(ident.text, self.symbols.readings)
                    or f"a reading is declared as `reading {ident.text} of …`",
                )
        named = {ident.text for ident in idents}
        return tuple(name for name in self.symbols.readings if name in named)

    def question(self, node: n.Rule, clause: str | None, scope: Scope | None) -> p.Question | None:
        if node.effect != "attest" or node.answer is None:
            return None
        if clause is None:
            self.typer.fail(
                "P406",
                "an attestation answers for exactly one clause",
                node.name.span,
                "split the rule",
            )
            return None
        if scope is not None:
            self.typer.attestable(scope.kinds, node.name.span)
        roles = self.typer.known_roles(node.by)
        asks = message(node.asks, self.languages, node.name.span, self.typer, scope)
        return None if roles is None else p.Question(clause, asks, node.answer, roles)

    def polarity(self, rule: p.Rule) -> None:
        binding = any(
            self.symbols.clauses[name].force.text in ("must", "must_not") for name in rule.clauses
        )
        if not rule.denies or not binding:
            return  # a should that denies does so under a reading, which may spare the absent
        for test in failing_open(rule, self.typer.definitions, self.typer.predicates):
            asked = isinstance(test, p.Attestation)
            self.typer.fail(
                "P307",
                f"an absent {'attestation' if asked else 'fact'} would help this rule to pass",
                test.span,
                "let the attestation help instead: demand it with `attest`, or spare with "
                "`unless attested …` what somebody has answered for"
                if asked
                else "ask for the value itself: an absent fact is unknown, and the rule unproven; "
                "or, where absence means none, say `x-absent: none` in the schema",
            )

    def nesting(self, rule: p.Rule) -> None:
        each = 1 if rule.each else 0
        where = rule.each.where if rule.each else None
        for part, around in (
            (rule.guard, 0),
            (where, each),
            (rule.condition, each),
            (rule.exception, each),
        ):
            if part is not None:
                self.bound(part, around)

    def bound(self, part: p.Expr, around: int) -> None:
        """Refuse lists within lists beyond the bound; `around` counts those outside the part."""
        if around + lists_nested(part, self.typer.predicates) > MOST_LISTS_NESTED:
            self.typer.fail(
                "P504",
                f"lists are gone through within lists more than {MOST_LISTS_NESTED} deep",
                part.span,
                "name the inner part with `define`, which is worked out once per document",
            )

    # --- warnings

    def unused_definitions(self) -> None:
        """Type what no rule uses too, so that its mistakes are told."""
        for name, placed in self.symbols.definitions.items():
            if placed.node.parameters:
                self.typer.parameters(placed)
            elif (definition := self.typer.definition(name)) is not None:
                self.typer.context = f"definition `{name}`"
                self.bound(definition.body, 0)
                self.typer.context = None

    def unused(self) -> list[Diagnostic]:
        found = [
            Diagnostic(
                "P701", f"the definition `{name}` is not used", placed.node.name.span, _UNUSED
            )
            for name, placed in self.symbols.definitions.items()
            if name not in self.typer.used
        ]
        found += [
            Diagnostic("P701", f"the parameter `{name}` is not used", node.name.span, _UNUSED)
            for name, node in self.symbols.parameters.items()
            if name not in self.typer.used
        ]
        return found


def _present(mapping: Mapping[str, K | None]) -> dict[str, K]:
    return {name: value for name, value in mapping.items() if value is not None}


def _fits(value: p.Constant, kind: t.Type) -> bool:
    if isinstance(kind, t.Enumeration):
        return value.value in kind.values
    if isinstance(kind, t.Number):
        return isinstance(value.type, t.Number) and (value.type.whole or not kind.whole)
    return comparable(value.type, kind) and type(value.type) is type(kind)
