"""What holds for all detectors of numbers: masks show nothing, hostile texts take linear time."""

import datetime
import sys
import time
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from somepolicy.functions.detection import Detection
from somepolicy.functions.no import markup
from somepolicy.functions.no.accounts import (
    bank_accounts,
    ibans,
    kids,
    organisation_numbers,
    payment_cards,
)
from somepolicy.functions.no.case_numbers import case_numbers
from somepolicy.functions.no.contacts import emails, telephones
from somepolicy.functions.no.identity import identity_numbers
from somepolicy.functions.no.numbers import masked
from somepolicy.functions.no.prepare import Prepared, prepare
from somepolicy.functions.something import says_something
from somepolicy.lexicon import Lexicon
from tests.examples import examples, one_in

DAY = datetime.date(2026, 11, 22)
WORDS = Lexicon(
    "numbers",
    "made for this test",
    None,
    {
        "bank_account": ("konto",),
        "kid": ("kid",),
        "organisation_number": ("orgnr",),
        "amount": ("kr",),
        "role_mailboxes": ("post",),
        "keyword": (r"saksnr[. ]{1,2}\d{2,4}/\d{1,5}",),
        "bare": (r"20\d{2}/\d{1,5}",),
        "public": (r"forskrift[^\n]{0,60}\d{4}/\d{1,5}",),
    },
)
DETECTORS: dict[str, Callable[[Prepared], tuple[Detection, ...]]] = {
    "identity_number": lambda text: identity_numbers(text, synthetic=True, day=DAY),
    "bank_account": lambda text: bank_accounts(text, WORDS, DAY),
    "kid": lambda text: kids(text, WORDS),
    "organisation_number": lambda text: organisation_numbers(text, WORDS),
    "iban": ibans,
    "payment_card": lambda text: payment_cards(text, WORDS),
    "telephone": lambda text: telephones(text, WORDS),
    "email": lambda text: emails(text, WORDS),
    "case_number": lambda text: case_numbers(text, WORDS),
}
PIECES = (
    "konto ", "kid ", "orgnr ", "saksnr ", "NO", "+47 ", "00", "kr ", " ", " ", ".", "-", "/",
    "@", "a", "é", ".no ", "4", "9", "1", "85", "90", "2026/", "123", "4444", "99999", "<b>",
    "&#49;", "\u00a0", "１", "\n", "\ud800", "saksnr 23/1 ", "2024/77 ", "kari@example.org ",
    "68 05 12 34 ", "400000000000000", "912 345 67", "1588590", "KID 18 ", "KID 26 ",
)  # fmt: skip
EXAMPLES = examples(400)


@EXAMPLES
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text())
@example("x 2024/77, kari@example.org, +47 68 05 12 34, KID 18")
def test_detections_are_in_order_and_show_nothing(text: str) -> None:
    prepared = prepare(text)
    for name, detect in DETECTORS.items():
        hits = detect(prepared)
        spans = [hit.span for hit in hits]
        assert all(hit.detector == name and hit.version == "1" and hit.at == "" for hit in hits)
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert all(one[1] <= other[0] for one, other in pairwise(spans))
        assert not any(map(str.isdigit, "".join(hit.masked for hit in hits)))
        assert {*"".join(hit.masked for hit in hits)} <= {*"#x .-/:@…"}


def test_a_mask_is_the_form_alone() -> None:
    assert masked("AB12-34\u00a0å\n1") == "xx##-## x #"


def test_a_text_made_by_hand_needs_no_groups() -> None:
    text = "Se 2024/77 og kari@example.org, +47 68 05 12 34"
    by_hand = Prepared(text, text, tuple(range(len(text) + 1)))
    for detect in DETECTORS.values():
        assert detect(by_hand) == detect(prepare(text))


MILLION = 1_000_000
HOSTILE = (
    "a", "1", "<", ">", "&", "@", "1 ", "1\n", "<>", "&;", "&#", "&#49", "&#49;", "<b>", "<b", "<!--",
    "<!-- -->", "a@", "a@b.no ", "amp;", "&amp;", "2023/", "2023/1 ", "kid 12 ", "konto 1 ", "+47 ",
    "4444 ", "912 345 678 ", "NO15", "NO15 ", "1\u200b", "１ ", "\u0301", "a\u0301", "\ufdfa", "❤️1",
    "68 05 12 34 ", "saksnr 23/1 ", "forskrift ", "<a =>", "<a ", "15885901234 ", "\ud800",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_text_takes_linear_time(piece: str) -> None:
    """A text four times as long takes about four times as long: far from sixteen times."""

    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        start = time.perf_counter()
        prepared = prepare(text)
        for detect in DETECTORS.values():
            detect(prepared)
        return time.perf_counter() - start

    quarter, whole = seconds(MILLION // 4), seconds(MILLION)
    print(f"{piece!r}: {quarter:.2f} s, {whole:.2f} s")  # noqa: T201
    assert whole < 8 * quarter + 0.5


NESTED = (
    ("<", ">"), ("<b", ">"), ("<a b ", ">"), ("<a b é", ">"), ("<a x=", ">"), ('<a x="', ">"), ('<a x="', '">'),
    ("<é", ">"), ("<3", ">"), ("<!--", ">"), ("<!--", "-->"), ("<!-- <a ", "-- >"), ("<![CDATA[", "]]>"),
    ("</", ">"), ("<?x ", "?>"), ("<!", ">"), ("&semi", ";"), ("&", ";"), ("&#", ";"), ("&amp", "amp;"),
    ("&lt", "&gt"), ("%25", "31"), ("%", "25"), ("%3C", "%3E"), ("]", ">"), ("<a\u0301", ">"),
    ("&#", "49;"), ("<b hidden>", "</b>"), ("<style>", "</style>"), ("<script><b", "</script>"), ("<b style=", ">"),
)  # fmt: skip
ALONE = (
    "<a b>", "<!-- x", "<a x='", "&#0", "&#", "&amp", "&ampamp", "&not", "&#49", "&CounterClockwise", "%25",
    "%C3%A5", "%C3", "%F0%9F%98", "&am<b></b>p;", "\u0301", "1\u0301", "<b &#49; %20>", "]]>", "<a =' ",
    "&am&#112;", "&#&#49;", "&amp;#&amp;#49;", "%%31", "&#49\u200b5", "1²", "<style>", "<b hidden>x</b>", "<template>",
)  # fmt: skip


def work(text: str) -> int:
    """Return how many calls it takes to prepare a text, and how many characters they read anew."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    read = 0
    with pytest.MonkeyPatch.context() as patch:
        of_tag = markup._of_tag

        def counted(inner: str) -> str | None:
            nonlocal read
            read += len(inner)
            return of_tag(inner)

        patch.setattr(markup, "_of_tag", counted)
        sys.setprofile(count)
        try:
            prepare(text)
        finally:
            sys.setprofile(None)
    return calls + read


@pytest.mark.parametrize(
    ("opening", "closing"), one_in(6, [*NESTED, *((piece, "") for piece in ALONE)])
)
def test_the_work_on_markup_grows_with_the_text_alone(opening: str, closing: str) -> None:
    small, large = (work(opening * count + closing * count) for count in (150, 600))
    assert large < 5 * small + 300


@pytest.mark.parametrize(
    "piece", ["&am&#112;", "&amp;", "&amp;amp;", "&sup2;1", "&notin;", "&#49\u200b5"]
)
def test_a_text_that_says_something_is_known_by_its_beginning(piece: str) -> None:
    """Whether it is blank costs as little as the beginning, where no tag stands there."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        assert says_something(piece * 10_000)
    finally:
        sys.setprofile(None)
    assert calls < 20_000


@pytest.mark.slow
@pytest.mark.parametrize(("opening", "closing"), NESTED)
def test_nested_markup_takes_linear_time(opening: str, closing: str) -> None:
    def seconds(count: int) -> float:
        text = opening * count + closing * count
        start = time.process_time()
        prepare(text)
        return time.process_time() - start

    quarter, whole = (
        min(seconds(count) for _ in range(2)) for count in (MILLION // 80, MILLION // 20)
    )
    assert whole < 8 * quarter + 0.5


@pytest.mark.slow
@pytest.mark.parametrize("beginning", ["&#", "&#x", "%25", '<a x="', "<a x= ", "<!--", "&"])
def test_what_is_begun_and_goes_on_for_ever_takes_linear_time(beginning: str) -> None:
    for rest in ("0", "4", "25", "a", " ", "<b>", ">", '"'):

        def seconds(count: int, rest: str = rest) -> float:
            start = time.process_time()
            prepare(beginning + rest * count)
            return time.process_time() - start

        assert seconds(MILLION // 5) < 8 * seconds(MILLION // 20) + 0.5
