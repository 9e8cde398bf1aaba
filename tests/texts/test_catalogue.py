"""Every text is there in every language, fills in the same places, and is used."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest

from somepolicy.check.fidelity import EFFECTS_OF_FORCE
from somepolicy.engine.decision import Status, WhyNot
from somepolicy.texts.catalogue import Texts, faults_of, languages, texts
from somepolicy.texts.plurals import Plural, holds

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "somepolicy"
OWN = SOURCE / "texts"
SHIPPED = ("en", "nb", "nn")
MEMBERS = [
    (part.name, each.name)
    for part in fields(Texts)
    for each in fields(part.type)
    if (part.name, each.name) == ("vocabulary", each.name) or each.name != "vocabulary"
]


def table(language: str) -> dict[str, Any]:
    return tomllib.loads((OWN / f"{language}.toml").read_text(encoding="utf-8"))


def leaves(value: object, at: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, dict) and not ("other" in value and at.count(".") > 0):
        for name, each in value.items():
            yield from leaves(each, f"{at}.{name}" if at else name)
    else:
        yield at, value


def test_these_languages_come_along() -> None:
    assert languages() == SHIPPED


@pytest.mark.parametrize("language", SHIPPED)
def test_nothing_is_missing_and_nothing_beside(language: str) -> None:
    assert list(faults_of(table(language), table("en"))) == []
    assert list(faults_of(table("en"), table(language))) == []


@pytest.mark.parametrize("language", SHIPPED)
def test_files_and_classes_have_the_same_texts(language: str) -> None:
    found = table(language)
    found.pop("plural")
    assert {(part, name) for part in found for name in found[part]} == set(MEMBERS)


@pytest.mark.parametrize("language", SHIPPED)
def test_what_is_counted_has_a_form_for_each_number(language: str) -> None:
    counted = {at for at, each in leaves(table(language)) if "{count}" in str(each)}
    assert {at for at, each in leaves(table(language)) if isinstance(each, dict)} == counted


def code() -> str:
    """Return all that can ask for a text, and not the classes and files that hold them."""
    files = [x for x in SOURCE.rglob("*") if x.suffix in {".py", ".html"} and OWN not in x.parents]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def test_every_text_is_asked_for() -> None:
    asked = set(re.findall(r"\.([a-z_]+)\b", code()))
    assert [name for _, name in MEMBERS if name not in asked] == []


@pytest.mark.parametrize("part", [each.name for each in fields(Texts)])
def test_every_key_of_a_table_is_a_name_in_the_code(part: str) -> None:
    """Tables are asked by value; each value stands somewhere, alone or as a part of a path."""
    words = set(re.findall(r"\w+(?: \w+)*", code()))
    words |= {word for each in words for word in each.split()}
    keys = {
        key
        for name, each in table("en")[part].items()
        if isinstance(each, dict)
        and "other" not in each
        and name not in {"errors", "masked", "messages"}  # whole sentences
        for key in each
    }
    assert keys - words == set()


def test_the_vocabulary_is_that_of_decisions_and_of_the_language() -> None:
    grammar = (SOURCE / "syntax" / "grammar.lark").read_text(encoding="utf-8")
    effects = re.search(r"^!effect: (.*)$", grammar, re.MULTILINE)
    assert effects is not None
    for language in SHIPPED:
        words = texts(language).vocabulary
        assert words.status.keys() == set(get_args(Status)) | {"undecided"}
        assert words.why_not.keys() == set(get_args(WhyNot))
        assert words.effect.keys() == set(re.findall(r'"(\w+)"', effects[1]))
        assert words.force.keys() == EFFECTS_OF_FORCE.keys()
        assert len({*words.force.values()}) == len(words.force)


def test_one_word_for_one_thing() -> None:
    """Statuses, forces, effects and strengths stand in the vocabulary and nowhere else."""
    for language in SHIPPED:
        found = table(language)
        shared = found.pop("vocabulary")
        for kind in ("status", "force", "effect", "strength"):
            keys = shared[kind].keys()
            tables = [
                (part, name)
                for part, members in found.items()
                for name, each in members.items()
                if isinstance(each, dict) and len(keys & each.keys()) > 2
            ]
            assert tables == [], kind


def test_no_translation_stands_in_the_code() -> None:
    """A table of languages in Python would need an edit for each language that is added."""
    named = re.compile(r"[\"'](nb|nn)[\"']\s*:")
    found = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if named.search(path.read_text(encoding="utf-8"))
    }
    assert found == {
        "engine/wording.py",  # what a decision itself says, which reads no file
        "languages.py",  # bokmål and nynorsk stand in for each other
    }


# --- which language


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("nb-NO", "nb"),
        ("nn-NO-x-fjord", "nn"),
        ("NB", "nb"),
        ("sv", "en"),
        ("", "en"),
        ("no-NO", "nb"),
    ],
)
def test_the_nearest_language_is_given(asked: str, given: str) -> None:
    assert texts(asked) is texts(given)


@pytest.mark.parametrize("asked", ["../texts/nb", "/etc/passwd", "nb.toml", "-", "\0"])
def test_a_language_is_no_path(asked: str) -> None:
    assert texts(asked) is texts("en")


# --- numbers

POLISH = {
    "one": "n = 1",
    "few": "n % 10 = 2..4 and n % 100 != 12..14",
    "many": "n % 10 = 0..1 or n % 10 = 5..9 or n % 100 = 12..14",
}
FORMS = {
    "pl": (POLISH, {1: "one", 2: "few", 5: "many", 12: "many", 21: "many", 22: "few", 112: "many"}),
    "se": ({"one": "n = 1", "two": "n = 2"}, {0: "other", 1: "one", 2: "two", 3: "other"}),
    "fr": ({"one": "n = 0,1"}, {0: "one", 1: "one", 2: "other"}),
    "en": ({"one": "n = 1"}, {0: "other", 1: "one", 101: "other"}),
}


@pytest.mark.parametrize(("rules", "numbers"), FORMS.values(), ids=FORMS)
def test_forms_of_a_number(rules: dict[str, str], numbers: dict[int, str]) -> None:
    text = Plural({name: f"{name} {{count}}" for name in (*rules, "other")}, rules)
    assert {n: text(n) for n in numbers} == {n: f"{form} {n}" for n, form in numbers.items()}


def test_a_form_that_is_not_given_is_the_other() -> None:
    assert Plural({"other": "{count} dokument av {all}"}, POLISH)(1, all=3) == "1 dokument av 3"


def test_relations() -> None:
    assert holds("n = 1,3..5", 4) and not holds("n = 1,3..5", 2)
    assert holds("n % 100 != 11..14", 10) and not holds("n % 100 != 11..14", 112)
