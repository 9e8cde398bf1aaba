"""An address -> the log there: the one place that knows which stores there are."""

from __future__ import annotations

import os
from pathlib import Path

from somepolicy.log.errors import LogError
from somepolicy.log.keys import given_key
from somepolicy.log.sqlite_log import SqliteLog
from somepolicy.log.store import DecisionLog

_SQLITE = "sqlite"


def open_log(url: str | Path, *, key: bytes | None = None, make: bool = True) -> DecisionLog:
    """Open the decision log at an address, `sqlite:///PATH` or a plain path.

    A log that is not there is made, unless `make` is False. The key is `key`, else
    SOMEPOLICY_LOG_KEY, else the file `PATH.key`, which a new log makes for itself; a log can
    be read without one. Raises LogError.
    """
    return SqliteLog(_path(url), given_key(key, os.environ), make=make)


def _path(url: str | Path) -> Path:
    """Return the file of an address. It is not repeated: it could hold a password."""
    if isinstance(url, Path):
        return url
    scheme, separator, rest = url.partition("://")
    if separator:
        if scheme != _SQLITE:
            raise LogError(
                f"logs of the kind `{scheme[:20]}` are not known",
                "give `sqlite:///PATH` or a plain path",
            )
        if not rest.startswith("/"):
            raise LogError(
                "the address of a log has three strokes",
                "write `sqlite:///PATH`, PATH being a file",
            )
        url = rest[1:]
    if not url or url.startswith(":memory:") or "\0" in url:
        raise LogError("a log is a file", "give `sqlite:///PATH` or a plain path")
    return Path(url)
