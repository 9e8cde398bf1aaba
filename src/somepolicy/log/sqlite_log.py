"""A decision log in one SQLite file, for several threads and processes of one machine."""

from __future__ import annotations

import datetime
import os
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self, TypeVar

from somepolicy.log.chain import Head, Signer, digest_of_body, link, same
from somepolicy.log.checking import Check
from somepolicy.log.encoding import (
    entry_from_json,
    has_id,
    has_unit,
    own_time,
    stamp,
    to_json,
)
from somepolicy.log.errors import LogError, NotWholeError
from somepolicy.log.event import unit_mark
from somepolicy.log.keys import key_file, key_mark, make_key, read_key
from somepolicy.log.records import Entry, Event
from somepolicy.log.selecting import Selection, moment
from somepolicy.log.sqlite_file import (
    as_log_error,
    begin,
    check_files,
    check_free,
    connect,
    create,
    identity,
    opened_as_log,
)
from somepolicy.log.sqlite_form import check_objects, foreign_objects, read_format
from somepolicy.log.sqlite_rows import (
    all_done,
    blank,
    check_kind,
    end_to_go_on_from,
    kinds_mark,
    read_kinds,
    read_meta,
    set_end,
    signed_end,
)
from somepolicy.log.store import Reading, Verification
from somepolicy.policy import Policy

T = TypeVar("T")
_WAIT = 30.0  # seconds


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
        self._file: tuple[int, int] | None = None  # which the writer has open
        with opened_as_log():
            check_files(path)
            key = read_key(key_file(path)) if key is None else key
            if not path.exists():
                if not make:
                    raise LogError("there is no log at this path", "check the path")
                check_free(path)
                key = make_key(key_file(path)) if key is None else key
                create(path, key)
            with self._reading() as connection:
                self._format = read_format(connection)
                foreign_objects(connection)
                self._log_id, mark = read_meta(connection)
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
        """What distinguishes this log from others: 32 hexadecimal digits."""
        return self._log_id.hex()

    @property
    def _signer(self) -> Signer | None:
        return None if self._key is None else Signer(self._key, self._log_id, self._format)

    def _must_sign(self) -> Signer:
        return Signer(self.key, self._log_id, self._format)

    def register(self, policy: Policy) -> None:
        """Let the kinds that the policy lists be logged under it."""
        digest = policy.program.digest.encode()
        wanted = {(digest, kind.encode()) for kind in policy.program.logging.kinds}
        with self._reading() as connection:
            there = read_kinds(connection, self._signer, self._format)
        if wanted <= there:
            return
        signer = self._must_sign()
        with self._writing() as connection:
            there = read_kinds(connection, signer, self._format)
            new = [(policy.decode(), kind.decode()) for policy, kind in sorted(wanted - there)]
            all_done(connection.executemany("INSERT INTO kinds VALUES (?, ?)", new), len(new))
            if self._format > 1:
                set_end(connection, "kinds", kinds_mark(wanted | there), signer)

    def append(self, entry: Entry) -> Head:
        """Append an entry; once this returns, it is on the disk."""
        return self.append_all((entry,))

    def append_all(self, entries: Iterable[Entry]) -> Head:
        """Append all of the entries or, where one cannot be, none; they are held in memory."""
        signer = self._must_sign()
        written = [(entry, _readable(entry)) for entry in entries]  # before anyone has to wait
        with self._writing() as connection:
            head = end_to_go_on_from(connection, signer)
            kinds = read_kinds(connection, signer, self._format)
            for entry, body in written:
                check_kind(kinds, entry)
                digest = digest_of_body(body)
                head = link(head, digest)
                inserted = connection.execute(
                    "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, NULL)",
                    (head.sequence, entry.id, stamp(entry.time), digest, head.chain, body.decode()),
                )
                all_done(inserted, 1)
            set_end(connection, "head", head, signer)
        return head

    def read(
        self,
        take: Callable[[Iterator[bytes]], T],
        *,
        since: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        unverified: bool = False,
    ) -> Reading[T]:
        """Give what `take` makes of the entries, once the whole log was checked."""
        with self._reading() as connection:
            check = self._check(connection, strict=not unverified)
            found = Selection(check, since, until)
            bodies = iter(found)
            value = take(bodies)
            _pass(bodies)
        return Reading(value, check.verification, found.count, found.first, found.last)

    def entries(
        self,
        *,
        since: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        last: int | None = None,
        unverified: bool = False,
    ) -> Iterator[Entry]:
        """Yield the entries from `since` on and before `until`, in order."""
        if last is not None:
            reading = self.read(
                lambda bodies: deque(bodies, last), since=since, until=until, unverified=unverified
            )
            yield from map(entry_from_json, reading.value)
            return
        with self._reading() as connection:
            if not unverified:
                _pass(self._check(connection, strict=True).run())
            check = self._check(connection, strict=not unverified)
            yield from map(entry_from_json, Selection(check, since, until))

    def time_zones(self) -> frozenset[str | None]:
        """Return the time zones of the policies of all entries; None: of one without."""
        body = "CAST(body AS TEXT)"
        with self._reading() as connection:
            found = connection.execute(
                f"SELECT DISTINCT json_extract({body}, '$.time_zone') FROM entries NOT INDEXED"  # noqa: S608
                f" WHERE json_valid({body}) LIMIT 2"
            ).fetchall()
        match found:
            case [(bytes(zone),)]:
                return frozenset({zone.decode(errors="replace")})
            case [] | [(None,)]:
                return frozenset({None} if found else ())
        # several: those of what is no entry do not count, and that takes a reader
        return frozenset(entry.time_zone for entry in self.entries(unverified=True))

    def events(
        self,
        *,
        since: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        unverified: bool = False,
    ) -> Iterator[Event]:
        """Yield the decisions among the entries."""
        entries = self.entries(since=since, until=until, unverified=unverified)
        return (entry for entry in entries if isinstance(entry, Event))

    def find(self, id: str, *, unverified: bool = False) -> Entry | None:
        """Return the entry of that id, None where there is none."""
        reading = self.read(
            lambda bodies: [body for body in bodies if has_id(body, id)], unverified=unverified
        )
        return entry_from_json(reading.value[0]) if reading.value else None

    def head(self) -> Head:
        """Return the end of the chain."""
        with self._reading() as connection:
            return signed_end(connection, self._signer)

    def verify(self, expected: Head | None = None) -> Verification:
        """Check the whole chain, as it is at one moment."""
        with self._reading() as connection:
            check = self._check(connection, expected=expected)
            try:
                _pass(check.run())
            except NotWholeError as error:
                return Verification.of_nothing(error)
        return check.verification

    def prune(self, before: datetime.datetime) -> int:
        """Drop what was appended before a time; return how many entries.

        An entry that stands after younger ones, as where a clock went back, is erased instead,
        for the chain begins at one place.
        """
        signer, bound = self._must_sign(), moment(before)
        self.read(_pass)  # what is dropped could show who did what
        with self._writing() as connection:
            (kept,) = connection.execute(
                "SELECT min(sequence) FROM entries NOT INDEXED WHERE time >= ?", (bound,)
            ).fetchone()
            last = signed_end(connection, signer).sequence if kept is None else kept - 1
            within = "FROM entries NOT INDEXED WHERE sequence <= ?"
            (dropped,) = connection.execute(f"SELECT count(*) {within}", (last,)).fetchone()
            if dropped:
                old = f"SELECT sequence, chain {within} ORDER BY sequence DESC LIMIT 1"
                row = connection.execute(old, (last,)).fetchone()
                set_end(connection, "anchor", Head(*row), signer)
                all_done(connection.execute(f"DELETE {within}", (last,)), dropped)
            dropped = int(dropped) + blank(
                connection, signer, lambda time, _: time < bound.encode()
            )
        self._forget()
        return dropped

    def erase(
        self, *, id: str | None = None, unit: str | None = None, unverified: bool = False
    ) -> int:
        """Erase the entry of that id, or all of that unit; return how many."""
        if (id is None) == (unit is None):
            raise ValueError("either an id or a unit is needed")
        signer = self._must_sign()
        units = () if unit is None else (unit, unit_mark(unit, signer.key))
        if not unverified:
            self.read(_pass)

        def wanted(_: bytes, body: bytes) -> bool:
            return has_unit(body, units) if id is None else has_id(body, id)

        with self._writing() as connection:
            erased = blank(connection, signer, wanted)
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

    def _check(
        self,
        connection: sqlite3.Connection,
        *,
        expected: Head | None = None,
        strict: bool = False,
    ) -> Check:
        return Check(connection, self._signer, self._format, expected=expected, strict=strict)

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
        """Give a reader a connection of its own, so that it waits for no one, and one moment."""
        self._check_open()
        with as_log_error():
            connection = connect(self.path, timeout=self._timeout, writing=False)
            try:
                connection.execute("BEGIN")
                yield connection
            finally:
                connection.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Hold the one write transaction; it is kept whole or, on any exception, undone.

        Raises NotWholeError where the file holds what is not the log's own, as a trigger that
        would alter what is written, or keep what is erased.
        """
        with self._lock, as_log_error():
            self._check_open()
            if self._writer is None:
                self._writer = connect(self.path, timeout=self._timeout, writing=True)
                self._file = identity(self.path)
            if self._file != identity(self.path):
                raise LogError("the log was moved or replaced while it was open", "open it anew")
            connection = self._writer
            begin(connection, self._timeout)
            try:
                check_objects(connection)
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
        with self._lock, as_log_error():
            assert self._writer is not None
            (busy, _, _) = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise LogError(
                "it is done, but remains may stand in the file that ends in -wal until those who "
                "read the log are done",
                "run the command again later; that it finds nothing more is fine",
            )


def _pass(entries: Iterator[object]) -> None:
    deque(entries, 0)


def _readable(entry: Entry) -> bytes:
    """Return the bytes of an entry. Raises LogError for one that no reader would take for one."""
    try:
        body = to_json(entry)
        own_time(body)
    except ValueError as error:
        member = getattr(error, "member", "")
        raise LogError(
            f"the entry cannot be read again{member and f': `{member}`'}",
            "append what `event_of` or `logged` makes",
        ) from None
    return body
