"""`somepolicy eval --log`: each answer is in the log before it is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Self, cast

from somepolicy.cli.problems import Unusable, say
from somepolicy.cli.show.answers import Answer
from somepolicy.cli.show.log import fault_text
from somepolicy.engine.errors import InvalidDocument
from somepolicy.log import DecisionLog, LogError, NotWholeError, Recorder, open_log
from somepolicy.log.recording import check_loggable
from somepolicy.policy import Policy
from somepolicy.texts.catalogue import texts
from somepolicy.texts.commands import LogTexts


@contextmanager
def usable_log(words: LogTexts, *, flag: bool = False) -> Iterator[None]:
    """Turn a LogError into what a command says when it cannot go on.

    `flag`: the command goes on with --unverified.
    """
    try:
        yield
    except NotWholeError as error:
        first = error.problems[0]
        helps = flag and first.fault != "replaced"
        refused = words.refused.format(what=fault_text(first, words))
        raise Unusable(refused + words.flag * helps) from None
    except LogError as error:
        raise Unusable(f"somepolicy: {error.message}: {error.help}") from None


class Recording:
    """Appends answers to the log at an address; None: to none. Raises Unusable."""

    def __init__(self, url: str | None, policy: Policy, language: str) -> None:
        self._words = texts(language).log
        self._log: DecisionLog | None = None
        self._recorder: Recorder | None = None
        self._written = self._left_out = 0
        if url is not None:
            with usable_log(self._words):
                check_loggable(policy)
                self._log = open_log(url)
                self._recorder = Recorder(policy, self._log)

    def add(self, answer: Answer) -> None:
        """Append an answer. What could not be read as JSON is of no known kind."""
        if self._recorder is None:
            return
        head = None
        document = answer.item.document
        with usable_log(self._words):
            if answer.decision is not None:
                known = cast("Mapping[str, object]", document)
                head = self._recorder.record(known, answer.decision)
            elif not answer.item.errors:
                error = InvalidDocument(answer.errors)
                head = self._recorder.record_invalid(document, error)
        self._written += head is not None
        self._left_out += head is None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Say what was logged, once all went well."""
        if self._log is None:
            return
        words = self._words
        try:
            if kind is None:
                with usable_log(self._words):
                    head = self._log.head()
                say(words.logged.format(written=self._written, head=head))
                if self._left_out:
                    say(words.left_out(self._left_out))
        finally:
            self._log.close()
