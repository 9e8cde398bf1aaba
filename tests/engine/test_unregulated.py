"""`unregulated` lists what a document says of fields that no clause is about, and where."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given

from somepolicy import ir as p
from somepolicy.normal_form import normal
from somepolicy.policy import Policy
from tests.examples import examples
from tests.properties.generate import accepted, noted_documents, policies, randoms
from tests.properties.small_policies import (
    AS_OF,
    BOOLEAN,
    INTEGER,
    NUMBER,
    SAYS,
    TEXT,
    both,
    clause,
    kind,
    listing,
    load_policy,
    record,
)

ORIGIN = {"type": "string", "enum": ["own", "generated", "mixed"], "default": "own"}
FIELDS = {
    "a": BOOLEAN,
    "n": NUMBER,
    "i": INTEGER,
    "t": TEXT,
    "text": record(origin=ORIGIN),
    "tags": listing(TEXT),
    "flags": listing(BOOLEAN),
    "media": listing(
        record(
            kind={"type": "string", "enum": ["image", "audio"]},
            synthetic=BOOLEAN,
            people=listing(record(role=TEXT, rights=record(sure=BOOLEAN))),
        )
    ),
}
BOTH = 'post.text.origin in ("generated", "mixed")'
MEDIA = [{"synthetic": True}, {"synthetic": False}, {}, {"kind": "audio", "synthetic": True}]
PEOPLE = [
    {"people": [{"role": "x"}, {"role": "y"}]},
    {"people": []},
    {},
    {"people": [{}, {"role": "x", "rights": {"sure": False}}]},
]
ROWS: dict[str, tuple[str, dict[str, Any], tuple[str, ...]]] = {
    "one of the values": (BOTH, {"text": {"origin": "mixed"}}, ("/text/origin",)),
    "another value": (BOTH, {"text": {"origin": "own"}}, ()),
    "absent": (BOTH, {}, ()),
    "a default is not said": ('post.text.origin in ("own")', {"text": {}}, ()),
    "false is a value": ("post.a in (false)", {"a": False}, ("/a",)),
    "and true another": ("post.a in (false)", {"a": True}, ()),
    "false is not nought": ("post.n in (0)", {"n": 0.0}, ("/n",)),
    "whole numbers": ("post.i in (1, -2)", {"i": -2}, ("/i",)),
    "numbers with decimals": ("post.n in (0.5)", {"n": 0.5}, ("/n",)),
    "texts in another form": ('post.t in ("blå")', {"t": "bla\u030a"}, ("/t",)),
    "each element": (
        "post.media[].synthetic", {"media": MEDIA}, ("/media/0/synthetic", "/media/3/synthetic"),
    ),
    "values of each element": ('post.media[].kind in ("audio")', {"media": MEDIA}, ("/media/3/kind",)),
    "the elements": ("post.media[]", {"media": MEDIA[:2]}, ("/media/0", "/media/1")),
    "elements that are texts": ('post.tags[] in ("x")', {"tags": ["x", "y", "x"]}, ("/tags/0", "/tags/2")),
    "elements that are false": ("post.flags[]", {"flags": [False, True]}, ("/flags/1",)),
    "the list as a whole": ("post.media", {"media": []}, ("/media",)),
    "an absent list": ("post.media[].synthetic", {}, ()),
    "an empty list": ("post.media[].synthetic", {"media": []}, ()),
    "lists within lists": (
        "post.media[].people[].role",
        {"media": PEOPLE},
        ("/media/0/people/0/role", "/media/0/people/1/role", "/media/3/people/1/role"),
    ),
    "deep below": (
        "post.media[].people[].rights.sure in (false)",
        {"media": PEOPLE},
        ("/media/3/people/1/rights/sure",),
    ),
    "listed once": (f"post.text.origin{SAYS} unregulated {BOTH}", {"text": {"origin": "mixed"}}, ("/text/origin",)),
    "a topic is no field": (f"topic media{SAYS}unregulated post.a", {"a": True, "media": MEDIA}, ("/a",)),
}  # fmt: skip


def policy_of(declared: str) -> Policy:
    text = f"rules for post unregulated {declared}{SAYS} require row cites must.do that true{SAYS}"
    files = {"a.pol": clause("must.do", "must", 1, "post"), "b.pol": text}
    return load_policy({"post": kind("post", **FIELDS)}, files)


def post(**members: Any) -> dict[str, Any]:
    return {"kind": "post", "id": "1", "as_of": AS_OF, **members}


@pytest.mark.parametrize(("declared", "members", "listed"), ROWS.values(), ids=ROWS)
def test_what_is_listed(declared: str, members: dict[str, Any], listed: tuple[str, ...]) -> None:
    assert both(policy_of(declared), post(**members)).unregulated == listed


def test_long_lists_take_time_in_proportion() -> None:
    policy = policy_of("post.media[].people[].role")
    context = policy.evaluator.compiled.kinds["post"].unregulated[0]
    from somepolicy.engine.unregulated import places, silence

    def seconds(count: int) -> float:
        document = post(media=[{"people": [{"role": "x"}] * 10}] * count)
        start = time.perf_counter()
        assert len(list(places(silence(context), document))) == 10 * count
        return time.perf_counter() - start

    seconds(10)
    assert seconds(8000) < 40 * max(seconds(1000), 0.001)


# a drawn policy is long, and only a failure shows it
@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@examples(60)
@given(policies(rules=2), randoms())
def test_drawn_declarations_list_what_a_plain_walk_finds(drawn, rng):
    policy = accepted(drawn)
    for document in noted_documents(rng, drawn, policy, 6):
        decision = both(policy, document)
        as_judged = json.loads(normal(json.dumps(document, ensure_ascii=False)))
        expected = [
            at
            for each in policy.program.unregulated
            if document["kind"] in each.kinds
            for at in _found(as_judged, each.path, "", each)
        ]
        assert decision.unregulated == tuple(dict.fromkeys(expected))


def _found(value: Any, path: tuple[str | None, ...], at: str, said: p.Unregulated) -> Iterator[str]:
    if value is None:
        return
    if not path:
        if value is not False if said.values is None else value in said.values:
            yield at
    elif path[0] is None:
        for index, each in enumerate(value):
            yield from _found(each, path[1:], f"{at}/{index}", said)
    else:
        name = path[0].replace("~", "~0").replace("/", "~1")
        yield from _found(value.get(path[0]), path[1:], f"{at}/{name}", said)
