"""Does absence help a denying rule to pass? The guard against failing open.

An instance passes if (not guard) or condition or exception holds. `is missing` becomes true,
and `is present` and `attested` false, when a fact or an attestation is absent; where that moves
an instance towards passing, the test is refused. Every other expression turns unknown, which
never passes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum

from somepolicy import ir as p
from somepolicy.ir.traversal import children


class Pull(Enum):
    """Which way a part moves the instance when it becomes true."""

    PASS = 1
    FAIL = -1
    BOTH = 0

    def opposite(self) -> Pull:
        """The pull under a negation."""
        return Pull(-self.value)


def failing_open(
    rule: p.Rule,
    definitions: Mapping[str, p.Definition | None],
    predicates: Mapping[str, p.Predicate | None],
) -> Iterator[p.Presence | p.Attestation]:
    """Yield the tests through which something absent would help the rule to pass."""
    parts = [
        (rule.guard, Pull.FAIL),
        (rule.each.where if rule.each else None, Pull.FAIL),
        (rule.condition, Pull.FAIL if rule.forbids else Pull.PASS),
        (rule.exception, Pull.PASS),
    ]
    pending = [(part, pull) for part, pull in parts if part is not None]
    seen: set[tuple[str, Pull]] = set()
    while pending:
        part, pull = pending.pop()
        match part:
            case p.Presence():
                harmful = Pull.FAIL if part.present else Pull.PASS
                if pull in (harmful, Pull.BOTH) and not part.operand.none_when_absent:
                    yield part
            case p.Attestation() if pull is not Pull.PASS:
                yield part
            case p.Operation(operator="not", operands=(operand,)):
                pending.append((operand, pull.opposite()))
            case p.Junction():
                pending.extend((operand, pull) for operand in part.operands)
            case p.Quantifier():
                pending.append((part.condition, pull))
            case p.Fallback():
                pending.append((part.fallback, pull))
            case p.Defined() | p.Applied():
                name = part.name if isinstance(part, p.Defined) else part.predicate
                table = definitions if isinstance(part, p.Defined) else predicates
                target = table.get(name)
                if target is not None and (name, pull) not in seen:
                    seen.add((name, pull))
                    pending.append((target.body, pull))
            case _:
                pending.extend((child, Pull.BOTH) for child in children(part))
