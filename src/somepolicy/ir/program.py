"""The whole of a checked policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from somepolicy.ir.clauses import Clause, LeadIn, Reading, Section
from somepolicy.ir.kinds import Kind, Logging, Topic, Unregulated
from somepolicy.ir.parameters import Parameter
from somepolicy.ir.rules import Definition, Predicate, Rule
from somepolicy.lexicon import Lexicon


@dataclass(frozen=True)
class Program:
    """A checked policy. Mappings keep the order of declaration."""

    name: str
    version: str
    languages: tuple[str, ...]
    digest: str
    roles: tuple[str, ...]
    kinds: Mapping[str, Kind]
    sections: Mapping[int, Section]
    lead_ins: tuple[LeadIn, ...]
    clauses: Mapping[str, Clause]
    readings: Mapping[str, Reading]
    definitions: Mapping[str, Definition]
    predicates: Mapping[str, Predicate]
    parameters: Mapping[str, Parameter]
    rules: tuple[Rule, ...]
    unregulated: tuple[Unregulated, ...]
    topics: Mapping[str, Topic]
    lexicons: Mapping[str, Lexicon]
    logging: Logging = field(default_factory=Logging)
    time_zone: str | None = None
