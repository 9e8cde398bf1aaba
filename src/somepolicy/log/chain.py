"""The hash chain: what binds an entry to all before it, and what signs its ends."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import NamedTuple

from somepolicy.log.keys import signed

_BEGINNING = bytes(32)


class Head(NamedTuple):
    """A point of the chain: the number of the last entry, 0 for none, and its chain value."""

    sequence: int
    chain: bytes

    def __str__(self) -> str:
        """`SEQUENCE:HEX`, as `--expect-head` takes it."""
        return f"{self.sequence}:{self.chain.hex()}"

    @classmethod
    def parse(cls, text: str) -> Head:
        """Read what `str` gives. Raises ValueError."""
        found = re.fullmatch(r"([0-9]{1,18}):([0-9a-f]{64})", text)
        if found is None:
            raise ValueError("a head is a number, a colon and 64 hexadecimal digits")
        return cls(int(found[1]), bytes.fromhex(found[2]))


BEGINNING = Head(0, _BEGINNING)


def digest_of_body(body: bytes) -> bytes:
    """Return the SHA-256 of an entry's bytes."""
    return hashlib.sha256(body).digest()


def link(before: Head, digest: bytes) -> Head:
    """Return the head after one more entry: SHA-256(chain before ‖ sequence ‖ digest).

    The sequence is 8 bytes, big-endian.
    """
    sequence = before.sequence + 1
    bound = before.chain + sequence.to_bytes(8, "big") + digest
    return Head(sequence, hashlib.sha256(bound).digest())


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs the ends of one log, so that no other key and no other log's end will do.

    From format 2 on the format is signed too, so that a log cannot pass for an older one, of
    which less is signed.
    """

    key: bytes
    log_id: bytes
    format: int

    def end(self, name: str, head: Head) -> bytes:
        """Return the signature of the end of that name: `head`, `anchor` or `kinds`."""
        return self._sign(name, head.sequence.to_bytes(8, "big") + head.chain)

    def erasure(self, sequence: int, time: str, digest: bytes) -> bytes:
        """Return the signature of an erased entry."""
        return self._sign("erased", sequence.to_bytes(8, "big") + digest + time.encode())

    def _sign(self, use: str, content: bytes) -> bytes:
        form = "" if self.format == 1 else f"{self.format} "
        return signed(self.key, f"somepolicy log {form}{use}\0".encode() + self.log_id + content)


def same(left: bytes, right: bytes | None) -> bool:
    """Compare signatures in a time that does not depend on them."""
    return right is not None and hmac.compare_digest(left, right)
