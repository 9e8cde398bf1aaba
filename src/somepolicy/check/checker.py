"""Modules + manifest + schemas -> Program: the whole of the checking, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from somepolicy import ir as p
from somepolicy.check.alike import alike
from somepolicy.check.bounds import bound_lists
from somepolicy.check.context import PolicyContext, Scope
from somepolicy.check.declarations import clause, kind, lead_in, reading, topic, unregulated
from somepolicy.check.definitions import definition
from somepolicy.check.expressions import expr
from somepolicy.check.fidelity import fidelity
from somepolicy.check.log_table import logging
from somepolicy.check.manifest import Manifest
from somepolicy.check.names import fresh
from somepolicy.check.parameters import parameter, refuse_unknown_overrides
from somepolicy.check.rules import rule
from somepolicy.check.symbols import collect
from somepolicy.check.warnings import remarks
from somepolicy.ir import types as t
from somepolicy.ir.schemas import KindSchema
from somepolicy.lexicon import Lexicon
from somepolicy.syntax import nodes as n
from somepolicy.syntax.diagnostics import Diagnostic, PolicyError, in_order
from somepolicy.syntax.source import Source

K = TypeVar("K")
V = TypeVar("V")


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
    modules = tuple(modules)
    symbols = collect(modules, manifest)
    records = {name: schema.record for name, schema in schemas.items()}
    policy = PolicyContext(symbols, manifest, records, lexicons)
    program = _program(policy, manifest_source, schemas, lexicons, digest)
    found = [*symbols.errors, *policy.errors]
    if not any(diagnostic.severity == "error" for diagnostic in found):
        found += [*fidelity(program), *_unused(policy), *remarks(program)]
        found += alike(symbols, modules, manifest, manifest_source, schemas)
    ordered = in_order(found)
    errors = [diagnostic for diagnostic in ordered if diagnostic.severity == "error"]
    if errors:
        raise PolicyError(errors)
    return Checked(program, ordered)


def _program(
    policy: PolicyContext,
    manifest_source: Source,
    schemas: Mapping[str, KindSchema],
    lexicons: Mapping[str, Lexicon],
    digest: str,
) -> p.Program:
    """Build the program; what could not be built is left out, and its error noted."""
    symbols, manifest = policy.symbols, policy.manifest
    parameters = {
        name: parameter(node, policy, manifest_source) for name, node in symbols.parameters.items()
    }
    refuse_unknown_overrides(policy, manifest_source)
    rules = [rule(placed, policy) for placed in symbols.rules.values()]
    _type_definitions(policy)
    kinds = {name: kind(name, schemas[name], policy) for name in manifest.kinds}
    return p.Program(
        name=manifest.name,
        version=manifest.version,
        languages=tuple(manifest.languages),
        digest=digest,
        roles=tuple(manifest.roles),
        kinds=kinds,
        sections={
            number: p.Section(number, node.title, node.digest, node.span)
            for number, node in symbols.sections.items()
        },
        lead_ins=tuple(lead_in(node, policy) for node in symbols.lead_ins.values()),
        clauses={
            name: clause(order, node, policy)
            for order, (name, node) in enumerate(symbols.clauses.items())
        },
        readings={name: reading(node, policy) for name, node in symbols.readings.items()},
        definitions=_present(policy.definitions),
        predicates=_present(policy.predicates),
        parameters=_present(parameters),
        rules=_typed(rules),
        unregulated=_typed(unregulated(placed, policy) for placed in symbols.unregulated),
        topics={name: topic(node, policy) for name, node in symbols.topics.items()},
        lexicons=lexicons,
        time_zone=manifest.time_zone,
        logging=logging(manifest, manifest_source, kinds, policy.errors.append),
    )


def _type_definitions(policy: PolicyContext) -> None:
    """Type what no rule uses too, so that its mistakes are reported."""
    for name, placed in policy.symbols.definitions.items():
        what = "predicate" if placed.node.parameters else "definition"
        scope = Scope(policy, placed.root, placed.kinds, {}, f"{what} `{name}`")
        for ident in placed.node.parameters:
            fresh(ident, scope)  # hides no name, and no parameter before it
            scope = scope.with_variable(ident.text, t.Boolean())
        if not placed.node.parameters and (found := definition(name, policy, expr)) is not None:
            bound_lists(found.body, 0, scope)


def _unused(policy: PolicyContext) -> Iterator[Diagnostic]:
    names = {name: placed.node.name for name, placed in policy.symbols.definitions.items()}
    parameters = {name: node.name for name, node in policy.symbols.parameters.items()}
    for what, idents in (("definition", names), ("parameter", parameters)):
        for name, ident in idents.items():
            if name not in policy.used:
                message = f"the {what} `{name}` is not used"
                yield Diagnostic("P701", message, ident.span, "use it in a rule, or delete it")


def _present(mapping: Mapping[K, V | None]) -> dict[K, V]:
    return {name: value for name, value in mapping.items() if value is not None}


def _typed(found: Iterable[V | None]) -> tuple[V, ...]:
    return tuple(value for value in found if value is not None)
