"""The check of a whole chain: every entry against its digest, its neighbours and the ends."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from somepolicy.log.chain import BEGINNING, Head, Signer, digest_of_body, link, same
from somepolicy.log.encoding import own_time
from somepolicy.log.errors import Fault, NotAnEntryError, NotWholeError, Problem
from somepolicy.log.sqlite_form import foreign_objects, wrong_indexes
from somepolicy.log.sqlite_rows import (
    EntryRow,
    entry_rows,
    foreign_ends,
    read_end,
    read_kinds,
)
from somepolicy.log.store import Verification

_MOST_REPORTED = 20
_ID, _TIME = b',"id":"', b',"time":"'
_STAMP = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")  # what times are compared as


class Kept(NamedTuple):
    """An entry's number, its time as `stamp` writes it, and its bytes."""

    sequence: int
    time: bytes
    body: bytes


class Check:
    """One pass over a log, as the connection's transaction sees it.

    Without a signer the signatures are not checked. `strict`: the first fault is raised. `at` is
    the point of the chain that was reached. What is yielded are entries: no reader finds anything
    else in them.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        signer: Signer | None,
        format: int,
        *,
        expected: Head | None = None,
        strict: bool = False,
    ) -> None:
        self.connection = connection
        self.signer = signer
        self.format = format
        self.expected = expected
        self.strict = strict
        self.problems: list[Problem] = []
        self.unreadable: list[Problem] = []
        self.unread = self.faults = self.entries = self.erased = 0
        self.anchor = self.at = BEGINNING

    @property
    def verification(self) -> Verification:
        """What the pass has found."""
        return Verification(
            self.entries,
            self.erased,
            self.anchor.sequence,
            self.at,
            self.signer is not None,
            tuple(self.problems),
            self.faults,
            tuple(self.unreadable),
            self.unread,
        )

    def run(self) -> Iterator[Kept]:
        """Yield the entries that are not erased; what only the end shows is found after the last.

        Of entries with a fault those that can still be read are yielded. Raises NotWholeError
        where one of the log's tables is not its own, or, if strict, at any fault.
        """
        for problem in foreign_objects(self.connection) or wrong_indexes(self.connection):
            self._note(problem)
        self._tables()
        self.anchor = self.at = self._end("anchor", "unsigned beginning")
        self._expect(self.anchor)
        for row, typed in entry_rows(self.connection):
            kept = self._entry(row, typed=typed)
            self._expect(self.at)
            if kept is not None:
                yield kept
        head = self._end("head", "unsigned end")
        if head.sequence > self.at.sequence:
            self._fail("cut", self.at.sequence + 1, head.sequence)
        elif head.sequence < self.at.sequence:
            self._fail("beyond", head.sequence + 1, self.at.sequence)
        elif head.chain != self.at.chain:
            self._fail("end", head.sequence)
        if self.expected is not None:
            if self.expected.sequence < self.anchor.sequence:
                self._fail("head pruned", self.expected.sequence)
            elif self.expected.sequence > self.at.sequence:
                self._fail("cut", self.at.sequence + 1, self.expected.sequence)

    def _note(self, problem: Problem) -> None:
        self.faults += 1
        if len(self.problems) < _MOST_REPORTED:
            self.problems.append(problem)
        if self.strict:
            raise NotWholeError((problem,))

    def _fail(self, fault: Fault, sequence: int, last: int | None = None) -> None:
        self._note(Problem(fault, sequence, sequence if last is None else last))

    def _tables(self) -> None:
        """Check the small tables beside the entries."""
        if foreign_ends(self.connection, self.format):
            self._note(Problem("foreign", name="table ends"))
        try:
            read_kinds(self.connection, self.signer, self.format)
        except NotWholeError as error:
            self._note(error.problems[0])

    def _entry(self, row: EntryRow, *, typed: bool) -> Kept | None:
        """Check an entry; return it unless it is erased or cannot be read."""
        sequence, id, time, digest, chain, body, erased = row
        self.entries += 1
        if not typed:
            self._fail("mistyped", sequence)
        if not self._follow(sequence, digest, chain):
            return None
        if body is None:
            self.erased += 1
            if typed:
                self._blank(sequence, time, digest, erased)
            return None
        read = _read(sequence, body)
        if isinstance(read, Problem):
            self.unread += 1
            self.unreadable = [*self.unreadable, read][:_MOST_REPORTED]
        if typed:
            if digest_of_body(body) != digest:
                self._fail("altered", sequence)
            elif not _labelled(body, id, time):
                self._fail("mislabelled", sequence)
            elif isinstance(read, Problem):
                self._note(read)
        return None if isinstance(read, Problem) else read

    def _follow(self, sequence: int, digest: object, chain: object) -> bool:
        """Go to the next entry of the chain; False for one that stands before the last."""
        if sequence <= self.at.sequence:
            self._fail("unchained", sequence)
            return False
        reached = Head(sequence, chain if isinstance(chain, bytes) else b"")
        if sequence != self.at.sequence + 1:
            self._fail("missing", self.at.sequence + 1, sequence - 1)
        elif not isinstance(digest, bytes) or link(self.at, digest) != reached:
            self._fail("unchained", sequence)
        self.at = reached
        return True

    def _blank(self, sequence: int, time: bytes, digest: bytes, erased: bytes | None) -> None:
        if self.signer is None:
            signed = erased is not None
        else:
            moment = time.decode("utf-8", "replace")
            signed = same(self.signer.erasure(sequence, moment, digest), erased)
        if not signed:
            self._fail("unsigned erasure", sequence)

    def _expect(self, head: Head) -> None:
        expected = self.expected
        if expected and expected.sequence == head.sequence and expected.chain != head.chain:
            self._fail("other head", head.sequence)

    def _end(self, name: str, fault: Fault) -> Head:
        found = read_end(self.connection, name)
        if found is None:
            self._fail(fault, 0)
            return BEGINNING
        head, signature = found
        if self.signer is not None and not same(self.signer.end(name, head), signature):
            self._fail(fault, head.sequence)
        return head


def _labelled(body: bytes, id: bytes | None, time: bytes) -> bool:
    """Whether what stands beside the bytes is what the bytes say.

    Members are sorted and those after these two hold none of their names, so that the last
    `id` and the last `time` are the entry's own.
    """
    if id is None or not _STAMP.fullmatch(time):
        return False
    label, moment = _ID + id + b'"', _TIME + time + b'"'
    return body.startswith(label, body.rfind(_ID)) and body.startswith(moment, body.rfind(_TIME))


def _read(sequence: int, body: object) -> Kept | Problem:
    """Return an entry with the time that it states itself, or the problem of one that has none."""
    member = ""
    if isinstance(body, bytes):
        try:
            return Kept(sequence, own_time(bytes(body)).encode(), body)
        except NotAnEntryError as error:
            member = error.member
    return Problem("unreadable", sequence, sequence, member=member)
