"""No absent fact helps a rule to pass: every form of the language, every way to be absent.

A row is a rule, a document it denies, and the fact that matters. With the fact absent, or its
parent, or null, the rule still denies and names the fact; with the wrong type or a misspelt
name the document is refused, and a misspelt name in the rule refuses the policy.
"""

from __future__ import annotations

import copy
import dataclasses
from functools import cache, partial

import pytest

from somepolicy.engine.errors import InvalidDocument
from somepolicy.policy import Policy
from somepolicy.syntax.diagnostics import PolicyError
from tests.examples import one_in
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
    both,
    clause,
    findings,
    kind,
    listing,
    load_policy,
    parts,
    record,
    replaced,
    without,
)

LEAVES = {
    "flag": BOOLEAN,
    "other": BOOLEAN,
    "size": INTEGER,
    "ratio": NUMBER,
    "title": TEXT,
    "word": TEXT,
    "sort": COLOUR,
    "sort2": COLOUR,
    "opened": DATE,
    "closed": DATE,
    "sent": INSTANT,
    "colours": listing(COLOUR),
    "tags": listing(TEXT),
    "dates": listing(DATE),
    "sizes": listing(INTEGER),
    "until": {**DATE, "x-absent": "none"},
    "level": {**INTEGER, "x-absent": "none"},
}
POST = kind(
    "post",
    **LEAVES,
    rec=record(
        **LEAVES,
        items=listing(record(**LEAVES, part=record(**LEAVES), parts=listing(record(**LEAVES)))),
    ),
    box=record(inner=record(**LEAVES)),
    sure={**BOOLEAN, "default": False},
)
CLAUSES = clause("must.do", "must", 1, "post")


@dataclasses.dataclass(frozen=True)
class Row:
    """A rule `row` that denies the document with `rec`; `fact` is what is then taken away."""

    id: str
    rule: str
    fact: str
    rec: dict[str, object]
    outcome: str = "violated"
    declares: str = ""
    at: str | None = None  # the instance, where it is not the document


def leaf(id: str, rule: str, **rec: object) -> Row:
    """A row whose fact is the first of the record's members."""
    return Row(id, rule, f"/rec/{next(iter(rec))}", rec)


def requires(id: str, condition: str, **rec: object) -> Row:
    """The condition does not hold of the record; without the first member it is unknown."""
    return leaf(f"require {id}", f"require row cites must.do that {condition}", **rec)


def forbids(id: str, condition: str, **rec: object) -> Row:
    """The condition holds of the record; without the first member it is unknown."""
    return leaf(f"forbid {id}", f"forbid row cites must.do if {condition}", **rec)


ROWS = [
    # a boolean itself
    requires("boolean", "post.rec.flag", flag=False),
    forbids("boolean", "post.rec.flag", flag=True),
    requires("not boolean", "not post.rec.flag", flag=True),
    forbids("not boolean", "not post.rec.flag", flag=False),
    requires("not (…)", "not (post.rec.flag or post.rec.other)", flag=True, other=False),
    forbids("not (…)", "not (post.rec.flag and post.rec.other)", flag=False, other=True),
    requires("not not", "not not post.rec.flag", flag=False),
    # comparisons
    requires("boolean ==", "post.rec.flag == true", flag=False),
    requires("boolean !=", "post.rec.flag != true", flag=True),
    requires("integer ==", "post.rec.size == 1", size=2),
    requires("integer !=", "post.rec.size != 1", size=1),
    requires("integer <", "post.rec.size < 1", size=1),
    requires("integer <=", "post.rec.size <= 1", size=2),
    requires("integer >", "post.rec.size > 1", size=1),
    requires("integer >=", "post.rec.size >= 1", size=0),
    forbids("integer ==", "post.rec.size == 1", size=1),
    forbids("integer !=", "post.rec.size != 1", size=2),
    forbids("integer <", "post.rec.size < 1", size=0),
    forbids("integer <=", "post.rec.size <= 1", size=1),
    forbids("integer >", "post.rec.size > 1", size=2),
    forbids("integer >=", "post.rec.size >= 1", size=1),
    requires("constant on the left", "1 < post.rec.size", size=1),
    requires("number ==", "post.rec.ratio == 0.5", ratio=0.25),
    requires("number <=", "post.rec.ratio <= 0.5", ratio=0.75),
    forbids("number != whole", "post.rec.ratio != 1", ratio=0.5),
    requires("text ==", 'post.rec.title == "a"', title="b"),
    requires("text !=", 'post.rec.title != "a"', title="a"),
    forbids("text ==", 'post.rec.title == "a"', title="a"),
    forbids("text !=", 'post.rec.title != "a"', title="b"),
    requires("text == text", "post.rec.title == post.rec.word", title="a", word="b"),
    requires("enumeration ==", 'post.rec.sort == "red"', sort="blue"),
    requires("enumeration !=", 'post.rec.sort != "red"', sort="red"),
    forbids("enumeration !=", 'post.rec.sort != "red"', sort="blue"),
    requires("enumeration == text", "post.rec.sort == post.rec.word", sort="blue", word="red"),
    forbids("enumerations !=", "post.rec.sort != post.rec.sort2", sort="blue", sort2="red"),
    requires("date == date", "post.rec.opened == 2026-01-01", opened="2026-01-02"),
    requires("date != date", "post.rec.opened != 2026-01-01", opened="2026-01-01"),
    requires("date < date", "post.rec.opened < post.rec.closed", opened="2026-01-02", closed="2026-01-01"),
    requires("date >= as_of", "post.rec.opened >= as_of", opened="2026-11-21"),
    forbids("date < as_of", "post.rec.opened < as_of", opened="2026-11-21"),
    requires("instant <= as_of", "post.rec.sent <= as_of", sent="2026-11-22T12:00:01+01:00"),
    forbids("instant != instant", "post.rec.sent != 2026-11-22T12:00:00Z", sent="2026-11-22T12:00:01Z"),
    requires("instant > date", "post.rec.sent > post.rec.opened", sent="2026-01-01T23:59:59Z", opened="2026-01-01"),
    # membership
    requires("in tuple", 'post.rec.sort in ("red", "green")', sort="blue"),
    requires("not in tuple", 'post.rec.sort not in ("red", "green")', sort="green"),
    forbids("in tuple", 'post.rec.sort in ("red", "green")', sort="red"),
    forbids("not in tuple", 'post.rec.sort not in ("red", "green")', sort="blue"),
    requires("number in tuple", "post.rec.size in (1, 2)", size=3),
    requires("date not in tuple", "post.rec.opened not in (2026-01-01, 2026-01-02)", opened="2026-01-01"),
    requires("text in tuple", 'post.rec.title in ("a", "b")', title="c"),
    requires("text not in tuple", 'post.rec.title not in ("a", "b")', title="b"),
    requires("constant in list", '"red" in post.rec.colours', colours=["blue"]),
    requires("constant not in list", '"red" not in post.rec.colours', colours=["red"]),
    forbids("constant in list", '"red" in post.rec.colours', colours=["red"]),
    forbids("constant not in list", '"red" not in post.rec.colours', colours=["blue"]),
    forbids("constant not in empty list", '"red" not in post.rec.colours', colours=[]),
    requires("text in list", '"a" in post.rec.tags', tags=["b"]),
    requires("text not in list", '"a" not in post.rec.tags', tags=["b", "a"]),
    requires("date in list", "2026-01-01 in post.rec.dates", dates=["2026-01-02"]),
    requires("date not in list", "2026-01-01 not in post.rec.dates", dates=["2026-01-01"]),
    requires("number not in list", "1 not in post.rec.sizes", sizes=[1]),
    requires("item in list", "post.rec.sort in post.rec.colours", sort="red", colours=["blue"]),
    requires("item not in list", "post.rec.sort not in post.rec.colours", sort="red", colours=["red"]),
    requires("item in list, list taken", "post.rec.sort in post.rec.colours", colours=["blue"], sort="red"),
    requires("item not in list, list taken", "post.rec.sort not in post.rec.colours", colours=["red"], sort="red"),
    # texts
    requires("contains", 'post.rec.title contains "a"', title="b"),
    requires("not contains", 'not (post.rec.title contains "a")', title="a"),
    forbids("contains", 'post.rec.title contains "a"', title="a"),
    forbids("not contains", 'not (post.rec.title contains "a")', title="b"),
    requires("contains, part taken", "post.rec.title contains post.rec.word", word="a", title="b"),
    requires("not contains, part taken", "not (post.rec.title contains post.rec.word)", word="a", title="a"),
    requires("matches", 'post.rec.title matches "^a"', title="b"),
    requires("not matches", 'not (post.rec.title matches "^a")', title="a"),
    forbids("matches", 'post.rec.title matches "^a"', title="a"),
    forbids("not matches", 'not (post.rec.title matches "^a")', title="b"),
    # empty
    requires("list is empty", "post.rec.tags is empty", tags=["a"]),
    requires("list is not empty", "post.rec.tags is not empty", tags=[]),
    forbids("list is empty", "post.rec.tags is empty", tags=[]),
    forbids("list is not empty", "post.rec.tags is not empty", tags=["a"]),
    requires("text is empty", "post.rec.title is empty", title="a"),
    forbids("text is not empty", "post.rec.title is not empty", title="a"),
    requires("not is empty", "not (post.rec.tags is empty)", tags=[]),
    # counting and computing
    requires("count ==", "count(post.rec.tags) == 1", tags=[]),
    requires("count <", "count(post.rec.tags) < 1", tags=["a"]),
    forbids("count ==", "count(post.rec.tags) == 0", tags=[]),
    forbids("count !=", "count(post.rec.tags) != 1", tags=[]),
    requires("sum", "post.rec.size + 1 > 2", size=1),
    requires("difference", "10 - post.rec.size > 2", size=8),
    requires("sum of two", "post.rec.size + post.rec.ratio == 3", size=1, ratio=0.5),
    forbids("count plus", "count(post.rec.tags) + 1 == 1", tags=[]),
    requires("date + days", "post.rec.opened + days(3) >= as_of", opened="2026-11-18"),
    requires("date - days", "post.rec.opened - days(3) >= as_of", opened="2026-11-22"),
    requires("as_of + days(fact)", "as_of + days(post.rec.size) > 2026-11-24", size=2),
    requires("as_of - days(fact)", "as_of - days(post.rec.size) != 2026-11-20", size=2),
    forbids("days in sum", "post.rec.opened + days(post.rec.size + 1) < as_of", size=0, opened="2026-11-20"),
    # functions
    requires("words", "words(post.rec.title) > 2", title="a b"),
    forbids("words", "words(post.rec.title) == 2", title="a b"),
    requires("sentences", "sentences(post.rec.title) <= 1", title="A. B."),
    forbids("lix", "lix(post.rec.title) > 30", title="Forvaltningslovens bestemmelser."),
    requires("lix", "lix(post.rec.title) <= 30", title="Forvaltningslovens bestemmelser."),
    requires("length", "length(post.rec.title) <= 3", title="abcd"),
    requires("not has_word", 'not has_word(post.rec.title, "a")', title="b a"),
    forbids("has_word", 'has_word(post.rec.title, "a")', title="b a"),
    requires("has_word, word taken", "has_word(post.rec.title, post.rec.word)", word="c", title="a b"),
    requires("not has_word, word taken", "not has_word(post.rec.title, post.rec.word)", word="a", title="a b"),
    requires("function of an enumeration", "length(post.rec.sort) == 3", sort="blue"),
    # and, or
    requires("and", "post.rec.flag and post.rec.other", flag=False, other=True),
    requires("or", "post.rec.flag or post.rec.other", flag=False, other=False),
    forbids("and", "post.rec.flag and post.rec.other", flag=True, other=True),
    forbids("or", "post.rec.flag or post.rec.other", flag=True, other=False),
    requires("not (and)", "not (post.rec.flag and post.rec.size > 1)", flag=True, size=2),
    requires("and of negations", "not post.rec.flag and post.rec.size != 1", flag=True, size=2),
    forbids("x or not x", "post.rec.flag or not post.rec.flag", flag=True),
    requires("three and", "true and post.rec.flag and post.rec.other", flag=False, other=True),
    # quantifiers over a list taken away
    requires("some, list taken", 'some c in post.rec.colours (c == "red")', colours=["blue"]),
    requires("every, list taken", 'every c in post.rec.colours (c == "red")', colours=["blue"]),
    requires("not some, list taken", 'not some c in post.rec.colours (c == "red")', colours=["red"]),
    requires("not every, list taken", 'not every c in post.rec.colours (c == "red")', colours=["red"]),
    forbids("some, list taken", 'some c in post.rec.colours (c == "red")', colours=["red"]),
    forbids("every, list taken", 'every c in post.rec.colours (c == "red")', colours=[]),
    forbids("not some, list taken", 'not some c in post.rec.colours (c == "red")', colours=[]),
    # quantifiers over elements that lack a fact
    Row("some, leaf taken", "require row cites must.do that some i in post.rec.items (i.part.flag)",
        "/rec/items/1/part/flag", {"items": [{"part": {"flag": False}}, {"part": {"flag": False}}]}),
    Row("every, leaf taken", "require row cites must.do that every i in post.rec.items (i.part.flag)",
        "/rec/items/0/part/flag", {"items": [{"part": {"flag": False}}, {"part": {"flag": True}}]}),
    Row("every not, leaf taken", "require row cites must.do that every i in post.rec.items (not i.part.flag)",
        "/rec/items/1/part/flag", {"items": [{"part": {"flag": False}}, {"part": {"flag": True}}]}),
    Row("not some, leaf taken", "require row cites must.do that not some i in post.rec.items (i.part.flag)",
        "/rec/items/0/part/flag", {"items": [{"part": {"flag": True}}]}),
    Row("forbid some, leaf taken", "forbid row cites must.do if some i in post.rec.items (i.part.size != 1)",
        "/rec/items/0/part/size", {"items": [{"part": {"size": 2}}]}),
    Row("forbid every, leaf taken", "forbid row cites must.do if every i in post.rec.items (i.part.size != 1)",
        "/rec/items/0/part/size", {"items": [{"part": {"size": 2}}]}),
    Row("nested every, leaf taken",
        "require row cites must.do that every i in post.rec.items (every p in i.parts (p.flag))",
        "/rec/items/0/parts", {"items": [{"parts": [{"flag": False}]}]}),
    Row("nested some, inner leaf taken",
        "forbid row cites must.do if some i in post.rec.items (some p in i.parts (p.size > 1))",
        "/rec/items/0/parts/1/size", {"items": [{"parts": [{"size": 0}, {"size": 2}]}]}),
    # for each, where
    Row("for each, list taken", "require row cites must.do for each i in post.rec.items that i.flag",
        "/rec/items", {"items": [{"flag": False}]}, at="/rec/items"),
    Row("for each, leaf taken", "require row cites must.do for each i in post.rec.items that i.part.flag",
        "/rec/items/0/part/flag", {"items": [{"part": {"flag": False}}]}, at="/rec/items/0"),
    Row("for each forbid, leaf taken", 'forbid row cites must.do for each i in post.rec.items if i.part.sort != "red"',
        "/rec/items/1/part/sort", {"items": [{"part": {"sort": "red"}}, {"part": {"sort": "blue"}}]}, at="/rec/items/1"),
    Row("for each of texts", 'require row cites must.do for each c in post.rec.colours that c == "red"',
        "/rec/colours", {"colours": ["blue"]}, at="/rec/colours"),
    Row("where, leaf taken",
        "require row cites must.do for each i in post.rec.items where i.part.flag that i.part.size > 1",
        "/rec/items/0/part/flag", {"items": [{"part": {"flag": True, "size": 1}}]}, at="/rec/items/0"),
    Row("where not, leaf taken",
        "require row cites must.do for each i in post.rec.items where not i.part.flag that i.size > 1",
        "/rec/items/0/part/flag", {"items": [{"part": {"flag": False}, "size": 1}]}, at="/rec/items/0"),
    Row("where != , leaf taken",
        'require row cites must.do for each i in post.rec.items where i.part.sort != "red" that false',
        "/rec/items/0/part/sort", {"items": [{"part": {"sort": "blue"}}]}, at="/rec/items/0"),
    Row("where of the document",
        "forbid row cites must.do for each i in post.rec.items where post.box.inner.flag if i.flag",
        "/box/inner/flag", {"items": [{"flag": True}]}, at="/rec/items/0"),
    # guards and exceptions
    leaf("when", "require row cites must.do when post.rec.flag that post.rec.size > 1", flag=True, size=1),
    leaf("when not", "require row cites must.do when not post.rec.flag that post.rec.size > 1", flag=False, size=1),
    leaf("when not in", 'forbid row cites must.do when post.rec.sort not in ("red", "green") if post.rec.flag', sort="blue", flag=True),
    leaf("when is not empty", "forbid row cites must.do when post.rec.tags is not empty if post.rec.flag", tags=["a"], flag=True),
    leaf("when false otherwise unknown", "forbid row cites must.do when post.rec.flag or post.rec.other if true", flag=True, other=False),
    leaf("unless", "forbid row cites must.do if post.rec.size > 1 unless post.rec.flag", flag=False, size=2),
    leaf("unless not", "forbid row cites must.do if post.rec.size > 1 unless not post.rec.flag", flag=True, size=2),
    leaf("unless !=", 'require row cites must.do that post.rec.size > 1 unless post.rec.sort != "red"', sort="red", size=1),
    leaf("unless not in", 'require row cites must.do that false unless post.rec.sort not in ("red", "green")', sort="red"),
    leaf("unless is empty", "require row cites must.do that false unless post.rec.tags is empty", tags=["a"]),
    leaf("unless every", 'require row cites must.do that false unless every t in post.rec.tags (t == "b")', tags=["a"]),
    leaf("unless attested", "forbid row cites must.do if post.rec.flag unless attested no by editor", flag=True),
    Row("unless in for each",
        "require row cites must.do for each i in post.rec.items that i.flag unless i.part.other",
        "/rec/items/0/part/other", {"items": [{"flag": False, "part": {"other": False}}]}, at="/rec/items/0"),
    # attest: without an attestation it is unproven, guard known or not
    Row("attest when", 'attest row cites must.do when post.rec.flag by editor asks no nb "?" en "?"',
        "/rec/flag", {"flag": True}, outcome="unproven"),
    Row("attest when not", 'attest row cites must.do when not post.rec.flag by editor asks yes nb "?" en "?"',
        "/rec/flag", {"flag": False}, outcome="unproven"),
    Row("attest where", 'attest row cites must.do for each i in post.rec.items where i.part.flag by editor asks no nb "?" en "?"',
        "/rec/items/0/part/flag", {"items": [{"part": {"flag": True}}]}, outcome="unproven", at="/rec/items/0"),
    # absence that means none, below a parent that is absent
    Row("otherwise, item's parent taken", "require row cites must.do that (post.box.inner.until otherwise as_of) > as_of",
        "/box/inner/until", {}),
    Row("present as none, parent taken", "forbid row cites must.do if post.box.inner.until is present",
        "/box/inner/until", {}),
    # definitions and predicates
    Row("definition", "require row cites must.do that fine", "/rec/flag", {"flag": False},
        declares="define fine = post.rec.flag"),
    Row("definition negated", "require row cites must.do that not bad", "/rec/size", {"size": 2},
        declares="define bad = post.rec.size > 1"),
    Row("definition of a definition", "forbid row cites must.do if bad", "/rec/size", {"size": 2},
        declares="define big = post.rec.size > 1 define bad = not (not big)"),
    Row("definition of a value", "require row cites must.do that reach < 3", "/rec/size", {"size": 2},
        declares="define reach = post.rec.size + 1"),
    Row("definition of a list", 'require row cites must.do that "a" in listed', "/rec/tags", {"tags": ["b"]},
        declares="define listed = post.rec.tags"),
    Row("definition of a list, not in", 'require row cites must.do that "a" not in listed', "/rec/tags", {"tags": ["a"]},
        declares="define listed = post.rec.tags"),
    Row("definition of a list of dates", "forbid row cites must.do if 2026-01-01 in listed", "/rec/dates",
        {"dates": ["2026-01-01"]}, declares="define listed = post.rec.dates"),
    Row("definition of a list, other normal form", 'forbid row cites must.do if "å" in listed', "/rec/tags",
        {"tags": ["a\u030a"]}, declares="define listed = post.rec.tags"),
    Row("predicate of a leaf", "require row cites must.do that low(post.rec.size)", "/rec/size", {"size": 2},
        declares="define low(n) = n < 2"),
    Row("predicate of a leaf, negated", "require row cites must.do that not high(post.rec.size)", "/rec/size", {"size": 2},
        declares="define high(n) = not (n < 2)"),
    Row("predicate of a record", "require row cites must.do that good(post.rec)", "/rec/flag", {"flag": False},
        declares="define good(r) = r.flag"),
    Row("predicate of a record, negated", "require row cites must.do that not bad(post.rec)", "/rec/flag", {"flag": True},
        declares="define bad(r) = r.flag"),
    Row("predicate with a constant", "require row cites must.do that below(post.rec.size, 2)", "/rec/size", {"size": 2},
        declares="define below(n, most) = n < most"),
    Row("predicate of two facts", "require row cites must.do that same(post.rec.size, post.rec.ratio)", "/rec/size",
        {"size": 2, "ratio": 1.5}, declares="define same(a, b) = a == b"),
    Row("predicate of a list", "forbid row cites must.do if listed(post.rec.tags)", "/rec/tags", {"tags": ["a"]},
        declares='define listed(l) = some t in l (t == "a")'),
    Row("predicate of an element", "require row cites must.do for each i in post.rec.items that good(i)",
        "/rec/items/0/part/flag", {"items": [{"part": {"flag": False}}]},
        declares="define good(r) = r.part.flag", at="/rec/items/0"),
    Row("predicate with otherwise, parent taken", "require row cites must.do that lasts(post.box.inner)",
        "/box/inner/until", {}, declares="define lasts(r) = (r.until otherwise as_of) > as_of"),
    # parameters
    Row("parameter", "require row cites must.do that post.rec.size <= most", "/rec/size", {"size": 4},
        declares="parameter most: integer = 3"),
    Row("dated parameter", "forbid row cites must.do if post.rec.size > most", "/rec/size", {"size": 4},
        declares="parameter most: integer = 3 from 2020-01-01, 9 from 2030-01-01"),
    Row("enumerated parameter", "require row cites must.do that post.rec.sort == wanted", "/rec/sort", {"sort": "blue"},
        declares='parameter wanted: one of ("red", "green") = "red"'),
]  # fmt: skip

NONE_LEAVES = ("until", "level")  # their absence below a parent that is there is no doubt
WRONG: dict[str, object] = {
    "boolean": "yes",
    "integer": 1.5,
    "number": "1",
    "string": 7,
    "array": {"a": 1},
}


def policy_of(row: Row) -> Policy:
    """Return the row's policy, rules for posts that are denied when unproven."""
    return load(row.rule, row.declares)


@cache
def load(rule: str, declares: str = "", header: str = "rules for post") -> Policy:
    text = f"{header}\n{declares}\n{rule}{SAYS}\n"
    return load_policy({"post": POST}, {"a.pol": CLAUSES, "b.pol": text})


def base(row: Row) -> dict[str, object]:
    inner: dict[str, object] = {"flag": True, "until": "2020-01-01"}
    document: dict[str, object] = {"kind": "post", "id": "1", "as_of": AS_OF}
    return {**document, "rec": copy.deepcopy(row.rec), "box": {"inner": inner}}


def blocking(row: Row, document: object):
    decision = both(policy_of(row), document)
    found = findings(decision, "row")
    assert decision.decision == "deny"
    return found


def schema_at(pointer: str) -> dict[str, object]:
    schema: dict[str, object] = POST
    for part in parts(pointer):
        schema = schema["items"] if part.isdecimal() else schema["properties"][part]
    return schema


def parent_of(row: Row) -> str:
    """The record that holds the fact; an element of a list cannot be taken, its list can."""
    return row.fact.rpartition("/")[0]


@pytest.fixture(params=one_in(3, ROWS), ids=lambda row: row.id)
def row(request: pytest.FixtureRequest) -> Row:
    return request.param


def test_ids_are_unique():
    assert len({row.id for row in ROWS}) == len(ROWS)


def test_present_denies(row):
    found = blocking(row, base(row))
    assert [each.outcome for each in found] == [row.outcome]
    assert found[0].blocking
    if row.at is not None and row.fact != row.at:
        assert found[0].at == row.at


@pytest.mark.parametrize("way", ["absent", "null", "parent absent", "parent null"])
def test_absent_denies(row, way):
    gone = parent_of(row) if way.startswith("parent") else row.fact
    if parts(gone)[-1].isdecimal():
        pytest.skip("the parent is an element of a list")
    document = base(row)
    take = without if way.endswith("absent") else partial(replaced, value=None)
    document = take(document, gone)
    if parts(row.fact)[-1] in NONE_LEAVES and not way.startswith("parent"):
        pytest.skip("absence means none here")
    found = blocking(row, document)
    assert [each.outcome for each in found] == ["unproven"]
    assert found[0].blocking
    assert row.at in (None, found[0].at) or way.startswith("parent")
    if way.startswith("parent"):  # other facts may have gone with it
        assert set(found[0].missing) >= {row.fact}
    else:
        assert found[0].missing == (row.fact,)


def test_wrong_type_is_refused(row):
    wrong = WRONG[str(schema_at(row.fact)["type"])]
    with pytest.raises(InvalidDocument) as caught:
        policy_of(row).evaluate(replaced(base(row), row.fact, wrong))
    assert {(each.code, each.pointer) for each in caught.value.errors} == {("D303", row.fact)}


def test_misspelt_in_the_document_is_refused(row):
    name = parts(row.fact)[-1]
    parent = parent_of(row)
    document = replaced(without(base(row), row.fact), f"{parent}/{name}{name[-1]}", True)
    with pytest.raises(InvalidDocument) as caught:
        policy_of(row).evaluate(document)
    assert [(each.code, each.pointer, each.nearest) for each in caught.value.errors] == [
        ("D301", f"{parent}/{name}{name[-1]}", name)
    ]


def test_misspelt_in_the_policy_is_refused(row):
    name = parts(row.fact)[-1]
    if f".{name}" not in row.rule + row.declares:
        pytest.skip("the rule reads the elements only")
    misspelt = f".{name}{name[-1]}"
    with pytest.raises(PolicyError) as caught:
        load(row.rule.replace(f".{name}", misspelt), row.declares.replace(f".{name}", misspelt))
    assert {each.code for each in caught.value.diagnostics} == {"P203"}
    assert any(f".{name}`" in (each.help or "") for each in caught.value.diagnostics)


@pytest.mark.parametrize("way", ["absent", "null"])
def test_unproven_advises_where_the_file_says_so(row, way):
    if parts(row.fact)[-1] in NONE_LEAVES:
        pytest.skip("absence means none here")
    policy = load(row.rule, row.declares, "rules for post, unproven advises")
    document = base(row)
    present = both(policy, document)
    assert present.allowed is (row.outcome == "unproven")
    gone = without(document, row.fact) if way == "absent" else replaced(document, row.fact, None)
    decision = both(policy, gone)
    assert decision.allowed
    assert [each.outcome for each in findings(decision, "row")] == ["unproven"]


# --- is present, is missing

REFUSED = [
    ("require missing", "require row cites must.do that post.rec.flag is missing", ""),
    ("require list missing", "require row cites must.do that post.rec.tags is missing", ""),
    ("require record missing", "require row cites must.do that post.box is missing", ""),
    ("require not present", "require row cites must.do that not (post.rec.flag is present)", ""),
    ("require not not missing", "require row cites must.do that not not post.rec.flag is missing", ""),
    ("forbid present", "forbid row cites must.do if post.rec.flag is present", ""),
    ("forbid not missing", "forbid row cites must.do if not (post.rec.flag is missing)", ""),
    ("and", "require row cites must.do that post.flag and post.rec.flag is missing", ""),
    ("or", "require row cites must.do that post.flag or post.rec.flag is missing", ""),
    ("forbid and", "forbid row cites must.do if post.flag and post.rec.flag is present", ""),
    ("not or", "require row cites must.do that not (post.flag or post.rec.flag is present)", ""),
    ("compared", "require row cites must.do that (post.rec.flag is present) == post.flag", ""),
    ("compared !=", "forbid row cites must.do if (post.rec.flag is missing) != post.flag", ""),
    ("compared with a constant", "require row cites must.do that (post.rec.flag is present) == true", ""),
    ("in a tuple", "require row cites must.do that (post.rec.flag is missing) in (true, false)", ""),
    ("definition", "require row cites must.do that gone", "define gone = post.rec.flag is missing"),
    ("definition negated", "forbid row cites must.do if not gone", "define gone = post.rec.flag is missing"),
    ("definition of definition", "require row cites must.do that nothing",
     "define there = post.rec.flag is present define nothing = not there"),
    ("definition compared", "require row cites must.do that gone == post.flag", "define gone = post.rec.flag is missing"),
    ("good and bad use", "require row cites must.do that there and not there", "define there = post.rec.flag is present"),
    ("predicate", "require row cites must.do that gone(post.rec)", "define gone(r) = r.flag is missing"),
    ("predicate negated", "forbid row cites must.do if not gone(post.rec)", "define gone(r) = r.flag is missing"),
    ("predicate over definition", "require row cites must.do that p(post.rec)",
     "define gone = post.flag is missing define p(r) = r.flag or gone"),
    ("predicate in a definition", "require row cites must.do that d",
     "define p(r) = r.flag is missing define d = p(post.rec)"),
    ("some", "require row cites must.do that some i in post.rec.items (i.flag is missing)", ""),
    ("every", "require row cites must.do that every i in post.rec.items (i.flag is missing)", ""),
    ("nested", "require row cites must.do that every i in post.rec.items (some p in i.parts (p.flag is missing))", ""),
    ("not some present", "require row cites must.do that not some i in post.rec.items (i.flag is present)", ""),
    ("predicate in some", "forbid row cites must.do if some i in post.rec.items (there(i))", "define there(r) = r.flag is present"),
    ("for each", "require row cites must.do for each i in post.rec.items that i.flag is missing", ""),
    ("where", "require row cites must.do for each i in post.rec.items where i.flag is present that i.other", ""),
    ("where not missing", "forbid row cites must.do for each i in post.rec.items where not (i.flag is missing) if i.other", ""),
    ("when", "require row cites must.do when post.rec.flag is present that post.flag", ""),
    ("when not missing", "forbid row cites must.do when not (post.rec.flag is missing) if post.flag", ""),
    ("when definition", "forbid row cites must.do when there if post.flag", "define there = post.rec.flag is present"),
    ("unless", "forbid row cites must.do if post.flag unless post.rec.flag is missing", ""),
    ("unless not present", "require row cites must.do that post.flag unless not (post.rec.flag is present)", ""),
    ("unless some", "forbid row cites must.do if post.flag unless some i in post.rec.items (i.flag is missing)", ""),
    ("attest when", 'attest row cites must.do when post.rec.flag is present by editor asks no nb "?" en "?"', ""),
    ("attest unless", 'attest row cites must.do unless post.rec.flag is missing by editor asks no nb "?" en "?"', ""),
    ("attest where", 'attest row cites must.do for each i in post.rec.items where i.flag is present by editor asks no nb "?" en "?"', ""),
    ("record whose leaf is none", "require row cites must.do that post.box.inner is missing", ""),
    ("with a default", "require row cites must.do that post.sure is missing", ""),
]  # fmt: skip

ADMITTED = [
    ("require present", "require row cites must.do that post.rec.flag is present", ""),
    ("require not missing", "require row cites must.do that not (post.rec.flag is missing)", ""),
    ("forbid missing", "forbid row cites must.do if post.rec.flag is missing", ""),
    ("when missing", "require row cites must.do when post.rec.flag is missing that false", ""),
    ("unless present", "require row cites must.do that false unless post.rec.flag is present", ""),
    ("where missing", "forbid row cites must.do for each i in post.rec.items where i.flag is missing if true", ""),
    ("predicate", "require row cites must.do that p(post.rec)", "define p(r) = r.flag is present"),
    ("definition", "forbid row cites must.do if not d", "define d = post.rec.flag is present"),
    ("every", "require row cites must.do that every i in post.rec.items (i.flag is present)", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "declares"), [x[1:] for x in REFUSED], ids=[x[0] for x in REFUSED]
)
def test_presence_that_helps_to_pass_is_refused(rule, declares):
    with pytest.raises(PolicyError) as caught:
        load(rule, declares)
    assert {each.code for each in caught.value.diagnostics} == {"P307"}


@pytest.mark.parametrize(
    ("rule", "declares"), [x[1:] for x in ADMITTED], ids=[x[0] for x in ADMITTED]
)
def test_presence_that_helps_to_fail_denies_what_is_absent(rule, declares):
    policy = load(rule, declares)
    document = {"kind": "post", "id": "1", "as_of": AS_OF, "rec": {"items": [{}]}}
    found = findings(both(policy, document), "row")
    assert [(each.outcome, each.blocking) for each in found] == [("violated", True)]


@pytest.mark.parametrize(
    "rule",
    [
        "require row cites must.do that post.rec.until is missing",
        "forbid row cites must.do if post.rec.until is present",
        "require row cites must.do when post.rec.until is present that false",
        "forbid row cites must.do if true unless post.rec.until is missing",
    ],
)
def test_presence_of_what_is_none_when_absent(rule):
    policy = load(rule)
    document = {"kind": "post", "id": "1", "as_of": AS_OF}
    assert findings(both(policy, {**document, "rec": {}}), "row") == []
    denied = findings(both(policy, {**document, "rec": {"until": "2026-01-01"}}), "row")
    assert [each.outcome for each in denied] == ["violated"]
    unproven = findings(both(policy, document), "row")
    assert [(each.outcome, each.missing) for each in unproven] == [("unproven", ("/rec/until",))]
