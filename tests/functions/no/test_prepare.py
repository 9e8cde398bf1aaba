"""The text detectors see: nothing hidden, nothing lost, every character traced."""

import re
import string
import sys
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from somepolicy.functions.no import markup
from somepolicy.functions.no.characters import form
from somepolicy.functions.no.prepare import Prepared, as_shown, prepare
from tests.examples import examples

PIECES = (
    "<", ">", "&", ";", "#", "-", "<b>", "</b>", "<br>", "<br/>", "<p class='x'>", "<!--", "-->",
    "&amp;", "&lt;", "&gt;", "&nbsp;", "&#49;", "&#x35", "&#49", "&am", "amp;", "&semi;", "semi",
    "&ampere;", "＆", "；", "＜", "﹥", "\u00ad", "\u200b", "\ufeff", "\u00a0", "\u2009", "\u2028",
    "–", "−", "１", "٣", "²", "①", "½", "…", "ﬁ", "\ufdfa", "å", "a", "o", "\u030a", "\u0302",
    "\u0336", "\u20e3", "\ufe0f", "1", "5", "x", "=", " ", "\n", "\r", "\t", "\x00", "\x85",
    "😀", "\ud800", "か", "\u3099", "a@b.no", "/", "!",
    "%", "%2", "%25", "%31", "%C3%A5", "%C3", "%A5", "%E2%80%8B", "%3C", "%3E", "%26", "%23", "&quot",
    "&nbsp", "&not", "&notin;", "&#0", "&#x110000;", "&#37;", "&percnt;", "<o:p>", "<b/x>", "<span/>",
    "<a b>", "<wbr>", "<![CDATA[", "]]>", "]", "<?xml x?>", "<a x='>'>", '"', "'", "[", "?", "--!>",
    "\u2065", "\U000e0fff", "\u2800", "\u3164",
)  # fmt: skip
TEXTS = st.text() | st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
EXAMPLES = examples(200)


@pytest.mark.parametrize(
    ("original", "text"),
    [
        ("", ""),
        ("Åpent i dag", "Åpent i dag"),
        ("jeg <3 Bergen", "jeg <3 Bergen"),
        ("<3 Bergen > Oslo", "<3 Bergen > Oslo"),
        ("a < b og c > d", "a < b og c > d"),
        ("<<<<", "<<<<"),
        ("kaffe & kaker; mer", "kaffe & kaker; mer"),
        ("<b>fet</b> tekst", "fet tekst"),
        ("linje<br>skift<BR/>igjen", "linje\nskift\nigjen"),
        ("<p>ett</p><p>to</p>", "\nett\n\nto\n"),
        ('<a href="https://example.org">her</a>', "her"),
        ("<<b>i>x", "x"),
        ("Ola <ola@example.org>", "Ola <ola@example.org>"),
        ("<b 15 85>", "<b 15 85>"),
        ("før<!-- skjult > <b> -->etter", "føretter"),
        ("<!-- aldri lukket <b>x</b>", "<!-- aldri lukket x"),
        ("<!<!-- x -->-- y -->z", "z"),
        ("&lt;b&gt;fet&lt;/b&gt;", "fet"),
        ("&amp;lt;b&amp;gt;fet", "fet"),
        ("1&#53;&#x38;5", "1585"),
        ("&#49&#53;", "15"),
        ("&#49", "1"),
        ("&am&#112;;lt;3", "<3"),
        ("&amp;amp;amp;", "&"),
        ("&ukjent; &#; &#x; &;", "&ukjent; &#; &#x; &;"),
        # without `;` as in HTML, and beyond the tables
        ("15507&nbsp600090 &quot15507", '15507 600090 "15507'),
        ("&notin; &notit; &ampere;", "∉ ¬it; &ere;"),
        ("&ampampamp;lt3", "<3"),
        ("&#x110000; &#99999999999999;", "\ufffd \ufffd"),
        (f"&#{'0' * 9000}49;&#x{'0' * 9000}31 &#{'9' * 9000};", "11 \ufffd"),
        ("R&D, H&M", "R&D, H&M"),
        ("o&#776; &am<b></b>p;", "ö &"),
        # percent escapes
        ("?q=%2215507600090%22", '?q="15507600090"'),
        ("%31%C3%A5 %e2%82%ac %F0%9F%98%80", "1å € 😀"),
        ("155%E2%80%8B07%C2%AD6%C2%A0%EF%BC%91", "155076 1"),
        ("%2531 %25252531 %&#50;&#53;31 &#3%37;", "1 1 1 7;"),
        (
            "100 % av, 5%, %zz, %C3, %C3%41, %A5, %ED%A0%80",
            "100 % av, 5%, %zz, %C3, %C3A, %A5, %ED%A0%80",
        ),
        ("%3Cb%3Efet%3C/b%3E", "fet"),
        # odd tags
        ("15507<o:p></o:p>60<wbr>0<my-tag x=y/>09<span/>0", "15507600090"),
        ("a<?xml version='1'?>b<!DOCTYPE html>c<![CDATA[d]]>e", "abcde"),
        ("før<!-- x --!>etter<!-->x", "føretterx"),
        (
            "<15507600090> <tel:55565856> <https://example.org/x> <a b> <og/eller>",
            "<15507600090> <tel:55565856> <https://example.org/x> <a b> <og/eller>",
        ),
        # what is ignored wherever it stands, assigned or not
        (
            "1\u20655\U000e00015\U000e0fff0\ufff07\U0001d1736\u115f0\u3164\u180f0\ufdd00\U0010ffff",
            "155076000",
        ),
        ("1\u28005\U0001d1595", "1 5 5"),
        ("en\u00a0to\u2009tre\u3000fire", "en to tre fire"),
        ("en\u2028to\x85tre", "en\nto\ntre"),
        ("sam\u00adar\u200bbeid\ufeff", "samarbeid"),
        ("１２ ٣٤ ५ ² ① ⒈ 𝟗", "12 34 5 2 1 1 9"),
        ("1\ufe0f\u20e35\u0336", "15"),
        ("a\u030a o\u0302\u0301", "å ố"),
        ("\u030aa", "a"),
        ("2–3 − 4—5 ‐ 6", "2-3 - 4-5 - 6"),
        ("½ kg … ﬁn", "1/2 kg ... fin"),
        ("\ufdfa", "\ufdfa"),
        ("\ud800", "\ufffd"),
    ],
)
def test_text(original: str, text: str) -> None:
    assert prepare(original).text == text


@pytest.mark.parametrize(
    ("original", "part"),
    [
        ("x &#49;5&#x39; y", "159"),
        ("x 1<b>5</b>9 y", "159"),
        ("x １５\u200b９ y", "159"),
        ("x 1\u20e35\ufe0f9\u0336 y", "159"),
        ("x &amp;#49;59 y", "159"),
    ],
)
def test_span_covers_the_whole_stretch(original: str, part: str) -> None:
    prepared = prepare(original)
    start = prepared.text.index(part)
    begin, end = prepared.span(start, start + len(part))
    assert (original[:begin], original[end:]) == ("x ", " y")


def test_an_empty_span_is_a_place() -> None:
    assert prepare("<b>x</b>y").span(1, 1) == (8, 8)


@pytest.mark.parametrize(
    ("original", "others"),
    [
        ("x < y & z, 100 %", []),
        ("<b>x</b>", ["<b>x</b>"]),
        ('<a title="1&#53;">x', ['<a title="1&#53;">x', '<a title="15">x']),
        ("%15507<b>6</b>", ["%15507<b>6</b>", "%155076", "\x15507<b>6</b>", "   507<b>6</b>"]),
        ("15507<a b>6", ["155076"]),
        ('15507<a x=">>">6', ['15507<a x=">>">6', "155076"]),
        ("&#15507;", ["&#15507;"]),
        ("a<![CDATA[b]]>c", ["a<![CDATA[b]]>c", "ac"]),
        ("15&lt;x y&gt;5", ["15&lt;x y&gt;5", "155"]),
        ('<a x=">1<b y=\'>2', ['<a x=">1<b y=\'>2']),
    ],
)  # fmt: skip
def test_other_texts_a_reader_may_see(original: str, others: list[str]) -> None:
    prepared = prepare(original)
    assert sorted(other.text for other in prepared.others) == sorted(others)


@pytest.mark.parametrize(
    "text", ["https://a.example/?b=1&c=2", "R&D, H&M", "5 %, 100 %gi", "<3", "a <b", "&ukjent;"]
)
def test_signs_that_begin_no_markup_take_the_quick_way(text: str) -> None:
    prepared = prepare(text)
    assert (prepared.text, prepared.ends, prepared.others) == (text, (), ())


def test_percent_escapes_stand_in_what_is_shown() -> None:
    assert as_shown(prepare("<b>Foto:%20Kari</b>")).text == "Foto:%20Kari"
    assert as_shown(prepare("&percnt;20")).text == "%20"
    plain = prepare("Foto: 100 %")
    assert as_shown(plain) is plain


@EXAMPLES
@given(TEXTS)
def test_every_character_has_its_place(text: str) -> None:
    prepared = prepare(text)
    for other in (prepared, *prepared.others):
        traced(other, text)


def traced(prepared: Prepared, text: str) -> None:
    places, ends = prepared.places, prepared.ends or tuple(p + 1 for p in prepared.places[:-1])
    assert prepared.original == text
    assert len(places) == len(prepared.text) + 1 and len(ends) == len(prepared.text)
    assert places[-1] == len(text)
    assert all(one <= other for one, other in pairwise(places))
    assert all(one <= other for one, other in pairwise(ends))
    assert all(0 <= place < end <= len(text) for place, end in zip(places, ends, strict=False))


@EXAMPLES
@given(TEXTS)
def test_nothing_is_left_to_undo(text: str) -> None:
    plain = prepare(text).text
    assert prepare(plain).text == plain
    shown = as_shown(prepare(text)).text
    assert as_shown(prepare(shown)).text == shown


@EXAMPLES
@given(TEXTS)
@example("&#:0000000%00")
def test_what_is_spelt_out_is_undone_as_if_by_character(text: str) -> None:
    at_once = prepare(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(markup, "_WHOLE", re.compile("(?!)"))
        assert prepare(text) == at_once


@EXAMPLES
@given(st.text(string.printable + "\x00\x1f\x7f").filter(lambda text: not set("&<%]") & set(text)))
def test_ascii_without_markup_is_left_as_it_is(text: str) -> None:
    prepared = prepare(text)
    assert prepared.text == text
    assert prepared.places == tuple(range(len(text) + 1))
    assert prepared.ends == ()


@pytest.mark.slow
@EXAMPLES
@given(TEXTS.filter(lambda text: not set("&<%]＆＜﹠﹤％﹪］") & set(prepare(text).text + text)))
def test_all_ways_through_agree(text: str) -> None:
    """With a tag behind it a text is read another way, to the same result."""
    prepared, other = prepare(text), prepare(text + "<b></b>")
    assert other.text == prepared.text
    assert other.places[:-1] == prepared.places[:-1]
    assert other.ends == (prepared.ends or tuple(place + 1 for place in prepared.places[:-1]))


@EXAMPLES
@given(TEXTS)
def test_groups_are_the_runs_of_digits(text: str) -> None:
    prepared = prepare(text)
    assert prepared.groups is not None
    inside = {at for start, end in prepared.groups for at in range(start, end)}
    assert inside == {at for at, char in enumerate(prepared.text) if char in string.digits}
    assert all(
        one[1] < other[0] for one, other in zip(prepared.groups, prepared.groups[1:], strict=False)
    )


LATER = ("\U0001ccf0", "\U00010d40", "\U000116d0", "\U000116da", "\U00011bf0", "\U00011de0", "\U00011f50",
         "\U00016130", "\U00016d70", "\U0001e4f0", "\U0001e5f1")  # fmt: skip


@pytest.mark.slow
def test_every_digit_of_unicode_is_a_digit() -> None:
    """The number signs of category No count to 99; beyond are signs for 100, 1000 and more."""
    every = map(chr, range(sys.maxunicode))
    digits = {char: unicodedata.digit(char, None) for char in every}
    assert sum(digit is not None for digit in digits.values()) > 700
    for char, digit in digits.items():
        if digit is not None:
            assert form(char) == str(digit), hex(ord(char))
    signs = [char for char in digits if unicodedata.category(char) == "No"]
    for char in signs:
        same = unicodedata.normalize("NFKC", char) == char
        if same and (value := unicodedata.numeric(char)) in range(100):
            assert form(char) == str(int(value)), hex(ord(char))
    for zero in LATER:
        assert [form(chr(ord(zero) + value)) for value in range(10)] == list("0123456789")
    assert "".join(map(form, "〇〡〢〣〤〥〦〧〨〩")) == "0123456789"
    assert "".join(map(form, "\U0001f10b\U0001f10c")) == "00"
    assert "".join(map(form, "一二三Ⅳ㊀")) == "一二三IV一"  # numerals that are letters stay


@pytest.mark.slow
def test_a_form_is_final_for_every_character() -> None:
    for char in map(chr, (*range(0x32000), *range(0xE0000, 0xE1000), sys.maxunicode)):
        shape = form.__wrapped__(char)
        assert all(form.__wrapped__(part) == part for part in shape), hex(ord(char))
