"""What the log says when it cannot do its duty. Nothing is lost without one of these."""

from __future__ import annotations

from collections.abc import Iterable


class LogError(Exception):
    """The log cannot be read or written. `help` says what to do about it.

    After an append that raised this, the decision is not in the log.
    """

    def __init__(self, message: str, help: str) -> None:
        self.message = message
        self.help = help
        super().__init__(f"{message}; {help}")


class KindRefusedError(LogError):
    """A decision on a kind of document that may not be logged, as one that is private."""

    def __init__(self, kind: str, listed: Iterable[str]) -> None:
        self.kind = kind
        kinds = ", ".join(listed) or "none"
        super().__init__(
            f"a decision on a `{kind}` may not be logged",
            f"the policy lists under `[log]` what may: {kinds}",
        )
