"""What a rule may look at while it is evaluated, besides the document."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from functools import cached_property

from somepolicy.functions.detectors.prepare import Prepared, prepare
from somepolicy.functions.table import FUNCTIONS
from somepolicy.language.nodes import Scalar
from somepolicy.runtime.digest import digest_of
from somepolicy.runtime.library import Library
from somepolicy.runtime.values import instant_of
from somepolicy.semantics.program import Answer, Program
from somepolicy.types import Json

Document = dict[str, Json]


@dataclass
class Context:
    """One evaluation: the admitted document, its instant, the parameters of that day."""

    document: Document
    as_of: datetime.datetime
    parameters: dict[str, Scalar | None]
    library: Library
    memo: dict[str, object] = field(default_factory=dict)
    _prepared: dict[str, Prepared] = field(default_factory=dict)
    _called: dict[tuple[object, ...], object] = field(default_factory=dict)

    def detect(self, name: str, text: str, *others: object) -> object:
        """Call a function that wants its text prepared, at most once per text and document."""
        key = (name, text, *others)
        if key not in self._called:
            if text not in self._prepared:
                self._prepared[text] = prepare(text)
            day = (self.as_of.date(),) if FUNCTIONS[name].dated else ()
            self._called[key] = self.library[name](self._prepared[text], *others, *day)
        return self._called[key]

    @cached_property
    def content_digest(self) -> str:
        """The digest of the document's content, worked out at most once."""
        return digest_of(self.document)

    def verdict(self, clause: str, answer: Answer, roles: tuple[str, ...]) -> bool | None:
        """Say whether a valid attestation clears the clause: None where there is none at all.

        A valid one with the contrary answer beats any clearing one: False.
        """
        given = [statement == answer for statement, _ in self._valid(clause, roles)]
        return None if not given else all(given)

    def contrary(self, clause: str, answer: Answer, roles: tuple[str, ...]) -> list[str]:
        """Return the pointers of valid attestations that speak against."""
        return [
            f"/attestations/{index}/statement"
            for statement, index in self._valid(clause, roles)
            if statement != answer
        ]

    def _valid(self, clause: str, roles: tuple[str, ...]) -> list[tuple[Json, int]]:
        """Find attestations by a named role, in force at as_of, for exactly this content."""
        attestations = self.document.get("attestations")
        if not isinstance(attestations, list):
            return []
        return [
            (each.get("statement"), index)
            for index, each in enumerate(attestations)
            if isinstance(each, dict)
            and each.get("clause") == clause
            and each.get("role") in roles
            and self._in_force(each)
            and each.get("content_digest") == self.content_digest
        ]

    def _in_force(self, attestation: dict[str, Json]) -> bool:
        given, expires = attestation.get("at"), attestation.get("expires")
        return (
            given is not None
            and instant_of(str(given)) <= self.as_of
            and (expires is None or self.as_of < instant_of(str(expires)))
        )


def context_for(
    program: Program, library: Library, document: Document, as_of: datetime.datetime
) -> Context:
    """Choose the parameters that hold on the day of `as_of`."""
    day = as_of.date()
    parameters = {name: each.at(day) for name, each in program.parameters.items()}
    return Context(document, as_of, parameters, library)
