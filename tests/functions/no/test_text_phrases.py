"""Phrases of a word list: what an entry means, and where a sentence ends."""

import pytest

from somepolicy.functions.no.phrases import Phrases, entries, quoted, split, triggered
from somepolicy.lexicon import Lexicon


def listed(*group: str) -> Lexicon:
    return Lexicon("x", "made for this test", None, {"group": group})


def found(entry: str, text: str) -> list[str]:
    words = split(text)
    return [
        text[words.places[hit.first][0] : words.places[hit.last - 1][1]]
        for hit in Phrases(listed(entry), "group").find(words)
    ]


@pytest.mark.parametrize(
    ("entry", "text", "what"),
    [
        ("saka di", "Saka di er her", ["Saka di"]),
        ("sak", "saken, sak-en og SAK", ["sak", "SAK"]),
        ("sak*", "saken og usak", ["saken"]),
        ("*sak", "usak og saken", ["usak"]),
        ("*sak*", "usaken", ["usaken"]),
        ("din|ditt barn", "ditt barn, din barn, vårt barn", ["ditt barn", "din barn"]),
        ("kan .. ikke", "kan dessverre ikke", ["kan dessverre ikke"]),
        ("kan .. ikke", "kan ikke", ["kan ikke"]),
        ("kan .. ikke", "kan en to tre fire ikke", []),
        ("saka di", "Jeg har saka. Di mor kom.", []),
        ("saka di", "saka\ndi", ["saka\ndi"]),
        ("saka di", "Saka\n\ndi", []),
        ("åpen", "ÅPEN", ["ÅPEN"]),
    ],
)
def test_an_entry_is_found_as_whole_words_of_one_sentence(
    entry: str, text: str, what: list[str]
) -> None:
    assert found(entry, text) == what


@pytest.mark.parametrize("entry", ["", "..", "sak ..", ".. sak", "Sak", "sak-en", "*", "a||b"])
def test_an_entry_that_could_never_be_found_is_refused(entry: str) -> None:
    with pytest.raises(ValueError, match=r"group|no word"):
        Phrases(listed(entry), "group")


def test_the_quick_test_lets_every_phrase_through() -> None:
    may_hold = triggered(listed("sak* din|di", "*søknad", "kan .. ikke", "åpen"), "group")
    for text in ("SAKA DI", "(byggesøknad)", "kan nå ikke", "ÅPEN", "x åpen!", "\ud800"):
        assert may_hold(text)
    for text in ("usak", "ikkel", "", "åpenbart"):
        assert not may_hold(text)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Kom kl. 12 til bl.a. oss", [0] * 7),
        ("Hei! Kom. Nå", [0, 1, 2]),
        ("Se bergen.kommune.no/x?y=1 i dag", [0] * 9),
        ("Linje\nNy linje", [0, 1, 1]),
        ("Brutt\nav en linje", [0] * 4),
        ("Avsnitt\n\nnytt", [0, 1]),
    ],
)
def test_where_a_sentence_ends(text: str, sentences: list[int]) -> None:
    assert list(split(text).sentence) == sentences


def test_which_sentences_ask() -> None:
    assert split("Hei. Kommer du? Ja. Når?").questions == {1, 3}
    assert not split("Se x.no/?id=3 nå").questions


def test_the_groups_of_a_purpose() -> None:
    words = Lexicon(
        "x", "s", None, {"person": ("a",), "nb_person": ("b",), "nb_own_person": ("c",)}
    )
    assert entries(words, "person") == ("a", "b")
    with pytest.raises(ValueError, match="no group `place`"):
        entries(words, "place")


def test_what_is_quoted_ends_with_its_paragraph() -> None:
    text = 'a «b» "c" «d\ne» f'
    assert [text[start + 1 : end] for start, end in quoted(text)] == ["b", "c"]
