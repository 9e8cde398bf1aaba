"""What a rule may look at while it is evaluated, besides the document."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Container, Mapping
from typing import Any, Literal

from somepolicy.engine.compiled_policy import KindDescriptor, ParameterSetting
from somepolicy.engine.days import Days
from somepolicy.engine.decision import NotCounted, WhyNot
from somepolicy.engine.digest import digest_of
from somepolicy.engine.library import Library
from somepolicy.engine.published import Published
from somepolicy.engine.values import instant_of, located
from somepolicy.functions.detection import Detection, Detections
from somepolicy.functions.implementations import IMPLEMENTATIONS
from somepolicy.functions.no.prepare import Prepared, prepare
from somepolicy.json_type import Json

Document = dict[str, Json]
Answer = Literal["yes", "no"]
Parameters = Mapping[str, ParameterSetting]


class Context:
    """One evaluation: the validated document, its instant, the parameters of that day.

    `memo` keeps the values of definitions, each computed at most once.
    """

    __slots__ = (
        "_called",
        "_digest",
        "_measured",
        "_prepared",
        "_uncounted",
        "as_of",
        "days",
        "document",
        "kind",
        "library",
        "memo",
        "parameters",
    )

    def __init__(
        self,
        kind: KindDescriptor,
        document: Document,
        as_of: datetime.datetime,
        parameters: Parameters,
        library: Library,
        days: Days,
    ) -> None:
        self.kind = kind
        self.document = document
        self.as_of = as_of
        self.parameters = parameters
        self.library = library
        self.days = days
        self.memo: dict[str, object] = {}
        self._prepared: dict[str, Prepared] = {}
        self._measured: dict[tuple[object, str], Any] = {}
        self._called: dict[tuple[object, ...], Any] = {}
        self._digest: str | None = None
        self._uncounted: dict[tuple[object, ...], tuple[NotCounted, ...]] | None = None

    def with_parameters(self, parameters: Parameters) -> Context:
        """Return a context for the same document with other parameters and nothing worked out.

        What detectors found stays known: it depends on the texts alone.
        """
        other = Context(self.kind, self.document, self.as_of, parameters, self.library, self.days)
        other._prepared, other._called = self._prepared, self._called
        other._measured = self._measured
        other._digest = self._digest
        return other

    def detect(self, name: str, text: str, *others: object) -> Any:
        """Call a function that wants its text prepared, at most once per text and document."""
        key = (name, text, *others)
        known = self._called.get(key)
        if known is None:
            row = IMPLEMENTATIONS[name]
            assert row.prepare is not None
            prepared = self._ready(row.prepare, text)
            day = (self.days.as_day(self.as_of),) if row.dated else ()
            known = self._called[key] = self.library[name](prepared, *others, *day)
        return known

    def _ready(self, make: Callable[..., object], text: str) -> Any:
        """Return what a function makes of a text, once; a measure gets the prepared text too."""
        seen = self._prepared.get(text)
        if seen is None:
            seen = self._prepared[text] = prepare(text)
        if make is prepare:
            return seen
        known = self._measured.get((make, text))
        if known is None:
            known = self._measured[make, text] = make(text, seen)
        return known

    def search(self, name: str, published: Published, *others: object) -> Detections:
        """Call a detector on each published text, at most once."""
        if not published.texts:
            return ()
        key = (name, *others)
        known = published.found.get(key)
        if known is None:
            found: list[Detection] = []
            for at, text in published.worth(self.library.tests[name], self._prepared):
                if each := self.detect(name, text, *others):
                    found += located(each, (at,))
            known = published.found[key] = tuple(found)
        return known

    @property
    def content_digest(self) -> str:
        """The digest of the document's content, worked out at most once."""
        if self._digest is None:
            self._digest = digest_of(self.document, self.kind)
        return self._digest

    def verdict(self, clause: str, answer: Answer, roles: tuple[str, ...]) -> bool | None:
        """Say whether a valid attestation clears the clause; None where there is none at all.

        A valid one with the contrary answer beats any clearing one: False.
        """
        if not self.document.get("attestations"):
            return None
        given = [statement == answer for statement, _ in self._valid(clause, roles)]
        return None if not given else all(given)

    def contrary(self, clause: str, answer: Answer, roles: tuple[str, ...]) -> list[str]:
        """Return the pointers of valid attestations that speak against."""
        return [
            f"/attestations/{index}/statement"
            for statement, index in self._valid(clause, roles)
            if statement != answer
        ]

    def not_counted(
        self, clause: str, answer: Answer, roles: tuple[str, ...], known: Container[object]
    ) -> tuple[NotCounted, ...]:
        """Return the attestations that do not clear the clause, worked out at most once.

        Those on the clause itself, with the first reason that applies, and those on what is not
        one of the clauses `known`: whoever gave them may have meant this one.
        """
        if self._uncounted is None:
            self._uncounted = {}
        key = clause, answer, roles
        found = self._uncounted.get(key)
        if found is None:
            given = self.document.get("attestations")
            reasons = [
                (index, self._why_not(each, answer, roles))
                if each.get("clause") == clause
                else (index, None if each.get("clause") in known else "clause")
                for index, each in enumerate(given if isinstance(given, list) else ())
                if isinstance(each, dict)
            ]
            found = self._uncounted[key] = tuple(
                [NotCounted(f"/attestations/{index}", why) for index, why in reasons if why]
            )
        return found

    def _why_not(
        self, attestation: dict[str, Json], answer: Answer, roles: tuple[str, ...]
    ) -> WhyNot | None:
        if attestation.get("content_digest") != self.content_digest:
            return "content"
        if attestation.get("role") not in roles:
            return "role"
        if self._ended(attestation):
            return "expired"
        if not self._given(attestation):
            return "future"
        return None if attestation.get("statement") == answer else "answer"

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
            and self._given(each)
            and not self._ended(each)
            and each.get("content_digest") == self.content_digest
        ]

    def _given(self, attestation: dict[str, Json]) -> bool:
        at = attestation.get("at")
        return at is not None and instant_of(str(at)) <= self.as_of

    def _ended(self, attestation: dict[str, Json]) -> bool:
        expires = attestation.get("expires")
        return expires is not None and instant_of(str(expires)) <= self.as_of
