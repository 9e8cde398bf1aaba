"""The search that skips what a match does not need finds exactly what RE2's own search finds."""

import sys
from collections import Counter

import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from somepolicy.patterns import BadPatternError, byte_finder, finder
from somepolicy.patterns.needs import ClassRun, Needs, needs_of

PATTERN = st.text("ab@:[]()^?*+{}1,|\\.æ", min_size=1, max_size=9)
TEXT = st.text("ab@:1,æ", max_size=8)

# a piece of a pattern, and a text that it matches
PLAIN = [(each, each) for each in ("a", "b", "ab", "k", "K", "s", "@", "-", " ", "1", "æ", "Å")]
ODD = [(each, each) for each in ("ſ", "\u212a", "€", "€b", "abcdefghijklmnopqr", "{", "a{,2}", "a{01}", "]", "}")]  # fmt: skip
ESCAPED = [(r"\.", "."), (r"\+", "+"), (r"\[", "["), (r"\\", "\\"), (r"\-", "-"), (r"\n", "\n")]
ESCAPED += [(r"\x41", "A"), (r"\101", "A"), (r"\Qa.b\E", "a.b"), (r"\Q(a", "(a")]
CLASSES = [("[ab]", "b"), ("[@#]", "#"), ("[- ]", " "), ("[k]", "k"), ("[sS]", "S"), ("[æb]", "æ")]
CLASSES += [("[^ab]", "c"), ("[a-c]", "c"), ("[^a-c]", "@"), ("[]a]", "]"), ("[^]a]", "b")]
CLASSES += [("[[:alpha:]]", "k"), ("[^[:alpha:]]", "1"), ("[a[]", "["), (r"[a\]@]", "]")]
CLASSES += [(r"[\d@]", "1"), (r"[\pL-]", "-"), (r"[^\s]", "a"), ("[ſ]", "ſ"), ("[a-å]", "ß")]
CLASSES += [("[--/]", "."), ("[a-bk-]", "-"), (r"[+--]", ","), ("[abcdefgh1-]", "-"), ("[0-9]", "1")]  # fmt: skip
KINDS = [(".", "b"), (r"\d", "1"), (r"\D", "a"), (r"\s", " "), (r"\w", "a"), (r"\pL", "æ")]
KINDS += [(r"\PL", "1"), (r"\p{Greek}", "ω"), (r"\p{^Greek}", "a"), (r"\C", "a")]
WIDTHLESS = [(each, "") for each in ("", "^", "$", r"\A", r"\z", r"\b", "()", "(?:)")]
FLAGS = [(each, "") for each in ("(?i)", "(?s)", "(?m)", "(?U)", "(?-i)")]
WRAPS = ["({})", "(?:{})", "(?i:{})", "(?P<name>{})"]
OFTEN = [("?", 0), ("?", 1), ("*", 0), ("*", 2), ("+", 1), ("+", 3), ("{2}", 2), ("{2,}", 3)]
OFTEN += [("{1,3}", 2), ("{0}", 0), ("{0,1}", 1), ("*?", 1), ("+?", 2), ("??", 1), ("{2}?", 2)]
OFTEN += [("{20}", 20)]

# what is understood in every pattern, and what is not in all
KNOWN = (PLAIN, PLAIN, PLAIN, ESCAPED[:5], CLASSES[:10], KINDS[:2])
WIDE = (PLAIN, ODD, ESCAPED, CLASSES, KINDS, WIDTHLESS)


def _one_after_the_other(parts):
    return "".join(source for source, _ in parts), "".join(text for _, text in parts)


def _one_or_the_other(parts):
    return "|".join(source for source, _ in parts), parts[-1][1]


def _repeated(drawn):
    (source, text), wrap, (sign, times) = drawn
    return wrap.format(source) + sign, text * times


def _wrapped(drawn):
    (source, text), wrap = drawn
    return wrap.format(source), text


def _parts(leaves, wraps):
    leaf = st.one_of(*map(st.sampled_from, leaves))
    wrap, often = st.sampled_from(wraps), st.sampled_from(OFTEN)

    def larger(inner):
        several = st.lists(inner, min_size=2, max_size=4)
        return st.one_of(
            several.map(_one_after_the_other),
            st.tuples(several.map(_one_or_the_other), wrap).map(_wrapped),
            st.tuples(inner, wrap, often).map(_repeated),
            st.tuples(leaf, st.just("{}"), often).map(_repeated),
        )

    return st.recursive(leaf, larger, max_leaves=8)


KNOWN_PART, WIDE_PART = _parts(KNOWN, WRAPS[:2]), _parts(WIDE, WRAPS)
KNOWN_FIRST = ["", "", "", "(?i)", "(?i)", "^", r"\A", "(?i)^"]
WIDE_FIRST = [*KNOWN_FIRST, "(?s)", "(?m)", "(?m)^", "(?U)", "(?is)"]
LAST = ["", "", "", "", "$", r"\z"]


def _whole(first, part, middle):
    middles = [("", ""), ("|", ""), *middle]
    ends = st.sampled_from(first), st.sampled_from(LAST)
    return st.tuples(ends[0], part, st.sampled_from(middles), part, ends[1])


DRAWN = st.one_of(
    _whole(KNOWN_FIRST, KNOWN_PART, [("", "")] * 8),
    _whole(KNOWN_FIRST, KNOWN_PART, [("", "")] * 8),
    _whole(WIDE_FIRST, WIDE_PART, FLAGS),
)
RUN = st.tuples(
    st.sampled_from(["^", r"\A"]),
    st.sampled_from([*CLASSES, ("[A-Z0-9 !]", "A"), ("[a-z]", "ab")]),
    st.sampled_from([*OFTEN, ("", 1), ("{12,}", 30), ("{3,40}", 41)]),
    st.sampled_from(["$", r"\z", ""]),
)


def texts_like(text):
    """Return texts near to one that is likely to match."""
    folded = text.swapcase().replace("S", "ſ").replace("K", "\u212a")
    yield from (text, f"b{text}", f"{text}æ", f" {text}\n", f"å{text}@", text[1:], text[:-1])
    yield from (text.upper(), text.lower(), text.swapcase(), folded, text + text, "")


def compare(pattern, text, seen):
    """Hold both searches against RE2's own and count what was compared."""
    try:
        search = re2.compile(pattern, _quiet()).search
    except re2.error:
        seen["refused"] += 1
        return
    occurs, occurs_raw, needs = finder(pattern), byte_finder(pattern), needs_of(pattern)
    seen["patterns"] += 1
    seen["nothing known"] += needs is None
    seen["class runs"] += isinstance(needs, ClassRun)
    if isinstance(needs, Needs):
        seen["needs"] += 1
        for kind in ("folded", "first", "decided"):
            seen[kind] += getattr(needs, kind)
    for each in texts_like(text):
        found = search(each) is not None
        seen["pairs"] += 1
        seen["matched"] += found
        seen["matched with needs"] += found and needs is not None
        assert occurs(each) is found, (pattern, each, needs)
        assert occurs_raw(each.encode()) is found, (pattern, each, needs)


def _quiet():
    options = re2.Options()
    options.log_errors = False
    return options


def compared(examples):
    seen = Counter()

    @settings(max_examples=examples)
    @given(DRAWN)
    def patterns(drawn):
        first, one, middle, other, last = drawn
        source, text = _one_after_the_other([one, middle, other])
        compare(first + source + last, text, seen)

    @settings(max_examples=examples // 10)
    @given(RUN)
    def runs(drawn):
        start, (source, text), (sign, times), end = drawn
        compare(start + source + sign + end, text * times, seen)

    patterns()
    runs()
    return seen


def _is_telling(seen):
    """Neither half is empty: texts that match and not, patterns with needs and without."""
    assert seen["matched"] > seen["pairs"] / 5, seen
    assert seen["pairs"] - seen["matched"] > seen["pairs"] / 5, seen
    assert seen["matched with needs"] > seen["pairs"] / 12, seen
    assert seen["needs"] > seen["patterns"] / 5, seen
    assert min(seen["folded"], seen["first"], seen["decided"], seen["class runs"]) > 0, seen
    assert seen["refused"] < seen["patterns"] / 2, seen


def test_as_re2_searches():
    _is_telling(compared(300))


@pytest.mark.slow
def test_as_re2_searches_in_many_more():
    seen = compared(10_000)
    print(dict(seen))  # noqa: T201 - how much was held against RE2
    assert seen["pairs"] > 20_000
    _is_telling(seen)


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


def test_two_letters_alone_fold_to_ascii():
    """What is known of patterns without case rests on this, and on the bytes of the two."""
    others = "".join(map(chr, [*range(0x80, 0xD800), *range(0xE000, sys.maxunicode + 1)]))
    found = {match[0] for match in re2.finditer("(?i)[\\x00-\\x7f]", others)}
    assert found == {"ſ", "\u212a"}
    assert 0xC5 in "ſ".encode()
    assert 0xAA in "\u212a".encode()
