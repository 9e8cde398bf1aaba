"""Asking RE2 below its wrapper finds what the wrapper's own search finds."""

import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from somepolicy.patterns import BadPatternError, byte_finder, finder
from tests.examples import examples

PATTERN = st.text("ab@:[]()^?*+{}1,|\\.æ", min_size=1, max_size=9)
TEXT = st.text("ab@:1,æ", max_size=8)


def compared(pattern: str, texts: list[str]) -> None:
    try:
        occurs, occurs_raw = finder(pattern), byte_finder(pattern)
    except BadPatternError:
        return
    search = re2.compile(pattern).search
    for text in texts:
        found = search(text) is not None
        assert occurs(text) is found, (pattern, text)
        assert occurs_raw(text.encode()) is found, (pattern, text)


@pytest.mark.slow
@examples(1500)
@given(PATTERN, st.lists(TEXT, min_size=1, max_size=6))
def test_as_the_wrapper_searches(pattern: str, texts: list[str]) -> None:
    compared(pattern, texts)


@pytest.mark.slow
@settings(max_examples=30_000)
@given(PATTERN, st.lists(TEXT, min_size=1, max_size=6))
def test_as_the_wrapper_searches_in_many_more(pattern: str, texts: list[str]) -> None:
    compared(pattern, texts)


def test_half_a_surrogate_pair_is_an_error() -> None:
    with pytest.raises(UnicodeEncodeError):
        finder("a")("\ud800")
