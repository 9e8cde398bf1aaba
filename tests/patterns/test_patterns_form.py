"""A pattern is one that texts in form NFC can match, or it is refused: never silent."""

from __future__ import annotations

from itertools import product

import pytest
import re2
from hypothesis import example, given
from hypothesis import strategies as st

from somepolicy.normal_form import is_normal, normal
from somepolicy.patterns import NO_TEXT, BadPatternError, check_pattern, finder
from somepolicy.patterns.form import misspelt

REFUSED = [
    ("bla\u030a", "a\u030a"),
    ("bla\u030a+", "a\u030a"),
    ("(?i)BLA\u030a", "A\u030a"),
    ("q\u0301\u0323", "\u0301\u0323"),
    ("\u1112\u1161\u11ab", "\u1112\u1161"),
    ("=\u0338", "=\u0338"),
    ("(a)\u030a", "\u030a"),
    ("a(?:\u030a|b)", "\u030a"),
    ("a+\u030a", "\u030a"),
    ("a{2}\u030a", "\u030a"),
    ("[ᄒ]\u1161", "\u1161"),
    ("[a\u030a]", "a\u030a"),
    ("[^]xa\u030a-]", "a\u030a"),
    ("[a-e\u0301]", "e\u0301"),
    ("a[\u030a\u0308]", "\u030a"),
    ("a+[\u0300-\u0304]", "\u0300-\u0304"),
    ("[ae]\u0301", "\u0301"),
    ("[aeq]?a\u0301", "a\u0301"),
    ("qa*a(?:e|o|(i))\u0301", "\u0301"),
    ("(?:a(?:))(?:\u030a)", "\u030a"),
    ("a(?:x|\u030a)", "\u030a"),
    (r"x(?:a|e)?a{2,}\x{301}", r"\x{301}"),
    (r"bla\x{30a}", r"a\x{30a}"),
    (r"\x61\x{30A}", r"\x61\x{30A}"),
    (r"\141\x{30a}", r"\141\x{30a}"),
    (r"[\x{61}\x{30a}]", r"\x{61}\x{30a}"),
    ("\\Qbla\u030a\\E", "a\u030a"),
    ("a\\Q\u030a\\E", "a\\Q\u030a"),
    ("\u212b", "\u212b"),
    (r"\x{2126}", r"\x{2126}"),
    ("[A-\u212b]", "\u212b"),
    ("\u0958", "\u0958"),
    ("\U0001d160?", "\U0001d160"),
    ("(?P<n>a\u030a)", "a\u030a"),
]
TAKEN = [
    (r"\x{301}", "q\u0301"),
    ("\u0301", "\u0301"),
    (".\u030a", "q\u030a"),
    (r"\d" + "\u030a", "1\u030a"),
    ("[[:alpha:]]\u030a", "q\u030a"),
    ("^\u0301", "\u0301"),
    ("[aq]\u0301", "q\u0301"),
    ("[^a]\u0301", "q\u0301"),
    ("(a|q)\u0301", "q\u0301"),
    ("qa?\u0301", "q\u0301"),
    ("q(a)*\u0301", "q\u0301"),
    ("a*\u0301", "\u0301"),
    ("a[\u0300-\u036f]", "a\u0334"),
    ("x|\u0301", "\u0301"),
    ("q(?:\u030a|b)", "q\u030a"),
    ("(?i)\u0301", "\u0301"),
    ("blå", "blå"),
    ("[æøå]+", "å"),
    ("[a-z]å", "zå"),
    ("[\u0300-\u036f]{2}", "q\u0301\u0301"),
    ("[\u030ax]", "q\u030a"),
    ("q\u0301", "q\u0301"),
    (r"[0-9]\x{fe0f}?\x{20e3}", "1\ufe0f\u20e3"),
    (r"\.\x{301}", ".\u0301"),
    (r"\x{e5}", "å"),
    ("[א-ת]\u05bc", "א\u05bc"),
    ("[]å^-]", "]"),
    ("[\\]\u00e5]", "å"),
    ("a\\Q.+\\Eå", "a.+å"),
    ("한", "한"),
]


@pytest.mark.parametrize(("pattern", "part"), REFUSED, ids=[ascii(each) for each, _ in REFUSED])
def test_what_no_text_matches_is_refused_with_its_place(pattern, part):
    re2.compile(pattern)
    with pytest.raises(BadPatternError, match=NO_TEXT) as refused:
        check_pattern(pattern)
    start, end = refused.value.place
    assert pattern[:start] + part == pattern[:end] or pattern[start:end].startswith("\\Q")
    if "\\Q" not in pattern:
        assert pattern[start:end] == part


@pytest.mark.parametrize(("pattern", "text"), TAKEN, ids=[ascii(each) for each, _ in TAKEN])
def test_what_a_text_in_form_nfc_matches_is_taken(pattern, text):
    assert is_normal(text)
    check_pattern(pattern)
    assert finder(pattern)(text)


@pytest.mark.parametrize("pattern", [r"\pM", r"\p{M}+", r"\pL\x{301}", r"\pM\x{301}", r"\PM\pM"])
def test_a_property_may_be_any_mark(pattern):
    assert misspelt(pattern, normal) is None


SIGNS = "ae\u030a\u0301\u0323\u212b\u0958åé1q"


@given(st.text(st.sampled_from(SIGNS), min_size=1, max_size=6))
def test_a_word_is_taken_exactly_where_a_text_can_hold_it(word):
    taken = misspelt(word, normal) is None
    assert taken is is_normal(word)
    numbered = "".join(f"\\x{{{ord(each):x}}}" for each in word)
    assert (misspelt(numbered, normal) is None) is taken


PARTS = ("a", "q", "\u0301", "\u0334", "[aq]", "[ae]", "(a)", "(?:q|a)", "[\u0301\u0334]", ".", "")
NORMAL = [
    text for size in range(5) for text in map("".join, product("aqe\u0301\u0334", repeat=size))
    if is_normal(text)
]  # fmt: skip


@given(
    st.lists(
        st.tuples(st.sampled_from(PARTS), st.sampled_from(("", "+", "*", "?"))).map(
            lambda part: "".join(part) if part[0] else ""
        ),
        min_size=1,
        max_size=4,
    ).map("".join)
)
@example("[ae]\u0301")
@example("(a)+\u0301")
def test_only_what_no_text_holds_is_refused(pattern):
    """A part that may be left out may be refused, where it would stand in no text."""
    if misspelt(pattern, normal) is not None:
        every = pattern.replace("?:", ":").replace("*", "+").replace("?", "").replace(":", "?:")
        occurs = finder(every)
        assert not any(map(occurs, NORMAL))


@given(st.text("a\u030aå[]^-\\Q:E.()*+?{}1,|px<>iP\u212b\u0301", max_size=12))
def test_any_pattern_is_looked_through(pattern):
    place = (0, 1)
    try:
        check_pattern(pattern)
    except BadPatternError as error:
        place = error.place or place
    assert 0 <= place[0] < place[1] <= max(1, len(pattern))
