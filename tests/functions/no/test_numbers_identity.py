"""Identity numbers: found through any disguise, and only where they are."""

import datetime
import functools
import random
import re
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from somepolicy.functions.detection import Detection
from somepolicy.functions.no.identity import (
    NEW_RULE,
    identity_numbers,
    number_strength,
    remainders,
)
from somepolicy.functions.no.prepare import prepare
from tests.examples import examples

DAY = datetime.date(2026, 11, 22)
EXAMPLES = examples(200)


def made(day: int, month: int, year: int, individual: int, rest: int = 0) -> str | None:
    """Return the number with these parts and this remainder, None where there is none."""
    stem = f"{day:02}{month:02}{year:02}{individual:03}"
    for first in range(10):
        for second in range(10):
            if remainders(number := f"{stem}{first}{second}") == (rest, 0):
                return number
    return None


def synthetic(rest: int = 0, day: int = 15, month: int = 88, year: int = 59) -> str:
    """Return a synthetic number (month + 80) that can be nobody's."""
    return next(number for i in range(100, 400) if (number := made(day, month, year, i, rest)))


def find(text: str, day: datetime.date = DAY) -> tuple[Detection, ...]:
    return identity_numbers(prepare(text), synthetic=True, day=day)


NUMBER = synthetic()
DATE, PERSONAL = NUMBER[:6], NUMBER[6:]


# --- the rules

PUBLISHED = ("02013299997", "02013299903", "02013299806", "30108299920", "30108299939")
"""Examples of the rule of 2032. Source: Skatteetaten, "Nytt fødselsnummer fra 2032"."""


@pytest.mark.parametrize("number", PUBLISHED)
def test_published_examples_pass_the_rule_of_2032(number: str) -> None:
    first, second = remainders(number)
    assert first <= 3 and second == 0
    assert number_strength(number, synthetic=False, day=NEW_RULE) == "hard"


def test_a_number_by_the_new_rule_is_strong_before_its_time() -> None:
    eve = NEW_RULE - datetime.timedelta(days=1)
    for rest in (1, 2, 3):
        number = synthetic(rest)
        assert number_strength(number, synthetic=True, day=eve) == "strong"
        assert number_strength(number, synthetic=True, day=NEW_RULE) == "hard"


@pytest.mark.parametrize("rest", [4, 5, 9, 10])
def test_other_remainders_are_no_number(rest: int) -> None:
    assert number_strength(synthetic(rest), synthetic=True, day=NEW_RULE) is None


@pytest.mark.parametrize(
    ("day", "month", "counted", "otherwise"),
    [
        (15, 88, "hard", "weak"),  # Tenor
        (55, 88, "hard", "weak"),  # Tenor, D-number
        (15, 73, "hard", "weak"),  # Norsk helsenett
        (85, 8, "weak", "weak"),  # FH-number
        (15, 13, None, None),
        (15, 60, None, None),
        (15, 65, None, None),
        (15, 78, None, None),
        (15, 80, None, None),
        (15, 93, None, None),
        (0, 88, None, None),
        (32, 88, None, None),
        (40, 88, None, None),
        (72, 88, None, None),
        (30, 82, None, None),
    ],
)
def test_kinds(day: int, month: int, counted: str | None, otherwise: str | None) -> None:
    number = synthetic(day=day, month=month)
    assert number_strength(number, synthetic=True, day=DAY) == counted
    assert number_strength(number, synthetic=False, day=DAY) == otherwise


def test_months_of_help_numbers_count_as_real() -> None:
    """NAV's test numbers use the months of H-numbers, so nobody can tell which it is."""
    real = made(15, 48, 59, 101) or made(15, 48, 59, 102)
    assert real is not None
    assert number_strength(real, synthetic=False, day=DAY) == "hard"


@pytest.mark.parametrize(
    ("year", "individuals", "strength"),
    [
        (59, range(500), "hard"),  # 1959
        (59, range(500, 750), "hard"),  # 1859
        (59, range(750, 900), "strong"),  # no century by the old rule
        (59, range(900, 1000), "hard"),  # 1959
        (45, range(500, 900), "strong"),  # no century by the old rule
        (20, range(500, 1000), "hard"),  # 2020
        (30, range(500, 1000), "strong"),  # 2030: not yet born
    ],
)
def test_the_century_follows_from_the_individual_number(
    year: int, individuals: range, strength: str
) -> None:
    numbers = [number for i in individuals if (number := made(15, 88, year, i))]
    assert len(numbers) > len(individuals) / 2
    assert {number_strength(number, synthetic=True, day=DAY) for number in numbers} == {strength}


def test_a_leap_day_must_be_one() -> None:
    leap, none = synthetic(day=29, month=82, year=60), synthetic(day=29, month=82, year=59)
    assert number_strength(leap, synthetic=True, day=DAY) == "hard"
    assert number_strength(none, synthetic=True, day=DAY) is None
    in_1900 = synthetic(day=29, month=82, year=0)  # a day in 2000 only
    assert number_strength(in_1900, synthetic=True, day=DAY) == "strong"


def test_a_test_number_is_weak_unless_it_counts() -> None:
    prepared = prepare(f"Nummer {NUMBER}.")
    assert [hit.strength for hit in identity_numbers(prepared, False, DAY)] == ["weak"]
    assert [hit.strength for hit in identity_numbers(prepared, True, DAY)] == ["hard"]


# --- where it stands in a text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (NUMBER, "###########"),
        (f"Barnet har {DATE} {PERSONAL}.", "###### #####"),
        (f"{DATE}-{PERSONAL}", "######-#####"),
        (f"({DATE} - {PERSONAL})", "###### - #####"),
        (f"{DATE}\n{PERSONAL}", "###### #####"),
        (f"fnr{NUMBER}x", "###########"),
        (f"fnr:{DATE}, {PERSONAL}", "######  #####"),
        (" ".join(NUMBER), "# # # # # # # # # # #"),
        (f"{DATE[:2]}.{DATE[2:4]}.{DATE[4:]} {PERSONAL}", "##.##.## #####"),
        (f"{DATE[:2]}/{DATE[2:4]}-{DATE[4:]}/{PERSONAL}", "##/##-##/#####"),
        (f"ring 55 56 58 10 {NUMBER}", "###########"),
        (f"ring 55 56 58 10. {DATE} {PERSONAL}", "###### #####"),
        (f"{NUMBER} 2026", "###########"),
        (f"https://example.org/{NUMBER}", "###########"),
        (f"<b title='{NUMBER}'>hei</b>", "###########"),
        (f"hei<!-- {NUMBER} -->", "###########"),
    ],
)
def test_found(text: str, masked: str) -> None:
    (hit,) = find(text)
    assert (hit.detector, hit.version, hit.strength, hit.at) == ("identity_number", "1", "hard", "")
    assert hit.masked == masked
    assert re.sub(r"\D", "", text[slice(*hit.span)]) == NUMBER


ESCAPED = "".join(f"%{ord(digit):x}" for digit in NUMBER)
ODD_TAGS = (
    "<o:p>", "<o:p></o:p>", "<b/x>", "<span/>", "<a b>", "<wbr>", "<input disabled>", "<my-tag x>",
    '<a title="a > b">', "<a x='>>>>'>", '<a b="1" c>', "<?xml version='1.0'?>", "<?php>", "<!DOCTYPE html>",
    "<!>", "<![CDATA[]]>", "<![CDATA[x]]>", "</>", "</ b>", "<!-- x --!>", "<!-->", "<ola@example.org>",
    "<https://example.org/x>", "<b\n\tc>", "<&#98;>", "&lt;b c&gt;", "%3Cb%3E", "<b><i c><u>",
)  # fmt: skip
BETWEEN = (
    "&nbsp", "&shy", "&shy;", "&ensp;", "&ZeroWidthSpace;", "&#xAD;", "&#0000000000000000032;",
    "&#x110000;", "&#99999999999;", "&#0;", "&amp;nbsp", "&ampnbsp;", "%20", "%C2%A0", "%E2%80%8B", "%c2%ad",
    "%2520", "%252520", "%0A", "%2D", "+", "%26nbsp%3B", "%26%2332%3B", "&#37;20", "&percnt;20", "\u2065",
    "\ufff0", "\U000e0001", "\U000e0fff", "\u115f", "\u3164", "\uffa0", "\u034f", "\ufdd0", "\ufffe",
    "\U0001d159", "\u2800", "\ue000", "\u00ad" * 9, "\U000e0041" * 9,
)  # fmt: skip


@pytest.mark.parametrize("sign", [*ODD_TAGS, *BETWEEN])
def test_found_around(sign: str) -> None:
    text = f"her: {DATE}{sign}{PERSONAL}."
    (hit,) = find(text)
    assert hit.strength == "hard"
    assert text[slice(*hit.span)] == f"{DATE}{sign}{PERSONAL}"


@pytest.mark.parametrize(
    "text",
    [
        f"https://example.org/sok?q=%22{NUMBER}%22",
        f"https://example.org/sok?navn=%E5{NUMBER}",
        f"&lt;!-- {NUMBER[:4]}&#{ord(NUMBER[4])};{NUMBER[5:]} --&gt;",
        f"https://example.org/?q=%3C!--%20{NUMBER}--%3E",
        f"&lt;b {NUMBER[:5]}&#{ord(NUMBER[5])};{NUMBER[6:]}=1&gt;",
        f"https://example.org/sok?q=%2522{NUMBER}%2522",
        f"https://example.org/{ESCAPED}",
        f"&quot{NUMBER}",
        f"&copy{NUMBER}",
        f'<a href="https://example.org/sok?q=%22{NUMBER}%22">her</a>',
        f'<a title="{DATE}&#{ord(PERSONAL[0])};{PERSONAL[1:]}">her</a>',
        f"<!-- &nbsp{NUMBER}&nbsp -->",
        # what only looks like markup is shown by many
        f"<{NUMBER}>",
        f"<x {NUMBER}>",
        f"<x{NUMBER}>",
        f"<a b={NUMBER}>",
        f"<!{NUMBER}>",
        f"<?{NUMBER}?>",
        f"</{NUMBER}>",
        f"<![CDATA[{NUMBER}]]>",
        f"&{NUMBER};",
        f"&#{NUMBER};",
        f"&#{DATE};{PERSONAL}",
        f"&#x{NUMBER};",
        f"&nbsp{NUMBER};",
        f"100%{NUMBER}",
        f"{DATE}%{PERSONAL}",
        f"<b>%{DATE}</b>{PERSONAL}",
        f"<b x=y>%{DATE}</b>{PERSONAL}",
        f"<a x='{DATE}<b>{PERSONAL}",
    ],
)
def test_no_doubt_about_markup_hides_a_number(text: str) -> None:
    assert [hit.strength for hit in find(text)] == ["hard"]


FIRST, REST = NUMBER[0], NUMBER[1:]
PLAIN = f"&#{ord(FIRST)};"


@pytest.mark.parametrize(
    "text",
    [
        # what was decoded is no part of the next reference or escape
        f"&#{PLAIN}{REST}",
        f"&#x{PLAIN}{REST}",
        f"&#0{PLAIN}{REST}",
        f"&#&#x{ord(FIRST):x};{REST}",
        f"&amp;#&amp;#{ord(FIRST)};{REST}",
        f"&amp;#{PLAIN}{REST}",
        f"&amp;amp;#&amp;amp;#{ord(FIRST)};{REST}",
        f"&amp;#{FIRST}&#{ord(REST[0])};{REST[1:]}",
        f"&am&#112;;#{PLAIN}{REST}",
        f"<b>&#{PLAIN}{REST}</b>",
        f'<a title="&#{PLAIN}{REST}">her</a>',
        f"%%{ord(FIRST):x}{REST}",
        f"%&#{ord(FIRST)};{REST}",
        f"https://example.org/?q=%%{ord(FIRST):x}{REST}",
        # what ends a reference in the text as it was given
        *(f"&#{ord(FIRST)}{sign}{REST}" for sign in ("\u200b", "\u2060", "\u00ad", "\u0336", "\ufeff")),
        f"&#x{ord(FIRST):x}\u200b{REST}",
        f"&#{ord(FIRST)}{chr(0xFF10 + int(REST[0]))}{REST[1:]}",
        f"&#{ord(FIRST)}{chr(0x0660 + int(REST[0]))}{REST[1:]}",
        f"&#{ord(FIRST)}{chr(0x1D7CE + int(REST[0]))}{REST[1:]}",
        f"&am\u200bp&#{ord(FIRST)}\u200b{REST}",
        # content that a browser does not show
        *(
            f"{DATE}{opening}7 x <b> 3{closing}{PERSONAL}"
            for opening, closing in (
                ("<style>", "</style>"), ("<STYLE media='x'>", "</Style >"), ('<script>a<b"', "</script>"),
                ("<template><b>", "</b></template>"), ("<span hidden>", "</span>"), ("<title>", "</title>"),
                ("<p hidden=''><p>1</p>", "</p>"), ("<i style='color:red; display : none'>", "</i>"),
                ("<noscript>", "</noscript>"), ("<iframe src=x>", "</iframe>"), ("<video controls>", "</video>"),
                ("&lt;style&gt;", "&lt;/style&gt;"), ("<b><style>", "</style></b>"),
            )
        ),
        # what holds a digit, beside digits
        *(f"{NUMBER}{sign}" for sign in "²³¹½¾⁴₂①❷⒈⑴〡㎡㏠"),
        *(f"{sign}{NUMBER}" for sign in "²½①⒈㎡㍙㏠"),
        f"2²{NUMBER}",
        f"<b>{DATE}</b>{PERSONAL}²",
        f"{PLAIN}{REST}²",
        f"{PLAIN}{REST}&sup2;",
        f"{PLAIN}{REST}&amp;frac12;",
    ],
)  # fmt: skip
def test_no_reading_of_a_text_hides_a_number(text: str) -> None:
    assert [hit.strength for hit in find(text)] == ["hard"]


def test_several_in_order() -> None:
    other = synthetic(year=70)
    text = f"{NUMBER} og {other}, {DATE} {PERSONAL}"
    hits = find(text)
    assert [re.sub(r"\D", "", text[slice(*hit.span)]) for hit in hits] == [NUMBER, other, NUMBER]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ingen tall her.",
        f"{NUMBER}1",
        f"1{NUMBER}",
        f"{NUMBER[:10]}",
        f"{DATE} og {PERSONAL}",
        f"{DATE} ... {PERSONAL}",
        "12345 67890 12345",
        "ring 55 56 58 10 eller 55 56 58 11",
        "22.11.2026 kl. 12.30",
        NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10),
        NUMBER[:-2] + str((int(NUMBER[-2]) + 1) % 10) + NUMBER[-1],
    ],
)
def test_not_found(text: str) -> None:
    assert find(text) == ()


def test_an_account_form_speaks_against_it() -> None:
    (hit,) = find(f"{NUMBER[:4]}.{NUMBER[4:6]}.{NUMBER[6:]}")
    assert hit.strength == "strong"


def test_odd_groups_in_a_longer_series_are_strong() -> None:
    odd = f"{NUMBER[:3]} {NUMBER[3:7]} {NUMBER[7:]}"
    for shown in (" ".join(NUMBER), odd):
        assert [hit.strength for hit in find(f"7 {shown}")] == ["strong"]
        assert [hit.strength for hit in find(f"{shown}, 7")] == ["strong"]
        assert [hit.strength for hit in find(f"7 og {shown}")] == ["hard"]
    for usual in (f"{DATE} {PERSONAL}", f"{DATE} {PERSONAL[:3]} {PERSONAL[3:]}", NUMBER):
        assert [hit.strength for hit in find(f"7 {usual} 7")] == ["hard"]


def test_the_stronger_of_two_that_overlap_stays() -> None:
    weak = next(
        number
        for individual in range(1000)
        if (number := made(85, int(DATE[:2]), int(DATE[2:4]), individual))
        and number_strength(number, True, DAY) == "weak"
    )
    assert find(f"{weak[:5]} {weak[5:]}")[0].strength == "weak"
    text = f"8{NUMBER[:2]} {DATE} {PERSONAL}"
    assert [hit.strength for hit in find(text)] == ["hard"]


# --- disguises

GAPS = (
    "", " ", "-", ".", "/", ",", "\u00a0", "\u2009", "\n", "\r\n", "\u200b", "\u00ad", "\u2060",
    "<b></b>", "<br>", "</i>", "&nbsp;", "&#160;", "&#8203;", "&shy;", "&ndash;", "–", " - ",
    "&amp;nbsp;", "<!-- x -->", "\u200d \ufeff",
)  # fmt: skip
DIGITS = (
    lambda digit: digit,
    lambda digit: chr(0xFF10 + int(digit)),
    lambda digit: chr(0x0660 + int(digit)),
    lambda digit: chr(0x1D7CE + int(digit)),
    lambda digit: f"&#{48 + int(digit)};",
    lambda digit: f"&#x{48 + int(digit):x};",
    lambda digit: f"&amp;#{48 + int(digit)};",
    lambda digit: f"{digit}\ufe0f\u20e3",
    lambda digit: f"{digit}\u0336",
)
AROUND = st.text(
    st.characters(categories=["L", "P", "Zs", "So"], exclude_characters="<>&"), max_size=30
)
NUMBERS = st.builds(
    made,
    st.integers(1, 28) | st.integers(41, 68),
    st.integers(81, 92) | st.integers(66, 77),
    st.integers(0, 99),
    st.integers(0, 499),
).filter(bool)


@pytest.mark.slow
@EXAMPLES
@given(
    NUMBERS,
    st.lists(st.sampled_from(GAPS), min_size=10, max_size=10),
    st.lists(st.sampled_from(DIGITS), min_size=11, max_size=11),
    AROUND,
    AROUND,
)
def test_a_disguise_changes_nothing(number, gaps, forms, before, after) -> None:
    assume(not any(map(str.isdigit, prepare(before).text + prepare(after).text)))
    shown = [form(digit) for form, digit in zip(forms, number, strict=True)]
    inner = "".join(part for pair in zip(shown, [*gaps, ""], strict=True) for part in pair)
    assume(not re.fullmatch(r"\d{4}\.\d\d\.\d{5}", prepare(inner).text))
    (hit,) = find(before + inner + after)
    assert hit.strength == "hard"
    assert hit.span == (len(before), len(before) + len(inner))
    assert not any(map(str.isdigit, hit.masked))


@EXAMPLES
@given(NUMBERS, st.sampled_from(["b", "span", "a", "div"]), AROUND)
def test_tags_around_change_nothing(number, tag, before) -> None:
    assume(not any(map(str.isdigit, prepare(before).text)))
    opening = f'{before}<{tag} class="x">'
    (hit,) = find(f"{opening}{number}</{tag}>")
    assert (hit.strength, hit.span) == ("hard", (len(opening), len(opening) + 11))


# --- proved against python-stdnum

STDNUM = "python-stdnum is not installed: the arithmetic is not compared with it"


def drawn(count: int) -> Iterator[str]:
    """Yield that many random strings of eleven digits, and as many with a date and check digits."""
    source = random.Random(20261122)
    for _ in range(count):
        yield f"{source.randrange(10**11):011}"
        stem = (
            f"{source.choice((0, 0, 40, 80)) + source.randrange(1, 32):02}"[:2],
            f"{source.choice((0, 0, 0, 40, 65, 80)) + source.randrange(1, 13):02}",
            f"{source.randrange(100_000):05}",
        )
        yield right("".join(stem), source.choice((0, 0, 0, 1, 2, 3, 4)))


@functools.cache
def check_digits(first: int, second: int, rest: int) -> str:
    """Return the check digits that bring the remainders to (rest, 0), else two wrong ones."""
    one = (rest - first) % 11
    two = -(second + 2 * one) % 11
    return f"{one}{two}" if one < 10 and two < 10 else "00"


def right(stem: str, rest: int) -> str:
    return stem + check_digits(*remainders(stem + "00"), rest)


def difference(number: str, day: datetime.date, born: datetime.date | None) -> str | None:
    """Return why python-stdnum and the detector differ, None where they agree.

    `born` is the birth date by python-stdnum where it holds the number to be right.
    """
    strength = number_strength(number, synthetic=False, day=day)
    if (strength == "hard") == (born is not None) and (strength is None or born is not None):
        return None
    month = int(number[2:4])
    if born is not None:
        return "born after the day" if strength == "strong" and born > day else "unexplained"
    if strength == "weak":
        synthetic_month = 66 <= month <= 77 or 81 <= month <= 92
        fh = number[0] in "89"
        return "FH-number" if fh else "synthetic month" if synthetic_month else "unexplained"
    if strength == "strong" and remainders(number)[0] in (1, 2, 3):
        return "rule of 2032, remainder"
    return "rule of 2032, century" if strength == "strong" else "unexplained"


def compare(count: int) -> Counter[str | None]:
    pytest.importorskip("stdnum.no.fodselsnummer", reason=STDNUM)
    from stdnum.no import fodselsnummer

    day = datetime.date(2020, 1, 1)
    classes: Counter[str | None] = Counter()
    for number in drawn(count):
        born = fodselsnummer.get_birth_date(number) if fodselsnummer.is_valid(number) else None
        classes[difference(number, day, born)] += 1
    return classes


EXPLAINED = {
    None,
    "born after the day",
    "synthetic month",
    "FH-number",
    "rule of 2032, remainder",
    "rule of 2032, century",
}


@pytest.mark.slow
def test_agrees_with_stdnum() -> None:
    assert set(compare(20_000)) == EXPLAINED


@pytest.mark.slow
def test_agrees_with_stdnum_a_million_times() -> None:
    classes = compare(1_000_000)
    print(classes)  # noqa: T201
    assert set(classes) == EXPLAINED
