"""A parameter before its first day is named where a rule hangs on it, once, in order."""

from __future__ import annotations

import pytest
from hypothesis import given

from somepolicy.engine.decision import Finding, Unset, plain
from tests.examples import examples
from tests.properties.generate import accepted, noted_documents, policies, randoms
from tests.properties.small_policies import (
    AS_OF,
    BOOLEAN,
    DATE,
    INTEGER,
    SAYS,
    TEXT,
    both,
    clause,
    findings,
    kind,
    listing,
    load_policy,
    record,
)

LATER = "2027-01-01"
FORCES = {"must.do": "must", "may.be": "should"}
FIELDS = {
    "n": INTEGER,
    "flag": BOOLEAN,
    "until": {**DATE, "x-absent": "none"},
    "items": listing(record(n=INTEGER, name=TEXT)),
}
DECLARES = """rules for post
parameter limit: integer = 5 from 2027-01-01, 9 from 2028-01-01
parameter other: integer = 7 from 2027-02-01
parameter on: boolean = true from 2027-01-01
parameter set: integer = 3, 4 from 2030-01-01
parameter day: date = 2026-12-01 from 2027-03-01
define below(x) = x.n < limit
define low = post.n < limit
"""
LIMIT, OTHER = Unset("limit", "2027-01-01"), Unset("other", "2027-02-01")


def decided(rule: str, extra: str = "", **members: object) -> Finding | None:
    """Return the only finding of a rule named `row`, or None."""
    clauses = [
        clause(name, force, 1, "post") for name, force in FORCES.items() if f"cites {name}" in rule
    ]
    files = {"a.pol": "".join(clauses), "b.pol": f"{DECLARES}{rule}{SAYS}"}
    policy = load_policy({"post": kind("post", **FIELDS)}, files, extra)
    document = {"kind": "post", "id": "1", "as_of": AS_OF, **members}
    found = findings(both(policy, document), "row")
    return found[0] if found else None


REQUIRE = "require row cites must.do "
ITEMS = [{"n": 1, "name": "a"}, {"n": 2, "name": "b"}]
ROWS = {
    "condition": (f"{REQUIRE}that post.n < limit", {"n": 1}, (LIMIT,)),
    "forbid": ("forbid row cites must.do if post.n > limit", {"n": 1}, (LIMIT,)),
    "guard": (f"{REQUIRE}when post.n < limit that post.flag", {"n": 1, "flag": False}, (LIMIT,)),
    "bare guard": (f"{REQUIRE}when on that post.flag", {"flag": False}, (Unset("on", LATER),)),
    "bare condition": (f"{REQUIRE}that on", {}, (Unset("on", LATER),)),
    "not": (f"{REQUIRE}that not on", {}, (Unset("on", LATER),)),
    "exception": (f"{REQUIRE}that post.flag unless on", {"flag": False}, (Unset("on", LATER),)),
    "where": (
        f"{REQUIRE}for each x in post.items where x.n < limit that post.flag",
        {"flag": False, "items": ITEMS[:1]},
        (LIMIT,),
    ),
    "definition": (f"{REQUIRE}that low", {"n": 1}, (LIMIT,)),
    "predicate": (
        f"{REQUIRE}for each x in post.items that below(x)",
        {"items": ITEMS[:1]},
        (LIMIT,),
    ),
    "some": (f"{REQUIRE}that some x in post.items (below(x))", {"items": ITEMS}, (LIMIT,)),
    "every": (f"{REQUIRE}that every x in post.items (x.n < limit)", {"items": ITEMS}, (LIMIT,)),
    "sum": (f"{REQUIRE}that post.n + other < limit", {"n": 1}, (OTHER, LIMIT)),
    "elements added": (
        f"{REQUIRE}that sum(x in post.items: x.n + limit) < 9",
        {"items": ITEMS},
        (LIMIT,),
    ),
    "days": (
        f"{REQUIRE}that as_of + days(limit) > 2026-01-01",
        {},
        (LIMIT,),
    ),
    "otherwise": (
        f"{REQUIRE}that (post.until otherwise day) > as_of",
        {},
        (Unset("day", "2027-03-01"),),
    ),
    "in a tuple's place": (f"{REQUIRE}that limit in (1, 2)", {}, (LIMIT,)),
    "function": (f'{REQUIRE}that length("abc") < limit', {}, (LIMIT,)),
    "in order, each once": (
        f"{REQUIRE}that post.n > other and post.n < limit and post.n != other",
        {"n": 1},
        (OTHER, LIMIT),
    ),
    "attest": (
        'attest row cites must.do when post.n < limit by editor asks yes nb "n" en "e"',
        {"n": 1},
        (LIMIT,),
    ),
    "advice": ("advise row cites may.be that post.n < limit", {"n": 1}, (LIMIT,)),
}


@pytest.mark.parametrize(("rule", "members", "unset"), ROWS.values(), ids=ROWS)
def test_it_is_named(rule, members, unset):
    found = decided(rule, **members)
    assert (found.outcome, found.unset, found.missing) == ("unproven", unset, ())


def test_beside_missing_facts():
    found = decided(f"{REQUIRE}that post.n < limit and post.flag")
    assert (found.missing, found.unset) == (("/n", "/flag"), (LIMIT,))


def test_of_an_absent_list():
    found = decided(f"{REQUIRE}for each x in post.items that x.n < limit and below(x)")
    assert (found.missing, found.unset) == (("/items",), (LIMIT,))
    for condition in ("some x in post.items (x.n < limit)", "sum(x in post.items: limit) < 9"):
        found = decided(f"{REQUIRE}that {condition}")
        assert (found.missing, found.unset) == (("/items",), (LIMIT,))


@pytest.mark.parametrize(
    "rule",
    [
        f"{REQUIRE}that post.n < set",
        f"{REQUIRE}that post.n < 0 and post.n < limit",
        "forbid row cites must.do if post.n > limit or post.n > 0",
    ],
)
def test_not_where_the_rule_is_decided_without_it(rule):
    found = decided(rule, n=5)
    assert (found.outcome, found.unset) == ("violated", ())


def test_a_value_in_the_manifest_holds_always():
    found = decided(f"{REQUIRE}that post.n < limit", "[parameters]\nlimit = 1\n", n=1)
    assert (found.outcome, found.unset) == ("violated", ())


def test_form_in_json():
    found = decided(f"{REQUIRE}that post.n < limit", n=1)
    assert plain(found)["unset"] == [{"name": "limit", "from": "2027-01-01"}]
    assert "unset" not in plain(decided(f"{REQUIRE}that post.n < 0", n=1))


@pytest.mark.slow
@examples(40)
@given(policies(rules=6), randoms())
def test_what_is_unproven_always_names_something(drawn, rng):
    """A missing fact, a parameter or a question; and only parameters that have no value."""
    policy = accepted(drawn)
    for document in noted_documents(rng, drawn, policy, 6):
        for found in both(policy, document).findings:
            if found.outcome == "unproven":
                assert found.missing or found.unset or found.attestation
            for each in found.unset:
                first = min(value.since for value in policy.program.parameters[each.name].values)
                assert each.from_ == first.isoformat() > document["as_of"][:10]
            assert all(at.startswith("/") for at in found.missing)
