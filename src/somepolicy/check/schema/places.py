"""Where in the text of a schema file its members stand, so that a diagnostic can point at them."""

from __future__ import annotations

import json
import re

from somepolicy.check.schema.node import escape
from somepolicy.ir.schemas import SchemaFile
from somepolicy.syntax.source import Span

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


class Places:
    """Finds places; the text of a file is gone through once, when the first is asked for."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, tuple[int, int]]] = {}

    def span(self, file: SchemaFile, pointer: str) -> Span:
        """Return the span of what is at a JSON Pointer, or of the nearest place above it."""
        path = file.source.path
        if path not in self._known:
            self._known[path] = _json_places(file.source.text)
        places = self._known[path]
        while pointer not in places and "/" in pointer:
            pointer = pointer.rpartition("/")[0]
        return Span(file.source, *places.get(pointer, (0, 1)))


def _json_places(text: str) -> dict[str, tuple[int, int]]:
    """Map each JSON Pointer of a valid JSON text to the span of its key, or of its value.

    Members are placed at their key, elements of a list at their first token, the root at 0.
    """
    places = {"": (0, 1)}
    stack: list[list[str | int]] = []  # each open container: its pointer and next key or index
    key: str | None = None
    for match in _TOKEN.finditer(text):
        token = match[0]
        pointer = _child(stack, key)
        match token:
            case "{" | "[":
                places.setdefault(pointer, match.span())
                stack.append([pointer, {"[": 0, "{": -1}[token]])
                key = None
            case "}" | "]":
                stack.pop()
                key = None
            case ",":
                key = None
                if isinstance(index := stack[-1][1], int) and index >= 0:
                    stack[-1][1] = index + 1
            case ":":
                continue
            case _ if token.startswith('"') and key is None and stack and stack[-1][1] == -1:
                name = json.loads(token) if "\\" in token else token[1:-1]
                key = escape(name)
                places[f"{stack[-1][0]}/{key}"] = match.span()
            case _:
                places.setdefault(pointer, match.span())
    return places


def _child(stack: list[list[str | int]], key: str | None) -> str:
    if not stack:
        return ""
    pointer, index = stack[-1]
    return f"{pointer}/{index if key is None else key}"
