"""What detectors find has a name and an explanation in every language that comes along."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from somepolicy.functions.detection import Detection
from somepolicy.functions.no.prepare import prepare
from somepolicy.texts.catalogue import texts
from somepolicy.texts.forms import fitting
from tests.functions.no.test_text_corpus import snippets
from tests.functions.no.test_text_tables import (
    ALT,
    CASE,
    CREDITS,
    DISCLAIMERS,
    IMPERSONATION,
    OWN_LINKS,
    SENSITIVE,
    TONE,
)

NO = Path(__file__).parents[2] / "src" / "somepolicy" / "functions" / "no"
IN_WORDS: dict[str, Callable[..., tuple[Detection, ...]]] = {
    "case_phrases": CASE,
    "sensitive": SENSITIVE,
    "impersonation": IMPERSONATION,
    "disclaimers": DISCLAIMERS,
    "tone": TONE,
    "links": OWN_LINKS,
    "credits": CREDITS,
}


def found() -> Iterator[Detection]:
    for name, detect in IN_WORDS.items():
        for row in snippets(name):
            yield from detect(prepare(str(row["text"])))
    for row in snippets("alt_text"):
        yield from ALT(str(row["alt"] if "alt" in row else row["text"]), str(row["body"]))
    yield from ALT("Bilde", "")
    yield from ALT("x" * 251, "")
    yield from TONE(prepare("a! b! c! d! e! f! g! h! i! j!"))


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_explanation_has_its_text(language: str) -> None:
    words = texts(language).vocabulary
    lacking = {x.masked for x in found() if fitting(x.masked, words.masked) is None}
    assert lacking == set()


def test_no_text_is_for_an_explanation_that_nothing_gives() -> None:
    forms = {re.sub(r"\(.*\)", "({shown})", x.masked) for x in found()}
    seldom = {x for x in texts("en").vocabulary.masked if x not in forms}
    assert {x for x in seldom if " term near " not in x} == set()


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_detector_has_a_name_of_its_own(language: str) -> None:
    code = "\n".join(x.read_text(encoding="utf-8") for x in [*NO.glob("*.py")])
    names = texts(language).vocabulary.detector
    assert len({*names.values()}) == len(names)
    given = {x.detector for x in found()}
    given |= {*re.findall(r'\bfound\(\s*"(\w+)"', code), "identity_number"}
    assert given == names.keys()


def test_what_is_not_known_stays_as_it_is() -> None:
    words = texts("nb").vocabulary
    assert words.detector_name("of_a_later_engine") == "of_a_later_engine"
    assert words.masked_text("###### #####") == "###### #####"
    assert words.masked_text("credit line (foto)") == "«foto»"
    assert words.masked_text("case phrase: outcome (avslått)").endswith("(«avslått»)")
