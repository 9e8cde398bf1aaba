"""The SQLite file of a log: how it is opened and made, and what its errors mean."""

from __future__ import annotations

import errno
import os
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from somepolicy.log.chain import BEGINNING, Signer
from somepolicy.log.errors import LogError
from somepolicy.log.keys import key_mark, sync_folder
from somepolicy.log.sqlite_form import APPLICATION, FORMAT, TABLES, statement
from somepolicy.log.sqlite_rows import StoredText, kinds_mark

BESIDE = ("-wal", "-shm", "-journal")  # the ends of the files that SQLite keeps beside a log
_NAP = 0.001  # seconds
_HELP = {
    sqlite3.SQLITE_FULL: ("the disk is full", "make room where the log is, and try again"),
    sqlite3.SQLITE_READONLY: (
        "the log may not be written",
        "let this user write the file and its folder",
    ),
    sqlite3.SQLITE_BUSY: (
        "another process keeps the log locked",
        "try again when it is done; no other program may hold the file open for writing",
    ),
    sqlite3.SQLITE_LOCKED: ("the log is locked", "try again"),
    sqlite3.SQLITE_NOTADB: (
        "this file is not a decision log",
        "check the path; the file was left as it is",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "the file of the log is damaged",
        "keep the file as it is, go on with a new log, and restore this one from a copy",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "the log cannot be opened",
        "check that the folder exists and that this user may read and write there",
    ),
    sqlite3.SQLITE_IOERR: (
        "the disk failed, or a limit on the size of files was met",
        "see to the disk and the limits of this process, and try again",
    ),
    sqlite3.SQLITE_TOOBIG: ("the entry is too large", "log fewer fields"),
    sqlite3.SQLITE_CONSTRAINT: (
        "an entry of this id is in the log already",
        "give every decision an id of its own",
    ),
}


@contextmanager
def as_log_error() -> Iterator[None]:
    """Turn what SQLite says into a LogError; its own words could repeat what was written.

    An OSError passes: it comes from the disk or the pipe to which a caller writes what is read.
    """
    try:
        yield
    except sqlite3.ProgrammingError:
        raise LogError("the log is closed", "open it again") from None
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        known = ("the log cannot be used", "check that the file is a decision log")
        message, help = _HELP.get(code & 0xFF, known)
        name = getattr(error, "sqlite_errorname", type(error).__name__)
        raise LogError(f"{message} ({name})", help) from None


@contextmanager
def opened_as_log() -> Iterator[None]:
    """The same for opening or making a log, where an OSError is the log's as well."""
    try:
        with as_log_error():
            yield
    except OSError as error:
        cause = errno.errorcode.get(error.errno or 0, type(error).__name__)
        raise LogError(f"the log cannot be used ({cause})", "see to the file of the log") from None


def check_files(path: Path) -> None:
    """Raise LogError where a log, or what SQLite keeps beside it, is not a file."""
    if path.is_dir():
        raise LogError("a log is a file, and this is a folder", "name a file in the folder")
    for beside in (Path(f"{x}{end}") for x in (path, path.resolve()) for end in ("", *BESIDE)):
        if beside.exists() and not beside.is_file():
            raise LogError("a log is a file, and this is a pipe or a device", "check the path")


def check_free(path: Path) -> None:
    """Raise LogError where a new log would not be its own.

    SQLite would read what an earlier log left beside it into the new one; and where a link leads
    nowhere, nothing can appear under its name.
    """
    if path.is_symlink():
        raise LogError("the path of the log is a link that leads nowhere", "check the path")
    for beside in (path.with_name(f"{path.name}{each}") for each in BESIDE):
        if os.path.lexists(beside) and not path.exists():
            raise LogError(
                f"there is no log at this path, but {beside.name}, which belongs to another one",
                "move it away, or put back the log that it belongs to",
            )


def identity(path: Path) -> tuple[int, int] | None:
    """Return what distinguishes a file from another of its name; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def connect(path: Path, *, timeout: float, writing: bool) -> sqlite3.Connection:
    """Open a connection; the file exists. Errors are those of sqlite3."""
    mode = "rw" if writing else "ro"
    try:
        return _connection(path, mode, timeout, writing)
    except sqlite3.OperationalError as error:
        refused = error.sqlite_errorcode & 0xFF in (
            sqlite3.SQLITE_CANTOPEN,
            sqlite3.SQLITE_READONLY,
        )
        if writing or not refused or path.with_name(f"{path.name}-wal").exists():
            raise
        # in a folder that cannot be written, SQLite needs to hear that nobody writes
        return _connection(path, "ro&immutable=1", timeout, writing)


def _connection(path: Path, mode: str, timeout: float, writing: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?mode={mode}",
        uri=True,
        timeout=timeout,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        connection.text_factory = StoredText
        connection.execute("PRAGMA trusted_schema = OFF")
        # an object that SQLite cannot make sense of is to be named, not to hide the log
        connection.execute("PRAGMA writable_schema = ON")
        if writing:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA fullfsync = ON")
            connection.execute("PRAGMA secure_delete = ON")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def begin(connection: sqlite3.Connection, timeout: float) -> None:
    """Begin a write transaction, waiting at most so many seconds for others to end theirs.

    SQLite's own waiting sleeps ever longer, up to 0.1 s, so that among several writers the one
    that waited longest has the least chance; a short even sleep gives each the same.
    """
    deadline = time.monotonic() + timeout
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not busy or time.monotonic() >= deadline:
                    raise
                time.sleep(_NAP)
            else:
                return
    finally:
        connection.execute(f"PRAGMA busy_timeout = {round(timeout * 1000)}")


def create(path: Path, key: bytes) -> None:
    """Make a new log, unless another process was first: it appears complete or not at all."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        connection = sqlite3.connect(draft, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("BEGIN IMMEDIATE")
            _fill(connection, key)
            connection.execute("COMMIT")
        finally:
            connection.close()
        with suppress(FileExistsError):
            os.link(draft, path)
        sync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def _fill(connection: sqlite3.Connection, key: bytes) -> None:
    for name in TABLES:
        connection.execute(statement(name))
    log_id = secrets.token_bytes(16)
    values = (("log", log_id), ("key", key_mark(key)))
    connection.executemany("INSERT INTO meta VALUES (?, ?)", values)
    signer = Signer(key, log_id, FORMAT)
    ends = {"head": BEGINNING, "anchor": BEGINNING, "kinds": kinds_mark(())}
    connection.executemany(
        "INSERT INTO ends VALUES (?, ?, ?, ?)",
        ((name, at.sequence, at.chain, signer.end(name, at)) for name, at in ends.items()),
    )
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {FORMAT}")
