"""A validated document -> the input of a module."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from somepolicy.functions.something import says_something
from somepolicy.json_type import Json


def rego_input(
    document: Json, as_of: datetime.datetime, digest: str | None = None
) -> dict[str, Json]:
    """Return the input of a module: a validated document, and what only somepolicy knows.

    That is the digest of its content, without which no attestation counts, and which of its
    texts say nothing to a reader.
    """
    silent = sorted({text for text in _texts(document) if not says_something(text)})
    given: dict[str, Json] = {"document": document, "as_of": as_of.isoformat(), "silent": [*silent]}
    return given if digest is None else {**given, "digest": digest}


def _texts(value: Json) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list() | dict():
            for each in value.values() if isinstance(value, dict) else value:
                yield from _texts(each)
        case _:
            return
