"""What is wrong with a schema, collected with its places."""

from __future__ import annotations

from somepolicy.check.json_places import json_places
from somepolicy.check.schema.node import Node
from somepolicy.syntax.diagnostics import Diagnostic
from somepolicy.syntax.source import Span


class Problems:
    """All that was wrong so far."""

    def __init__(self) -> None:
        self.errors: list[Diagnostic] = []

    def fail(
        self, code: str, message: str, node: Node, *, key: str = "", help: str | None = None
    ) -> None:
        """Collect an error at a keyword of a node, or at the nearest place there is."""
        places = json_places(node.file.source.text)
        pointer = f"{node.pointer}/{key}" if key else node.pointer
        while pointer not in places and "/" in pointer:
            pointer = pointer.rpartition("/")[0]
        place = places.get(pointer, (0, 1))
        self.errors.append(Diagnostic(code, message, Span(node.file.source, *place), help))
