"""A decision log in one SQLite file, for several threads and processes of one machine."""

from __future__ import annotations

import datetime
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from somepolicy.governance.log.chain import Head, Signer, digest_of_body, link, same
from somepolicy.governance.log.checking import check_chain
from somepolicy.governance.log.encoding import stamp, to_json
from somepolicy.governance.log.errors import LogError
from somepolicy.governance.log.keys import key_file, key_mark, make_key, read_key
from somepolicy.governance.log.records import Entry, Event
from somepolicy.governance.log.sqlite_file import (
    begin,
    check_form,
    connect,
    create,
    told_as_log_error,
)
from somepolicy.governance.log.sqlite_rows import (
    altered,
    blank,
    check_kind,
    end_of,
    read_entry,
    set_end,
    signed_end,
)
from somepolicy.governance.log.store import Verification
from somepolicy.policy import Policy

_PAGE = 500  # entries read at a time
_WAIT = 30.0  # seconds
_WHEN = "FROM entries WHERE body IS NOT NULL AND time >= ? AND time < ?"


class SqliteLog:
    """See store.DecisionLog. The chain's end is read in the transaction that writes the next.

    `key` is None: the key file beside the log. `timeout`, in seconds, is how long to wait for
    other processes.
    """

    def __init__(
        self, path: Path, key: bytes | None, *, make: bool = True, timeout: float = _WAIT
    ) -> None:
        self.path = path
        self._timeout = timeout
        self._lock = threading.RLock()
        self._process = os.getpid()
        self._closed = False
        self._writer: sqlite3.Connection | None = None
        if path.is_dir():
            raise LogError("a log is a file, and this is a folder", "name a file in the folder")
        with told_as_log_error():
            key = read_key(key_file(path)) if key is None else key
            if not path.exists():
                if not make:
                    raise LogError("there is no log at this path", "check the path")
                key = make_key(key_file(path)) if key is None else key
                create(path, key)
            with self._reading() as connection:
                check_form(connection)
                meta = dict(connection.execute("SELECT name, value FROM meta"))
        log_id, mark = meta.get("log"), meta.get("key")
        if not isinstance(log_id, bytes) or not isinstance(mark, bytes):
            raise altered()
        self._log_id = log_id
        if key is not None and not same(key_mark(key), mark):
            raise LogError(
                "the key is not the one this log was made with",
                f"give the log's own key: {key_file(path).name} beside it, or SOMEPOLICY_LOG_KEY",
            )
        self._key = key

    @property
    def key(self) -> bytes:
        """The secret of the log. Raises LogError where it is missing."""
        if self._key is None:
            raise LogError(
                "the key of the log is missing",
                f"put back {key_file(self.path).name} beside the log, or set SOMEPOLICY_LOG_KEY",
            )
        return self._key

    @property
    def id(self) -> str:
        """What tells this log from another: 32 hexadecimal digits."""
        return self._log_id.hex()

    def admit(self, policy: Policy) -> None:
        """Let the kinds that the policy lists be logged under it."""
        digest = policy.program.digest
        wanted = {(digest, kind) for kind in policy.program.logging.kinds}
        with self._reading() as connection:
            there = set(connection.execute("SELECT * FROM kinds WHERE policy = ?", (digest,)))
        if wanted - there:
            with self._writing() as connection:
                connection.executemany("INSERT OR IGNORE INTO kinds VALUES (?, ?)", sorted(wanted))

    def append(self, entry: Entry) -> Head:
        """Append an entry; once this returns, it is on the disk."""
        return self.append_all((entry,))

    def append_all(self, entries: Iterable[Entry]) -> Head:
        """Append all of the entries or, where one cannot be, none; they are held in memory."""
        signer = Signer(self.key, self._log_id)
        written = [(entry, to_json(entry)) for entry in entries]  # before anyone has to wait
        with self._writing() as connection:
            head = signed_end(connection, signer)
            for entry, body in written:
                check_kind(connection, entry)
                digest = digest_of_body(body)
                head = link(head, digest)
                connection.execute(
                    "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, NULL)",
                    (head.sequence, entry.id, stamp(entry.time), digest, head.chain, body.decode()),
                )
            set_end(connection, "head", head, signer)
        return head

    def entries(
        self,
        *,
        since: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        last: int | None = None,
    ) -> Iterator[Entry]:
        """Yield what was appended from `since` on and before `until`, in order."""
        return map(read_entry, self.bodies(since=since, until=until, last=last))

    def bodies(
        self,
        *,
        since: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        last: int | None = None,
    ) -> Iterator[str]:
        """Yield the JSON of the same entries as it is kept."""
        when = ("" if since is None else _moment(since), "~" if until is None else _moment(until))
        with self._reading() as connection:
            after = 0
            if last is not None:
                wanted = f"SELECT sequence {_WHEN} ORDER BY sequence DESC LIMIT 1 OFFSET ?"
                (after,) = connection.execute(wanted, (*when, last)).fetchone() or (0,)
            # page by page: a transaction that lasts would keep the write-ahead file growing
            page = f"SELECT sequence, body {_WHEN} AND sequence > ? ORDER BY sequence LIMIT {_PAGE}"
            while rows := connection.execute(page, (*when, after)).fetchall():
                for after, body in rows:  # noqa: B007 - the next page begins after the last one
                    yield body

    def events(
        self, *, since: datetime.datetime | None = None, until: datetime.datetime | None = None
    ) -> Iterator[Event]:
        """Yield the decisions among the entries."""
        return (
            entry for entry in self.entries(since=since, until=until) if isinstance(entry, Event)
        )

    def find(self, id: str) -> Entry | None:
        """Return the entry of that id, None where there is none."""
        with self._reading() as connection:
            row = connection.execute("SELECT body FROM entries WHERE id = ?", (id,)).fetchone()
        return None if row is None else read_entry(row[0])

    def head(self) -> Head:
        """Return the end of the chain."""
        with self._reading() as connection:
            return end_of(connection, "head")

    def verify(self, expected: Head | None = None) -> Verification:
        """Check the whole chain, as it is at one moment."""
        signer = None if self._key is None else Signer(self._key, self._log_id)
        with self._reading() as connection:
            connection.execute("BEGIN")
            return check_chain(connection, signer, expected)

    def prune(self, before: datetime.datetime) -> int:
        """Drop what was appended before a time; return how many entries.

        An entry that stands after younger ones, as where a clock went back, is erased instead,
        for the chain begins at one place.
        """
        signer, moment = Signer(self.key, self._log_id), _moment(before)
        if not self.verify().sound:
            raise altered()  # what is dropped could show who did what
        with self._writing() as connection:
            (kept,) = connection.execute(
                "SELECT min(sequence) FROM entries WHERE time >= ?", (moment,)
            ).fetchone()
            last = signed_end(connection, signer).sequence if kept is None else kept - 1
            old = "SELECT sequence, chain FROM entries WHERE sequence <= ?"
            row = connection.execute(f"{old} ORDER BY sequence DESC LIMIT 1", (last,)).fetchone()
            dropped = 0
            if row is not None:
                set_end(connection, "anchor", Head(*row), signer)
                delete = "DELETE FROM entries WHERE sequence <= ?"
                dropped = connection.execute(delete, (last,)).rowcount
            dropped += blank(connection, signer, "time < ?", moment)
        self._forget()
        return dropped

    def erase(self, *, id: str | None = None, unit: str | None = None) -> int:
        """Erase the entry of that id, or all of that unit; return how many."""
        if (id is None) == (unit is None):
            raise ValueError("either an id or a unit is needed")
        signer = Signer(self.key, self._log_id)
        with self._writing() as connection:
            if id is not None:
                erased = blank(connection, signer, "id = ?", id)
            else:
                erased = blank(connection, signer, "json_extract(body, '$.unit_id') = ?", str(unit))
        self._forget()
        return erased

    def close(self) -> None:
        """Close the log; closing twice is fine."""
        with self._lock:
            self._closed = True
            if self._writer is not None and self._process == os.getpid():
                self._writer.close()
                self._writer = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _check_open(self) -> None:
        if self._closed:
            raise LogError("the log is closed", "open it again")
        if self._process != os.getpid():
            if self._writer is None:
                self._process = os.getpid()
                return
            raise LogError(
                "the log was opened before this process was forked", "open it in each process"
            )

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection of its own to a reader, so that it waits for no one."""
        self._check_open()
        with told_as_log_error():
            connection = connect(self.path, timeout=self._timeout, writing=False)
            try:
                yield connection
            finally:
                connection.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Hold the one write transaction; it is kept whole or, on any exception, undone."""
        with self._lock, told_as_log_error():
            self._check_open()
            if self._writer is None:
                self._writer = connect(self.path, timeout=self._timeout, writing=True)
            connection = self._writer
            begin(connection, self._timeout)
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def _forget(self) -> None:
        """Take what was erased out of the write-ahead file too.

        Raises LogError where another process reads just then: the erasing stands, and the
        remains go when the log is next erased from or closed by its last user.
        """
        with self._lock, told_as_log_error():
            assert self._writer is not None
            (busy, _, _) = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise LogError(
                "it is done, but remains may stand in the file that ends in -wal until those who "
                "read the log are done",
                "run the command again later; that it finds nothing more is fine",
            )


def _moment(time: datetime.datetime) -> str:
    if time.utcoffset() is None:
        raise ValueError("a time has an offset, as datetime(…, tzinfo=UTC)")
    return stamp(time)
