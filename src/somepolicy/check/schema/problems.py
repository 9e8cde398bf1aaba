"""What is wrong with a schema, collected with its places."""

from __future__ import annotations

from somepolicy.check.schema.node import Node
from somepolicy.check.schema.places import Places
from somepolicy.syntax.diagnostics import Diagnostic


class Problems:
    """All that was wrong so far."""

    def __init__(self) -> None:
        self.errors: list[Diagnostic] = []
        self._places = Places()

    def fail(
        self, code: str, message: str, node: Node, *, key: str = "", help: str | None = None
    ) -> None:
        """Collect an error at a keyword of a node, or at the nearest place there is."""
        pointer = f"{node.pointer}/{key}" if key else node.pointer
        span = self._places.span(node.file, pointer)
        self.errors.append(Diagnostic(code, message, span, help))
