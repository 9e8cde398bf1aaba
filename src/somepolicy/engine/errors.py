"""A document that cannot be decided on, with everything that is wrong with it."""

from collections.abc import Iterable
from typing import NamedTuple


class DocumentError(NamedTuple):
    """One thing wrong with a document.

    `pointer` is the JSON Pointer of the place (empty: the document), `nearest` the known name
    most like a misspelt one. The message never shows text from the document. `code` is stable:
    D1 JSON, D2 size and form, D3 schema.
    """

    code: str
    pointer: str
    message: str
    nearest: str | None = None

    def __str__(self) -> str:
        hint = f" (did you mean `{self.nearest}`?)" if self.nearest else ""
        return f"error[{self.code}] at {self.pointer or 'the document'}: {self.message}{hint}"


class InvalidDocument(ValueError):  # noqa: N818 - the name is part of the interface
    """The document is malformed. `errors` holds every error, in order of place."""

    def __init__(self, errors: Iterable[DocumentError]) -> None:
        self.errors: tuple[DocumentError, ...] = tuple(errors)
        super().__init__("\n".join(str(error) for error in self.errors))
