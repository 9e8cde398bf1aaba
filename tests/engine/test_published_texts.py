"""Published texts: looked at together first, they give what each gives alone, in both evaluators."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from somepolicy.policy import Policy
from somepolicy.syntax.diagnostics import PolicyError
from tests.examples import examples
from tests.properties.small_policies import (
    AS_OF,
    SAYS,
    TEXT,
    both,
    clause,
    findings,
    kind,
    listing,
    record,
)
from tests.properties.small_policies import load_policy as load

SEEN = {"x-published": True}
UNSEEN = {"x-published": False}
BASIS = {"type": "string", "enum": ["own", "native", "none"]}
FIELDS = {
    "body": {**TEXT, **SEEN},
    "note": {**TEXT, **UNSEEN},
    "unmarked": TEXT,
    "tags": listing(TEXT, **SEEN),
    "a~b/c": {**TEXT, **SEEN},
    "deep": record(inner=record(text={**TEXT, **SEEN}, code={**TEXT, **UNSEEN})),
    "items": listing(
        record(
            alt={**TEXT, **SEEN, "x-absent": "none"},
            lines=listing(TEXT, **SEEN),
            basis=BASIS,
            ref={**TEXT, **UNSEEN},
        )
    ),
}
NUMBER = "15859010099"
RULES = """
define own = published(post.body, post.tags, post.deep, some x in post.items (x.basis != "native"))
define everything = published(post)
forbid number cites must.do if hard(identity_numbers(own, true)) is not empty
advise found cites should.do
  if identity_numbers(everything, false) is not empty or ibans(everything) is not empty
"""


@cache
def policy() -> Policy:
    clauses = clause("must.do", "must", 1, "post") + clause("should.do", "should", 2, "post")
    rules = "rules for post\n" + RULES.replace(
        "is not empty\nadvise", f"is not empty{SAYS}\nadvise"
    )
    return load({"post": kind("post", **FIELDS)}, {"a.pol": clauses, "b.pol": rules + SAYS})


def post(**members: Any) -> dict[str, Any]:
    return {"kind": "post", "id": "1", "as_of": AS_OF, **members}


def places(document: dict[str, Any], rule: str = "number") -> list[str]:
    found = findings(both(policy(), document), rule)
    return [each.at for finding in found for each in finding.detections]


@pytest.mark.parametrize(
    ("members", "at"),
    [
        ({"body": NUMBER}, ["/body"]),
        ({"tags": ["x", NUMBER]}, ["/tags/1"]),
        ({"deep": {"inner": {"text": NUMBER}}}, ["/deep/inner/text"]),
        ({"deep": {"inner": {"code": NUMBER}}}, []),
        ({"note": NUMBER}, []),
        ({"unmarked": NUMBER}, []),
        ({"items": [{"alt": "x"}, {"alt": NUMBER, "basis": "own"}]}, ["/items/1/alt"]),
        ({"items": [{"lines": ["x", NUMBER], "basis": "none"}]}, ["/items/0/lines/1"]),
        ({"items": [{"alt": NUMBER, "basis": "native"}]}, []),
        ({"items": [{"alt": NUMBER}]}, ["/items/0/alt"]),  # what is not stated is not left out
        ({"items": [{"ref": NUMBER, "basis": "own"}]}, []),
        ({}, []),
    ],
)
def test_where_texts_are_searched(members: dict[str, Any], at: list[str]) -> None:
    assert places(post(**members)) == at


def test_the_whole_document() -> None:
    members = {"body": "x", "a~b/c": NUMBER, "items": [{"alt": NUMBER, "basis": "native"}]}
    assert places(post(**members), "found") == ["/a~0b~1c", "/items/0/alt"]


def test_facts_are_the_places_of_what_was_found() -> None:
    decision = both(policy(), post(body="x", tags=["y", NUMBER], items=[{"alt": NUMBER}]))
    (finding,) = findings(decision, "number")
    assert finding.facts == ("/tags/1", "/items/0/alt")
    assert finding.missing == ()


# Parts that mean something only together, so that one text may begin what another ends.
PARTS = st.sampled_from(
    ["158590", "10099", NUMBER, "NO93 8601 1117 947", "<b", "<b>", "</b>", "<!--", "-->", "&#4",
     "9;", "&lt;", ">", "&", "%31", "%3", "5", "\u0301", "\u200b", "１５８５９０", "\n", " ", "x" * 120,
     "ø", "–", "…", "abc", 'a="', '"', "<a href='"]
)  # fmt: skip
TEXTS = st.lists(PARTS, min_size=1, max_size=5).map("".join)


@pytest.mark.slow
@examples(300)
@given(st.lists(TEXTS, max_size=5), st.lists(TEXTS, max_size=3), st.none() | TEXTS)
def test_texts_looked_at_together_give_what_each_gives_alone(
    tags: list[str], alts: list[str], body: str | None
) -> None:
    """The reference evaluator searches one text after the other."""
    items = [{"alt": text, "basis": "own"} for text in alts]
    document = post(tags=tags, items=items, **({} if body is None else {"body": body}))
    whole = places(document)
    alone = [
        pointer.replace("/tags/0", f"/tags/{index}")
        for index, text in enumerate(tags)
        for pointer in places(post(tags=[text]))
    ]
    assert [at for at in whole if at.startswith("/tags")] == alone


def test_absent_texts_are_assumed_to_be_none() -> None:
    decision = both(policy(), post(items=[{"basis": "own"}, {"alt": "x"}]))
    assert "/items/0/alt" in decision.assumed
    assert decision.decision == "allow"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("published(post.items)", None),
        ("published(post.deep.inner.code)", None),  # named by the policy itself
        ("published(some x in post.items (x.basis is present))", "P307"),
        ('published(some x in post.items (x.basis == "own"))', None),
    ],
)
def test_what_may_be_named(text: str, code: str | None) -> None:
    rule = f"rules for post\nforbid r cites must.do if ibans({text}) is not empty{SAYS}"
    files = {"a.pol": clause("must.do", "must", 1, "post"), "b.pol": rule}
    codes = []
    try:
        load({"post": kind("post", **FIELDS)}, files)
    except PolicyError as error:
        codes = [each.code for each in error.diagnostics if each.severity == "error"]
    assert codes == ([] if code is None else [code])


@pytest.mark.parametrize(
    ("as_of", "strength"),
    [("2031-12-31T22:30:00Z", "strong"), ("2031-12-31T23:30:00Z", "hard")],
)
def test_the_day_is_that_of_the_policy(as_of: str, strength: str) -> None:
    """In Oslo the rule of 2032 is in force an hour before it is in UTC."""
    clauses = clause("should.do", "should", 1, "post")
    rules = (
        "rules for post\ndefine shown = published(post)\nadvise found cites should.do "
        f"if identity_numbers(shown, true) is not empty{SAYS}"
    )
    files = {"a.pol": clauses, "b.pol": rules}
    zoned = load({"post": kind("post", **FIELDS)}, files, zone="Europe/Oslo")
    decision = both(zoned, {**post(body="Nummer 219114 50027"), "as_of": as_of})
    (finding,) = findings(decision, "found")
    assert [each.strength for each in finding.detections] == [strength]
