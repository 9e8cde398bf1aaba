"""Statuses and unmet instances -> Decision: findings in order, all clauses, messages filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Literal, NamedTuple

from somepolicy import fast_json
from somepolicy.engine.assumed import assumed, looks
from somepolicy.engine.compiled_policy import (
    CompiledPolicy,
    KindDescriptor,
    Localised,
    QuestionDescriptor,
    RuleDescriptor,
    Template,
)
from somepolicy.engine.context import Context
from somepolicy.engine.days import Days
from somepolicy.engine.decision import (
    STATUSES,
    AttestationRequest,
    Citation,
    Decision,
    DocumentRef,
    Finding,
    NotCounted,
    Outcome,
    PolicyRef,
    Unset,
)
from somepolicy.engine.evaluation import Evaluation, StatusCode, UnmetInstance
from somepolicy.engine.given import given, placed
from somepolicy.engine.questions import Questions
from somepolicy.engine.titles import SchemaFiles
from somepolicy.engine.unregulated import silence, unregulated
from somepolicy.engine.values import pointer_key
from somepolicy.engine.wording import Wording, fill, unsettled
from somepolicy.json_type import Json

Statuses = Callable[[], Iterable[tuple[int, int]]]
AsOfSource = Literal["caller", "document", "clock"]
_UNDECIDED = int(StatusCode.UNDECIDED)
_MOST_KEPT = 200_000  # citations
_FEW = 10  # decisions of a process that soon ends


class Assembler:
    """Builds decisions on documents of one kind.

    Citations are the same wherever the statuses are: the tuples already built are kept, as many
    as have a place in a bounded memory.
    """

    def __init__(
        self,
        compiled: CompiledPolicy,
        kind: KindDescriptor,
        days: Days,
        schema: Callable[[], SchemaFiles],
    ) -> None:
        self.compiled = compiled
        self.kind = kind
        self.days = days
        self.policy = PolicyRef(compiled.name, compiled.version, compiled.digest)
        self._looks = looks(kind.defaults, kind.nones)
        self._notice = _wording(kind.notice)
        self._forms: dict[tuple[str, bool], _Form] = {}
        self._questions = Questions(schema, compiled.languages)
        self._digests = 0
        self._silences = tuple(map(silence, kind.unregulated))
        self._single: dict[tuple[int, int], Citation] = {}
        self._cites: tuple[list[int], ...] = tuple([] for _ in kind.rules)
        for at, (_, rules) in enumerate(kind.citing):
            for index in rules:
                self._cites[index].append(at)
        self._usual_statuses = [int(StatusCode.NOT_APPLICABLE)] * len(kind.rules)
        for chunk in kind.chunks:
            for index in chunk.rules:
                self._usual_statuses[index] = self.usual(index)
        self._kept: dict[object, tuple[Citation, ...]] = {}
        self._room = max(16, _MOST_KEPT // max(1, len(kind.citing)))

    def decision(
        self,
        context: Context,
        unmet: Sequence[UnmetInstance],
        citations: tuple[Citation, ...],
        as_of_source: AsOfSource,
        *,
        digest: bool,
    ) -> Decision:
        """Build the decision on one document."""
        findings = self._findings(context, unmet) if unmet else ()
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
            self.compiled.engine,
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
            unregulated(self._silences, document),
            self._notice,
        )

    # --- citations

    def citations(self, evaluation: Evaluation) -> tuple[Citation, ...]:
        """Return every clause with its status, from the status of each rule in order."""
        return self.cited(("all", evaluation.statuses), lambda: enumerate(evaluation.statuses))

    def usual(self, rule: int) -> int:
        """Return the status of a rule, by its index, that is evaluated and not noted."""
        permits = self.compiled.rules[self.kind.rules[rule]].effect == "permit"
        return int(StatusCode.PERMITTED if permits else StatusCode.SATISFIED)

    def cited(self, signature: object, statuses: Statuses) -> tuple[Citation, ...]:
        """Return every clause with its status.

        `statuses` is called where the signature is new. It gives the index and the status of
        rules; the others of the kind have the usual one, or do not apply where they are selected.
        """
        known = self._kept.get(signature)
        if known is None:
            known = self._cite(dict(statuses()))
            if len(self._kept) >= self._room:
                self._kept.clear()
            self._kept[signature] = known
        return known

    @cached_property
    def _usual(self) -> tuple[Citation, ...]:
        """The citations of a document about which nothing is noted."""
        return tuple([self._citation(at, {}) for at in range(len(self.kind.citing))])

    def _cite(self, statuses: Mapping[int, int]) -> tuple[Citation, ...]:
        """Change the usual citations where a rule has another status."""
        citations = list(self._usual)
        for index, status in statuses.items():
            if status != self._usual_statuses[index]:
                for at in self._cites[index]:
                    citations[at] = self._citation(at, statuses)
        return tuple(citations)

    def _citation(self, at: int, statuses: Mapping[int, int]) -> Citation:
        """Return the citation of a clause: of the statuses of its rules the lowest counts."""
        usual, rules = self._usual_statuses, self.kind.citing[at][1]
        lowest = min([statuses.get(each, usual[each]) for each in rules]) if rules else _UNDECIDED
        found = self._single.get((at, lowest))
        if found is None:
            found = self._single[at, lowest] = self._make(at, lowest)
        return found

    def _make(self, at: int, status: int) -> Citation:
        clause = self.compiled.clauses[self.kind.citing[at][0]]
        decided = status != _UNDECIDED
        return Citation(
            clause.name,
            clause.locator,
            clause.force,
            STATUSES[status],
            Wording(clause.says),
            clause.digests,
            None if decided else _wording(clause.undecided),
        )

    # --- findings

    def _findings(self, context: Context, unmet: Sequence[UnmetInstance]) -> tuple[Finding, ...]:
        if len(unmet) == 1:
            return (self._finding(unmet[0], context),)
        placed = [
            (self._form(each).place, pointer_key(each.at), each.rule, number)
            for number, each in enumerate(unmet)
        ]
        placed.sort()
        return tuple([self._finding(unmet[number], context) for *_, number in placed])

    def _finding(self, unmet: UnmetInstance, context: Context) -> Finding:
        form = self._form(unmet)
        rule, document = form.rule, context.document
        message, remedy = form.message, form.remedy
        if message is None:
            message = self._message(rule, unmet.violated, document, unmet.element)
        if unmet.missing:
            remedy = self._questions.about(unmet.missing)
        elif remedy is None and rule.remedy is not None:
            remedy = Wording(fill(rule.remedy, document, unmet.element, self.days))
        question = rule.question
        return Finding(
            rule.name,
            form.effect,
            "violated" if unmet.violated else "unproven",
            form.blocking,
            rule.clauses,
            rule.readings,
            unmet.at,
            unmet.facts,
            unmet.missing,
            message,
            remedy,
            placed(unmet.detections, document) if unmet.detections else (),
            None if question is None else _request(question, unmet.element, context),
            tuple(map(self._unset, unmet.unset)) if unmet.unset else (),
            () if question is None else self._not_counted(question, context),
        )

    def _form(self, unmet: UnmetInstance) -> _Form:
        """Return what the findings of a rule with one outcome share."""
        key = unmet.rule, unmet.violated
        form = self._forms.get(key)
        if form is None:
            form = self._forms[key] = self._new_form(*key)
        return form

    def _new_form(self, name: str, violated: bool) -> _Form:
        rule = self.compiled.rules[name]
        assert rule.effect != "permit"  # such a rule is never violated or unproven
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

    def _message(
        self, rule: RuleDescriptor, violated: bool, document: Json, element: Json
    ) -> Wording:
        message = fill(rule.says, document, element, self.days)
        if rule.denies and rule.question is None and not violated:
            message = unsettled(message)
        return Wording(message)

    def _unset(self, name: str) -> Unset:
        begins = self.compiled.parameters[name].begins
        assert begins is not None  # else it would have a value
        return Unset(name, begins.isoformat())

    def _not_counted(
        self, question: QuestionDescriptor, context: Context
    ) -> tuple[NotCounted, ...]:
        asked = question.clause, question.answer, question.roles
        return context.not_counted(*asked, self.compiled.clauses)


class _Form(NamedTuple):
    """What findings share; `place` comes first in their order: blocking, strength, clause.

    `message` and `remedy` are None where they show fields, or where there is no remedy.
    """

    rule: RuleDescriptor
    effect: Literal["require", "forbid", "attest", "advise"]
    blocking: bool
    place: tuple[bool, int, int]
    message: Wording | None
    remedy: Wording | None


def _shows(template: Template) -> bool:
    return any(not isinstance(pieces, str) for pieces in template.values())


def _wording(text: Localised | None) -> Wording | None:
    return None if text is None else Wording(text)


def _request(question: QuestionDescriptor, element: Json, context: Context) -> AttestationRequest:
    asks = Wording(fill(question.asks, context.document, element, context.days))
    return AttestationRequest(
        question.clause, asks, question.answer, question.roles, context.content_digest
    )
