"""What the SQL backend says of a document is what the reference evaluator says."""

from __future__ import annotations

import datetime
import itertools
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from somepolicy.backends.sql import export
from somepolicy.backends.sql.functions import register
from somepolicy.backends.walk.reference import trace
from somepolicy.engine.errors import InvalidDocument
from somepolicy.engine.evaluation import StatusCode
from somepolicy.installed import installed_policy
from somepolicy.ir import Operation
from somepolicy.ir.types import ListOf, Number
from somepolicy.policy import Policy
from somepolicy.syntax.diagnostics import PolicyError
from somepolicy.workbench.load import load_suite
from somepolicy.workbench.runner import Trial, trials
from tests.properties.generate import draw_document, draw_policy
from tests.properties.small_policies import (
    BOOLEAN,
    INSTANT,
    INTEGER,
    NUMBER,
    SAYS,
    TEXT,
    clause,
    kind,
    load_policy,
)
from tests.properties.small_policies import listing as listed

ROOT = Path(__file__).parents[2]
BERGEN = ROOT / "policy" / "bergen"
NOON = datetime.datetime.fromisoformat("2026-11-22T12:00:00+01:00")
FAST_PAIRS, SLOW_PAIRS, EACH = 200, 2_500, 25
MOST_REFUSED = 7  # of Bergen's rules

Asked = tuple[Mapping[str, Any], datetime.datetime | None]
Said = tuple[bool, bool]  # violated, unproven


def by_reference(policy: Policy, asked: Asked) -> dict[str, Said]:
    """Violated: an instance is; unproven: none is, and of one it cannot be told."""
    name, clean, moment, _ = policy.validate(*asked)
    told: dict[str, set[bool]] = defaultdict(set)
    for each in trace(policy.program, name, policy.evaluator.context(name, clean, moment)):
        if each.status <= StatusCode.ADVISED:
            told[each.rule.name].add(each.violated)
        else:
            told[each.rule.name] |= set()
    return {rule: (True in found, found == {False}) for rule, found in told.items()}


def by_sql(
    policy: Policy, name: str, asked: Iterable[Asked], as_of: str = "VARCHAR"
) -> tuple[list[dict[str, Said]], Mapping[str, str]]:
    """What the query says of each document, and why rules are not carried."""
    connection = duckdb.connect()
    register(connection, policy.program)
    connection.execute(
        f"CREATE TABLE documents (number INTEGER, document JSON, as_of {as_of}, digest VARCHAR)"
    )
    rows = [
        (
            number,
            json.dumps(document),
            None if at is None else at.isoformat(),
            policy.content_digest(document),
        )
        for number, (document, at) in enumerate(asked)
    ]
    connection.executemany("INSERT INTO documents VALUES (?, ?, ?, ?)", rows)
    query = export(policy.program, name)
    found = connection.execute(query.sql)
    columns = [each[0] for each in found.description]
    assert columns[:4] == ["number", "document", "as_of", "digest"]
    assert len(columns) == 4 + 2 * len(query.carried)
    said = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
    said.sort(key=lambda row: row["number"])
    assert [row["number"] for row in said] == [row[0] for row in rows]
    return [
        {rule: (row[f"{rule} violated"], row[f"{rule} unproven"]) for rule in query.carried}
        for row in said
    ], query.refused


def compared(policy: Policy, asked: Iterable[Asked], as_of: str = "VARCHAR") -> Counter[Any]:
    """Compare the two on documents; count what was said, and what was not carried and why."""
    of_kind: dict[str, list[Asked]] = defaultdict(list)
    for each in asked:
        of_kind[each[0]["kind"]].append(each)
    counted: Counter[Any] = Counter()
    for name, documents in of_kind.items():
        said, refused = by_sql(policy, name, documents, as_of)
        counted.update(refused.values())
        for each, got in zip(documents, said, strict=True):
            expected = by_reference(policy, each)
            assert set(expected) == {*got, *refused}
            differing = {
                rule: (got[rule], expected[rule]) for rule in got if got[rule] != expected[rule]
            }
            assert differing == {}, json.dumps(each[0], ensure_ascii=False)
            counted.update(got.values())
            counted["pairs"] += 1
    return counted


# --- drawn policies


def run_drawn(pairs: int) -> Counter[Any]:
    counted: Counter[Any] = Counter()
    for seed in itertools.count():
        if counted["pairs"] >= pairs:
            return counted
        rng = random.Random(f"sql {seed}")
        drawn = draw_policy(rng, rules=12)
        try:
            policy = drawn.load()
        except PolicyError:
            continue
        asked = [(draw_document(rng, drawn, policy), None) for _ in range(EACH)]
        try:
            counted += compared(policy, asked)
        except AssertionError as error:
            pytest.fail(f"seed {seed}\n{drawn.text}\n{error}")
    raise AssertionError


def look_at(counted: Counter[Any]) -> None:
    """All that can be said was said, and only sums were refused, seldom."""
    said = [counted[each] for each in ((False, False), (False, True), (True, False))]
    assert min(said) > counted["pairs"] // 2
    assert set(counted) - {"pairs", (False, False), (False, True), (True, False)} <= {
        "a sum of decimals",
        "a sum beside a decimal number",
    }


def test_drawn_policies():
    look_at(run_drawn(FAST_PAIRS))


@pytest.mark.slow
def test_drawn_policies_for_long():
    look_at(run_drawn(SLOW_PAIRS))


# --- the policy of Bergen


@pytest.fixture(scope="module")
def bergen() -> Policy:
    return installed_policy()


def test_bergen_is_carried(bergen):
    for name in bergen.program.kinds:
        query = export(bergen.program, name)
        of_kind = [rule.name for rule in bergen.program.rules if name in rule.kinds]
        assert {*query.carried, *query.refused} == set(of_kind)
        assert len(query.refused) <= MOST_REFUSED
        assert len(query.carried) >= 20


@pytest.mark.slow
def test_examples(bergen):
    """With `as_of` as SQL writes instants, since the policy has a time zone."""
    documents = [
        json.loads(path.read_bytes())
        for name in bergen.program.kinds
        for path in sorted((ROOT / "examples" / name).rglob("*.json"))
    ]
    assert len(documents) > 40
    counted = compared(bergen, [(each, NOON) for each in documents], "TIMESTAMP WITH TIME ZONE")
    assert counted[True, False] > 10
    assert counted[False, True] > 10


@pytest.mark.slow
def test_documents_of_the_policy_tests(bergen):
    asked: dict[tuple[tuple[str, Any], ...], list[Asked]] = defaultdict(list)
    for trial in trials(load_suite(bergen, BERGEN)):
        assert isinstance(trial, Trial)
        try:
            bergen.content_digest(trial.document)
        except InvalidDocument:
            continue
        at = trial.at or (None if "as_of" in trial.document else NOON)
        asked[trial.parameters].append((trial.document, at))
    counted: Counter[Any] = Counter()
    for parameters, documents in asked.items():
        policy = bergen.with_parameters(dict(parameters)) if parameters else bergen
        counted += compared(policy, documents)
    assert counted["pairs"] > 800
    assert len(asked) > 2
    assert counted[True, False] > 500
    assert counted[False, True] > 100


# --- corners


def policy_of(condition: str, zone: str | None = None, **fields: object) -> Policy:
    schema = kind("post", **fields)
    rule = f"require r cites a that {condition}{SAYS}\n"
    files = {"a.pol": f'section 1 "A"\n{clause("a", "must", 1, "post")}rules for post\n{rule}'}
    return load_policy({"post": schema}, files, zone=zone)


def post(**members: object) -> dict[str, object]:
    return {"kind": "post", "id": "1", **members}


LARGE = 2**53 - 1


@pytest.mark.parametrize(
    ("condition", "fields", "documents"),
    [
        ("post.a + post.a + post.a > post.b + post.b + post.b - 1", {"a": INTEGER, "b": INTEGER},
         [{"a": LARGE, "b": LARGE}, {"a": -LARGE, "b": LARGE}, {"a": 1}]),
        ("(post.a + post.a + post.a) in post.l", {"a": INTEGER, "l": listed(INTEGER)},
         [{"a": LARGE, "l": [LARGE]}, {"a": 1, "l": [3]}, {"a": 1}, {"l": [1]}, {"l": []}]),
        ("post.at in post.l", {"at": INSTANT, "l": listed(INSTANT)},
         [{"at": "2026-11-22T12:00:00+01:00", "l": ["2026-11-22T11:00:00Z"]},
          {"at": "2026-11-22T12:00:00Z", "l": ["2026-11-22T12:00:00+01:00"]}, {"l": []}]),
        ("post.n not in (1, 0.5)", {"n": NUMBER}, [{"n": 1}, {"n": 0.5}, {"n": 2}, {}]),
        ("post.b in (true, false)", {"b": BOOLEAN}, [{"b": True}, {}]),
        ("every x in post.l (x.b)", {"l": listed({"type": "object", "additionalProperties": False,
         "properties": {"b": BOOLEAN}})},
         [{}, {"l": []}, {"l": [{}]}, {"l": [{}, {"b": False}]}, {"l": [{"b": True}, {}]}]),
        ('post.t == "it\'s ""å"""', {"t": TEXT},
         [{"t": 'it\'s "å"'}, {"t": 'it\'s "a\u030a"'}, {"t": "it's \0"}]),
        ('post.t contains "a" or length(post.t) == 0', {"t": TEXT},
         [{"t": "\0a"}, {"t": ""}, {"t": None}, {}]),
        ("sum(x in post.l: x.n + 0) > post.b + post.b", {"b": INTEGER, "l": listed(
         {"type": "object", "additionalProperties": False, "properties": {"n": INTEGER}})},
         [{"b": LARGE, "l": [{"n": LARGE}] * 3}, {"b": 0, "l": []}, {"b": 0}, {"l": [{"n": 1}]},
          {"b": -1, "l": [{"n": 1}, {}]}, {"b": -1, "l": [{}, {"n": 1}]}]),
        ("as_of + days(sum(n in post.l: sum(m in post.l: n - m + 1))) > as_of",
         {"l": listed(INTEGER)}, [{"l": [1, 2]}, {"l": [LARGE] * 3}, {"l": []}, {}]),
        ("post.at + days(post.n) > as_of", {"at": INSTANT, "n": INTEGER},
         [{"at": "2026-11-22T12:00:00+01:00", "n": each} for each in (-LARGE, 0, 1, LARGE)]
         + [{"n": 1}, {"at": "2026-11-22T12:00:00+01:00"}]),
    ],
)  # fmt: skip
def test_corners(condition, fields, documents):
    for zone in (None, "Europe/Oslo"):
        policy = policy_of(condition, zone, **fields)
        counted = compared(policy, [(post(**each), NOON) for each in documents])
        assert counted["pairs"] == len(documents)
        assert not [each for each in counted if isinstance(each, str) and each != "pairs"]


def test_a_list_with_a_decimal_number_is_one_of_numbers():
    for condition in ("post.n in (1, 0.5)", "post.n in (0.5, 1)"):
        rule = policy_of(condition, n=NUMBER).program.rules[0]
        assert isinstance(rule.condition, Operation)
        assert rule.condition.operands[1].type == ListOf(Number(whole=False))


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ("post.a + 0.5 > 1", "a sum of decimals"),
        ("post.n + post.n > post.a", "a sum beside a decimal number"),
        ("sum(n in post.l: n) > post.a", "a sum beside a decimal number"),
        ("sum(n in post.l: post.a) > 1", "a sum of decimals"),
    ],
)
def test_what_sql_cannot_say_is_refused(condition, why):
    query = export(policy_of(condition, a=NUMBER, n=INTEGER, l=listed(INTEGER)).program, "post")
    assert dict(query.refused) == {"r": why}
    assert query.carried == ()


def test_an_instant_whose_offset_is_lost_is_an_error():
    asked = [(post(at="2026-11-22T12:00:00Z"), NOON)]
    plain = policy_of("post.at < as_of", at=INSTANT)
    with pytest.raises(duckdb.Error, match="no time zone"):
        by_sql(plain, "post", asked, "TIMESTAMP WITH TIME ZONE")
    zoned = policy_of("post.at < as_of", "Europe/Oslo", at=INSTANT)
    with pytest.raises(duckdb.Error, match="offset"):
        by_sql(zoned, "post", asked, "TIMESTAMP")
    assert compared(zoned, asked, "TIMESTAMP WITH TIME ZONE")["pairs"] == 1


def test_other_kinds_are_passed_over_and_names_are_quoted():
    policy = policy_of("post.b", b=BOOLEAN)
    connection = duckdb.connect()
    register(connection, policy.program)
    connection.execute("""CREATE TABLE "my ""table" AS SELECT * FROM (VALUES
        ('{"kind": "post", "b": false}'::JSON, NULL::VARCHAR, NULL::VARCHAR),
        ('{"kind": "note", "b": false}'::JSON, NULL, NULL)) AS t(document, as_of, digest)""")
    rows = connection.execute(export(policy.program, "post", 'my "table').sql).fetchall()
    assert [row[3:] for row in rows] == [(True, False)]


def test_a_kind_is_found_in_any_form():
    clauses = f'section 1 "A"\n{clause("a", "must", 1, "blått")}'
    rule = f"rules for blått\nrequire r cites a that blått.b{SAYS}\n"
    policy = load_policy({"blått": kind("blått", b=BOOLEAN)}, {"a.pol": clauses + rule})
    names = ("blått", "bla\u030att")
    asked: list[Asked] = [({"kind": each, "id": "1", "b": False}, NOON) for each in names]
    assert by_sql(policy, "blått", asked)[0] == [{"r": (True, False)}] * 2


def test_names_that_differ_in_case_do_not_become_one():
    defines = "define Ab = post.b\ndefine aB = not post.b\ndefine Ære = Ab\ndefine ÆRE = aB\n"
    defines += "define passes = not aB\n"
    conditions = {
        "x": "Ab", "define": "aB", "y": "Ære", "Ål": "ÆRE", "ål": "Ab", "z": "passes",
        "regel": "Ab", "reGel": "aB", "Regel": "aB", "rørT": "Ab", "Rørt": "aB",
    }  # fmt: skip
    rules = "".join(
        f"require {name} cites a that {that}{SAYS}\n" for name, that in conditions.items()
    )
    text = f'section 1 "A"\n{clause("a", "must", 1, "post")}rules for post\n{defines}{rules}'
    policy = load_policy({"post": kind("post", b=BOOLEAN)}, {"a.pol": text})
    counted = compared(policy, [(post(b=each), NOON) for each in (True, False)])
    assert counted["pairs"] == 2
    refused = export(policy.program, "post").refused
    assert set(refused) == {"regel", "reGel", "Regel", "rørT", "Rørt"}
    assert refused["regel"] == "a name that differs from another rule's in case alone"
