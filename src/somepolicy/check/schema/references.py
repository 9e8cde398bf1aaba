"""Where a `$ref` leads."""

from __future__ import annotations

from collections.abc import Mapping

from somepolicy.check.schema.node import Node, unescape
from somepolicy.ir.schemas import SchemaFile
from somepolicy.json_type import Json


def references(file: SchemaFile) -> tuple[str, ...]:
    """Return the names of other files that a schema refers to, sorted."""
    found: set[str] = set()
    pending: list[Json] = [file.content]
    while pending:
        match pending.pop():
            case dict() as node:
                target = node.get("$ref")
                if isinstance(target, str) and (name := target.partition("#")[0]).isprintable():
                    found.add(name)
                pending.extend(node.values())
            case list() as items:
                pending.extend(items)
    return tuple(sorted(found - {""}))


def follow(node: Node, files: Mapping[str, SchemaFile]) -> Node | None:
    """Return what the `$ref` of a node names, here or in another file; None: it leads nowhere."""
    name, _, pointer = node.text("$ref").partition("#")
    file = files.get(name) if name else node.file
    content: Json = None if file is None else file.content
    if "%" in pointer or (pointer and not pointer.startswith("/")):
        content = None  # an escape that validators undo, or an anchor
    for part in pointer.split("/")[1:]:
        key = unescape(part)
        content = content.get(key) if isinstance(content, dict) and "$id" not in content else None
    return Node(file, content, pointer) if file is not None and isinstance(content, dict) else None
