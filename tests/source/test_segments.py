"""How a text is cut into sections, paragraphs, points and sentences, case by case."""

from __future__ import annotations

import pytest

from somepolicy.source.errors import SourceError
from somepolicy.source.segments import MOST_SEGMENTS, block_of, order_of
from somepolicy.source.sentences import sentences
from tests.source.copies import segmented

SENTENCES = {
    "two": "En setning. Og en til.|2",
    "question and cry": "Er det sant? Ja! Visst.|3",
    "abbreviations": "Ta med f.eks. Ola, jf. § 4 nr. 2 og kap. 3, kl. 12 o.l. dager.|1",
    "abbreviation before a capital": "Se bl.a. Bergen og dr. Hansen. Ring tlf. 55 55 55 55.|2",
    "an abbreviation that may end a sentence": "Kaker, boller osv. Deretter kaffe.|2",
    "initials": "Skrevet av A. B. Hansen i går.|1",
    "ordinals and decimals": "Den 17. mai koster det 3.50 kroner.|1",
    "quotation at the end": "Hun sa: «Kom inn.» Så gikk hun.|2",
    "brackets": "Det regner. (Bare litt.) Snart sol.|3",
    "ellipsis": "Tja… Kanskje det. Vel ... ikke.|3",
    "colon and semicolon": "Husk: Ta med lue; Det er kaldt.|1",
    "web address": "Se www.eksempel.no/side. Der står det.|2",
    "lower case after a full stop": "En forkortelse jeg finner på, xyz. som denne.|1",
    "no mark at the end": "Vi kan bruke dette til|1",
    "English": "See e.g. Mr. Smith, cf. p. 4. Then go.|2",
}

TEXTS = {
    "paragraphs and a list": (
        "Tittel\n\nOverskrift\n\nEn. To.\n\nTre.\n\n- fire\n- fem. Seks.\n",
        "1.p1.s1 1.p1.s2 1.p2 1.b1 1.b2.s1 1.b2.s2",
    ),
    "headings": ("Om oss\n\nTekst.\n\nHva nå?\n\n- punkt\n", "1.p1 2.b1"),
    "no heading": ("Bare tekst her.\n\nOg mer.\n", "1.p1 1.p2"),
    "text after a list begins a section": ("A\n\n- b\n\nTekst her.\n\nMer.\n", "1.b1 2.p1 2.p2"),
    "an empty line within a list": ("A\n\n- b\n\n- c\n", "1.b1 1.b2"),
    "wrapped lines": ("A\n\nEn lang\nsetning.\n\n- et langt\n  punkt\n- to\n", "1.p1 1.b1 1.b2"),
    "a second paragraph of a point": ("A\n\n- En.\n\n  To.\n- tre\n", "1.b1.s1 1.b1.s2 1.b2"),
    "points within points": (
        "A\n\n- b\n    - c\n    - d\n        * e\n- f\n",
        "1.b1 1.b1.b1 1.b1.b2 1.b1.b2.b1 1.b2",
    ),
    "a list deeper at its beginning": ("A\n\n    - b\n    - c\n- d\n", "1.b1 1.b2 1.b3"),
    "numbers and letters": ("A\n\n1. en\n2) to\n  a) tre\n(3) fire\n", "1.b1 1.b2 1.b2.b1 1.b3"),
    "a number within a paragraph": ("A\n\nVi møtes den\n1. januar.\n", "1.p1"),
    "Markdown": ("# Tittel\n\n## Om\n\nTekst.\n\n## To ##\n\n* b\n", "1.p1 2.b1"),
    "a short line at the end is text": ("A\n\nTekst.\n\nRing 55\n", "1.p1 1.p2"),
    "a lead-in is no heading": ("A\n\nHusk:\n\n- b\n", "1.p1 1.b1"),
    "a long line is no heading": (f"A\n\n{'ord ' * 13}\n\nTekst.\n", "1.p1 1.p2"),
    "other signs of lists": ("A\n\n• b\n– c\n* d\n▪ e\n", "1.b1 1.b2 1.b3 1.b4"),
}


@pytest.mark.parametrize("case", SENTENCES.values(), ids=SENTENCES)
def test_sentences(case: str) -> None:
    text, _, count = case.rpartition("|")
    found = sentences(text)
    assert len(found) == int(count), found
    assert " ".join(found) == text


@pytest.mark.parametrize(("text", "locators"), TEXTS.values(), ids=TEXTS)
def test_units(text: str, locators: str) -> None:
    assert [segment.locator for segment in segmented(text).segments] == locators.split()


def test_titles_and_headings() -> None:
    text = segmented("Retningslinjer\n\nHAVNBY\nKOMMUNE\n\nOm oss\n\nTekst.\n\nHva nå?\n\nMer.\n")
    assert text.titles == ("Retningslinjer", "HAVNBY KOMMUNE")
    assert [(each.number, each.text) for each in text.headings] == [(1, "Om oss"), (2, "Hva nå?")]
    assert text.heading("2.p1") == "Hva nå?"
    assert segmented("Tekst her.").heading("1.p1") is None


def test_locators_sort_as_the_text_stands() -> None:
    ordered = ["1.p1", "1.p2.s1", "1.p2.s2", "1.b1", "1.b2.s1", "1.b2.b1", "1.b10", "2.p1"]
    mixed = ordered[::-1]
    assert sorted(mixed, key=order_of) == ordered
    assert [block_of(each) for each in ("3.b4.s2", "3.b4", "3.b4.b1.s1")] == [
        "3.b4", "3.b4", "3.b4.b1",
    ]  # fmt: skip


def test_nothing_and_too_much() -> None:
    with pytest.raises(SourceError, match="no text"):
        segmented("- \n\n-\n\n-----\n")
    with pytest.raises(SourceError, match="20000 sentences"):
        segmented("Ja. " * (MOST_SEGMENTS + 1))
