"""What `if`, `then` and `anyOf` may say: that members are there and what they look like."""

from __future__ import annotations

from collections.abc import Iterator

from somepolicy.check.schema.keywords import misshapen
from somepolicy.check.schema.node import escape
from somepolicy.json_type import Json

CONDITIONS = frozenset(
    {"required", "properties", "const", "enum", "pattern", "minItems", "minLength"}
)


def is_condition(part: Json, depth: int) -> bool:
    """Whether a part may stand in `if`, `then` or `anyOf`, at most so many levels deep."""
    if not isinstance(part, dict) or depth == 0 or part.keys() - CONDITIONS:
        return False
    if any(misshapen(key, value) for key, value in part.items()):
        return False
    members = part.get("properties")
    inner = members.values() if isinstance(members, dict) else ()
    return all(is_condition(member, depth - 1) for member in inner)


def patterns(part: Json, at: str) -> Iterator[tuple[str, str]]:
    """Yield every pattern of a condition with its place."""
    if not isinstance(part, dict):
        return
    if isinstance(pattern := part.get("pattern"), str):
        yield f"{at}/pattern", pattern
    members = part.get("properties")
    for name, member in members.items() if isinstance(members, dict) else ():
        yield from patterns(member, f"{at}/properties/{escape(name)}")
