"""A document that cannot be decided on, with everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from somepolicy.errors import SomepolicyError
from somepolicy.fast_json import dumps
from somepolicy.record import Record


class DocumentError(Record):
    """One thing wrong with a document.

    `pointer` is the JSON Pointer of the place (empty: the document), `nearest` the known name
    most like a misspelt one. The message never shows text from the document. `code` is stable:
    D1 JSON, D2 size and form, D3 schema. `excerpt`, of what is not JSON: the line, with all but
    the signs of JSON hidden, and a caret below it; no member of the JSON where there is none.
    """

    code: str
    pointer: str
    message: str
    nearest: str | None = None
    excerpt: tuple[str, ...] = ()

    def __str__(self) -> str:
        hint = f" (did you mean `{self.nearest}`?)" if self.nearest else ""
        return f"error[{self.code}] at {self.pointer or 'the document'}: {self.message}{hint}"


class InvalidDocument(SomepolicyError, ValueError):  # noqa: N818 - the name is part of the interface
    """The document is malformed. `errors` holds every error, in order of place."""

    def __init__(self, errors: Iterable[DocumentError]) -> None:
        self.errors: tuple[DocumentError, ...] = tuple(errors)
        super().__init__("\n".join(str(error) for error in self.errors))

    def to_dict(self) -> dict[str, Any]:
        """Return every error, as `{"errors": [{"code", "pointer", "message", "nearest"}, …]}`."""
        return {"errors": [each.to_dict() for each in self.errors]}

    def to_json(self) -> bytes:
        """Return `to_dict()` as compact UTF-8 JSON."""
        return dumps(self.to_dict())
