"""The rows of an SQLite log: its ends, its kinds, and entries read or blanked."""

from __future__ import annotations

import sqlite3

from somepolicy.governance.log.chain import Head, Signer, digest_of_body, same
from somepolicy.governance.log.encoding import entry_from_json
from somepolicy.governance.log.errors import KindRefusedError, LogError
from somepolicy.governance.log.records import Entry


def altered() -> LogError:
    """Return what is said of a log that something else has written to."""
    return LogError(
        "the log was altered by something else",
        "keep it as it is, see `somepolicy log verify`, and go on with a new log",
    )


def read_entry(body: str) -> Entry:
    """Read an entry. Raises LogError for one that was altered."""
    try:
        return entry_from_json(body.encode())
    except ValueError:
        raise altered() from None


def end_of(connection: sqlite3.Connection, name: str) -> Head:
    """Return the end of that name. Raises LogError where there is none."""
    wanted = "SELECT sequence, chain FROM ends WHERE name = ?"
    row = connection.execute(wanted, (name,)).fetchone()
    if row is None or not isinstance(row[0], int) or not isinstance(row[1], bytes) or row[0] < 0:
        raise altered()
    return Head(*row)


def signed_end(connection: sqlite3.Connection, signer: Signer) -> Head:
    """Return the end, if the log itself wrote it: going on from another would hide what was cut."""
    head = end_of(connection, "head")
    wanted = "SELECT CAST(signature AS BLOB) FROM ends WHERE name = 'head'"
    (signature,) = connection.execute(wanted).fetchone()
    if not same(signer.end("head", head), signature):
        raise altered()
    return head


def set_end(connection: sqlite3.Connection, name: str, head: Head, signer: Signer) -> None:
    """Move and sign the end of that name."""
    connection.execute(
        "UPDATE ends SET sequence = ?, chain = ?, signature = ? WHERE name = ?",
        (head.sequence, head.chain, signer.end(name, head), name),
    )


def check_kind(connection: sqlite3.Connection, entry: Entry) -> None:
    """Raise KindRefusedError unless the entry's policy may log its kind."""
    wanted = "SELECT kind FROM kinds WHERE policy = ?"
    kinds = [kind for (kind,) in connection.execute(wanted, (entry.policy.digest,))]
    if entry.kind not in kinds:
        raise KindRefusedError(entry.kind, kinds)


def blank(connection: sqlite3.Connection, signer: Signer, which: str, value: str) -> int:
    """Blank the entries that `which`, a condition of this module, tells."""
    columns = "sequence, time, CAST(digest AS BLOB), CAST(body AS BLOB)"
    wanted = f"SELECT {columns} FROM entries WHERE body IS NOT NULL AND {which}"  # noqa: S608
    found = []
    for sequence, time, digest, body in connection.execute(wanted, (value,)):
        if digest_of_body(body) != digest:
            raise altered()
        found.append((sequence, time, digest))
    connection.executemany(
        "UPDATE entries SET id = NULL, body = NULL, erased = ? WHERE sequence = ?",
        ((signer.erasure(sequence, time, digest), sequence) for sequence, time, digest in found),
    )
    return len(found)
