"""Names and values of a schema are in form NFC, as those of documents are when they are compared."""

from __future__ import annotations

from collections.abc import Iterator

from somepolicy.check.schema.keywords import TYPED_ANEW
from somepolicy.check.schema.node import Node, escape
from somepolicy.check.schema.problems import Problems
from somepolicy.ir.schemas import SchemaFile
from somepolicy.json_type import Json
from somepolicy.normal_form import is_normal

_COMPARED = ("const", "enum", "required", "default", "x-labels", "x-why")


def check_spelling(file: SchemaFile, problems: Problems) -> None:
    """Refuse what stands in no document; patterns are checked where they are read."""
    root = Node(file, file.content, "")
    for what, at in _misspelt(file.content, ""):
        message = f"{what} is not in Unicode form NFC, in which texts are compared"
        problems.fail("P604", message, root, key=at[1:], help=TYPED_ANEW)


def _misspelt(schema: Json, at: str) -> Iterator[tuple[str, str]]:
    """Yield what is misspelt below a schema, and its pointer."""
    if isinstance(schema, list):
        for index, each in enumerate(schema):
            yield from _misspelt(each, f"{at}/{index}")
    if not isinstance(schema, dict):
        return
    for key, value in schema.items():
        place = f"{at}/{escape(key)}"
        if key in _COMPARED:
            if not all(map(is_normal, _texts(value))):
                yield "a value", place
        elif key in ("properties", "$defs"):
            for name, inner in value.items() if isinstance(value, dict) else ():
                if not is_normal(name):
                    yield "the name", f"{place}/{escape(name)}"
                yield from _misspelt(inner, f"{place}/{escape(name)}")
        else:
            yield from _misspelt(value, place)


def _texts(value: Json) -> Iterator[str]:
    """Yield a text, the texts of a list, or the names of an object."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        yield from (each for each in value if isinstance(each, str))
