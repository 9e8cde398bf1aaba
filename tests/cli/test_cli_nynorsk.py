"""The fixed words in nynorsk are nynorsk, and say as much as those in bokmål."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

import pytest

from somepolicy.cli.words.common import words_for
from somepolicy.cli.words.compare import compare_words
from somepolicy.cli.words.log import log_language, log_words_for
from somepolicy.cli.words.readings import readings_words
from somepolicy.cli.words.source import source_words
from somepolicy.functions.no.prepare import prepare
from somepolicy.installed import installed_policy

TABLES = (words_for, compare_words, readings_words, source_words, log_words_for)
BOKMAAL = re.compile(
    r"\b(ikke|et|en|hva|hvor|hver|fra|noe|noen|bare|nå|mangler|gjelder|endrer|endret|endringer|"
    r"brutt|fulgt|tillatt|funnet|annet|annen|dokumenter|punkter|opplysninger|oppføringer|regler|"
    r"tester|tolkninger|gjør|sier|også|lagt|skal ikke|vises|brukes|sammenlignet|dem|da|uten)\b",
    re.IGNORECASE,
)
FIELD = re.compile(r"\{[a-z_]*\}")


def texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case tuple():
            for each in value:
                yield from texts(each)
        case Mapping():
            for each in value.values():
                yield from texts(each)


def every(words: Any) -> dict[str, list[str]]:
    return {each.name: list(texts(getattr(words, each.name))) for each in fields(words)}


@pytest.mark.parametrize("table", TABLES)
def test_no_word_is_bokmaal(table: Any) -> None:
    found = {name: said for name, said in every(table("nn")).items() if BOKMAAL.search(str(said))}
    found.pop("what", None)  # `lagt til` is both
    assert found == {}


@pytest.mark.parametrize("table", TABLES)
def test_the_whole_is_nynorsk_to_the_detector(table: Any) -> None:
    tell = installed_policy().library["language_of"]
    for language in ("nb", "nn"):
        text = ". ".join(said for several in every(table(language)).values() for said in several)
        assert tell(prepare(FIELD.sub("", text).lower())) == language


@pytest.mark.parametrize("table", TABLES)
def test_the_same_is_filled_in(table: Any) -> None:
    nb, nn = every(table("nb")), every(table("nn"))
    assert {name: [FIELD.findall(x) for x in said] for name, said in nb.items()} == {
        name: [FIELD.findall(x) for x in said] for name, said in nn.items()
    }


def test_the_log_speaks_the_norwegian_of_the_surroundings() -> None:
    names = {"nn_NO.UTF-8": "nn", "nb_NO.UTF-8": "nb", "no": "nb", "sv_SE": "en", "": "en"}
    assert {each: log_language(None, {"LANG": each}) for each in names} == names
