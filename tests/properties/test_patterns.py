"""The search that skips what a match does not need finds exactly what RE2's own search finds."""

import sys
import unicodedata

import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from somepolicy.functions.text import spells_itself
from somepolicy.patterns import BadPatternError, finder

PATTERN = st.text("ab@:[]()^?*+{}1,|\\.æ", min_size=1, max_size=9)
TEXT = st.text("ab@:1,æ", max_size=8)


@settings(max_examples=1500)
@given(PATTERN, st.lists(TEXT, min_size=1, max_size=6))
def test_as_the_wrapper_searches(pattern, texts):
    try:
        occurs = finder(pattern)
    except BadPatternError:
        return
    search = re2.compile(pattern).search
    for text in texts:
        assert occurs(text) == (search(text) is not None), (pattern, text)


def test_three_signs_of_ascii_are_the_normal_form_of_others():
    """`spells_itself` rests on this: compared as it stands, no other text equals an ASCII one."""
    found = {
        unicodedata.normalize("NFC", char)
        for char in map(chr, range(0x80, sys.maxunicode + 1))
        if not "\ud800" <= char <= "\udfff" and unicodedata.normalize("NFC", char).isascii()
    }
    assert found == {"K", ";", "`"}
    assert not any(map(spells_itself, ("K", "a;", "`", "å")))
    assert spells_itself("")
