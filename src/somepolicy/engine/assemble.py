"""Ranks and what broke -> Decision: findings in order, every clause cited, messages filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Literal, NamedTuple

from somepolicy import fast_json
from somepolicy.engine.assumed import assumed, looks
from somepolicy.engine.compiled_policy import (
    Executable,
    KindCard,
    Localised,
    QuestionCard,
    RuleCard,
    Template,
)
from somepolicy.engine.context import Context
from somepolicy.engine.days import Days
from somepolicy.engine.decision import (
    AttestationRequest,
    Citation,
    Decision,
    DocumentRef,
    Finding,
    NotCounted,
    Outcome,
    PolicyRef,
    Status,
    Unset,
)
from somepolicy.engine.evaluation import Broken, Evaluation, Rank
from somepolicy.engine.given import given, placed
from somepolicy.engine.values import pointer, pointer_key, walk
from somepolicy.engine.wording import Wording, fill, unsettled
from somepolicy.json_type import Json

Ranks = Callable[[], Iterable[tuple[int, int]]]
AsOfSource = Literal["caller", "document", "clock"]
_STATUS: tuple[Status, ...] = (  # by rank
    "violated",
    "unproven",
    "advised",
    "satisfied",
    "permitted",
    "not_applicable",
    "undecided",
)
_UNDECIDED = 6  # the place of a clause that no rule decides
_MOST_KEPT = 200_000  # citations
_FEW = 10  # decisions of a process that soon ends


class Assembler:
    """Builds decisions on documents of one kind.

    Citations are the same wherever the ranks are: the tuples already built are kept, as many
    as have a place in a bounded memory.
    """

    def __init__(self, executable: Executable, kind: KindCard, days: Days) -> None:
        self.executable = executable
        self.kind = kind
        self.days = days
        self.policy = PolicyRef(executable.name, executable.version, executable.digest)
        self._looks = looks(kind.defaults, kind.nones)
        self._notice = _wording(kind.notice)
        self._forms: dict[tuple[str, bool], _Form] = {}
        self._digests = 0
        self._unregulated = tuple((pointer("", steps), steps) for steps in kind.unregulated)
        self._single: dict[tuple[int, int], Citation] = {}
        self._cites: tuple[list[int], ...] = tuple([] for _ in kind.rules)
        for at, (_, rules) in enumerate(kind.citing):
            for index in rules:
                self._cites[index].append(at)
        self._usual_ranks = [int(Rank.NOT_APPLICABLE)] * len(kind.rules)
        for chunk in kind.chunks:
            for index in chunk.rules:
                self._usual_ranks[index] = self.usual(index)
        self._kept: dict[object, tuple[Citation, ...]] = {}
        self._room = max(16, _MOST_KEPT // max(1, len(kind.citing)))

    def decision(
        self,
        context: Context,
        broken: Sequence[Broken],
        citations: tuple[Citation, ...],
        as_of_source: AsOfSource,
        *,
        digest: bool,
    ) -> Decision:
        """Build the decision on one document."""
        findings = self._findings(context, broken) if broken else ()
        because: Outcome | None = None
        for finding in findings:
            if finding.blocking:
                because = finding.outcome
                if because == "violated":
                    break
        document = context.document
        if digest:
            count = self._digests = self._digests + 1  # threads may lose one, but not pass by
            if count == _FEW:
                fast_json.load()
        return Decision(
            "allow" if because is None else "deny",
            because,
            self.policy,
            self.executable.engine,
            DocumentRef(
                self.kind.name,
                str(given(document)["id"]),
                context.content_digest if digest else None,
            ),
            context.as_of.isoformat(),
            as_of_source,
            findings,
            citations,
            assumed(self._looks, document),
            tuple(
                [
                    at
                    for at, steps in self._unregulated
                    if (value := walk(document, steps)) is not None and value is not False
                ]
            ),
            self._notice,
        )

    # --- citations

    def citations(self, evaluation: Evaluation) -> tuple[Citation, ...]:
        """Return every clause with its status, from the rank of each rule in order."""
        return self.cited(("all", evaluation.ranks), lambda: enumerate(evaluation.ranks))

    def usual(self, rule: int) -> int:
        """Return the rank of a rule, by its index, that is asked and of which nothing is noted."""
        permits = self.executable.rules[self.kind.rules[rule]].effect == "permit"
        return int(Rank.PERMITTED if permits else Rank.SATISFIED)

    def cited(self, signature: object, ranks: Ranks) -> tuple[Citation, ...]:
        """Return every clause with its status.

        `ranks` is asked for where the signature is new. It gives the index and the rank of
        rules; the others of the kind have the usual one, or do not apply where they are selected.
        """
        known = self._kept.get(signature)
        if known is None:
            known = self._cite(dict(ranks()))
            if len(self._kept) >= self._room:
                self._kept.clear()
            self._kept[signature] = known
        return known

    @cached_property
    def _usual(self) -> tuple[Citation, ...]:
        """The citations of a document about which nothing is noted."""
        return tuple([self._citation(at, {}) for at in range(len(self.kind.citing))])

    def _cite(self, ranks: Mapping[int, int]) -> tuple[Citation, ...]:
        """Change the usual citations where a rule has another rank."""
        citations = list(self._usual)
        for index, rank in ranks.items():
            if rank != self._usual_ranks[index]:
                for at in self._cites[index]:
                    citations[at] = self._citation(at, ranks)
        return tuple(citations)

    def _citation(self, at: int, ranks: Mapping[int, int]) -> Citation:
        """Return the citation of a clause: of the ranks of its rules the lowest counts."""
        usual, rules = self._usual_ranks, self.kind.citing[at][1]
        lowest = min([ranks.get(each, usual[each]) for each in rules]) if rules else _UNDECIDED
        found = self._single.get((at, lowest))
        if found is None:
            found = self._single[at, lowest] = self._make(at, lowest)
        return found

    def _make(self, at: int, rank: int) -> Citation:
        clause = self.executable.clauses[self.kind.citing[at][0]]
        decided = rank != _UNDECIDED
        return Citation(
            clause.name,
            clause.locator,
            clause.force,
            _STATUS[rank],
            Wording(clause.says),
            clause.digests,
            None if decided else _wording(clause.undecided),
        )

    # --- findings

    def _findings(self, context: Context, broken: Sequence[Broken]) -> tuple[Finding, ...]:
        if len(broken) == 1:
            return (self._finding(broken[0], context),)
        placed = [
            (self._form(each).place, pointer_key(each.at), each.rule, number)
            for number, each in enumerate(broken)
        ]
        placed.sort()
        return tuple([self._finding(broken[number], context) for *_, number in placed])

    def _finding(self, broken: Broken, context: Context) -> Finding:
        form = self._form(broken)
        rule, document = form.rule, context.document
        message, remedy = form.message, form.remedy
        if message is None:
            message = self._message(rule, broken.violated, document, broken.element)
        if remedy is None and rule.remedy is not None:
            remedy = Wording(fill(rule.remedy, document, broken.element, self.days))
        question = rule.question
        return Finding(
            rule.name,
            form.effect,
            "violated" if broken.violated else "unproven",
            form.blocking,
            rule.clauses,
            rule.readings,
            broken.at,
            broken.facts,
            broken.missing,
            message,
            remedy,
            placed(broken.detections, document) if broken.detections else (),
            None if question is None else _request(question, broken.element, context),
            tuple(map(self._unset, broken.unset)) if broken.unset else (),
            () if question is None else self._not_counted(question, context),
        )

    def _form(self, broken: Broken) -> _Form:
        """Return what the findings of a rule with one outcome share."""
        key = broken.rule, broken.violated
        form = self._forms.get(key)
        if form is None:
            form = self._forms[key] = self._new_form(*key)
        return form

    def _new_form(self, name: str, violated: bool) -> _Form:
        rule = self.executable.rules[name]
        assert rule.effect != "permit"  # such a rule never breaks
        blocking = rule.denies and (violated or self.kind.unproven_denies)
        return _Form(
            rule,
            rule.effect,
            blocking,
            (not blocking, rule.strength, rule.order),
            None if _shows(rule.says) else self._message(rule, violated, None, None),
            None
            if rule.remedy is None or _shows(rule.remedy)
            else Wording(fill(rule.remedy, None, None, self.days)),
        )

    def _message(self, rule: RuleCard, violated: bool, document: Json, element: Json) -> Wording:
        message = fill(rule.says, document, element, self.days)
        if rule.denies and rule.question is None and not violated:
            message = unsettled(message)
        return Wording(message)

    def _unset(self, name: str) -> Unset:
        begins = self.executable.parameters[name].begins
        assert begins is not None  # else it would have a value
        return Unset(name, begins.isoformat())

    def _not_counted(self, question: QuestionCard, context: Context) -> tuple[NotCounted, ...]:
        asked = question.clause, question.answer, question.roles
        return context.not_counted(*asked, self.executable.clauses)


class _Form(NamedTuple):
    """What findings share; `place` comes first in their order: blocking, strength, clause.

    `message` and `remedy` are None where they show fields, or where there is no remedy.
    """

    rule: RuleCard
    effect: Literal["require", "forbid", "attest", "advise"]
    blocking: bool
    place: tuple[bool, int, int]
    message: Wording | None
    remedy: Wording | None


def _shows(template: Template) -> bool:
    return any(not isinstance(pieces, str) for pieces in template.values())


def _wording(text: Localised | None) -> Wording | None:
    return None if text is None else Wording(text)


def _request(question: QuestionCard, element: Json, context: Context) -> AttestationRequest:
    asks = Wording(fill(question.asks, context.document, element, context.days))
    return AttestationRequest(
        question.clause, asks, question.answer, question.roles, context.content_digest
    )
