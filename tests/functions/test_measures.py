"""Measures see what a reader sees: no disguise makes a text shorter, longer or easier."""

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from somepolicy.functions.text import Measures, has_word, lix, measure, stops

PLAIN = "Forvaltningslovens bestemmelser om saksbehandlingstid gjelder. Klagen sendes kommunen."
WORDS = PLAIN.split()


def spread(sign: str) -> str:
    """Return the text with a sign between all letters of a word."""
    return " ".join(sign.join(word) for word in WORDS)


@pytest.mark.parametrize(
    "text",
    [
        *map(spread, ("\u00ad", "\u200b", "\u2060", "\ufeff", "\u034f", "\U000e0001", "\u2065", "&shy;", "&shy")),
        *map(spread, ("&#8203;", "<wbr>", "<b></b>", "<!-- -->", "<o:p></o:p>")),
        PLAIN.replace(" ", "&nbsp;"),
        PLAIN.replace(" ", "\u3000"),
        PLAIN.replace(". ", ".<br>"),
        f"<p>{PLAIN}</p>",
        "".join(chr(ord(char) + 0xFEE0) if "!" < char < "~" else char for char in PLAIN),
        f"{PLAIN} https://example.org/a/b?c=d%20e%20f",
        *(f"{PLAIN} {scheme}://example.org/a/b" for scheme in ("HTTPS", "Http", "ftp", "1https", "web+x")),
        f"{PLAIN} WWW.example.org/a Www.example.org",
        f"{PLAIN} ht\u200btps://example.org/a #tagg \uff03tagg @navn",
    ],
)  # fmt: skip
def test_a_disguise_changes_no_measure(text: str) -> None:
    assert measure(text) == measure(PLAIN)


def test_the_readability_of_long_words_stays() -> None:
    long = "forvaltningslovens " * 10 + "."
    assert lix(measure(long.replace("v", "v\u00ad"))) == lix(measure(long)) > 100


@pytest.mark.parametrize(
    ("text", "measured"),
    [
        ("mandag\u2013fredag \u2026", Measures(2, 0, 1)),
        ("mandag-fredag\u2014l\u00f8rdag", Measures(2, 1, 1)),
        ("100 %25 av", Measures(1, 0, 1)),
        ("<3 Bergen", Measures(1, 0, 1)),
        ("<b></b>&nbsp;", Measures(0, 0, 0)),
        ("se https://a.example/%3Cb%3E og", Measures(2, 0, 1)),
    ],
)
def test_what_is_measured(text: str, measured: Measures) -> None:
    assert measure(text) == measured


@pytest.mark.parametrize("sign", ["\u00ad", "\u200b", "&shy;", "<b></b>", "\u2065"])
def test_a_word_is_had_in_disguise(sign: str) -> None:
    assert has_word(f"En s\u00f8k{sign}nad til", "s\u00f8knad")
    assert has_word(f"5\u201310{sign} dager", "5-10 dager")
    assert not has_word(f"s\u00f8k{sign}naden", "s\u00f8knad")
    for gap in (" ", "  ", "\n", "\t", f" {sign} "):
        assert has_word(f"Bare ring{gap}oss n\u00e5", "ring oss")


@pytest.mark.parametrize("piece", ["a+", "a.b-", "1", "://", "w.", "&#", "<a ", "-\u2013"])
def test_the_work_grows_with_the_text_alone(piece: str) -> None:
    def calls(count: int) -> int:
        made = 0

        def note(_frame: object, event: str, _argument: object) -> None:
            nonlocal made
            made += event in ("call", "c_call")

        text = piece * count
        sys.setprofile(note)
        try:
            measure(text)
        finally:
            sys.setprofile(None)
        return made

    assert calls(2000) < 5 * calls(500) + 300


@given(st.text("ab. !?:\u2026\n", max_size=40))
def test_runs_of_stops_are_what_a_pattern_finds(prose: str) -> None:
    assert stops(prose) == [found.span() for found in re.finditer(r"[.!?:\u2026\n]+", prose)]
