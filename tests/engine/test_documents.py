"""Malformed documents: each ends in InvalidDocument with a code and a place, and nothing else."""

from __future__ import annotations

import collections
import contextlib
import copy
import datetime
import decimal
import enum
import fractions
import gc
import json
import sys
import time
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from somepolicy.engine.errors import InvalidDocument
from somepolicy.engine.json_text import parse_json
from somepolicy.policy import Policy
from tests.examples import examples, one_in
from tests.properties.small_policies import (
    AS_OF,
    BOOLEAN,
    COLOUR,
    DATE,
    INSTANT,
    INTEGER,
    NUMBER,
    SAYS,
    TEXT,
    clause,
    kind,
    listing,
    load_policy,
    record,
)

CANARY = "Kari Nordmann 01017012345"
SOON = 3.0  # seconds of the processor
MUCH = 200 << 20

POST = kind(
    "post",
    flag=BOOLEAN,
    size={**INTEGER, "minimum": 0, "maximum": 10},
    any=INTEGER,
    ratio=NUMBER,
    title={**TEXT, "maxLength": 20, "pattern": r"\S"},
    colour=COLOUR,
    day=DATE,
    sent=INSTANT,
    tags=listing(TEXT),
    rec=record(flag=BOOLEAN, deep=record(flag=BOOLEAN)),
    items=listing(record(flag=BOOLEAN, n=INTEGER)),
)
RULES = """rules for post
require day cites must.do that post.day >= as_of and post.day + days(post.any) > as_of{says}
require list cites must.do for each i in post.items that i.flag or i.n > post.size{says}
advise text cites should.do that post.title contains "a" and count(post.tags) < post.ratio{says}
forbid rec cites must.do if post.rec.deep.flag and post.colour in ("red", "green"){says}
""".replace("{says}", SAYS)


@pytest.fixture(scope="module")
def policy() -> Policy:
    clauses = clause("must.do", "must", 1, "post") + clause("should.do", "should", 2, "post")
    return load_policy({"post": POST}, {"a.pol": clauses, "b.pol": RULES})


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """Keep the collector from going through what other tests have left behind: it takes seconds."""
    gc.freeze()
    yield
    gc.unfreeze()


def post(**members: object) -> dict[str, Any]:
    return {"kind": "post", "id": "1", "as_of": AS_OF, **members}


def told(policy: Policy, document: object) -> list[tuple[str, str]]:
    """Return code and place of every error; both evaluators refuse alike, in a moment."""
    before = time.process_time()
    with pytest.raises(InvalidDocument) as caught:
        policy.evaluate(document)
    assert time.process_time() - before < SOON
    with pytest.raises(InvalidDocument) as again:
        policy.explain(document)
    assert again.value.errors == caught.value.errors
    assert caught.value.errors
    assert str(caught.value) == "\n".join(str(error) for error in caught.value.errors)
    assert CANARY not in str(caught.value)
    return [(error.code, error.pointer) for error in caught.value.errors]


def nested(depth: int, *, lists: bool = False) -> Any:
    value: Any = [] if lists else {}
    for _ in range(depth):
        value = [value] if lists else {"rec": value}
    return value


def looped_dict() -> dict[str, Any]:
    value = post()
    value["rec"] = value
    return value


def looped_list() -> dict[str, Any]:
    items: list[Any] = []
    items.append(items)
    return post(items=items)


def doubled() -> dict[str, Any]:
    """Holds itself twice, so that its leaves double with every level."""
    value = post()
    value |= {"rec": value, "rec2": value}
    return value


class Level(enum.IntEnum):
    LOW = 1


# --- objects

NOT_JSON = [
    ("set", {1, 2}, "D204"),
    ("frozenset", frozenset(), "D204"),
    ("bytes", b"x", "D204"),
    ("bytearray", bytearray(b"x"), "D204"),
    ("Decimal", decimal.Decimal("1.5"), "D204"),
    ("Fraction", fractions.Fraction(1, 2), "D204"),
    ("complex", 1j, "D204"),
    ("tuple", ("a", "b"), "D204"),
    ("namedtuple", sys.version_info, "D204"),
    ("datetime", datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC), "D204"),
    ("date", datetime.date(2026, 1, 1), "D204"),
    ("object", object(), "D204"),
    ("type", int, "D204"),
    ("function", print, "D204"),
    ("generator", iter([1]), "D204"),
    ("range", range(3), "D204"),
    ("not a number", float("nan"), "D205"),
    ("infinity", float("inf"), "D205"),
    ("minus infinity", float("-inf"), "D205"),
    ("2^53", 2**53, "D205"),
    ("-2^53", -(2**53), "D205"),
    ("10^400", 10**400, "D205"),
    ("-10^5000", -(10**5000), "D205"),
    ("half a pair", "a\ud800", "D206"),
    ("other half", "\udfff", "D206"),
]


@pytest.mark.parametrize(("value", "code"), [x[1:] for x in NOT_JSON], ids=[x[0] for x in NOT_JSON])
@pytest.mark.parametrize("at", ["", "/any", "/tags/1", "/items/0/n", "/unknown"])
def test_what_is_not_json(policy, at, value, code):
    document = {
        "": value,
        "/any": post(any=value),
        "/tags/1": post(tags=["a", value]),
        "/items/0/n": post(items=[{"n": value}]),
        "/unknown": post(unknown=value),
    }[at]
    assert told(policy, document) == [(code, at)]


@pytest.mark.parametrize("document", [None, True, 1, 1.5, "text", [], [post()]])
def test_what_is_not_an_object(policy, document):
    assert told(policy, document) == [("D201", "")]


SHAPES = [
    ("empty", {}, [("D202", "/kind")]),
    ("no kind", {"id": "1"}, [("D202", "/kind")]),
    ("kind null", {"kind": None, "id": "1"}, [("D202", "/kind")]),
    ("kind unknown", {"kind": CANARY, "id": "1"}, [("D202", "/kind")]),
    ("kind number", {"kind": 1, "id": "1"}, [("D202", "/kind")]),
    ("kind list", {"kind": ["post"], "id": "1"}, [("D202", "/kind")]),
    ("no id", {"kind": "post"}, [("D302", "/id")]),
    ("id null", {"kind": "post", "id": None}, [("D302", "/id")]),
    ("id number", {"kind": "post", "id": 7}, [("D303", "/id")]),
    ("null in a list", post(tags=["a", None]), [("D207", "/tags/1")]),
    ("null in a list of records", post(items=[None, {}]), [("D207", "/items/0")]),
    ("number as a name", post(rec={1: True}), [("D204", "/rec")]),
    ("tuple as a name", post(rec={("a", 1): True}), [("D204", "/rec")]),
    ("None as a name", post(rec={None: True}), [("D204", "/rec")]),
    ("bytes as a name", post(rec={b"flag": None}), [("D204", "/rec")]),
    ("half a pair as a name", post(rec={"\ud800": 1}), [("D206", "/rec")]),
    ("deep object", post(rec=nested(10_000)), [("D107", "/rec" * 64)]),
    ("deep list", post(items=nested(10_000, lists=True)), [("D107", "/items" + "/0" * 63)]),
    ("looped dict", looped_dict(), [("D107", "/rec" * 64)]),
    ("looped list", looped_list(), [("D107", "/items" + "/0" * 63)]),
    ("too many values", post(tags=["a"] * 600_000), [("D203", "")]),
    ("as_of without offset", post(as_of="2026-11-22T12:00:00"), [("D303", "/as_of")]),
    ("as_of a date", post(as_of="2026-11-22"), [("D303", "/as_of")]),
    ("as_of a number", post(as_of=0), [("D303", "/as_of")]),
    ("leap second", post(sent="2026-12-31T23:59:60Z"), [("D303", "/sent")]),
    ("hour 24", post(sent="2026-12-31T24:00:00Z"), [("D303", "/sent")]),
    ("offset of 24 hours", post(sent="2026-12-31T12:00:00+24:00"), [("D303", "/sent")]),
    ("offset of 99 minutes", post(sent="2026-12-31T12:00:00+01:99"), [("D303", "/sent")]),
    ("offset with seconds", post(sent="2026-12-31T12:00:00+01:00:30"), [("D303", "/sent")]),
    ("week date", post(day="2026-W47-1"), [("D303", "/day")]),
    ("basic date", post(day="20261122"), [("D303", "/day")]),
    ("30 February", post(day="2026-02-30"), [("D303", "/day")]),
    ("29 February", post(day="2026-02-29"), [("D303", "/day")]),
    ("year 0", post(day="0000-01-01"), [("D303", "/day")]),
    ("year 0 instant", post(sent="0000-01-01T00:00:00Z"), [("D303", "/sent")]),
    ("year 10000", post(day="10000-01-01"), [("D303", "/day")]),
    ("date and newline", post(day="2026-11-22\n"), [("D303", "/day")]),
    ("other digits", post(day="２０２６-11-22"), [("D303", "/day")]),
    ("boolean as integer", post(any=True), [("D303", "/any")]),
    ("integer as boolean", post(flag=1), [("D303", "/flag")]),
    ("fraction as integer", post(any=1.5), [("D303", "/any")]),
    ("too small", post(size=-1), [("D303", "/size")]),
    ("too large", post(size=11), [("D303", "/size")]),
    ("too long", post(title="a" * 21), [("D303", "/title")]),
    ("blank", post(title="  "), [("D303", "/title")]),
    ("other case", post(colour="Red"), [("D303", "/colour")]),
    ("other normal form", {**post(), "ra\u030a": 1}, [("D301", "/ra\u030a")]),
    ("long list", post(tags=["a"] * 21), [("D303", "/tags")]),
    ("text for a list", post(tags="a"), [("D303", "/tags")]),
    ("list for a record", post(rec=[]), [("D303", "/rec")]),
    ("record for a text", post(title={}), [("D303", "/title")]),
    ("name with a slash", post(**{"a/b~c": 1}), [("D301", "/a~1b~0c")]),
    ("empty name", post(**{"": 1}), [("D301", "/")]),
    ("name of digits", post(**{"1" * 5000: 1}), [("D301", "/" + "1" * 5000)]),
    ("long name", post(**{"x" * 1_000_000: 1}), [("D301", "/" + "x" * 1_000_000)]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("document", "errors"), [x[1:] for x in SHAPES], ids=[x[0] for x in SHAPES]
)
def test_shapes(policy, document, errors):
    assert told(policy, document) == errors


LARGE = [
    pytest.param(doubled(), id="holds itself twice"),
    pytest.param(post(**{f"unknown{i}": i for i in range(20_000)}), id="unknown members"),
    pytest.param(post(items=[{"n": "x"}] * 30_000), id="wrong elements"),
    pytest.param(post(items=[{"x": 1}] * 30_000), id="unknown in elements"),
    pytest.param(post(items=[{"flag": True}] * 30_000), id="valid elements"),
    pytest.param(post(tags=["a"] * 100_000), id="valid texts"),
    pytest.param(post(title="a" * 50_000_000), id="long text"),
    pytest.param(post(title="å" * 10_000_000), id="long text of letters"),
    pytest.param(post(title=" " * 10_000_000), id="long blank text"),
    pytest.param(post(colour="re" * 5_000_000), id="long value"),
    pytest.param(post(day="2" * 10_000_000), id="long date"),
]


@pytest.mark.parametrize("document", one_in(11, LARGE))
def test_large_documents_are_refused_in_a_moment(policy, document):
    def refused() -> tuple[float, int]:
        start = time.thread_time()
        with pytest.raises(InvalidDocument) as caught:
            policy.evaluate(document)
        return time.thread_time() - start, len(caught.value.errors)

    # a stack of its own: where one ends at a border of its memory, each call makes a page anew
    with ThreadPoolExecutor(1) as thread:
        took, errors = thread.submit(refused).result()
    assert took < SOON
    assert errors <= 100


@pytest.mark.slow
@pytest.mark.parametrize("document", LARGE)
def test_large_documents_are_refused_in_little_memory(policy, document):
    tracemalloc.start()
    try:
        with pytest.raises(InvalidDocument):
            policy.evaluate(document)
        used = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert used < MUCH


def test_every_error_at_once_in_order_of_place(policy):
    document = post(
        size=CANARY, flag=CANARY, tags=[1, "a", True], items=[{}, {"n": 1.5, "x": CANARY}],
        unknown=CANARY, colour=CANARY, day=CANARY, rec={"deep": {"flagg": CANARY}}, title=CANARY,
    )  # fmt: skip
    expected = [
        ("D303", "/colour"),
        ("D303", "/day"),
        ("D303", "/flag"),
        ("D303", "/items/1/n"),
        ("D301", "/items/1/x"),
        ("D301", "/rec/deep/flagg"),
        ("D303", "/size"),
        ("D303", "/tags/0"),
        ("D303", "/tags/2"),
        ("D303", "/title"),
        ("D301", "/unknown"),
    ]
    assert told(policy, document) == expected
    backwards = dict(reversed(document.items()))
    assert told(policy, backwards) == expected


def test_every_error_of_form_at_once_in_order_of_place(policy):
    members = {"tags": [None, "a", 2**53], "any": float("nan"), "rec": {1: 2}, "flag": {3}}
    expected = [
        ("D205", "/any"),
        ("D204", "/flag"),
        ("D204", "/rec"),
        ("D207", "/tags/0"),
        ("D205", "/tags/2"),
    ]
    assert told(policy, post(**members)) == expected
    assert told(policy, post(**dict(reversed(members.items())))) == expected


@pytest.mark.slow
def test_a_subclass_of_a_json_type_is_one(policy):
    class Text(str):
        __slots__ = ()

    document = collections.OrderedDict(post(any=Level.LOW, title=Text("a")))
    plain = post(any=1, title="a")
    assert policy.evaluate(document).to_json() == policy.evaluate(plain).to_json()


def test_null_is_absent(policy):
    document = post(title=None, rec={"deep": None, "unknown": None}, unknown=None)
    same = post(rec={})
    assert policy.evaluate(document).to_json() == policy.evaluate(same).to_json()


class Offsetless(datetime.tzinfo):
    """A time zone that knows no offset, as the standard library allows."""

    def utcoffset(self, _):
        return None

    def dst(self, _):
        return None

    def tzname(self, _):
        return None


@pytest.mark.parametrize("zone", [None, Offsetless()], ids=["no zone", "zone without offset"])
def test_an_instant_of_the_caller_needs_an_offset(policy, zone):
    moment = datetime.datetime(2026, 1, 1, tzinfo=zone)
    for decide in (policy.evaluate, policy.explain):
        with pytest.raises(ValueError, match="offset") as caught:
            decide(post(), as_of=moment)
        assert not isinstance(caught.value, InvalidDocument)


def test_the_document_itself_may_state_the_ends_of_time(policy):
    for moment in ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59.999999-23:59"):
        for day in ("0001-01-01", "9999-12-31"):
            for count in (2**53 - 1, -(2**53 - 1)):
                document = post(as_of=moment, day=day, any=count, sent=moment)
                expected = policy.explain(document).decision.to_json()
                assert policy.evaluate(document).to_json() == expected


# --- text


def refused(raw: bytes) -> str:
    start = time.process_time()
    with pytest.raises(InvalidDocument) as caught:
        parse_json(raw)
    assert time.process_time() - start < SOON
    (error,) = caught.value.errors
    assert error.pointer == ""
    assert CANARY not in str(caught.value)
    assert len(str(caught.value)) < 300
    return error.code


GOOD = json.dumps({"kind": "post", "id": CANARY, "tags": ["blå"]}, ensure_ascii=False)
BROKEN = [
    ("nothing", b"", "D102"),
    ("blanks", b" \n\t", "D102"),
    ("byte order mark only", b"\xef\xbb\xbf", "D102"),
    ("latin-1", GOOD.encode("latin-1"), "D101"),
    ("utf-16", GOOD.encode("utf-16"), "D101"),
    ("utf-16 without mark", '{"a": 1}'.encode("utf-16-le"), "D103"),
    ("utf-32", GOOD.encode("utf-32"), "D101"),
    ("half a pair in utf-8", b'{"a": "\xed\xa0\x80"}', "D101"),
    ("overlong", b'{"a": "\xc0\xaf"}', "D101"),
    ("cut off", GOOD.encode()[:-3], "D103"),
    ("cut in a letter", GOOD.encode()[: GOOD.encode().index(b"\xc3") + 1], "D101"),
    ("two documents", b"{} {}", "D103"),
    ("single quotes", f"{{'{CANARY}': 1}}".encode(), "D103"),
    ("comment", b"{} // x", "D103"),
    ("trailing comma", b'{"a": 1,}', "D103"),
    ("control character", b'{"a": "\x01"}', "D103"),
    ("bare word", CANARY.encode(), "D103"),
    ("wrong escape", f'{{"a": "{CANARY}\\x"}}'.encode(), "D103"),
    ("leading zero", b'{"a": 01}', "D103"),
    ("plus", b'{"a": +1}', "D103"),
    ("hexadecimal", b'{"a": 0x1}', "D103"),
    ("NaN", b'{"a": NaN}', "D105"),
    ("Infinity", b'{"a": [Infinity]}', "D105"),
    ("-Infinity", b'{"a": -Infinity}', "D105"),
    ("1e400", b'{"a": 1e400}', "D105"),
    ("401 digits", b'{"a": 1' + b"0" * 400 + b"}", "D105"),
    ("10^6 digits", b'{"a": ' + b"9" * 1_000_000 + b"}", "D105"),
    ("10^6 digits after the point", b'{"a": 1' + b"0" * 1_000_000 + b".5}", "D105"),
    ("duplicate", f'{{"a": "{CANARY}", "a": 2}}'.encode(), "D104"),
    ("duplicate within", b'{"x": [{"a": 1, "b": 2, "a": 1}]}', "D104"),
    ("duplicate, escaped", b'{"a": 1, "\\u0061": 2}', "D104"),
    ("duplicate half pairs", b'{"\\ud800": 1, "\\ud800": 2}', "D104"),
    ("10,000 lists", b"[" * 10_000 + b"]" * 10_000, "D107"),
    ("10,000 objects", b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "D107"),
    ("100,000 lists, open", b"[" * 100_000, "D107"),
    ("50 MB", b'{"a": "' + b"x" * 50_000_000 + b'"}', "D106"),
    ("one duplicate of many", b"{%s}" % b",".join(b'"%d":1' % (i % 29_999) for i in range(30_000)), "D104"),
    ("last of many doubled", b'{%s,"29999":1}' % b",".join(b'"%d":1' % i for i in range(30_000)), "D104"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "code"), [x[1:] for x in BROKEN], ids=[x[0] for x in BROKEN])
def test_broken_text(raw, code):
    assert refused(raw) == code


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_text_nested_more_than_64_deep(policy, opening):
    closing = b"]" if opening == b"[" else b"}"
    raw = opening * 100 + b"1" + closing * 100
    with pytest.raises(InvalidDocument) as caught:
        policy.evaluate({"kind": "post", "id": "1", "rec": parse_json(raw)})
    assert {error.code for error in caught.value.errors} == {"D107"}


def test_text_with_a_mark_and_escaped_halves(policy):
    assert parse_json(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}
    value = parse_json(b'{"kind": "post", "id": "\\ud83d\\ude00 \\ud83d"}')
    assert told(policy, value) == [("D206", "/id")]


# --- anything

_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(), max_size=20),
    st.sampled_from(["post", "red", "2026-11-22", AS_OF, "\ud800", "1" * 5000, "²", "٣"]),
    st.sampled_from(
        [2**53, 10**400, 1.0, -0.0, 1e308, {1}, (1,), b"x", object(), decimal.Decimal(1)]
    ),
    st.datetimes(),
    st.dates(),
    st.binary(max_size=5),
)
_NAMES = st.one_of(
    st.sampled_from([*POST["properties"], "flagg", "rec/deep", "", "n"]),
    st.text(max_size=5),
    st.integers(),
    st.none(),
    st.binary(max_size=2),
)
_ANYTHING = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(_NAMES, inner, max_size=4),
        st.dictionaries(_NAMES.filter(lambda name: isinstance(name, str)), inner, max_size=4),
        st.tuples(inner, inner),
    ),
    max_leaves=15,
)


def frozen(value: object) -> object:
    """What a document looks like, to see that nothing in it was changed."""
    if isinstance(value, dict):
        return [(repr(name), frozen(each)) for name, each in value.items()]
    if isinstance(value, list | tuple):
        return type(value), [frozen(each) for each in value]
    return repr(value)


def decides(policy: Policy, document: object) -> None:
    """Whatever it is, it is decided on or refused, alike by both, and left as it was."""
    before = frozen(document)
    said = []
    for decide in (policy.evaluate, lambda each: policy.explain(each).decision):
        try:
            said.append(decide(document).to_json())
        except InvalidDocument as error:
            said.append(error.errors)
    assert said[0] == said[1]
    assert frozen(document) == before


@pytest.mark.slow
@examples(250)
@given(document=_ANYTHING)
def test_anything(policy, document):
    decides(policy, document)


@pytest.mark.slow
@examples(300)
@given(
    members=st.dictionaries(st.sampled_from([*POST["properties"], "flagg"]), _ANYTHING, max_size=6)
)
def test_anything_within_a_post(policy, members):
    decides(policy, post(**members))


@pytest.mark.slow
@settings(max_examples=4_000)
@given(
    members=st.dictionaries(st.one_of(st.sampled_from([*POST["properties"]]), st.text()), _ANYTHING)
)
def test_anything_for_long(policy, members):
    decides(policy, {**post(), **members})


def parses(raw: bytes) -> None:
    with contextlib.suppress(InvalidDocument):
        parse_json(raw)


@examples(500)
@given(st.binary(max_size=60))
def test_any_bytes(raw):
    parses(raw)


def mangled() -> Iterator[bytes]:
    """Yield a document with each byte replaced, removed or doubled."""
    raw = json.dumps(post(tags=["blå", "\ud83d"], ratio=1.5e3, rec={"flag": None})).encode()
    for index in range(len(raw)):
        for byte in (
            b"",
            b'"',
            b"\\",
            b"{",
            b"]",
            b"\xff",
            b"\x00",
            b"1",
            raw[index : index + 1] * 2,
        ):
            yield raw[:index] + byte + raw[index + 1 :]


def test_mangled_text():
    for raw in mangled():
        parses(raw)


@examples(300)
@given(_ANYTHING)
def test_what_is_json_is_read_as_it_was_written(document):
    try:
        raw = json.dumps(document).encode()
    except (TypeError, ValueError, RecursionError):
        return
    parses(raw)


def test_documents_are_not_kept(policy):
    document = post(rec={"deep": {"flag": True}}, tags=["a"])
    before = copy.deepcopy(document)
    decision = policy.evaluate(document)
    document["rec"]["deep"]["flag"] = False
    assert policy.evaluate(before).to_json() == decision.to_json()
