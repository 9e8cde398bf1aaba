"""The rows of an SQLite log, of the types they were written with: the one way to read them.

A text comes as `StoredText`, a blob as `bytes`, both with the bytes that stand in the file: what is
checked and what is used is one value. Every table is read by itself and not by an index, which
could leave a row out.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Any

from somepolicy.log.chain import Head, Signer, digest_of_body, same
from somepolicy.log.errors import (
    Fault,
    KindRefusedError,
    LogError,
    NotWholeError,
    Problem,
)
from somepolicy.log.records import Entry

EntryRow = tuple[int, Any, Any, Any, Any, Any, Any]  # of any type until they are checked
_ENDS = ("head", "anchor", "kinds")


class StoredText(bytes):
    """The UTF-8 of a text: so a text that SQLite keeps is not taken for a blob."""

    __slots__ = ()


_NONE = type(None)
_TYPES = {
    (int, StoredText, StoredText, bytes, bytes, StoredText, _NONE),
    (int, _NONE, StoredText, bytes, bytes, StoredText, _NONE),  # no id: mislabelled
    (int, _NONE, StoredText, bytes, bytes, _NONE, bytes),  # erased
    (int, _NONE, StoredText, bytes, bytes, _NONE, _NONE),  # blanked by hand
}


def altered(fault: Fault, sequence: int = 0, *, name: str = "") -> NotWholeError:
    """Return the error for a log that something else has written to."""
    return NotWholeError((Problem(fault, sequence, sequence, name),))


def entry_rows(connection: sqlite3.Connection) -> Iterator[tuple[EntryRow, bool]]:
    """Yield sequence, id, time, digest, chain, body and erasure, and whether all are typed."""
    for row in connection.execute(
        "SELECT sequence, id, time, digest, chain, body, erased FROM entries NOT INDEXED"
        " ORDER BY sequence"
    ):
        yield row, tuple(map(type, row)) in _TYPES


def read_meta(connection: sqlite3.Connection) -> tuple[bytes, bytes]:
    """Return the id of the log and the mark of its key."""
    rows = connection.execute("SELECT name, value FROM meta NOT INDEXED").fetchmany(3)
    found = {
        name: value for name, value in rows if type(name) is StoredText and type(value) is bytes
    }
    if len(rows) != len(found) or found.keys() != {b"log", b"key"}:
        raise altered("replaced", name="table meta")
    return found[StoredText(b"log")], found[StoredText(b"key")]


def read_end(connection: sqlite3.Connection, name: str) -> tuple[Head, bytes] | None:
    """Return the end of that name and its signature; None where there is none of these types."""
    row = connection.execute(
        "SELECT sequence, chain, signature FROM ends NOT INDEXED WHERE name = ?", (name,)
    ).fetchone()
    if row is None or tuple(map(type, row)) != (int, bytes, bytes) or row[0] < 0:
        return None
    return Head(row[0], row[1]), row[2]


def foreign_ends(connection: sqlite3.Connection, format: int) -> bool:
    """Whether there are ends that are not the log's own."""
    known = {name.encode() for name in _ENDS[: 3 if format > 1 else 2]}
    rows = connection.execute("SELECT name FROM ends NOT INDEXED").fetchmany(len(_ENDS) + 1)
    return any(type(name) is not StoredText or name not in known for (name,) in rows)


def signed_end(connection: sqlite3.Connection, signer: Signer | None, name: str = "head") -> Head:
    """Return an end, if the log itself wrote it: going on from another would hide what was cut.

    Without a signer the signature is not checked.
    """
    found = read_end(connection, name)
    if found is None or (signer and not same(signer.end(name, found[0]), found[1])):
        raise altered("kinds" if name == "kinds" else "unsigned end", name=f"end {name}")
    return found[0]


def end_to_go_on_from(connection: sqlite3.Connection, signer: Signer) -> Head:
    """Return the end, if it is signed and the last entry is the one it speaks of."""
    head = signed_end(connection, signer)
    row = connection.execute(
        "SELECT sequence, chain FROM entries NOT INDEXED ORDER BY sequence DESC LIMIT 1"
    ).fetchone()
    if row is None:
        if signed_end(connection, signer, "anchor") != head:
            raise altered("cut", head.sequence)
    elif (row[0], row[1]) != (head.sequence, head.chain) or type(row[1]) is not bytes:
        raise altered("end", row[0])
    return head


def set_end(connection: sqlite3.Connection, name: str, head: Head, signer: Signer) -> None:
    """Move and sign the end of that name."""
    moved = connection.execute(
        "UPDATE ends NOT INDEXED SET sequence = ?, chain = ?, signature = ? WHERE name = ?",
        (head.sequence, head.chain, signer.end(name, head), name),
    )
    all_done(moved, 1)


def all_done(written: sqlite3.Cursor, count: int) -> None:
    """Raise LogError unless so many rows were written: something in the file stands in the way."""
    if written.rowcount != count:
        raise LogError("the log cannot be written in full", "run `log verify`, and keep a copy")


def kinds_mark(kinds: Iterable[tuple[bytes, bytes]]) -> Head:
    """Return what stands for the kinds that may be logged: how many, and the digest of all."""
    listed = sorted(kinds)
    parts = (b"%d:%b" % (len(part), part) for pair in listed for part in pair)
    return Head(len(listed), hashlib.sha256(b"".join(parts)).digest())


def read_kinds(
    connection: sqlite3.Connection, signer: Signer | None, format: int
) -> set[tuple[bytes, bytes]]:
    """Return pairs of a policy's digest and a kind that may be logged under it.

    Raises NotWholeError where they are not those that were signed; without a signer their own
    digest alone is checked, and of a log of format 1 nothing is.
    """
    rows = connection.execute("SELECT policy, kind FROM kinds NOT INDEXED").fetchall()
    if any(type(part) is not StoredText for row in rows for part in row):
        raise altered("kinds", name="table kinds")
    if format > 1 and signed_end(connection, signer, "kinds") != kinds_mark(rows):
        raise altered("kinds", name="table kinds")
    return set(rows)


def check_kind(kinds: AbstractSet[tuple[bytes, bytes]], entry: Entry) -> None:
    """Raise KindRefusedError unless the entry's policy may log its kind."""
    policy = entry.policy.digest.encode()
    if (policy, entry.kind.encode()) not in kinds:
        listed = sorted(kind.decode("utf-8", "replace") for own, kind in kinds if own == policy)
        raise KindRefusedError(entry.kind, listed)


def blank(
    connection: sqlite3.Connection, signer: Signer, wanted: Callable[[bytes, bytes], bool]
) -> int:
    """Blank the entries whose time and bytes are wanted; return how many.

    Raises NotWholeError where one of them is not as it was logged: erasing would hide it.
    """
    found = []
    for (sequence, _, time, digest, _, body, _), typed in entry_rows(connection):
        if not isinstance(body, bytes) or not isinstance(time, bytes) or not wanted(time, body):
            continue
        if not typed or digest_of_body(body) != digest:
            raise altered("altered" if typed else "mistyped", sequence)
        found.append((signer.erasure(sequence, time.decode("utf-8", "replace"), digest), sequence))
    blanked = "UPDATE entries SET id = NULL, body = NULL, erased = ? WHERE sequence = ?"
    if found:
        all_done(connection.executemany(blanked, found), len(found))
    return len(found)
