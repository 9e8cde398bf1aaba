"""The answer: a decision with its findings and citations. Immutable, ordered, serialisable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NoReturn, get_args

from somepolicy.engine.compiled_policy import Force
from somepolicy.fast_json import plain
from somepolicy.functions.detection import Detection
from somepolicy.record import Record

__all__ = [
    "STATUSES",
    "AttestationRequest",
    "Citation",
    "Decision",
    "Detection",
    "DocumentRef",
    "Finding",
    "Localised",
    "NotCounted",
    "Outcome",
    "PolicyRef",
    "Status",
    "Unset",
    "WhyNot",
    "plain",
]

Localised = Mapping[str, str]
Outcome = Literal["violated", "unproven"]
Status = Literal[
    "violated", "unproven", "advised", "satisfied", "permitted", "not_applicable", "undecided"
]
STATUSES: tuple[Status, ...] = get_args(Status)  # the strictest first
_MOST_NAMED = 5  # rules, by `repr`
WhyNot = Literal["content", "role", "expired", "future", "answer", "clause"]


class PolicyRef(Record):
    """Which policy decided."""

    name: str
    version: str
    digest: str

    def __repr__(self) -> str:
        return f"<PolicyRef {self.name} {self.version}, {self.digest[:11]}…>"


class DocumentRef(Record):
    """What was decided on; `digest` is None where the caller asked for none."""

    kind: str
    id: str
    digest: str | None

    def __repr__(self) -> str:  # the id is the document's own text
        return f"<DocumentRef {self.kind}>"


class AttestationRequest(Record):
    """What a person may sign to clear the finding: the answer, and for which content."""

    clause: str
    asks: Localised
    answer: Literal["yes", "no"]
    roles: tuple[str, ...]
    content_digest: str

    def __repr__(self) -> str:
        return f"<AttestationRequest {self.clause}, {self.answer}>"


class Unset(Record):
    """A parameter that has no value yet: `from_` is the first day of its first one (ISO 8601)."""

    name: str
    from_: str

    def __repr__(self) -> str:
        return f"<Unset {self.name}, from {self.from_}>"


class NotCounted(Record):
    """An attestation of the document, by its JSON Pointer, that does not clear the finding.

    `why` is the first reason that applies: the content differs (`content`), the role is not one
    that the rule names (`role`), it has ended (`expired`), it was given after the time of the
    decision (`future`), it says the contrary (`answer`). `clause`: the policy has no such clause.
    """

    at: str
    why: WhyNot

    def __repr__(self) -> str:
        return f"<NotCounted {self.at}, {self.why}>"


class Finding(Record):
    """One instance of a rule that is violated or unproven.

    `at` is the JSON Pointer of the instance (empty: the document), `facts` the present
    fields that made the condition fail, `missing` the absent facts that would decide it, `unset`
    the parameters without a value that it depends on. `not_counted` are attestations that were
    given on the question of an `attest` rule, in the order of the document. The last two are no
    members of the JSON where there are none.
    """

    rule: str
    effect: Literal["require", "forbid", "attest", "advise"]
    outcome: Outcome
    blocking: bool
    clauses: tuple[str, ...]
    readings: tuple[str, ...]
    at: str
    facts: tuple[str, ...]
    missing: tuple[str, ...]
    message: Localised
    remedy: Localised | None
    detections: tuple[Detection, ...]
    attestation: AttestationRequest | None
    unset: tuple[Unset, ...] = ()
    not_counted: tuple[NotCounted, ...] = ()

    @property
    def in_vain(self) -> tuple[NotCounted, ...]:
        """The attestations that do not count, but for a contrary one that decides: a fact."""
        return tuple(
            [each for each in self.not_counted if f"{each.at}/statement" not in self.facts]
        )

    def __repr__(self) -> str:
        return f"<Finding {self.rule} {self.outcome} at {self.at or 'the document'}>"


class Citation(Record):
    """A clause with its status; `reason` says why an `undecided` one is."""

    clause: str
    locator: str
    force: Force
    status: Status
    text: Localised
    digest: tuple[str, ...]
    reason: Localised | None

    def __repr__(self) -> str:
        return f"<Citation {self.clause} ({self.locator}) {self.status}>"


class Decision(Record):
    """The decision on one document.

    `because` is `violated`, `unproven` (only facts are missing) or None (allowed). `assumed` are
    the absent fields that denying rules read whose absence has a meaning: a default, or none.
    A decision has no truth value: ask `.allowed`.
    """

    decision: Literal["allow", "deny"]
    because: Outcome | None
    policy: PolicyRef
    engine: str
    document: DocumentRef
    as_of: str
    as_of_source: Literal["caller", "document", "clock"]
    findings: tuple[Finding, ...]
    citations: tuple[Citation, ...]
    assumed: tuple[str, ...]
    unregulated: tuple[str, ...]
    notice: Localised | None

    @property
    def allowed(self) -> bool:
        """Whether nothing blocks."""
        return self.decision == "allow"

    def __bool__(self) -> NoReturn:
        """Refuse `if decision:`, which would be true of a denial as well."""
        raise TypeError(
            "a Decision has no truth value; ask `decision.allowed`, or write it with `to_dict()`"
        )

    def __repr__(self) -> str:
        rules = list(dict.fromkeys(each.rule for each in self.findings))
        named = [*rules[:_MOST_NAMED], *(["…"] if len(rules) > _MOST_NAMED else [])]
        count = f"{len(self.findings)} finding{'' if len(self.findings) == 1 else 's'}"
        of = f"{count}: {', '.join(named)}" if named else count
        return f"<Decision {self.decision} {self.document.kind}, {of}>"
