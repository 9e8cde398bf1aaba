"""Program -> what the policy holds of its source: places, digests, and who stands on them."""

from __future__ import annotations

from dataclasses import dataclass

from somepolicy.ir import Clause, LeadIn, Program
from somepolicy.source.segments import order_of


@dataclass(frozen=True, slots=True)
class Place:
    """A segment of the source as the policy knows it: no text, only where it stood and its digest.

    `clauses` are the names of the clauses it holds, in the order of the policy; none where it
    is a lead-in.
    """

    locator: str
    digest: str
    clauses: tuple[str, ...]
    lead_in: bool


def places(program: Program) -> tuple[Place, ...]:
    """Return every segment the policy accounts for, once, in the order of the text."""
    clauses: dict[tuple[str, str], list[str]] = {}
    leading: set[tuple[str, str]] = set()
    for clause in program.clauses.values():
        for key in keys_of(clause):
            clauses.setdefault(key, []).append(clause.name)
    for lead_in in program.lead_ins:
        leading.update(keys_of(lead_in))
    found = sorted({*clauses, *leading}, key=lambda key: (order_of(key[0]), key))
    return tuple(
        Place(
            locator, digest, tuple(clauses.get((locator, digest), ())), (locator, digest) in leading
        )
        for locator, digest in found
    )


def keys_of(item: Clause | LeadIn) -> list[tuple[str, str]]:
    """Return locator and digest of each segment; several digests are those of a block's sentences."""
    if len(item.digests) == 1:
        return [(item.locator, item.digests[0])]
    return [(f"{item.locator}.s{number}", digest) for number, digest in enumerate(item.digests, 1)]
