"""Ranks and what broke -> Decision: findings in order, every clause cited, messages filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal

from somepolicy.runtime.cards import EACH, Executable, KindCard, Localised, QuestionCard, Steps
from somepolicy.runtime.context import Context, Document
from somepolicy.runtime.decision import (
    AttestationRequest,
    Citation,
    Decision,
    DocumentRef,
    Finding,
    Outcome,
    PolicyRef,
    Status,
)
from somepolicy.runtime.evaluation import Broken, Evaluation, Rank
from somepolicy.runtime.values import pointer, pointer_key, walk
from somepolicy.runtime.wording import Wording, fill, unsettled
from somepolicy.types import Json
from somepolicy.version import __version__

Ranks = Callable[[], Iterable[tuple[int, int]]]
AsOfSource = Literal["caller", "document", "clock"]
_STATUS: tuple[Status, ...] = (  # by rank
    "violated",
    "unproven",
    "advised",
    "satisfied",
    "permitted",
    "not_applicable",
)
_MOST_KEPT = 200_000  # citations


class Assembler:
    """Builds decisions on documents of one kind.

    Citations are the same wherever the ranks are: the tuples already built are kept, as many
    as have a place in a bounded memory.
    """

    def __init__(self, executable: Executable, kind: KindCard) -> None:
        self.executable = executable
        self.kind = kind
        self.policy = PolicyRef(executable.name, executable.version, executable.digest)
        self._listed = any(EACH in steps for steps in kind.defaults)
        self._defaults = tuple(
            (pointer("", steps), steps)
            for steps in sorted(kind.defaults, key=lambda each: pointer_key(pointer("", each)))
            if EACH not in steps
        )
        self._notice = _wording(kind.notice)
        self._unregulated = tuple((pointer("", steps), steps) for steps in kind.unregulated)
        self._tables = tuple(self._table(name, bool(rules)) for name, rules in kind.citing)
        self._inapplicable = tuple(table[-1] for table in self._tables)
        self._cites: tuple[list[int], ...] = tuple([] for _ in kind.rules)
        for at, (_, rules) in enumerate(kind.citing):
            for index in rules:
                self._cites[index].append(at)
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
        return Decision(
            "allow" if because is None else "deny",
            because,
            self.policy,
            __version__,
            DocumentRef(
                self.kind.name, str(document["id"]), context.content_digest if digest else None
            ),
            context.as_of.isoformat(),
            as_of_source,
            findings,
            citations,
            self._assumed(document),
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
        return self.cited(evaluation.ranks, lambda: enumerate(evaluation.ranks))

    def cited(self, signature: object, ranks: Ranks) -> tuple[Citation, ...]:
        """Return every clause with its status.

        `ranks` is asked for where the signature is new. It gives the index and the rank of the
        rules that were looked at; the others do not apply.
        """
        known = self._kept.get(signature)
        if known is None:
            known = self._cite(dict(ranks()))
            if len(self._kept) >= self._room:
                self._kept.clear()
            self._kept[signature] = known
        return known

    def _cite(self, ranks: Mapping[int, int]) -> tuple[Citation, ...]:
        """Change the citations of a document that no rule applies to where a rule does."""
        citations = list(self._inapplicable)
        for index, rank in ranks.items():
            if rank == Rank.NOT_APPLICABLE:
                continue
            for at in self._cites[index]:
                citing = self.kind.citing[at][1]
                lowest = min([ranks.get(each, Rank.NOT_APPLICABLE) for each in citing])
                citations[at] = self._tables[at][lowest]
        return tuple(citations)

    def _table(self, name: str, decided: bool) -> tuple[Citation, ...]:
        """Return the citation of a clause by rank, or the only one of an undecided clause."""
        clause = self.executable.clauses[name]
        says, undecided = Wording(clause.says), _wording(clause.undecided)
        statuses: tuple[Status, ...] = _STATUS if decided else ("undecided",)
        return tuple(
            Citation(
                clause.name,
                clause.locator,
                clause.force,
                status,
                says,
                clause.digests,
                None if decided else undecided,
            )
            for status in statuses
        )

    # --- findings

    def _findings(self, context: Context, broken: Sequence[Broken]) -> tuple[Finding, ...]:
        findings = [self._finding(each, context) for each in broken]
        if len(findings) > 1:
            findings.sort(key=self._place)
        return tuple(findings)

    def _place(self, finding: Finding) -> tuple[object, ...]:
        """Return what findings are sorted by: what blocks first, the strongest clause first."""
        rule = self.executable.rules[finding.rule]
        place = pointer_key(finding.at)
        return (not finding.blocking, rule.strength, rule.order, place, rule.name)

    def _finding(self, broken: Broken, context: Context) -> Finding:
        rule, document = self.executable.rules[broken.rule], context.document
        assert rule.effect != "permit"  # such a rule never breaks
        message = fill(rule.says, document, broken.element)
        if rule.denies and rule.question is None and not broken.violated:
            message = unsettled(message)
        return Finding(
            rule.name,
            rule.effect,
            "violated" if broken.violated else "unproven",
            rule.denies and (broken.violated or self.kind.unproven_denies),
            rule.clauses,
            rule.readings,
            broken.at,
            broken.facts,
            broken.missing,
            message,
            None if rule.remedy is None else fill(rule.remedy, document, broken.element),
            broken.detections,
            None if rule.question is None else _request(rule.question, broken.element, context),
        )

    # --- what was assumed

    def _assumed(self, document: Document) -> tuple[str, ...]:
        found = [at for at, steps in self._defaults if walk(document, steps) is None]
        if self._listed:
            for steps in self.kind.defaults:
                if EACH in steps:
                    found += _absent(document, steps, "")
            found.sort(key=pointer_key)
        return tuple(found)


def _wording(text: Localised | None) -> Wording | None:
    return None if text is None else Wording(text)


def _request(question: QuestionCard, element: Json, context: Context) -> AttestationRequest:
    asks = fill(question.asks, context.document, element)
    return AttestationRequest(
        question.clause, asks, question.answer, question.roles, context.content_digest
    )


def _absent(value: Json, path: Steps, at: str) -> Iterator[str]:
    """Yield the pointers, below every element of a list, where the leaf of a path is absent."""
    for index, name in enumerate(path):
        if name == EACH:
            for number, element in enumerate(value if isinstance(value, list) else []):
                yield from _absent(element, path[index + 1 :], f"{at}/{number}")
            return
        value = value.get(name) if isinstance(value, dict) else None
        at = pointer(at, (name,))
    if value is None:
        yield at
