"""No output shows an identity number, however it is disguised and wherever it stands."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from somepolicy import InvalidDocument, Policy
from somepolicy.cli.app import app
from somepolicy.functions.no.prepare import prepare
from somepolicy.json_type import Json
from tests.examples import examples
from tests.functions.no.test_numbers_identity import made

ROOT = Path(__file__).parents[3]
AS_OF = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
EXAMPLES = examples(40)
DIGEST = re.compile(r'[0-9a-f]{64}|"[0-9a-f]{12}"')
RUN = 5
RUN_ACROSS_SIGNS = 8


@cache
def counting() -> Policy:
    """Return the policy for which test numbers are real: month + 80 can be nobody's."""
    policy = Policy.load(ROOT / "policy" / "bergen")
    return policy.with_parameters(
        {"synthetic_numbers_count": True, "synthetic_numbers_count_in_private": True}
    )


@pytest.fixture(scope="module", autouse=True)
def _the_commands_use_that_policy() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("somepolicy.cli.workflows.evaluation.load_policy", lambda _: counting())
        patch.setattr("somepolicy.cli.commands.detect.load_policy", lambda _: counting())
        yield


# --- numbers and their disguises


def _number(day: int, month: int, year: int, individual: int, rest: int) -> str | None:
    return made(day, month + 80, year, individual, rest)


numbers = st.builds(
    _number,
    st.integers(1, 28) | st.integers(41, 68),
    st.integers(1, 12),
    st.integers(0, 99),
    st.integers(0, 499),
    st.sampled_from([0, 0, 0, 1, 2, 3]),
).filter(lambda number: number is not None)

WIDE = {str(digit): chr(0xFF10 + digit) for digit in range(10)}
ARABIC = {str(digit): chr(0x0660 + digit) for digit in range(10)}
MATHEMATICAL = {str(digit): chr(0x1D7CE + digit) for digit in range(10)}
CIRCLED = {str(digit): chr(0x2460 + digit - 1) if digit else "\u24ea" for digit in range(10)}
SIGNS = (
    " ", ".", "-", "/", ",", ":", "_", "\u00a0", "\u2009", "\u2013", "\u2212", "\u00b7", "\t", "\n",
    "\r\n", "\u200b", "\u00ad", "\u2060", "\ufeff", "\u0301", "\u20e3", " - ", " . ", "...", "&nbsp;",
    "&shy;", "&#8203;", "<b></b>", "<br>", "<!-- x -->", "", "\u202e", "|", "*", "x",
)  # fmt: skip
WRITTEN = (
    lambda digit: digit,
    WIDE.__getitem__,
    ARABIC.__getitem__,
    MATHEMATICAL.__getitem__,
    CIRCLED.__getitem__,
    lambda digit: f"&#{ord(digit)};",
    lambda digit: f"&#x{ord(digit):x}",
    lambda digit: f"&#{ord(digit):05};",
    lambda digit: f"&amp;#{ord(digit)};",
    lambda digit: f"{digit}\u0332",
    lambda digit: f"<i>{digit}</i>",
)
AROUND = ("{}", "Fødselsnummer {}.", "<!-- {} -->", '<a title="{}">her</a>', "fnr:{}x", "konto {}",
          "saksnr {}", "tlf +47{}", "https://a.example/?fnr={}", "{}.jpg", "{}@example.org",
          "Foto: {}", "Søknaden din {} er avslått!!!", "{0} og {0}")  # fmt: skip


@st.composite
def disguised(draw: st.DrawFn) -> tuple[str, str]:
    """Return a number and a text that holds it."""
    number = str(draw(numbers))
    if draw(st.booleans()):  # one way of writing throughout, grouped
        sign, write = draw(st.sampled_from(SIGNS)), draw(st.sampled_from(WRITTEN))
        cuts = draw(st.sampled_from([(), (6,), (6, 9), (2, 4, 6), (4, 6), tuple(range(1, 11))]))
        planted = "".join(
            (sign if at in cuts else "") + write(digit) for at, digit in enumerate(number)
        )
    else:  # any mixture
        planted = "".join(
            draw(st.sampled_from(WRITTEN))(digit)
            + (draw(st.sampled_from(SIGNS)) if draw(st.integers(0, 3)) == 0 else "")
            for digit in number
        )
    return number, draw(st.sampled_from(AROUND)).format(planted)


def shows(output: str, number: str) -> bool:
    """Whether the output, digests apart, holds five digits of the number on end.

    Read as detectors read it, so that a number shown in its disguise counts, and eight digits
    with anything between.
    """
    plain = DIGEST.sub("#", output)
    read = prepare(plain).text
    bare = re.sub(r"[^0-9]", "", read)
    return any(
        number[at : at + RUN] in text
        for at in range(len(number) - RUN + 1)
        for text in (plain, read)
    ) or any(
        number[at : at + RUN_ACROSS_SIGNS] in bare
        for at in range(len(number) - RUN_ACROSS_SIGNS + 1)
    )


# --- documents that hold it

PLACES = ("body", "quote", "alt", "everywhere")


def post(place: str, text: str) -> dict[str, Json]:
    document: dict[str, Json] = json.loads(
        (ROOT / "examples" / "post" / "road-closure.json").read_text(encoding="utf-8")
    )
    media = document["media"]
    assert isinstance(media, list) and isinstance(media[0], dict)
    if place in ("body", "everywhere"):
        document["text"] = {"body": text, "origin": "own"}
    if place in ("quote", "everywhere"):
        document["quotes"] = [{"text": text}]
    if place in ("alt", "everywhere"):
        media[0]["alt"] = text
    return document


def private_post(text: str) -> dict[str, Json]:
    return {"kind": "private_post", "id": "p", "text": {"body": text}, "job_related": True}


def command(*arguments: str, stdin: str) -> str:
    result = CliRunner().invoke(app, [*arguments, "-"], input=stdin.encode())
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert result.exit_code in (0, 1, 2)
    return result.output + result.stderr


# --- the property


def test_the_test_would_notice() -> None:
    number = made(15, 88, 59, 101) or made(15, 88, 59, 102)
    assert number is not None
    for output in (
        number,
        f'"masked": "{number[:5]}######"',
        f"{number[:6]} {number[6:]}",
        "-".join(number),
        "".join(map(WIDE.__getitem__, number)),
        "".join(f"&#{ord(digit)};" for digit in number),
    ):
        assert shows(output, number)
    assert not shows("###### #####, 2026-11-22, 0101", number)


@pytest.mark.slow
def test_a_planted_number_denies() -> None:
    """What is masked below is also found, so that there is a detection to show."""
    number = made(15, 88, 59, 101) or made(15, 88, 59, 102)
    for place in ("body", "quote"):
        decision = counting().evaluate(post(place, f"Nummer {number}."), as_of=AS_OF)
        masks = [each.masked for finding in decision.findings for each in finding.detections]
        assert not decision.allowed
        assert "###########" in masks


@pytest.mark.slow
@EXAMPLES
@given(disguised(), st.sampled_from(PLACES))
def test_no_decision_shows_it(planted: tuple[str, str], place: str) -> None:
    number, text = planted
    for document in (post(place, text), private_post(text)):
        try:
            decision = counting().evaluate(document, as_of=AS_OF)
        except InvalidDocument:  # a text that shows nothing is none; see errors below
            continue
        assert not shows(decision.to_json().decode(), number)
        explained = counting().explain(document, as_of=AS_OF)
        assert not shows(explained.decision.to_json().decode(), number)


@pytest.mark.slow
@examples(20)
@given(disguised(), st.sampled_from(PLACES), st.sampled_from(["nb", "en"]))
def test_no_explanation_shows_it(planted: tuple[str, str], place: str, language: str) -> None:
    number, text = planted
    for document in (post(place, text), private_post(text)):
        output = command("eval", "--explain", "--lang", language, stdin=json.dumps(document))
        assert len(output) > 500
        assert not shows(output, number)


@pytest.mark.slow
@EXAMPLES
@given(disguised(), st.sampled_from(PLACES), st.sampled_from(["text", "json"]))
def test_detect_never_shows_it(planted: tuple[str, str], place: str, form: str) -> None:
    number, text = planted
    for stdin in (json.dumps(post(place, text)), json.dumps(private_post(text)), text):
        for options in ([], ["--synthetic"]):
            output = command("detect", "--format", form, *options, stdin=stdin)
            assert output
            assert not shows(output, number)


SPOILT = (
    {"format": "{}"},
    {"scheduled_at": "{}"},
    {"media": "{}"},
    {"language": ["{}"]},
    {"text": "{}"},
    {"text": {"body": ["{}"]}},
    {"quotes": [{"text": "{}", "credit_shown": "{}"}]},
    {"quotes": ["{}"]},
    {"media": [{"id": "a", "kind": "{}", "alt": "{}"}]},
    {"media": [{"id": "a", "kind": "image", "alt": {"nb": "{}"}}]},
    {"links": ["{}"]},
    {"kind": "{}"},
    {"unknown": "{}"},
)


def _filled(value: Json, text: str) -> Json:
    match value:
        case str():
            return value.replace("{}", text)
        case list():
            return [_filled(each, text) for each in value]
        case dict():
            return {name: _filled(each, text) for name, each in value.items()}
        case _:
            return value


@EXAMPLES
@given(disguised(), st.sampled_from(SPOILT))
def test_no_error_shows_it(planted: tuple[str, str], spoilt: dict[str, Json]) -> None:
    number, text = planted
    filled = _filled(spoilt, text)
    assert isinstance(filled, dict)
    document = post("everywhere", text) | filled
    try:
        counting().evaluate(document, as_of=AS_OF)
    except InvalidDocument as error:
        told = f"{error} {error!r} {error.errors!r} {error.args!r}"
        assert not shows(told, number)
    else:
        assert set(spoilt) == {"links"}  # a text that happens to be an address
    stdin = json.dumps(document)
    for arguments in (["eval"], ["eval", "--format", "ndjson"], ["detect"]):
        assert not shows(command(*arguments, stdin=stdin), number)


@EXAMPLES
@given(disguised())
def test_no_error_of_broken_json_shows_it(planted: tuple[str, str]) -> None:
    number, text = planted
    whole = json.dumps(post("body", text))
    for stdin in (whole[:-1], whole.replace(":", "", 1), f'{{"a": {number}{number}, }}', text):
        assert not shows(command("eval", stdin=stdin), number)
