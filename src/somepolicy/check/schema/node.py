"""A place in a schema file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from somepolicy.ir.schemas import SchemaFile
from somepolicy.json_type import Json

NAMING = ("properties", "$defs")
"""Keywords of schemas by name."""
COMPARED = ("const", "enum", "required", "default", "x-labels", "x-why")
"""Keywords of values, or of what names them: no schemas."""


@dataclass(frozen=True)
class Node:
    """A subschema with the file and the pointer it stands at."""

    file: SchemaFile
    content: Mapping[str, Json]
    pointer: str

    def child(self, *keys: str) -> Node:
        """Return the subschema below; empty where there is none."""
        content: Json = dict(self.content)
        for key in keys:
            content = content.get(key) if isinstance(content, dict) else None
        escaped = map(escape, keys)
        inner = content if isinstance(content, dict) else {}
        return Node(self.file, inner, "/".join([self.pointer, *escaped]))

    def text(self, key: str) -> str:
        """Return the text of a keyword; empty where there is none."""
        value = self.content.get(key)
        return value if isinstance(value, str) else ""

    def members(self, key: str) -> dict[str, Json]:
        """Return the object of a keyword; empty where there is none."""
        value = self.content.get(key)
        return value if isinstance(value, dict) else {}


def subschemas(file: SchemaFile) -> Iterator[Node]:
    """Yield the schema of a file and all those below it."""
    yield from _below(file, file.content, "")


def _below(file: SchemaFile, content: Json, pointer: str) -> Iterator[Node]:
    if isinstance(content, list):
        for index, each in enumerate(content):
            yield from _below(file, each, f"{pointer}/{index}")
    if not isinstance(content, dict):
        return
    yield Node(file, content, pointer)
    for key, value in content.items():
        place = f"{pointer}/{escape(key)}"
        if key in NAMING:
            for name, inner in value.items() if isinstance(value, dict) else ():
                yield from _below(file, inner, f"{place}/{escape(name)}")
        elif key not in COMPARED:
            yield from _below(file, value, place)


def escape(name: str) -> str:
    """Return a name as a step of a JSON Pointer."""
    return name.replace("~", "~0").replace("/", "~1")


def unescape(step: str) -> str:
    """Return the name that a step of a JSON Pointer stands for."""
    return step.replace("~1", "/").replace("~0", "~")
