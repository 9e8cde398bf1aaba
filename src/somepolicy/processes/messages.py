"""Messages between processes of this package: a length, then a value as bytes."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import IO

from somepolicy.errors import SomepolicyError

_LENGTH = struct.Struct("<Q")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a worker cannot go on: an error of this package, or a reason that shows no task."""

    reason: str | SomepolicyError


def send(stream: IO[bytes], message: bytes) -> None:
    """Write one message and send it off. Raises OSError where nobody listens."""
    stream.write(_LENGTH.pack(len(message)))
    stream.write(message)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """Read one message; None where the stream has ended, within one as well."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    message = stream.read(length)
    return message if len(message) == length else None
