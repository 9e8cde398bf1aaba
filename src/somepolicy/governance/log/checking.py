"""The check of a whole chain: every entry against its digest, its neighbours and the ends."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from somepolicy.governance.log.chain import BEGINNING, Head, Signer, digest_of_body, link, same
from somepolicy.governance.log.encoding import entry_from_json, stamp
from somepolicy.governance.log.store import Fault, Problem, Verification

_MOST_TOLD = 20
_Row = tuple[int, bytes | None, bytes, bytes, bytes, bytes | None, bytes | None]


def check_chain(
    connection: sqlite3.Connection, signer: Signer | None, expected: Head | None
) -> Verification:
    """Check a log as the connection's transaction sees it; without a signer not the signatures."""
    check = _Check(connection, signer, expected)
    check.run()
    return Verification(
        check.entries,
        check.erased,
        check.anchor.sequence,
        check.at,
        signer is not None,
        tuple(check.problems),
        check.faults,
    )


class _Check:
    """`at` is the point of the chain that was reached."""

    def __init__(
        self, connection: sqlite3.Connection, signer: Signer | None, expected: Head | None
    ) -> None:
        self.connection = connection
        self.signer = signer
        self.expected = expected
        self.problems: list[Problem] = []
        self.faults = self.entries = self.erased = 0
        self.anchor = self.at = self.end("anchor", "unsigned beginning")

    def fail(self, fault: Fault, sequence: int, last: int | None = None) -> None:
        self.faults += 1
        if len(self.problems) < _MOST_TOLD:
            self.problems.append(Problem(fault, sequence, sequence if last is None else last))

    def run(self) -> None:
        self.expect(self.anchor)
        for row in self.rows():
            self.entry(row)
            self.expect(self.at)
        head = self.end("head", "unsigned end")
        if head.sequence > self.at.sequence:
            self.fail("cut", self.at.sequence + 1, head.sequence)
        elif head.sequence < self.at.sequence:
            self.fail("beyond", head.sequence + 1, self.at.sequence)
        elif head.chain != self.at.chain:
            self.fail("end", head.sequence)
        if self.expected is not None:
            if self.expected.sequence < self.anchor.sequence:
                self.fail("head pruned", self.expected.sequence)
            elif self.expected.sequence > self.at.sequence:
                self.fail("cut", self.at.sequence + 1, self.expected.sequence)

    def rows(self) -> Iterator[_Row]:
        return self.connection.execute(
            "SELECT sequence, CAST(id AS BLOB), CAST(time AS BLOB), CAST(digest AS BLOB),"
            " CAST(chain AS BLOB), CAST(body AS BLOB), CAST(erased AS BLOB)"
            " FROM entries ORDER BY sequence"
        )

    def entry(self, row: _Row) -> None:
        sequence, id, time, digest, chain, body, erased = row
        self.entries += 1
        if sequence <= self.at.sequence:
            self.fail("unchained", sequence)  # before the beginning
            return
        if sequence != self.at.sequence + 1:
            self.fail("missing", self.at.sequence + 1, sequence - 1)
            self.at = Head(sequence, chain)
        else:
            linked = link(self.at, digest)
            if linked.chain != chain:
                self.fail("unchained", sequence)
            self.at = Head(sequence, chain)
        if body is None:
            self.blank(sequence, time, digest, erased)
        elif digest_of_body(body) != digest:
            self.fail("altered", sequence)
        elif not _labelled(body, id, time):
            self.fail("mislabelled", sequence)

    def blank(self, sequence: int, time: bytes, digest: bytes, erased: bytes | None) -> None:
        self.erased += 1
        if self.signer is None:
            return
        signature = self.signer.erasure(sequence, time.decode("utf-8", "replace"), digest)
        if not same(signature, erased):
            self.fail("unsigned erasure", sequence)

    def expect(self, head: Head) -> None:
        expected = self.expected
        if expected and expected.sequence == head.sequence and expected.chain != head.chain:
            self.fail("other head", head.sequence)

    def end(self, name: str, fault: Fault) -> Head:
        wanted = (
            "SELECT CAST(sequence AS INTEGER), CAST(chain AS BLOB), CAST(signature AS BLOB)"
            " FROM ends WHERE name = ?"
        )
        row = self.connection.execute(wanted, (name,)).fetchone()
        if row is None or row[0] < 0:
            self.fail(fault, 0)
            return BEGINNING
        head = Head(row[0], row[1])
        unsigned = self.signer is not None and not same(self.signer.end(name, head), row[2])
        if unsigned:
            self.fail(fault, head.sequence)
        return head


def _labelled(body: bytes, id: bytes | None, time: bytes) -> bool:
    """Whether what stands beside the bytes is what the bytes say."""
    try:
        entry = entry_from_json(body)
    except ValueError:
        return False
    return (entry.id.encode(), stamp(entry.time).encode()) == (id, time)
