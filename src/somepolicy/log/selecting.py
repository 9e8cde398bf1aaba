"""Which entries of a pass are read: those from one moment on and before another."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from somepolicy.log.checking import Check, Kept
from somepolicy.log.encoding import stamp
from somepolicy.log.store import Place


class Selection:
    """The bytes of the entries that a pass comes by; `count` of them, as far as it has come.

    Raises ValueError for a time without an offset, or beyond the years 1 to 9999 in UTC.
    """

    def __init__(
        self, check: Check, since: datetime.datetime | None, until: datetime.datetime | None
    ) -> None:
        self._check = check
        self._since = b"" if since is None else moment(since).encode()
        self._until = b"~" if until is None else moment(until).encode()  # after every time
        self.count = 0
        self._first: Kept | None = None
        self._last: Kept | None = None

    def __iter__(self) -> Iterator[bytes]:
        for kept in self._check.run():
            if self._since <= kept.time < self._until:
                self.count += 1
                self._first = self._first or kept
                self._last = kept
                yield bytes(kept.body)  # orjson takes no type derived from it

    @property
    def first(self) -> Place | None:
        """Where the first of them stands, None where there was none."""
        return _place(self._first)

    @property
    def last(self) -> Place | None:
        """Where the last of them stands, None where there was none."""
        return _place(self._last)


def moment(time: datetime.datetime) -> str:
    """Return a time as the log keeps it.

    Raises ValueError for one without an offset, or beyond the years 1 to 9999 in UTC.
    """
    if time.utcoffset() is None:
        raise ValueError("a time has an offset, as datetime(…, tzinfo=UTC)")
    try:
        return stamp(time)
    except OverflowError:
        raise ValueError("in UTC this time lies beyond the years 1 to 9999") from None


def _place(kept: Kept | None) -> Place | None:
    return None if kept is None else Place(kept.sequence, kept.time.decode("utf-8", "replace"))
