"""Two versions of a policy and documents -> Comparison: what they answer differently.

Documents go by one at a time. Only a count is kept, and the smallest witness of each sort of
change, so memory grows with the policy and not with the documents.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from somepolicy.compare.edits import Edit, find_edits
from somepolicy.compare.fingerprints import parts_read
from somepolicy.engine.decision import Decision, PolicyRef
from somepolicy.engine.errors import DocumentError, InvalidDocument
from somepolicy.ir import Program
from somepolicy.json_type import Json
from somepolicy.policy import Policy

Answer = Literal["allow", "deny", "invalid"]
_Key = TypeVar("_Key")
_DECIDING = ("added", "removed", "effect", "condition", "kinds", "clauses", "value", "content")


@dataclass(frozen=True, slots=True)
class Witness:
    """A document that shows a change; `size` is in bytes."""

    name: str
    id: str
    size: int


@dataclass(frozen=True, slots=True)
class DecisionShift:
    """How many documents of a kind OLD answers one way and NEW another; `witness` is the smallest."""

    kind: str
    before: Answer
    after: Answer
    count: int
    witness: Witness


@dataclass(frozen=True, slots=True)
class ClauseShift:
    """How many documents have a clause go from one status to another.

    `clause` is the name in NEW, of a clause that is gone the one in OLD. A status of None means
    that the decision does not cite the clause.
    """

    clause: str
    before: str | None
    after: str | None
    count: int
    witness: Witness


@dataclass(frozen=True, slots=True)
class Others:
    """Documents whose answers differ in nothing but findings, assumptions or remarks."""

    count: int
    witness: Witness


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changes between two versions of a policy.

    `documents` are those either policy could answer; `unjudged` those neither could. Clauses
    are counted where both decided. `unshown` are the edits that could change an answer and did
    in no document.
    """

    old: PolicyRef
    new: PolicyRef
    documents: int
    unchanged: int
    unjudged: int
    decisions: tuple[DecisionShift, ...]
    clauses: tuple[ClauseShift, ...]
    others: Others | None
    edits: tuple[Edit, ...]
    unshown: tuple[Edit, ...]

    @property
    def changed(self) -> bool:
        """Whether any document is answered differently."""
        return self.unchanged < self.documents


class _Count:
    """A number of documents, and the smallest of them; of equal ones the first."""

    def __init__(self, witness: Witness) -> None:
        self.number = 0
        self.witness = witness

    def add(self, witness: Witness) -> None:
        self.number += 1
        if witness.size < self.witness.size:
            self.witness = witness


class Comparer:
    """Takes documents one by one; holds counts only.

    `now` is the time of the decision for documents that state none, the same for both policies.
    """

    def __init__(self, old: Policy, new: Policy, *, now: datetime.datetime) -> None:
        self._policies = old, new
        self._now = now
        self._edits = find_edits(old.program, new.program)
        self._documents = self._unchanged = self._unjudged = 0
        self._decisions: dict[tuple[str, Answer, Answer], _Count] = {}
        self._clauses: dict[tuple[str, str | None, str | None], _Count] = {}
        self._others: _Count | None = None
        self._touched: set[str] = set()  # clauses, by their names in NEW
        self._rules: set[str] = set()  # rules with a different finding, by their names in NEW

    def skip(self) -> None:
        """Count a document that cannot even be read."""
        self._unjudged += 1

    def add(
        self, name: str, document: Json, size: int, as_of: datetime.datetime | None
    ) -> tuple[DocumentError, ...]:
        """Have both policies decide on a document of `size` bytes, as of a time if given.

        Returns the errors of a document that neither policy can judge, else nothing.
        """
        stated = isinstance(document, dict) and document.get("as_of") is not None
        moment = as_of or (None if stated else self._now)
        before, after = (_answer(policy, document, moment) for policy in self._policies)
        if isinstance(before, InvalidDocument) and isinstance(after, InvalidDocument):
            self._unjudged += 1
            return after.errors
        self._documents += 1
        # of an invalid document nothing is shown that no schema has passed
        known = after if isinstance(before, InvalidDocument) else before
        assert isinstance(known, Decision)
        if not self._note(
            before, after, known.document.kind, Witness(name, known.document.id, size)
        ):
            self._unchanged += 1
        return ()

    def result(self) -> Comparison:
        """Return what was found so far."""
        old, new = (policy.program for policy in self._policies)
        others = self._others
        order = {name: number for number, name in enumerate([*new.clauses, *old.clauses])}
        return Comparison(
            old=PolicyRef(old.name, old.version, old.digest),
            new=PolicyRef(new.name, new.version, new.digest),
            documents=self._documents,
            unchanged=self._unchanged,
            unjudged=self._unjudged,
            decisions=tuple(
                DecisionShift(*key, each.number, each.witness)
                for key, each in sorted(self._decisions.items())
            ),
            clauses=tuple(
                ClauseShift(*key, each.number, each.witness)
                for key, each in sorted(
                    self._clauses.items(),
                    key=lambda x: (order[x[0][0]], x[0][1] or "", x[0][2] or ""),
                )
            ),
            others=None if others is None else Others(others.number, others.witness),
            edits=self._edits.edits,
            unshown=tuple(self._unshown()),
        )

    def _note(
        self,
        before: Decision | InvalidDocument,
        after: Decision | InvalidDocument,
        kind: str,
        witness: Witness,
    ) -> bool:
        """Note what differs; return whether anything does."""
        was, now = _word(before), _word(after)
        if was != now:
            _count(self._decisions, (kind, was, now), witness)
        if isinstance(before, InvalidDocument) or isinstance(after, InvalidDocument):
            return True
        shifted = self._note_clauses(before, after, witness)
        differing = _findings(before, self._edits.rules) ^ _findings(
            after, {name: name for name in self._edits.rules.values()}
        )
        self._rules.update(each[0] for each in differing)
        if was != now or shifted:
            return True
        if not differing and _remarks(before) == _remarks(after):
            return False
        if self._others is None:
            self._others = _Count(witness)
        self._others.add(witness)
        return True

    def _note_clauses(self, before: Decision, after: Decision, witness: Witness) -> bool:
        names = self._edits.clauses
        olds = {names.get(each.clause, each.clause): each.status for each in before.citations}
        news = {each.clause: each.status for each in after.citations}
        if olds == news:
            return False
        for name in {**news, **olds}:
            was, now = olds.get(name), news.get(name)
            if was != now:
                _count(self._clauses, (name, was, now), witness)
                self._touched.add(name)
        return True

    def _unshown(self) -> Iterator[Edit]:
        """Yield the edits whose clauses no document has seen change, nor a finding of its rules."""
        found = self._edits
        old, new = (policy.program for policy in self._policies)
        sides: tuple[tuple[Program, Mapping[str, str], Mapping[str, str]], ...] = (
            (old, found.rules, found.clauses),
            (new, {}, {}),
        )
        # what each rule answers to: its own edits, and those of the parts it reads
        answering = [
            (
                name := names.get(rule.name, rule.name),
                frozenset(clauses.get(each, each) for each in rule.clauses),
                {("rule", name), *parts},
            )
            for program, names, clauses in sides
            for rule, parts in zip(program.rules, parts_read(program).values(), strict=True)
        ]
        for edit in found.edits:
            if edit.what not in _DECIDING:
                continue
            moved = [each for each in answering if (edit.sort, edit.name) in each[2]]
            rules = {name for name, _, _ in moved}
            clauses = set[str]().union(*(cited for _, cited, _ in moved))
            if edit.sort == "clause":
                clauses.add(edit.name)
            if (clauses or rules) and not (clauses & self._touched or rules & self._rules):
                yield edit


def _answer(
    policy: Policy, document: Json, moment: datetime.datetime | None
) -> Decision | InvalidDocument:
    try:
        return policy.evaluate(document, as_of=moment, digest=False)
    except InvalidDocument as error:
        return error


def _word(answer: Decision | InvalidDocument) -> Answer:
    return "invalid" if isinstance(answer, InvalidDocument) else answer.decision


def _findings(
    decision: Decision, names: Mapping[str, str]
) -> frozenset[tuple[str, tuple[object, ...]]]:
    """Return what each finding says, without its words; the rule first, by its name in NEW."""
    return frozenset(
        (
            names.get(each.rule, each.rule),
            (
                *(each.effect, each.outcome, each.blocking, each.at, each.facts, each.missing),
                *(each.unset, each.not_counted),
                *((x.detector, x.strength, x.at, x.span) for x in each.detections),
            ),
        )
        for each in decision.findings
    )


def _remarks(decision: Decision) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return decision.assumed, decision.unregulated


def _count(counts: dict[_Key, _Count], key: _Key, witness: Witness) -> None:
    if key not in counts:
        counts[key] = _Count(witness)
    counts[key].add(witness)
