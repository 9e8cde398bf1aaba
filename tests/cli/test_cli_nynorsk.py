"""The fixed words in nynorsk are nynorsk, and all commands and reports speak it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields

import pytest

from somepolicy.cli.inputs.language import log_language
from somepolicy.functions.no.prepare import prepare
from somepolicy.installed import installed_policy
from somepolicy.texts.catalogue import Texts, texts
from somepolicy.texts.plurals import Plural

PARTS = [each.name for each in fields(Texts)]
BOKMAAL = re.compile(
    r"\b(ikke|et|en|hva|hvor|hver|hvert|hvem|hvordan|hvorfor|fra|noe|noen|bare|nå|mangler|gjelder|"
    r"gjaldt|endrer|endret|endringer|brutt|fulgt|tillatt|tillater|funnet|annet|annen|dokumenter|"
    r"punkter|punktene|opplysninger|oppføringer|regler|reglene|retningslinjen|retningslinjens|"
    r"tester|testene|tolkninger|tolkning|lesemåte|lesemåter|gjør|sier|også|skal ikke|vises|brukes|"
    r"sammenlignet|dem|da|uten|avgjørelse|avgjørelser|avgjørelsene|måned|måneder|kilde|sted|verdien|"
    r"krever|forbyr|virkning|enhetstype|begrunnelse|begrunnet|bekreftelse|bekreftelser|ble|ga|"
    r"laget|utelatt|innhold|innholdet|motsatte|antatt|utelatt)\b",
    re.IGNORECASE,
)
FIELD = re.compile(r"\{[a-z_]*\}")


def said(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Plural():
            yield from value.forms.values()
        case tuple():
            yield from value
        case dict():
            for each in value.values():
                yield from said(each)


def every(part: str, language: str) -> dict[str, list[str]]:
    words = getattr(texts(language), part)
    return {each.name: list(said(getattr(words, each.name))) for each in fields(words)}


@pytest.mark.parametrize("part", PARTS)
def test_no_word_is_bokmaal(part: str) -> None:
    assert every(part, "nn").keys() == every(part, "nb").keys()
    found = {name: x for name, x in every(part, "nn").items() if BOKMAAL.search(str(x))}
    assert found == {}


@pytest.mark.parametrize("part", [part for part in PARTS if part != "vocabulary"])
def test_the_whole_is_nynorsk_to_the_detector(part: str) -> None:
    tell = installed_policy().library["language_of"]
    for language in ("nb", "nn"):
        text = ". ".join(x for several in every(part, language).values() for x in several)
        assert tell(prepare(FIELD.sub("", text).lower())) == language


def test_the_log_speaks_the_norwegian_of_the_surroundings() -> None:
    names = {"nn_NO.UTF-8": "nn", "nb_NO.UTF-8": "nb", "no": "nb", "sv_SE": "en", "": "en"}
    assert {each: log_language(None, {"LANG": each}) for each in names} == names
