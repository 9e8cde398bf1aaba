"""Ten kinds of edit, and what is told of each: from digests alone, and with the earlier copy."""

from __future__ import annotations

import unicodedata

import pytest

from tests.source.copies import ORIGINAL, drift_of, edited, told

DIGESTS = False  # from digests alone
EARLIER = True  # with the earlier copy

CASES = {
    "word changed, from digests alone": (
        DIGESTS,
        edited(("etter tre uker", "etter fire uker")),
        ["ut.ned 3.b1.s2 changed wording place -> 3.b1.s2"],
    ),
    "word changed, with the earlier copy": (
        EARLIER,
        edited(("etter tre uker", "etter fire uker")),
        ["ut.ned 3.b1.s2 changed wording likeness -> 3.b1.s2"],
    ),
    "word of force changed": (
        DIGESTS,
        edited(("Oppslag skal være", "Oppslag bør være")),
        ["ut.dato 3.b1.s1 changed force digest skal bør -> 3.b1.s1"],
    ),
    "word of force left out": (
        DIGESTS,
        edited(("skal ikke dekke", "skal dekke")),
        ["ut.dekke 3.b3 changed force digest ikke -> 3.b3"],
    ),
    "words added": (
        DIGESTS,
        edited(("finne ut hva som", "finne raskt ut hva som")),
        ["hvorfor.lett 1.p1.s2 changed added digest -> 1.p1.s2"],
    ),
    "words left out": (
        EARLIER,
        edited(("for alle som bor i Havnby", "for alle i Havnby")),
        ["hvorfor.alle 1.p1.s1 changed removed likeness -> 1.p1.s1"],
    ),
    "bullet added": (
        DIGESTS,
        edited(("- Hvor lenge", "- Hvem henger det opp?\n- Hvor lenge")),
        [
            "foer.tid 2.b2 moved renumbered digest -> 2.b3",
            "foer.norsk 2.b3 moved renumbered digest -> 2.b4",
            "new 2.b2",
        ],
    ),
    "bullet removed": (
        DIGESTS,
        edited(("- Hvor lenge skal det henge?\n", "")),
        ["foer.tid 2.b2 gone", "foer.norsk 2.b3 moved renumbered digest -> 2.b2"],
    ),
    "bullet moved": (
        DIGESTS,
        edited(
            ("- Hvem skal lese oppslaget?\n", ""),
            ("i husreglene?\n", "i husreglene?\n- Hvem skal lese oppslaget?\n"),
        ),
        [
            "foer.leser 2.b1 moved reordered digest -> 2.b3",
            "foer.tid 2.b2 moved renumbered digest -> 2.b1",
            "foer.norsk 2.b3 moved renumbered digest -> 2.b2",
        ],
    ),
    "bullet moved and changed, with the earlier copy": (
        EARLIER,
        edited(
            ("- opprop og etterlysninger\n", ""),
            ("- Hvor lenge", "- opprop og mange etterlysninger\n- Hvor lenge"),
        ),
        [
            "bruk.opprop 1.b1 changed added digest -> 2.b2",
            "bruk.lag 1.b2 moved renumbered digest -> 1.b1",
            "bruk.bilder 1.b3 moved renumbered digest -> 1.b2",
            "foer.tid 2.b2 moved renumbered digest -> 2.b3",
            "foer.norsk 2.b3 moved renumbered digest -> 2.b4",
        ],
    ),
    "segment split at a seam": (
        DIGESTS,
        edited(("på tavlene, men vakten", "på tavlene. Vakten")),
        ["ut.reklame 3.b4 changed split digest -> 3.b4.s1 3.b4.s2"],
    ),
    "segment split into points and changed, with the earlier copy": (
        EARLIER,
        edited(("Bruk ark i A4-format, og heng dem rett.", "Bruk bare ark i A4-format.\n- Og heng dem rett.")),
        [
            "ut.ark ut.rett 3.b2 changed split likeness -> 3.b2 3.b3",
            "ut.dekke 3.b3 moved renumbered digest -> 3.b4",
            "ut.smaa 3.b3.b1 moved renumbered digest -> 3.b4.b1",
            "ut.store 3.b3.b2.s1 moved renumbered digest -> 3.b4.b2.s1",
            "ut.tvil 3.b3.b2.s2 moved renumbered digest -> 3.b4.b2.s2",
            "ut.reklame 3.b4 moved renumbered digest -> 3.b5",
        ],
    ),
    "units merged": (
        DIGESTS,
        edited(("datert. De skal", "datert, og de skal")),
        [
            "ut.dato 3.b1.s1 changed merged digest -> 3.b1",
            "ut.ned 3.b1.s2 changed merged digest -> 3.b1",
        ],
    ),
    "units merged and changed, with the earlier copy": (
        EARLIER,
        edited(("nederst. Spør vakten ved tvil.", "nederst, spør gjerne vakten ved tvil.")),
        [
            "ut.store 3.b3.b2.s1 changed merged likeness -> 3.b3.b2",
            "ut.tvil 3.b3.b2.s2 changed merged likeness -> 3.b3.b2",
        ],
    ),
    "heading renamed": (
        DIGESTS,
        edited(("Før du henger opp noe", "Tenk først")),
        ["heading 2 renamed"],
    ),
    "heading removed": (
        DIGESTS,
        # the text under it follows a list, and so it still begins a section
        edited(("Før du henger opp noe\n\n", "")),
        ["heading 2 gone"],
    ),
    "heading and section added": (
        DIGESTS,
        edited(("Før du henger opp noe\n", "Priser\n\nTavlene er gratis.\n\nFør du henger opp noe\n")),
        [
            "foer.vakt 2.p1.s1 moved renumbered digest -> 3.p1.s1",
            "lead-in 2.p1.s2 moved renumbered digest -> 3.p1.s2",
            "foer.leser 2.b1 moved renumbered digest -> 3.b1",
            "foer.tid 2.b2 moved renumbered digest -> 3.b2",
            "foer.norsk 2.b3 moved renumbered digest -> 3.b3",
            "lead-in 3.p1 moved renumbered digest -> 4.p1",
            "ut.dato 3.b1.s1 moved renumbered digest -> 4.b1.s1",
            "ut.ned 3.b1.s2 moved renumbered digest -> 4.b1.s2",
            "ut.ark ut.rett 3.b2 moved renumbered digest -> 4.b2",
            "ut.dekke 3.b3 moved renumbered digest -> 4.b3",
            "ut.smaa 3.b3.b1 moved renumbered digest -> 4.b3.b1",
            "ut.store 3.b3.b2.s1 moved renumbered digest -> 4.b3.b2.s1",
            "ut.tvil 3.b3.b2.s2 moved renumbered digest -> 4.b3.b2.s2",
            "ut.reklame 3.b4 moved renumbered digest -> 4.b4",
            "info.hjelp 4.p1.s1 moved renumbered digest -> 5.p1.s1",
            "info.hjelp 4.p1.s2 moved renumbered digest -> 5.p1.s2",
            "new 2.p1",
            "heading 2 moved",
            "heading 3 moved",
            "heading None new",
        ],
    ),
    "white space": (
        DIGESTS,
        ORIGINAL.replace("\n\n", "\n\n\n \n").replace(" oppslag", "\n  oppslag").replace(" til", "\u00a0\t til ").replace("\n", "\r\n"),
        [],
    ),
    "Unicode form and invisible signs": (
        DIGESTS,
        "\ufeff" + unicodedata.normalize("NFD", ORIGINAL).replace("tavlene", "tav\u00adle\u200bne"),
        [],
    ),
    "typographic variants": (
        DIGESTS,
        ORIGINAL.replace("«nye»", "“nye”").replace("A4-format", "A4\u2011format").replace("\n- ", "\n• "),
        [],
    ),
    "punctuation": (
        DIGESTS,
        edited(("side om side.", "side om side!"), ("noe, må spørre", "noe må spørre")),
        [
            "foer.vakt 2.p1.s1 changed punctuation digest -> 2.p1.s1",
            "ut.smaa 3.b3.b1 changed punctuation digest -> 3.b3.b1",
        ],
    ),
    "punctuation and a word, with the earlier copy": (
        EARLIER,
        edited(("hva som skjer, f.eks. konserter, dugnader", "hva som skjer – f.eks. konserter og dugnader")),
        ["hvorfor.lett 1.p1.s2 changed added likeness -> 1.p1.s2"],
    ),
    "capitals": (
        DIGESTS,
        edited(("i resepsjonen først", "i Resepsjonen først")),
        ["foer.vakt 2.p1.s1 changed capitals digest -> 2.p1.s1"],
    ),
    "lead-in changed": (
        DIGESTS,
        edited(("Tenk gjennom dette:", "Tenk nøye gjennom dette:")),
        ["lead-in 2.p1.s2 changed added digest -> 2.p1.s2"],
    ),
    "sentence added to a clause of a whole paragraph": (
        DIGESTS,
        edited(("12 34 56 78.", "12 34 56 78. Vakten svarer hele uken.")),
        ["new 4.p1.s3"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_an_edit_is_told_for_what_it_is(name: str) -> None:
    earlier, text, expected = CASES[name]
    drift = drift_of(text, old=ORIGINAL if earlier else None)
    assert told(drift) == expected
    assert drift.found == bool(expected)


def test_the_policy_is_that_of_the_guideline() -> None:
    drift = drift_of(ORIGINAL)
    assert not drift.found
    assert {each.status for each in drift.clauses} == {"unchanged"}
    assert drift.segments == len(drift.matches) == 22


def test_a_variant_is_not_drift_but_is_noted() -> None:
    drift = drift_of(edited(("«nye»", "”nye”")))
    assert [match.place.locator for match in drift.matches if match.respelled] == ["1.b3"]


def test_a_clause_is_as_bad_as_its_worst_unit() -> None:
    drift = drift_of(edited((" Ring vakten på tlf. 12 34 56 78.", "")))
    # of its two sentences one is left, which is now the paragraph alone
    assert [(x.clause.name, x.status) for x in drift.clauses if x.status != "unchanged"] == [
        ("info.hjelp", "changed")
    ]


def test_another_document_is_all_gone_and_new() -> None:
    drift = drift_of("Noe helt annet\n\nHer er bare ett punkt. Og ett til. Og ett tredje.\n")
    assert {each.status for each in drift.clauses} <= {"gone", "changed"}
    assert drift.found


def test_two_places_with_the_same_words_keep_apart() -> None:
    text = edited(("- Små plakater", "- Hvem skal lese oppslaget?\n    - Små plakater"))
    assert told(drift_of(text))[-1] == "new 3.b3.b1"
    assert "foer.leser" not in " ".join(told(drift_of(text)))
