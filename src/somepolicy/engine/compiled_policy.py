"""What a decision needs to know of a policy, and nothing else: data that `repr` writes out.

A checked program is lowered to these descriptors. They hold no place in a text, no type and no
expression, so that a process that only decides loads neither the language nor the checker.
"""

import datetime
from collections.abc import Mapping
from typing import Literal, NamedTuple

from somepolicy.json_type import Json
from somepolicy.lexicon import Lexicon

Localised = Mapping[str, str]
FieldPath = tuple[str, ...]
ParameterSetting = bool | int | float | str | datetime.date | datetime.datetime | None
Effect = Literal["require", "forbid", "attest", "advise", "permit"]
Force = Literal["must", "must_not", "should", "consider", "may", "info", "question"]
EACH = "*"


class Shown(NamedTuple):
    """A field shown in a message: of the element at hand, or of the document.

    `labels[value][language]` is what people call a value of an enumeration. An `instant` is shown
    in the time zone of the policy.
    """

    of_element: bool
    path: FieldPath
    default: Json
    labels: Mapping[str, Localised] | None
    instant: bool = False


Template = Mapping[str, str | tuple[str | Shown, ...]]
"""A message by language: a text, or its pieces where fields are shown in it."""


class QuestionDescriptor(NamedTuple):
    """What an `attest` rule asks, the answer that clears it, and whose word counts."""

    clause: str
    asks: Template
    answer: Literal["yes", "no"]
    roles: tuple[str, ...]


class RuleDescriptor(NamedTuple):
    """A rule; `denies` says whether a violated instance does.

    `strength` and `order` place its findings: of its clauses the strongest, the first.
    """

    name: str
    effect: Effect
    clauses: tuple[str, ...]
    readings: tuple[str, ...]
    says: Template
    remedy: Template | None
    question: QuestionDescriptor | None
    denies: bool
    strength: int
    order: int


class ClauseDescriptor(NamedTuple):
    """A clause as it is cited; `undecided` says why no rule decides it, if so."""

    name: str
    locator: str
    force: Force
    says: Localised
    digests: tuple[str, ...]
    undecided: Localised | None


class ChunkDescriptor(NamedTuple):
    """A function of the generated code and the rules it evaluates, in order.

    It notes in a list which do not hold, or permit, as most do.
    """

    function: str
    rules: tuple[int, ...]


class SelectorDescriptor(NamedTuple):
    """Rules that apply at one value of a field: chunks for each value.

    Where the field is absent nothing is known and all of them run.
    """

    path: FieldPath
    chunks: Mapping[str, tuple[ChunkDescriptor, ...]]


class UnregulatedDescriptor(NamedTuple):
    """A field no clause is about: where it is one of `values`, else present and not false.

    In the path None stands for every element of a list. `says` is what the policy says of it.
    """

    path: tuple[str | None, ...]
    values: tuple[Json, ...] | None
    says: Localised


class KindDescriptor(NamedTuple):
    """A kind of document.

    `rules` are the names of its rules in order; `citing` names each clause with the indexes of
    the rules that decide it. `defaults` are the paths of defaulted fields that denying rules
    read (`*`: every element), `nones` those of fields whose absence says that there is none,
    `unregulated` those no clause is about. `numbers` are the paths
    of fields that may hold a number with decimals; `plain_names` says that no name of a field
    holds a character above U+D7FF.
    """

    name: str
    notice: Localised | None
    unproven_denies: bool
    rules: tuple[str, ...]
    citing: tuple[tuple[str, tuple[int, ...]], ...]
    defaults: tuple[FieldPath, ...]
    nones: tuple[FieldPath, ...]
    unregulated: tuple[UnregulatedDescriptor, ...]
    chunks: tuple[ChunkDescriptor, ...]
    selectors: tuple[SelectorDescriptor, ...]
    numbers: tuple[FieldPath, ...]
    plain_names: bool

    @property
    def advisory(self) -> bool:
        """Whether decisions on the kind are advice to the writer alone, as of a private post."""
        return not self.unproven_denies and self.notice is not None


class ParameterDescriptor(NamedTuple):
    """The values of a parameter with the first day each holds, latest first; None: always."""

    values: tuple[tuple[ParameterSetting, datetime.date | None], ...]

    def at(self, day: datetime.date) -> ParameterSetting:
        """Return the value that holds on a day, or None before there is one."""
        for value, since in self.values:
            if since is None or since <= day:
                return value
        return None

    @property
    def begins(self) -> datetime.date | None:
        """The first day on which there is a value; None where there always is one."""
        return self.values[-1][1]


class CompiledPolicy(NamedTuple):
    """A policy that can decide, but for its code. Mappings keep the order of declaration.

    `engine` compiled it, and no other may run it. Days are those of the `time_zone`, if any.
    """

    name: str
    version: str
    digest: str
    engine: str
    time_zone: str | None
    languages: tuple[str, ...]
    parameters: Mapping[str, ParameterDescriptor]
    kinds: Mapping[str, KindDescriptor]
    clauses: Mapping[str, ClauseDescriptor]
    rules: Mapping[str, RuleDescriptor]
    lexicons: Mapping[str, Lexicon]
