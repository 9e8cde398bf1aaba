"""Messages filled in: what a field of the document looks like in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NoReturn

from somepolicy.engine.compiled_policy import Shown, Template
from somepolicy.engine.days import Days
from somepolicy.engine.values import walk
from somepolicy.json_type import Json
from somepolicy.languages import in_language

_WORDS: Mapping[str, tuple[str, str, str]] = {
    "nb": ("ikke oppgitt", "ja", "nei"),
    "nn": ("ikkje oppgitt", "ja", "nei"),
    "en": ("not stated", "yes", "no"),
}
_ASKED: Mapping[str, Mapping[str, str]] = {
    "nb": {
        "boolean": "Svar ja eller nei: {title}.",
        "one of": "Velg det som gjelder for {title}: {choices}.",
        "one of many": "Velg én av {count} muligheter for {title}.",
        "list": "Oppgi alle, eller at det ikke er noen: {title}.",
        "date": "Oppgi dato: {title}.",
        "date-time": "Oppgi tidspunkt: {title}.",
        "number": "Oppgi tall: {title}.",
        "other": "Oppgi: {title}.",
        "more": "Og {count} til.",
    },
    "nn": {
        "boolean": "Svar ja eller nei: {title}.",
        "one of": "Vel det som gjeld for {title}: {choices}.",
        "one of many": "Vel éi av {count} moglegheiter for {title}.",
        "list": "Oppgi alle, eller at det ikkje er nokon: {title}.",
        "date": "Oppgi dato: {title}.",
        "date-time": "Oppgi tidspunkt: {title}.",
        "number": "Oppgi tal: {title}.",
        "other": "Oppgi: {title}.",
        "more": "Og {count} til.",
    },
    "en": {
        "boolean": "Answer yes or no: {title}.",
        "one of": "Choose one for {title}: {choices}.",
        "one of many": "Choose one of {count} for {title}.",
        "list": "State all, or that there are none: {title}.",
        "date": "State the date: {title}.",
        "date-time": "State the time: {title}.",
        "number": "State the number: {title}.",
        "other": "State: {title}.",
        "more": "And {count} more.",
    },
}
_ENDS = (".", "?", "!", "…")
_UNSETTLED = {"nb": "Uavklart", "nn": "Uavklart", "en": "Not settled"}


class Wording(dict[str, str]):
    """A text in each language that cannot be changed, for many decisions share it.

    A dict all the same, so that it can be pickled and is written as JSON at full speed.
    """

    __slots__ = ()

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("a decision cannot be changed")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[type[Wording], tuple[dict[str, str]]]:
        return Wording, (dict(self),)


def fill(template: Template, document: Json, element: Json, days: Days) -> dict[str, str]:
    """Return the message in each language; a field of `element` is read from there."""
    return {
        language: pieces
        if isinstance(pieces, str)
        else "".join(
            [
                piece
                if isinstance(piece, str)
                else _shown(piece, language, document, element, days)
                for piece in pieces
            ]
        )
        for language, pieces in template.items()
    }


def unsettled(message: Mapping[str, str]) -> dict[str, str]:
    """Say before a message that it is not settled, so that it does not accuse."""
    return {
        language: f"{in_language(_UNSETTLED, language)}: {text}"
        for language, text in message.items()
    }


def asked(form: str, language: str, title: str, choices: Sequence[str] = ()) -> str:
    """Ask for a fact by its title, in a sentence; `form` is the kind of its field."""
    text = in_language(_ASKED, language)[form]
    if text.endswith("{title}.") and title.endswith(_ENDS):
        text = text[:-1]
    return text.format(title=title, choices=", ".join(choices), count=len(choices))


def and_more(language: str, count: int) -> str:
    """Say that so many more facts are missing."""
    return in_language(_ASKED, language)["more"].format(count=count)


def _shown(field: Shown, language: str, document: Json, element: Json, days: Days) -> str:
    value = walk(element if field.of_element else document, field.path)
    if value is None:
        value = field.default
    absent, yes, no = in_language(_WORDS, language)
    match value:
        case None:
            return absent
        case bool():
            return yes if value else no
        case str() if field.labels is not None:
            return field.labels.get(value, {}).get(language, value)
        case str() if field.instant:
            return days.shown(value)
        case _:
            return str(value)
