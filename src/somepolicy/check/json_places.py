"""Where in a JSON text each member stands, so that a diagnostic can point at it."""

from __future__ import annotations

import json
import re

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def json_places(text: str) -> dict[str, tuple[int, int]]:
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
                key = name.replace("~", "~0").replace("/", "~1")
                places[f"{stack[-1][0]}/{key}"] = match.span()
            case _:
                places.setdefault(pointer, match.span())
    return places


def _child(stack: list[list[str | int]], key: str | None) -> str:
    if not stack:
        return ""
    pointer, index = stack[-1]
    return f"{pointer}/{index if key is None else key}"
