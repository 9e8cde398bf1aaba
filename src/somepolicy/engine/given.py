"""A document in form NFC, which is what is validated and what rules see, and the one given."""

from __future__ import annotations

from collections.abc import Mapping

from somepolicy.engine.errors import DocumentError
from somepolicy.engine.values import pointer
from somepolicy.functions.detection import Detections
from somepolicy.json_type import Json
from somepolicy.normal_form import Traced, normal


class Composed(dict[str, Json]):
    """A document that was brought into form NFC.

    `given` is the document before; `texts` are the texts whose form differs, as they
    were given, by their JSON Pointer in this document.
    """

    __slots__ = ("given", "texts")

    def __init__(
        self, document: Mapping[str, Json], given: dict[str, Json], texts: Mapping[str, str]
    ) -> None:
        super().__init__(document)
        self.given = given
        self.texts = texts


def given(document: dict[str, Json]) -> dict[str, Json]:
    """Return a validated document as it was given, but for what is null: digests are of this."""
    return document.given if isinstance(document, Composed) else document


def placed(found: Detections, document: dict[str, Json]) -> Detections:
    """Return detections with their spans in the texts as they were given."""
    if not isinstance(document, Composed):
        return found
    texts = {each.at: document.texts[each.at] for each in found if each.at in document.texts}
    traced = {at: Traced(text) for at, text in texts.items()}
    return tuple(
        each._replace(span=traced[each.at].span(*each.span)) if each.at in traced else each
        for each in found
    )


def composed(value: Json) -> Json:
    """Return JSON in form NFC, as rules see it; of a name in two spellings the last is kept."""
    return Composer().value(value)


class Composer:
    """Brings a cleaned document into form NFC and notes what cannot be."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.errors: list[DocumentError] = []
        self._places: dict[str, str] = {}  # of members that were spelled otherwise

    def as_given(self, errors: list[DocumentError]) -> list[DocumentError]:
        """Return errors with their places in the document as it was given."""
        return [each._replace(pointer=self._place(each.pointer)) for each in errors]

    def _place(self, at: str) -> str:
        parent, slash, name = at.rpartition("/")
        if not self._places or not slash:
            return at
        return self._places.get(at) or f"{self._place(parent)}/{name}"

    def members(self, members: Mapping[str, Json], at: str = "") -> dict[str, Json]:
        """Return an object with its names and texts in form NFC; it is not changed itself."""
        found: dict[str, Json] = {}
        for spelled, value in members.items():
            name = normal(spelled)
            if name in found:
                message = "a member stands twice in one object, spelled in two ways"
                self.errors.append(DocumentError("D104", at, message))
            if name != spelled:
                self._places[pointer(at, (name,))] = pointer(self._place(at), (spelled,))
            found[name] = self.value(value, pointer(at, (name,)))
        return found

    def value(self, value: Json, at: str = "") -> Json:
        """Return a value in form NFC; it is not changed itself."""
        match value:
            case str():
                text = normal(value)
                if text != value:
                    self.texts[at] = value
                return text
            case dict():
                return self.members(value, at)
            case list():
                return [self.value(each, f"{at}/{index}") for index, each in enumerate(value)]
            case _:
                return value
