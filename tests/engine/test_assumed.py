"""`assumed` lists every absent field that denying rules read and that means something absent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given

from somepolicy import ir as p
from somepolicy.engine.values import pointer_key
from somepolicy.ir.traversal import children
from tests.examples import examples
from tests.properties.generate import accepted, noted_documents, policies, randoms
from tests.properties.small_policies import (
    AS_OF,
    BOOLEAN,
    DATE,
    INSTANT,
    INTEGER,
    SAYS,
    TEXT,
    both,
    clause,
    kind,
    listing,
    load_policy,
    record,
)

FORCES = {"must.do": "must", "may.be": "should", "can.be": "may"}
NONE = {"x-absent": "none"}
FIELDS = {
    "sent": {**INSTANT, **NONE},
    "note": {**TEXT, **NONE},
    "flag": {**BOOLEAN, "default": False},
    "rec": record(until={**DATE, **NONE}, sure={**BOOLEAN, "default": True}),
    "items": listing(
        record(
            name=TEXT,
            size={**INTEGER, **NONE},
            until={**DATE, **NONE},
            rights=record(until={**DATE, **NONE}, sure={**BOOLEAN, "default": True}),
            parts=listing(record(until={**DATE, **NONE})),
        ),
        default=[],
    ),
}


def assumed(rule: str, declares: str = "", **members: Any) -> tuple[str, ...]:
    text = f"rules for post\n{declares}\n{rule}{SAYS}"
    clauses = [
        clause(name, force, 1, "post") for name, force in FORCES.items() if f"cites {name}" in rule
    ]
    files = {"a.pol": "".join(clauses), "b.pol": text}
    policy = load_policy({"post": kind("post", **FIELDS)}, files)
    return both(policy, {"kind": "post", "id": "1", "as_of": AS_OF, **members}).assumed


REQUIRE = "require row cites must.do "
UNTIL = "(x.until otherwise as_of) >= as_of"
TWO = [{"until": "2027-01-01"}, {}]
ROWS = {
    "otherwise": (f"{REQUIRE}that (post.sent otherwise as_of) >= as_of", "", {}, ("/sent",)),
    "there": (
        f"{REQUIRE}that (post.sent otherwise as_of) >= as_of",
        "",
        {"sent": AS_OF},
        (),
    ),
    "is missing": (f"{REQUIRE}that post.note is missing", "", {}, ("/note",)),
    "is present": (f"{REQUIRE}when post.note is present that post.flag", "", {}, ("/flag", "/note")),
    "read as it is": (f'{REQUIRE}that post.note == "a"', "", {}, ("/note",)),
    "exception": (f"{REQUIRE}that post.flag unless post.note is missing", "", {"flag": True}, ("/note",)),
    "short-circuited": (
        f"{REQUIRE}that true or (post.sent otherwise as_of) >= as_of", "", {}, ("/sent",),
    ),
    "guard false": (
        f"{REQUIRE}when false that (post.sent otherwise as_of) >= as_of", "", {}, ("/sent",),
    ),
    "parent absent": (f"{REQUIRE}that (post.rec.until otherwise as_of) >= as_of", "", {}, ()),
    "parent there": (
        f"{REQUIRE}that (post.rec.until otherwise as_of) >= as_of", "", {"rec": {}}, ("/rec/until",),
    ),
    "a default needs no parent": (f"{REQUIRE}that post.rec.sure", "", {}, ("/rec/sure",)),
    "element by element": (
        f"{REQUIRE}for each x in post.items that {UNTIL}", "", {"items": TWO}, ("/items/1/until",),
    ),
    "no element": (f"{REQUIRE}for each x in post.items that {UNTIL}", "", {}, ("/items",)),
    "where": (
        f"{REQUIRE}for each x in post.items where {UNTIL} that post.flag",
        "",
        {"flag": True, "items": TWO},
        ("/items/1/until",),
    ),
    "quantifier": (
        f"{REQUIRE}that every x in post.items ({UNTIL})", "", {"items": TWO}, ("/items/1/until",),
    ),
    "sum": (
        f"{REQUIRE}that sum(x in post.items: x.size otherwise 1) >= 1",
        "",
        {"items": [{"size": 1}, {}]},
        ("/items/1/size",),
    ),
    "sum of no elements": (
        f"{REQUIRE}that sum(x in post.items: x.size otherwise 1) >= 0 or post.flag",
        "",
        {"flag": True},
        ("/items",),
    ),
    "parents within elements": (
        f"{REQUIRE}for each x in post.items that x.rights.sure and (x.rights.until otherwise as_of) >= as_of",
        "",
        {"items": [{}, {"rights": {}}, {"rights": {"until": "2027-01-01", "sure": True}}]},
        ("/items/0/rights/sure", "/items/1/rights/sure", "/items/1/rights/until"),
    ),
    "lists within lists": (
        f"{REQUIRE}for each y in post.items that every x in y.parts ({UNTIL})",
        "",
        {"items": [{"parts": [{}]}, {"parts": TWO}, {}]},
        ("/items/0/parts/0/until", "/items/1/parts/1/until"),
    ),
    "definition": (
        f"{REQUIRE}that day >= as_of", "define day = post.sent otherwise as_of", {}, ("/sent",),
    ),
    "predicate": (
        f"{REQUIRE}for each x in post.items that runs(x.rights)",
        "define runs(right) = (right.until otherwise as_of) >= as_of",
        {"items": [{"rights": {}}, {}]},
        ("/items/0/rights/until",),
    ),
    "advice": ("advise row cites may.be that (post.sent otherwise as_of) >= as_of", "", {}, ()),
    "permit": ("permit row cites can.be when post.note is missing", "", {}, ()),
    "sorted, each once": (
        f"{REQUIRE}that post.note is missing and post.flag and every x in post.items ({UNTIL})",
        "",
        {"items": [{}] * 11},
        ("/flag", *(f"/items/{index}/until" for index in range(11)), "/note"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "declares", "members", "listed"), ROWS.values(), ids=ROWS)
def test_listed(rule, declares, members, listed):
    assert assumed(rule, declares, **members) == listed


# --- an oracle


def reads(program: p.Program, expr: p.Expr, places: dict[str, str]) -> Iterator[tuple[p.Read, str]]:
    """Yield everything an expression reads, with its path (`/*` for an element)."""
    match expr:
        case p.Read():
            base = "" if expr.variable is None else places[expr.variable]
            yield expr, base + "".join(f"/{step}" for step in expr.path)
        case p.Defined():
            yield from reads(program, program.definitions[expr.name].body, {})
        case p.Applied():
            taken = [next(reads(program, each, places)) for each in expr.arguments]
            yield from taken
            predicate = program.predicates[expr.predicate]
            named = zip(predicate.parameters, (path for _, path in taken), strict=True)
            yield from reads(program, predicate.body, dict(named))
        case p.Quantifier():
            (container,) = reads(program, expr.container, places)
            yield container
            yield from reads(
                program, expr.condition, {**places, expr.variable: f"{container[1]}/*"}
            )
        case p.Sum():
            (container,) = reads(program, expr.container, places)
            yield container
            yield from reads(program, expr.value, {**places, expr.variable: f"{container[1]}/*"})
        case _:
            for part in children(expr):
                yield from reads(program, part, places)


def places_of(value: Any, steps: list[str], at: str = "") -> Iterator[tuple[Any, bool, str]]:
    """Yield what stands at a path, whether its parent is there, and its pointer."""
    parent: Any = True
    for index, step in enumerate(steps):
        if step == "*":
            for number, each in enumerate(value or ()):
                yield from places_of(each, steps[index + 1 :], f"{at}/{number}")
            return
        parent, at = value, f"{at}/{step}"
        value = None if value is None else value.get(step)
    yield value, parent is not None, at


def oracle(program: p.Program, document: dict[str, Any]) -> list[str]:
    found = set()
    for rule in program.rules:
        if not rule.denies or document["kind"] not in rule.kinds:
            continue
        parts = [rule.guard, rule.condition, rule.exception]
        places: dict[str, str] = {}
        if rule.each is not None:
            parts += [rule.each.container, rule.each.where]
            path = "".join(f"/{step}" for step in rule.each.container.path)
            places[rule.each.variable] = f"{path}/*"
        for part in parts:
            for read, path in reads(program, part, places) if part is not None else ():
                for value, parent, at in places_of(document, path.split("/")[1:]):
                    told = read.has_default or (read.none_when_absent and parent)
                    if value is None and told:
                        found.add(at)
    return sorted(found, key=pointer_key)


@pytest.mark.slow
@examples(50)
@given(policies(rules=6, plain=False), randoms())
def test_as_an_oracle_says(drawn, rng):
    policy = accepted(drawn)
    for document in noted_documents(rng, drawn, policy, 5):
        assert list(policy.evaluate(document).assumed) == oracle(policy.program, document)
