"""What holds for the detections of any text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from somepolicy.engine.library import Library, accepted
from somepolicy.functions.detection import Detection
from somepolicy.functions.implementations import IMPLEMENTATIONS
from somepolicy.functions.no.prepare import prepare
from somepolicy.functions.no.tone import TWO_LOUD_WORDS, may_be_loud
from somepolicy.patterns import finder
from tests.examples import examples
from tests.functions.no.test_text_tables import (
    ALT,
    CASE,
    CREDITS,
    DISCLAIMERS,
    IMPERSONATION,
    LANGUAGE,
    OWN_LINK,
    OWN_LINKS,
    SENSITIVE,
    TONE,
    words,
)

DETECTORS = (CASE, SENSITIVE, IMPERSONATION, DISCLAIMERS, TONE, OWN_LINKS, CREDITS)
NAMES = ("Quillfred", "Zvartabø", "Ødegårdsen")
PIECES = (
    *NAMES, "søknaden din", "Saka di", "er avslått", "du", "har fått", "avslag", "send inn", "hvis",
    "sønnen din", "min datter", "hun", "har ADHD", "er innlagt", "barnevernet", "Psykolog", "foredrag",
    "på vegne av Bergen kommune", "mine egne meninger", "ikke", "Foto:", "©", "📸", "Kilde:", "!!!",
    "HELT UAKSEPTABELT", "https://bergen.kommune.no/x", "bit.ly/x", "«", "»", "(", ")", "](", ". ",
    "? ", "! ", "\n", "\n\n", " ", "  ", "\u200b", "\u00a0", "&nbsp;", "<b>", "</b>", "…", "İ", "\ud800",
)  # fmt: skip
TEXTS = (
    st.text()
    | st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)
    | st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
)
EXAMPLES = examples(300)


def fair(found: tuple[Detection, ...], text: str) -> None:
    spans = [detection.span for detection in found]
    assert spans == sorted(spans)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert not any(name.lower() in item.masked.lower() for name in NAMES for item in found)
    assert all(item.version in ("1", "2") and item.at == "" for item in found)


@EXAMPLES
@given(TEXTS)
def test_detections_lie_in_the_text_in_order_and_name_no_one(text: str) -> None:
    for detect in DETECTORS:
        fair(detect(prepare(text)), text)
    assert LANGUAGE(prepare(text)) in {"nb", "nn", "unknown"}
    assert OWN_LINK(text) in {"own", "foreign", "unknown"}


LISTS = {name: words(name) for each in IMPLEMENTATIONS.values() for name in each.lists}
AS_READ, COMPILED = Library(LISTS), Library(accepted(LISTS))


@pytest.mark.slow
@EXAMPLES
@given(TEXTS)
def test_the_lists_of_a_compiled_policy_find_the_same(text: str) -> None:
    prepared = prepare(text)
    for name in ("case_numbers", "case_phrases", "sensitive_terms", "impersonation", "disclaimers"):
        assert COMPILED[name](prepared) == AS_READ[name](prepared)
    assert COMPILED["alt_text_problems"](text, "") == AS_READ["alt_text_problems"](text, "")


LOUD = finder(TWO_LOUD_WORDS)
CAPITALS = st.text(st.sampled_from("AZÆÞŁΩЖß?a 1.-\n😀\u0301"), min_size=4)


@EXAMPLES
@given(CAPITALS)
def test_the_quick_look_at_capitals_lets_every_loud_text_through(text: str) -> None:
    assert may_be_loud(text) or not LOUD(text)


@EXAMPLES
@given(TEXTS, TEXTS)
def test_alternative_texts(alt: str, body: str) -> None:
    fair(ALT(alt, body), alt)


@EXAMPLES
@given(st.text(alphabet="evil.example/\\@:#?[]%", max_size=30))
def test_no_link_to_elsewhere_is_own(rest: str) -> None:
    assert OWN_LINK(f"https://evil.example{rest}") != "own"
    assert OWN_LINK(f"https://evil.example/{rest}bergen.kommune.no") != "own"


@EXAMPLES
@given(TEXTS)
def test_detections_depend_on_the_text_alone(text: str) -> None:
    for detect in DETECTORS:
        assert detect(prepare(text)) == detect(prepare(text))


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [
        "søknaden din er avslått ", "Kari Nordmann er innlagt ", "kan ", "«på vegne av Bergen kommune ",
        "du har du har ", "mine egne meninger. ", "bergen.kommune.no ", "Foto: ", "AAA ", "a.b.c.no",
    ],
)  # fmt: skip
def test_time_grows_with_the_length_alone(piece: str) -> None:
    for detect in DETECTORS:
        short, long = (prepare(piece * count) for count in (500, 4000))
        assert _seconds(detect, long) < 40 * _seconds(detect, short) + 0.05


def _seconds(detect: object, text: object) -> float:
    assert callable(detect)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        detect(text)
        times.append(time.perf_counter() - start)
    return min(times)
