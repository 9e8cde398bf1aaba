"""Messages filled in: what a field of the document looks like in a sentence."""

from __future__ import annotations

from collections.abc import Mapping

from somepolicy import types as t
from somepolicy.runtime.context import Document
from somepolicy.runtime.values import walk
from somepolicy.semantics import program as p
from somepolicy.types import Json

_WORDS: Mapping[str, tuple[str, str, str]] = {
    "nb": ("ikke oppgitt", "ja", "nei"),
    "nn": ("ikkje oppgitt", "ja", "nei"),
    "en": ("not stated", "yes", "no"),
}
_UNSETTLED = {"nb": "Uavklart", "nn": "Uavklart", "en": "Not settled"}


def fill(message: p.Message, document: Document, element: Json) -> dict[str, str]:
    """Return the message in each language; a field of `element` is read from there."""
    return {
        language: "".join(
            piece if isinstance(piece, str) else _shown(piece, language, document, element)
            for piece in pieces
        )
        for language, pieces in message.items()
    }


def unsettled(message: Mapping[str, str]) -> dict[str, str]:
    """Say before a message that it is not settled, so that it does not accuse."""
    return {language: f"{_UNSETTLED[language]}: {text}" for language, text in message.items()}


def _shown(read: p.Read, language: str, document: Document, element: Json) -> str:
    value = walk(document if read.variable is None else element, read.steps)
    if value is None and read.has_default:
        value = read.default
    absent, yes, no = _WORDS[language]
    match value:
        case None:
            return absent
        case bool():
            return yes if value else no
        case str() if isinstance(read.type, t.Enumeration):
            return read.type.labels.get(value, {}).get(language, value)
        case _:
            return str(value)
