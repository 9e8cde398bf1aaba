"""Names and values of a schema are in form NFC, as those of documents are when they are compared.

And nothing in them is invisible: what a value is called for readers stands in `x-labels`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from somepolicy.check.schema.keywords import TYPED_ANEW
from somepolicy.check.schema.node import COMPARED, NAMING, Node, escape, subschemas
from somepolicy.check.schema.problems import Problems
from somepolicy.ir.schemas import SchemaFile
from somepolicy.json_type import Json
from somepolicy.look_alikes import called
from somepolicy.normal_form import is_normal
from somepolicy.syntax.names import is_unseen

_EXACT = ("const", "enum")
_NOT_NORMAL = "is not in Unicode form NFC, in which texts are compared"


def check_spelling(file: SchemaFile, problems: Problems) -> None:
    """Refuse what stands in no document; patterns are checked where they are read."""
    for node in subschemas(file):
        for message, help, key in _misspelt(node):
            problems.fail("P604", message, node, key=key, help=help)


def _misspelt(node: Node) -> Iterator[tuple[str, str, str]]:
    """Yield what is misspelt in a schema itself, the mend, and the pointer below it."""
    for key, value in node.content.items():
        if key in COMPARED:
            if not all(map(is_normal, _texts(value))):
                yield f"a value {_NOT_NORMAL}", TYPED_ANEW, key
            elif key in _EXACT and (unseen := _unseen(_texts(value))):
                yield f"the invisible character {unseen} stands in a value", "delete it", key
        elif key in NAMING:
            for name in node.members(key):
                place = f"{key}/{escape(name)}"
                if not is_normal(name):
                    yield f"the name {_NOT_NORMAL}", TYPED_ANEW, place
                elif unseen := _unseen(name):
                    message = f"the invisible character {unseen} cannot stand in a name"
                    yield message, "delete it", place


def _unseen(texts: Iterable[str]) -> str | None:
    """Return the name of the first invisible character of texts."""
    return next((called(char) for text in texts for char in text if is_unseen(char)), None)


def _texts(value: Json) -> Iterator[str]:
    """Yield a text, the texts of a list, or the names of an object."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        yield from (each for each in value if isinstance(each, str))
