"""The fast way returns and refuses exactly what the strict one does, and writes the same bytes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from somepolicy import Policy
from somepolicy.batch import encoder as encoding
from somepolicy.batch.encoder import Encoder
from somepolicy.engine.decision import plain
from somepolicy.engine.errors import InvalidDocument
from somepolicy.engine.json_text import _strictly, parse_json
from tests.batch.batch_cases import post
from tests.examples import examples

TEXTS = [
    b"", b" ", b"{}", b"\xef\xbb\xbf{}", b"[1,2", b"{}{}", b"\xff", b"nul", b"NaN", b"[-Infinity]",
    b'{"a":1,"a":1}', b'{"a":1,"\\u0061":2}', b'{"a":{"b":1,"b":2}}', b'[{"a":1,"a":2}]',
    b'{"a":":","a":2}', b'{"a":"\\u003a","a":1}', b'{"a":"\\u003A","a":"x"}',
    b'{"a":"::","b":1}', b'{"a" :1, "a"\t: 2}', b'{":":1,":":2}', b'{"\\":":1,"\\":":2}',
    b"1e400", b"-1e400", b"1e-400", b"-0", b"-0.0", b"1.0", b"01", b"1.", b".5", b"+1",
    b"18446744073709551615", b"18446744073709551616", b"-9223372036854775809", b"9007199254740993",
    b"1" * 19, b"1" * 20, b"1" * 308, b"1" * 309, b"1" * 401, b'"%s"' % (b"7" * 30), b"1." + b"3" * 40,
    b'"\\ud800"', b'"\\ud83d\\ude00"', b'"\x01"', b'"\x7f"', b'"a\nb"', b'"\\x"', '"\u2028"'.encode(),
    b"[" * 60 + b"]" * 60, b"[" * 300 + b"]" * 300, b"[" * 2000 + b"]" * 2000,
    b'{"a":' * 255 + b"1" + b"}" * 255,
]  # fmt: skip


def outcome(parse: object, raw: bytes) -> object:
    try:
        value = parse(raw)  # type: ignore[operator]
    except InvalidDocument as error:
        return error.errors
    return repr(value)  # tells 1 from 1.0, and the order of members


@pytest.mark.parametrize("raw", TEXTS, ids=range(len(TEXTS)))
def test_the_same_is_read_and_refused(raw: bytes) -> None:
    assert outcome(parse_json, raw) == outcome(_strictly, raw)


STRINGS = st.text(st.sampled_from('a":\\{}[],1é\u2028😀\t '), max_size=5)
SPACE = st.sampled_from(["", "", " ", "\n", "\t "])


def _string(text: str, escaped: bool) -> str:
    written = json.dumps(text, ensure_ascii=False)
    return written.replace(":", "\\u003a") if escaped else written


def _object(members: list[tuple[str, str, str]]) -> str:
    return "{" + ",".join(f"{name}{space}:{value}" for name, space, value in members) + "}"


QUOTED = st.builds(_string, STRINGS, st.booleans())
NUMBERS = st.one_of(
    st.integers(-(10**25), 10**25).map(str),
    st.floats().map(json.dumps),
    st.from_regex(r"-?[0-9]{1,25}(\.[0-9]{0,3})?([eE][+-]?[0-9]{1,3})?", fullmatch=True),
)
JSON = st.recursive(
    st.one_of(QUOTED, NUMBERS, st.sampled_from(["true", "null", "NaN", "nul"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda each: f"[{','.join(each)}]"),
        st.lists(st.tuples(QUOTED, SPACE, inner), max_size=4).map(_object),
    ),
    max_leaves=12,
)


@pytest.mark.slow
@examples(120)
@given(JSON)
def test_any_text_is_read_and_refused_the_same(text: str) -> None:
    raw = text.encode(errors="surrogatepass")
    assert outcome(parse_json, raw) == outcome(_strictly, raw)


@examples(120)
@given(st.binary(max_size=30))
def test_any_bytes_are_read_and_refused_the_same(raw: bytes) -> None:
    assert outcome(parse_json, raw) == outcome(_strictly, raw)


def test_the_same_bytes_are_written(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "_MOST_KEPT", 3)
    encoder = Encoder()
    for number in range(12):
        document = post(number, id=f'\x00\x1f\x7f"\\/\b\f\u2028😀{number}', kindly=number % 2 == 0)
        for digest in (True, False):
            decision = policy.evaluate(document, digest=digest)
            expected = json.dumps(plain(decision), ensure_ascii=False, separators=(",", ":"))
            assert encoder.encode(decision) == decision.to_json() == expected.encode()
