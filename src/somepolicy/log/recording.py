"""Deciding and logging in one: the decision is on the disk before anyone gets it.

`Policy.evaluate` stays pure; whoever wants a log wraps it.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Mapping
from typing import Protocol

from somepolicy.engine.decision import Decision
from somepolicy.engine.errors import InvalidDocument
from somepolicy.log.chain import Head
from somepolicy.log.errors import KindRefusedError, LogError
from somepolicy.log.event import event_of, refusal_of
from somepolicy.log.store import DecisionLog
from somepolicy.policy import Policy


def check_loggable(policy: Policy) -> None:
    """Raise LogError where the policy lets nothing be logged: no log need be made for it."""
    if not policy.program.logging.kinds:
        raise LogError(
            f"the policy {policy.name} lets nothing be logged",
            "name the kinds under `[log]` in its policy.toml",
        )


class Recorder:
    """Appends what a policy decides to a log, of the kinds that may be logged.

    `now` gives the time of an append, with an offset. Raises LogError where the policy lets
    nothing be logged, or the log cannot be written.
    """

    def __init__(
        self,
        policy: Policy,
        log: DecisionLog,
        now: Callable[[], datetime.datetime] = lambda: datetime.datetime.now(datetime.UTC),
    ) -> None:
        check_loggable(policy)
        log.register(policy)
        self.policy = policy
        self.log = log
        self._now = now

    def record(
        self, document: Mapping[str, object], decision: Decision, *, id: str | None = None
    ) -> Head | None:
        """Append a decision; None where its kind may not be logged, as a private one."""
        try:
            event = event_of(
                self.policy,
                document,
                decision,
                key=self.log.key,
                time=self._now(),
                id=str(uuid.uuid4()) if id is None else id,
            )
        except KindRefusedError:
            return None
        return self.log.append(event)

    def record_invalid(
        self, document: object, error: InvalidDocument, *, id: str | None = None
    ) -> Head | None:
        """Append that a document was malformed; None where it may have been a private one."""
        refusal = refusal_of(
            self.policy,
            document,
            error,
            engine=self.policy.engine,
            time=self._now(),
            id=str(uuid.uuid4()) if id is None else id,
        )
        return None if refusal is None else self.log.append(refusal)


class LoggedEvaluate(Protocol):
    """Like `Policy.evaluate`, and logs; `id` is the id of the entry, a UUID, made up if None."""

    def __call__(
        self, document: object, *, as_of: datetime.datetime | None = None, id: str | None = None
    ) -> Decision:
        """Decide and log. Raises InvalidDocument, LogError."""


def logged(policy: Policy, log: DecisionLog) -> LoggedEvaluate:
    """Return a function that decides with the policy and logs before it answers.

    A kind of document that may not be logged is decided on and leaves no trace. A malformed
    document raises InvalidDocument as ever, after it was counted in the log. LogError means that
    there is no entry, and so no answer.
    """
    recorder = Recorder(policy, log)

    def evaluate(
        document: object, *, as_of: datetime.datetime | None = None, id: str | None = None
    ) -> Decision:
        try:
            decision = policy.evaluate(document, as_of=as_of)
        except InvalidDocument as error:
            recorder.record_invalid(document, error, id=id)
            raise
        assert isinstance(document, Mapping)
        recorder.record(document, decision, id=id)
        return decision

    return evaluate
