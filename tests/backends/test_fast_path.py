"""Rules that are ranked together stay apart, and so do documents, threads and callers."""

from __future__ import annotations

import copy
import itertools
import json
import pickle
import random
import threading
from collections import Counter
from types import CodeType
from typing import Any

import pytest

from somepolicy.engine.evaluator import CodeUnit
from somepolicy.policy import Policy
from somepolicy.syntax.diagnostics import PolicyError
from tests.properties.generate import draw_document, draw_large_policy
from tests.properties.small_policies import (
    AS_OF,
    BOOLEAN,
    DATE,
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

PART = record(flag=BOOLEAN, n=INTEGER)
ITEM = record(flag=BOOLEAN, n=INTEGER, parts=listing(PART))
POST = kind(
    "post",
    flag=BOOLEAN,
    n=INTEGER,
    word=TEXT,
    tags=listing(TEXT),
    items=listing(ITEM),
    more=listing(PART),
)
CLAUSES = 'section 1 "Alt"\n' + clause("must.do", "must", 1, "post")
SLOW_DOCUMENTS = 4_000
SEEDS = range(2)


def load(*rules: str) -> Policy:
    numbered = (
        rule if rule.startswith("define") else rule.replace(" ", f" rule{number} cites must.do ", 1)
        for number, rule in enumerate(rules)
    )
    text = "\n".join(rule + ("" if rule.startswith("define") else SAYS) for rule in numbered)
    text = "rules for post\n" + text + "\n"
    return load_policy({"post": POST}, {"a.pol": CLAUSES, "b.pol": text})


def post(**content: object) -> dict[str, Any]:
    return {"kind": "post", "id": "1", "as_of": AS_OF, **content}


# --- names that rules on one list share

NEITHER = {"items": [{"flag": True, "n": 1, "parts": [{"flag": False, "n": 0}]}]}
SHARED_NAMES = [
    (
        "what several rules read of an element",
        (
            "require for each item in post.items that some part in item.parts (part.flag)",
            "require for each part in post.items that part.flag",
            "require for each part in post.items that part.flag or part.n == 1",
        ),
        NEITHER,
    ),
    (
        "the element itself",
        (
            "require for each item in post.items that (some part in item.parts (part.flag)) == true",
            "require for each part in post.items that part.flag",
        ),
        NEITHER,
    ),
    (
        "a quantifier over another list",
        (
            "forbid for each item in post.items if every x in post.more (x.n == 0)",
            "forbid for each x in post.items if x.n == 0 or x.n == 2",
        ),
        {**NEITHER, "more": [{"n": 0}]},
    ),
    (
        "a guard, which does not see the element",
        ("forbid for each x in post.tags when some x in post.more (x.n == 1 or x.n == 2) if true",),
        {"tags": ["a"], "more": [{"n": 1}]},
    ),
    (
        "a guard with the name of another rule's element",
        (
            "forbid for each y in post.tags when some x in post.more (x.n == 1 or x.n == 2) if true",
            'forbid for each x in post.tags if x == "b"',
        ),
        {"tags": ["a"], "more": [{"n": 1}]},
    ),
]


@pytest.mark.parametrize(
    ("rules", "content"),
    [case[1:] for case in SHARED_NAMES],
    ids=[case[0] for case in SHARED_NAMES],
)
def test_a_name_of_one_rule_means_nothing_in_another(rules, content):
    decision = both(load(*rules), post(**content))
    assert [finding.rule for finding in decision.findings] == ["rule0"]
    assert not decision.allowed


# --- rules selected by a value

WORDS = ("red", "blå", "K;`", "ö", "1", "x y", "green", "hus", "b")
SPELLINGS = {"blå": "bla\u030a", "K;`": "\u212a\u037e\u1fef", "ö": "o\u0308"}


@pytest.fixture(scope="module")
def selecting() -> Policy:
    """Each word has four rules, of which one breaks; two rules are asked whatever the word."""
    rules = [
        rule
        for word in WORDS
        for rule in (
            f'forbid when post.word == "{word}" if post.flag',
            f'require when "{word}" == post.word and post.n == 1 that not post.flag',
            f'require when post.word == "{word}" that post.n < 3',
            f'forbid when post.word == "{word}" if post.word != "{word}"',
        )
    ]
    policy = load(*rules, "forbid if post.n > 5", 'require that post.word matches "^[^;]*$"')
    assert [
        descriptor.path for descriptor in policy.evaluator.compiled.kinds["post"].selectors
    ] == [("word",)]
    return policy


@pytest.mark.parametrize("word", WORDS)
def test_the_rules_of_a_value_are_found_however_it_is_spelt(selecting, word):
    first = 4 * WORDS.index(word)
    for spelt in {word, SPELLINGS.get(word, word)}:
        decision = both(selecting, post(word=spelt, flag=True, n=0))
        other = {"rule37"} if ";" in word else set()
        assert {each.rule for each in decision.findings} == {f"rule{first}"} | other


def test_every_rule_is_asked_where_the_value_is_absent(selecting):
    decision = both(selecting, post(flag=True, n=7))
    assert {finding.rule for finding in decision.findings} == {
        *(f"rule{number}" for number in range(38) if number % 4 in (0, 2)),
        *(f"rule{4 * number + 3}" for number in range(len(WORDS))),
        "rule37",
    }
    assert not decision.allowed
    assert both(selecting, post(word="elsewhere", flag=True, n=0)).allowed


# --- what a caller may do with a decision


def test_a_caller_cannot_change_the_next_decision():
    policy = load("forbid if post.flag")
    document = post(flag=True)
    decision = policy.evaluate(document)
    before = decision.to_json()
    with pytest.raises(TypeError, match="cannot be changed"):
        decision.citations[0].text["nb"] = "Noe annet."  # type: ignore[index]
    for finding in decision.findings:
        with pytest.raises(TypeError, match="cannot be changed"):
            finding.message["nb"] = "Noe annet."  # type: ignore[index]
    assert policy.evaluate(document).to_json() == before


def test_a_decision_can_be_copied_and_sent():
    policy = load("forbid if post.flag")
    decision = policy.evaluate(post(flag=True))
    assert copy.deepcopy(decision) == decision
    assert pickle.loads(pickle.dumps(decision)).to_json() == decision.to_json()


# --- threads


def test_a_thread_waits_for_what_another_is_loading():
    """What two rules share is made for the first: the second has to find it loaded."""
    shared = "define gone = post.flag or post.n > 3"
    policy = load(shared, "forbid if gone and post.n == 1", "forbid if gone and post.n == 2")
    made = policy.evaluator.code._full_codes
    asked, second = threading.Event(), threading.Event()
    failed: list[str] = []

    def full_codes(name: str) -> list[CodeType]:
        codes = list(made(name))
        if not asked.is_set():
            asked.set()
            second.wait(0.3)
        return codes

    loaded = CodeUnit("slow", [], full_codes)

    def work(name: str) -> None:
        loaded.slow_function(name)
        if "facts_def_gone" not in loaded._names:
            failed.append(name)

    first = threading.Thread(target=work, args=("rule_rule1",))
    first.start()
    asked.wait()
    other = threading.Thread(target=lambda: (work("rule_rule2"), second.set()))
    other.start()
    first.join()
    other.join()
    assert failed == []


@pytest.mark.slow
def test_threads_decide_as_one_does():
    drawn, documents = large(1)
    alone = [drawn.evaluate(each).to_json() for each in documents]
    shared = Policy(drawn.folder, program=drawn.program)
    differing: list[int] = []
    start = threading.Barrier(8)

    def work(offset: int) -> None:
        start.wait()
        for index in range(len(documents)):
            at = (index * 7 + offset) % len(documents)
            if shared.evaluate(documents[at]).to_json() != alone[at]:
                differing.append(at)

    threads = [threading.Thread(target=work, args=(offset,)) for offset in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert differing == []


# --- drawn at random: many rules that have much in common


def large(seed: int, documents: int = 25) -> tuple[Policy, list[dict[str, Any]]]:
    """Draw a policy whose rules are selected by a value, and documents for it."""
    for number in itertools.count():
        rng = random.Random(f"fast_codes {seed} {number}")
        drawn = draw_large_policy(rng)
        try:
            policy = drawn.load()
        except PolicyError:
            continue
        if any(descriptor.selectors for descriptor in policy.evaluator.compiled.kinds.values()):
            return policy, [draw_document(rng, drawn, policy) for _ in range(documents)]
    raise AssertionError


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_rules_with_much_in_common_agree(seed):
    policy, documents = large(seed)
    answers = []
    for document in documents:
        given = json.dumps(document)
        answers.append(both(policy, document).to_json())
        assert json.dumps(document) == given
    # nothing of one document is left for the next
    order = list(range(len(documents)))
    random.Random(seed).shuffle(order)
    assert [policy.evaluate(documents[at]).to_json() for at in order] == [
        answers[at] for at in order
    ]


@pytest.mark.slow
def test_rules_with_much_in_common_agree_for_long():
    pairs, seen = 0, Counter()
    for seed in itertools.count(100):
        if pairs >= SLOW_DOCUMENTS:
            break
        policy, documents = large(seed, documents=60)
        for document in documents:
            pairs += 1
            try:
                seen[both(policy, document).decision] += 1
            except AssertionError:
                pytest.fail(f"seed {seed}: {json.dumps(document, ensure_ascii=False)}")
    assert min(seen["allow"], seen["deny"]) > pairs // 100


# --- what the schema requires

SURE_PART = {**PART, "required": ["flag"]}
SURE_POST = {
    **kind(
        "post", flag=BOOLEAN, day=DATE, part=SURE_PART, items=listing(SURE_PART), tags=listing(TEXT)
    ),
    "required": ["kind", "id", "flag", "items"],
}
NOTE = kind(
    "note", flag=BOOLEAN, day=DATE, part=SURE_PART, items=listing(SURE_PART), tags=listing(TEXT)
)
REQUIRED = [
    ("in every kind the rule is about", "post", "require that post.flag", {"flag": False, "items": []}, "violated"),
    ("in one of two kinds only", "post, note", "require that document.flag", {"kind": "note"}, "unproven"),
    ("of a part that is optional", "post", "require that post.part.flag", {"flag": True, "items": []}, "unproven"),
    ("of a predicate's argument that is optional", "post", "define set(x) = x.flag\nrequire that set(post.part)", {"flag": True, "items": []}, "unproven"),
    ("of an element", "post", "require for each x in post.items that x.flag", {"flag": True, "items": [{"flag": False}]}, "violated"),
    ("of an element of a list that is optional", "note", "require for each x in note.items that x.flag", {"kind": "note"}, "unproven"),
    ("of an element of no element", "post", "require for each x in post.items that x.flag", {"flag": True, "items": []}, None),
    ("days in the order of their texts", "post", "require that post.day < 2026-10-01", {"flag": True, "items": [], "day": "2026-09-30"}, None),
    ("days out of the order of their texts", "post", "require that post.day < 2026-10-01", {"flag": True, "items": [], "day": "2026-10-01"}, "violated"),
    ("the first day there is", "post", "require that post.day > 0001-01-01", {"flag": True, "items": [], "day": "0001-01-01"}, "violated"),
    ("a text that is equal to itself alone", "post", 'forbid if "red" in post.tags', {"flag": True, "items": [], "tags": ["blue", "red"]}, "violated"),
    ("a text that others are equal to", "post", 'forbid if "K" in post.tags', {"flag": True, "items": [], "tags": ["\u212a"]}, "violated"),
    ("a text not among others", "post", 'require that "blå" in post.tags', {"flag": True, "items": [], "tags": ["bla\u030a"]}, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kinds", "rule", "content", "outcome"),
    [case[1:] for case in REQUIRED],
    ids=[case[0] for case in REQUIRED],
)
def test_a_member_is_read_as_the_schema_requires_it(kinds, rule, content, outcome):
    *defined, stated = rule.split("\n")
    text = "\n".join(
        [f"rules for {kinds}", *defined, stated.replace(" ", " tried cites must.do ", 1) + SAYS, ""]
    )
    clauses = 'section 1 "Alt"\n' + clause("must.do", "must", 1, *kinds.split(", "))
    schemas = {name: {"post": SURE_POST, "note": NOTE}[name] for name in kinds.split(", ")}
    decision = both(load_policy(schemas, {"a.pol": clauses, "b.pol": text}), post(**content))
    assert [finding.outcome for finding in decision.findings] == ([outcome] if outcome else [])


# --- a name that means something else within a predicate

LIKE_THE_ELEMENT = [
    'define is_red(item) = item == "red"\nrequire for each item in post.items that not is_red(item.colour)',
    "define fine(item) = item.flag\nrequire for each item in post.items that fine(item.part) and item.n != 1",
    "define fine(item) = item.flag\nforbid for each item in post.items if not fine(item.part)",
    'define is_red(item) = item == "red"\nrequire that every item in post.items (not is_red(item.colour))',
    'define is_red(item) = item == "red"\ndefine all = every item in post.items (not is_red(item.colour))\nrequire that all',
]  # fmt: skip


@pytest.mark.parametrize("text", LIKE_THE_ELEMENT, ids=range(len(LIKE_THE_ELEMENT)))
def test_a_parameter_may_have_the_name_of_an_element(text):
    item = {**record(colour=TEXT, n=INTEGER, part=PART), "required": ["n"]}
    *defined, rule = text.split("\n")
    lines = ["rules for post", *defined, rule.replace(" ", " tried cites must.do ", 1) + SAYS, ""]
    schema = {"post": kind("post", items=listing(item))}
    policy = load_policy(schema, {"a.pol": CLAUSES, "b.pol": "\n".join(lines)})
    decision = both(policy, post(items=[{"n": 0}]))
    assert [finding.outcome for finding in decision.findings] == ["unproven"]
    assert not decision.allowed


# --- elements of which one list requires more than another

TWO_LISTS = """rules for post
define fine(some_list) = every each in some_list (each.n != 1)
require first cites must.do that fine(post.items) says nb "Nei." en "No."
require second cites must.do that fine(post.more) says nb "Nei." en "No."
"""


def test_a_predicate_takes_lists_that_require_different_members():
    schema = kind("post", items=listing({**PART, "required": ["n"]}), more=listing(PART))
    policy = load_policy({"post": schema}, {"a.pol": CLAUSES, "b.pol": TWO_LISTS})
    decision = both(policy, post(items=[{"n": 0}], more=[{}]))
    assert [finding.rule for finding in decision.findings] == ["second"]


@pytest.mark.parametrize("kinds", ["post, note", "note, post"])
@pytest.mark.parametrize(
    ("condition", "content"),
    [
        ("for each i in document.items that i.n != 1", {"items": [{}]}),
        ("for each i in document.items that i.part.n != 1", {"items": [{"n": 0, "part": {}}]}),
        ("that every i in document.items (i.n != 1)", {"items": [{}]}),
        ("that every i in document.items (some p in i.parts (p.n != 1))", {"items": [{"n": 0, "parts": [{}]}]}),
    ],
)  # fmt: skip
def test_elements_of_two_kinds_have_what_both_require(kinds, condition, content):
    inner = {**PART, "required": ["n"]}
    loose = record(n=INTEGER, part=PART, parts=listing(PART))
    strict = {**record(n=INTEGER, part=inner, parts=listing(inner)), "required": ["n", "part"]}
    schemas = {
        "post": kind("post", items=listing(strict)),
        "note": kind("note", items=listing(loose)),
    }
    clauses = 'section 1 "Alt"\n' + clause("must.do", "must", 1, "post", "note")
    rule = f"rules for {kinds}\nrequire tried cites must.do {condition}{SAYS}\n"
    policy = load_policy(
        {name: schemas[name] for name in kinds.split(", ")}, {"a.pol": clauses, "b.pol": rule}
    )
    decision = both(policy, {**post(**content), "kind": "note"})
    assert [finding.outcome for finding in decision.findings] == ["unproven"]


@pytest.mark.parametrize("deep", [1, 9, 10, 11, 19, 20, 21, 29])
def test_lists_within_lists_are_accepted(deep):
    schema: object = TEXT
    value: object = "a"
    for _ in range(deep):
        schema, value = listing(schema, maxItems=1), [value]
    policy = load_policy(
        {"post": kind("post", flag=BOOLEAN, deep=schema)},
        {
            "a.pol": CLAUSES,
            "b.pol": "rules for post\nrequire tried cites must.do that post.flag" + SAYS + "\n",
        },
    )
    assert both(policy, post(flag=True, deep=value)).allowed
    assert policy.evaluator.validators["post"](post(flag=True, deep=value))
    assert not policy.evaluator.validators["post"](post(flag=True, deep=[value]))
