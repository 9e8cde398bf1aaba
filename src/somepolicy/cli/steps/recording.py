"""`somepolicy eval --log`: each answer is in the log before it is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Self, cast

from somepolicy.cli.problems import Unusable, tell
from somepolicy.cli.show.answers import Answer
from somepolicy.cli.words.common import Words
from somepolicy.cli.words.log import log_words_for
from somepolicy.governance.log import DecisionLog, LogError, Recorder, open_log
from somepolicy.policy import Policy
from somepolicy.runtime.errors import InvalidDocument


@contextmanager
def told() -> Iterator[None]:
    """Turn a LogError into what a command says when it cannot go on."""
    try:
        yield
    except LogError as error:
        raise Unusable(f"somepolicy: {error.message}: {error.help}") from None


class Recording:
    """Appends answers to the log at an address; None: to none. Raises Unusable."""

    def __init__(self, url: str | None, policy: Policy, words: Words) -> None:
        self._language = "nb" if words.answer["yes"] == "ja" else "en"
        self._log: DecisionLog | None = None
        self._recorder: Recorder | None = None
        self._written = self._left_out = 0
        if url is not None:
            with told():
                self._log = open_log(url)
                self._recorder = Recorder(policy, self._log)

    def add(self, answer: Answer) -> None:
        """Append an answer. What could not be read as JSON is of no known kind."""
        if self._recorder is None:
            return
        head = None
        document = answer.item.document
        with told():
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
        words = log_words_for(self._language)
        try:
            if kind is None:
                with told():
                    head = self._log.head()
                tell(words.logged.format(written=self._written, head=head))
                if self._left_out:
                    tell(words.left_out.format(count=self._left_out))
        finally:
            self._log.close()
