"""The fixed words in nynorsk are nynorsk, and all commands and reports speak it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from somepolicy.cli.inputs.language import log_language
from somepolicy.functions.no.prepare import prepare
from somepolicy.installed import installed_policy
from somepolicy.texts.catalogue import Texts, texts
from somepolicy.texts.plurals import Plural
from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]
STAMP = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*")
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


# --- a policy without nynorsk

BERGEN = ("--policy", ROOT / "policy" / "bergen")
POST = ROOT / "examples" / "post" / "road-closure.json"
OPEN = ROOT / "examples" / "post" / "bank-account.json"
SPEAK = ("--lang", "nn")


@pytest.mark.parametrize(
    ("arguments", "own"),
    [
        (("eval", OPEN, *BERGEN), "Må stadfestast av ein person"),
        (("eval", POST, POST, *BERGEN), "2 dokument"),
        (("eval", POST, *BERGEN, "--format", "table"), "Ope"),
        (("eval", POST, *BERGEN, "--format", "junit"), "testsuite"),
        (("eval", POST, *BERGEN, "--format", "sarif"), "shortDescription"),
        (("eval", OPEN, *BERGEN, "--format", "github"), "::"),
        (("eval", POST, *BERGEN, "--explain"), "Slik slo kvar regel ut"),
        (("readings", *BERGEN), "ikkje signert"),
        (("detect", POST, *BERGEN), "Ingenting funne."),
        (("report", "traceability", *BERGEN, "--format", "md"), "Frå retningslinje til regel"),
        (("report", "citations", POST, *BERGEN, "--format", "md"), "Punkta i bruk"),
        (("report", "decision", POST, *BERGEN, "--format", "md"), "ikkje"),
        (("compare", BERGEN[1], BERGEN[1], POST), "same policy"),
    ],
    ids=lambda x: None if isinstance(x, str) else "-".join(map(str, x[:2])).replace("/", "_"),
)
def test_a_policy_without_nynorsk_is_read_in_the_nearest(
    run: Run, arguments: tuple[object, ...], own: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = run(*arguments, *SPEAK)
    assert asked.exit_code in (0, 1), asked.stderr
    assert own in asked.stdout
    monkeypatch.setenv("LC_ALL", "nn_NO.UTF-8")
    assert STAMP.sub("", run(*arguments).stdout) == STAMP.sub("", asked.stdout)


def test_the_texts_of_the_policy_are_those_of_the_nearest(run: Run) -> None:
    decision = installed_policy().evaluate(json.loads(OPEN.read_bytes()))
    finding = next(x for x in decision.findings if x.attestation)
    shown = run("eval", OPEN, *BERGEN, "--format", "junit", *SPEAK).stdout
    assert f"Må stadfestast av ein person: {finding.attestation.asks['nb']}" in shown


@pytest.mark.parametrize("command", ["eval", "detect", "report decision"])
def test_a_language_that_nobody_has_is_named_with_those_that_there_are(
    run: Run, command: str
) -> None:
    result = run(*command.split(), POST, *BERGEN, "--lang", "xx")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no messages in `xx`; the languages are nb, en, nn" in result.stderr
