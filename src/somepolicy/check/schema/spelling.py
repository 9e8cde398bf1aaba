"""Names and values of a schema are in form NFC, as those of documents are when they are compared.

And nothing in them is invisible: what a value is called for readers stands in `x-labels`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from somepolicy.check.schema.keywords import TYPED_ANEW
from somepolicy.check.schema.node import Node, escape
from somepolicy.check.schema.problems import Problems
from somepolicy.ir.schemas import SchemaFile
from somepolicy.json_type import Json
from somepolicy.look_alikes import called
from somepolicy.normal_form import is_normal
from somepolicy.syntax.names import is_unseen

_COMPARED = ("const", "enum", "required", "default", "x-labels", "x-why")

_EXACT = ("const", "enum")
_NOT_NORMAL = "is not in Unicode form NFC, in which texts are compared"


def check_spelling(file: SchemaFile, problems: Problems) -> None:
    """Refuse what stands in no document; patterns are checked where they are read."""
    root = Node(file, file.content, "")
    for message, help, at in _misspelt(file.content, ""):
        problems.fail("P604", message, root, key=at[1:], help=help)


def _misspelt(schema: Json, at: str) -> Iterator[tuple[str, str, str]]:
    """Yield what is misspelt below a schema, the mend, and the pointer."""
    if isinstance(schema, list):
        for index, each in enumerate(schema):
            yield from _misspelt(each, f"{at}/{index}")
    if not isinstance(schema, dict):
        return
    for key, value in schema.items():
        place = f"{at}/{escape(key)}"
        if key in _COMPARED:
            if not all(map(is_normal, _texts(value))):
                yield f"a value {_NOT_NORMAL}", TYPED_ANEW, place
            elif key in _EXACT and (name := _unseen(_texts(value))):
                yield f"the invisible character {name} stands in a value", "delete it", place
        elif key in ("properties", "$defs"):
            for name, inner in value.items() if isinstance(value, dict) else ():
                if not is_normal(name):
                    yield f"the name {_NOT_NORMAL}", TYPED_ANEW, f"{place}/{escape(name)}"
                elif unseen := _unseen(name):
                    message = f"the invisible character {unseen} cannot stand in a name"
                    yield message, "delete it", f"{place}/{escape(name)}"
                yield from _misspelt(inner, f"{place}/{escape(name)}")
        else:
            yield from _misspelt(value, place)


def _unseen(texts: Iterable[str]) -> str | None:
    """Return the name of the first invisible character of texts."""
    return next((called(char) for text in texts for char in text if is_unseen(char)), None)


def _texts(value: Json) -> Iterator[str]:
    """Yield a text, the texts of a list, or the names of an object."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        yield from (each for each in value if isinstance(each, str))
