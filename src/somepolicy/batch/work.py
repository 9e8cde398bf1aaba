"""A chunk of documents -> its answers: what one process does, whether it is the only one."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from somepolicy.batch.encoder import Encoder
from somepolicy.documents.chunks import Chunk
from somepolicy.engine.decision import Decision
from somepolicy.engine.errors import DocumentError, InvalidDocument
from somepolicy.engine.json_text import parse_json
from somepolicy.policy import Policy

Errors = tuple[DocumentError, ...]
Counts = Mapping[tuple[str, str], int]
INVALID = ("", "invalid")
ANSWERS = ("allow", "deny", "invalid")


@dataclass(frozen=True, slots=True)
class Terms:
    """How to decide. `clock` is the instant for documents that state none; None: the real one."""

    as_of: datetime.datetime | None = None
    digest: bool = True
    clock: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """The answers of a chunk as lines of JSON.

    `counts` says by kind and decision (or INVALID) how many there were; `size` is how many
    bytes of the input they are the answer to.
    """

    lines: bytes
    counts: Counts
    size: int


class Worker:
    """Decides on chunks with one policy. It travels to another process as what it is made from."""

    def __init__(self, policy: Policy, terms: Terms) -> None:
        self._policy = policy
        self._terms = terms
        self._encoder = Encoder()

    def __reduce__(self) -> tuple[type[Worker], tuple[Policy, Terms]]:
        return Worker, (self._policy, self._terms)

    def write(self, chunk: Chunk) -> Written:
        """Answer every document of a chunk with one line."""
        counts: Counter[tuple[str, str]] = Counter()
        lines: list[bytes] = []
        encode = self._encoder.encode
        for entry in chunk.entries:
            answer = entry.errors or self.answer(entry.document)
            if isinstance(answer, Decision):
                counts[answer.document.kind, answer.decision] += 1
                lines.append(encode(answer))
            else:
                counts[INVALID] += 1
                lines.append(error_record(chunk.source, entry.line, entry.at, answer))
        lines.append(b"")
        return Written(b"\n".join(lines), counts, chunk.size)

    def decide(self, chunk: Chunk) -> list[Decision | Errors]:
        """Return the decision on every document of a chunk, or else what is wrong with it."""
        return [entry.errors or self.answer(entry.document) for entry in chunk.entries]

    def answer(self, document: object) -> Decision | Errors:
        """Decide on one document: JSON text as bytes, or a parsed value."""
        terms = self._terms
        try:
            value = parse_json(document) if isinstance(document, bytes) else document
            if terms.clock is not None and terms.as_of is None and _states_no_time(value):
                # a run that is taken up again must not decide by another clock
                found = self._policy.evaluate(value, as_of=terms.clock, digest=terms.digest)
                return found._replace(as_of_source="clock")
            return self._policy.evaluate(value, as_of=terms.as_of, digest=terms.digest)
        except InvalidDocument as error:
            return error.errors


def error_record(source: str, line: int | None, at: str, errors: Errors) -> bytes:
    """Return the JSON that stands in the place of a decision: line, source and every error.

    Pointers lead from the top of the text, which matters where it is a list of documents.
    """
    placed = InvalidDocument(each._replace(pointer=at + each.pointer) for each in errors)
    record = {"line": line, "source": source, **placed.to_dict()}
    # a file name may hold bytes that are no UTF-8
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def _states_no_time(value: object) -> bool:
    return isinstance(value, dict) and value.get("as_of") is None
