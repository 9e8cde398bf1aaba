"""Where in the text of a schema file its members stand."""

from __future__ import annotations

from somepolicy.check.json_places import json_places
from somepolicy.ir.schemas import SchemaFile
from somepolicy.syntax.source import Span


class Places:
    """Finds places; the text of a file is gone through once, when the first is asked for."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, tuple[int, int]]] = {}

    def span(self, file: SchemaFile, pointer: str) -> Span:
        """Return the span of what is at a JSON Pointer, or of the nearest place above it."""
        path = file.source.path
        if path not in self._known:
            self._known[path] = json_places(file.source.text)
        places = self._known[path]
        while pointer not in places and "/" in pointer:
            pointer = pointer.rpartition("/")[0]
        return Span(file.source, *places.get(pointer, (0, 1)))
