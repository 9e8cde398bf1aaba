"""Corners where two evaluators, or a rule and its author, could come to differ: one example each."""

from __future__ import annotations

import time

import pytest

from somepolicy.engine.errors import InvalidDocument
from somepolicy.policy import Policy
from somepolicy.syntax.diagnostics import PolicyError
from tests.properties.small_policies import (
    AS_OF,
    BOOLEAN,
    COLOUR,
    DATE,
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
    record,
)

MUST = clause("must.do", "must", 1, "post")


def policy_of(rules: str, /, **fields: object) -> Policy:
    return load_policy({"post": kind("post", **fields)}, {"a.pol": MUST, "b.pol": rules})


def rules(*texts: str) -> str:
    return "rules for post\n" + "\n".join(texts)


def require(condition: str, name: str = "row") -> str:
    return f"require {name} cites must.do {condition}{SAYS}"


def post(**members: object) -> dict[str, object]:
    return {"kind": "post", "id": "1", "as_of": AS_OF, **members}


def refused(load) -> set[str]:
    with pytest.raises(PolicyError) as caught:
        load()
    return {each.code for each in caught.value.diagnostics if each.severity == "error"}


# --- names


@pytest.mark.parametrize(("rule", "declares", "use"), [
    ("def_a", "define a = post.a", "a"),
    ("pred_a", "define a(x) = x", "a(post.a)"),
])  # fmt: skip
def test_a_rule_may_be_called_as_generated_code_is(rule, declares, use):
    text = rules(declares, require("that post.b", rule), require(f"that {use}"))
    decision = both(policy_of(text, a=BOOLEAN, b=BOOLEAN), post(a=False, b=False))
    assert {x.rule: x.facts for x in decision.findings} == {rule: ("/b",), "row": ("/a",)}


def test_a_predicate_may_be_called_as_the_second_instance_of_another():
    text = rules(
        "define same(x) = x != x",
        "define same_2(x) = x == x",
        require("that same(post.title) or same_2(post.size)", "first"),
        require("that same(post.size)"),
    )
    decision = both(policy_of(text, size=INTEGER, title=TEXT), post(size=1, title="a"))
    assert [x.rule for x in decision.findings] == ["row"]


@pytest.mark.parametrize("name", ["class", "None", "document", "context", "guard", "index", "t1"])
def test_names_of_python(name):
    text = rules(
        f"define {name}_(i) = i.{name} or post.{name}" if name != "document" else "define d_(i) = i.document",
        f"require {name} cites must.do for each {name} in post.items when not (post.a and not post.a)"
        f" that {'d' if name == 'document' else name}_({name}) and some i in post.items (i.{name}){SAYS}",
    ).replace("for each document", "for each doc").replace("d_(document)", "d_(doc)")  # fmt: skip
    fields = {name: BOOLEAN, "a": BOOLEAN, "items": listing(record(**{name: BOOLEAN}))}
    document = post(items=[{name: False}, {name: True}], a=True, **{name: False})
    assert [x.at for x in both(policy_of(text, **fields), document).findings] == ["/items/0"]


# --- kinds


def test_a_predicate_that_reads_one_kind_through_a_definition_is_not_for_another():
    def load() -> Policy:
        return load_policy(
            {"post": kind("post", n=INTEGER), "note": kind("note", n=TEXT, b=BOOLEAN)},
            {
                "a.pol": clause("must.do", "must", 1, "post", "note"),
                "b.pol": "rules for post define flag = post.n > 3 define p(x) = x or flag "
                + require("that flag", "other"),
                "c.pol": "rules for note " + require("that p(note.b)"),
            },
        )

    assert refused(load) == {"P213"}


# --- lists


def test_a_list_given_a_name_holds_what_the_list_holds():
    fields = {"days": listing(DATE), "tags": listing(TEXT)}
    text = rules(
        "define named = post.days define called = post.tags",
        require('that 2026-01-01 in named and "blå" in called'),
    )
    document = post(days=["2026-01-01"], tags=["bla\u030a"])
    assert both(policy_of(text, **fields), document).allowed


def test_an_enumeration_is_in_a_list_of_texts_whatever_their_form():
    fields = {"shade": {"type": "string", "enum": ["blå"]}, "tags": listing(TEXT)}
    policy = policy_of(rules(require("that post.shade in post.tags")), **fields)
    assert both(policy, post(shade="blå", tags=["bla\u030a"])).allowed


@pytest.mark.parametrize(("condition", "missing"), [
    ("that every i in post.items (i.ok and post.a)", {"/items", "/a"}),
    ("that some i in post.items (i.ok and post.a)", {"/items", "/a"}),
    ("for each i in post.items that i.ok and post.a", {"/items", "/a"}),
    ("for each i in post.items where post.a that i.ok", {"/items", "/a"}),
    ("for each i in post.items that i.ok unless post.a", {"/items", "/a"}),
])  # fmt: skip
def test_an_absent_list_and_an_absent_fact_of_the_document(condition, missing):
    """Supplying all that is missing decides the instance: the list alone does not."""
    policy = policy_of(rules(require(condition)), a=BOOLEAN, items=listing(record(ok=BOOLEAN)))
    (found,) = findings(both(policy, post()), "row")
    assert set(found.missing) == missing


# --- absence that means none


def test_what_otherwise_falls_back_on_is_missing_too():
    until = {**DATE, "x-absent": "none"}
    fields = {"day": DATE, "rec": record(until=until, ok=BOOLEAN)}
    text = rules(require("that (post.rec.until otherwise post.day) >= as_of and post.rec.ok"))
    policy = policy_of(text, **fields)
    (found,) = findings(both(policy, post()), "row")
    supplied = post(rec={"ok": True}, **({"day": "2030-01-01"} if "/day" in found.missing else {}))
    assert both(policy, supplied).allowed


def test_a_default_beside_absence_that_means_none():
    """Either the schema is refused, or both evaluators agree on the facts."""
    both_said = {**INTEGER, "default": 1, "x-absent": "none"}
    text = rules(require("that (post.rec.n otherwise post.m) > 5"))
    try:
        policy = policy_of(text, rec=record(n=both_said), m=INTEGER)
    except PolicyError:
        return
    both(policy, post(rec={}, m=2))


# --- parameters


def test_before_its_first_day_a_parameter_is_unknown():
    text = rules("parameter most: integer = 3 from 2027-01-01", require("that post.n < most"))
    (found,) = findings(both(policy_of(text, n=INTEGER), post(n=1)), "row")
    assert (found.outcome, found.blocking) == ("unproven", True)


# --- numbers


@pytest.mark.parametrize("n", [1.7e308, -1.7e308, 2.0**53])
@pytest.mark.parametrize("kind", ["integer", "number"])
def test_numbers_beyond_the_exact_ones_are_refused(n, kind):
    """Sums of them overflow, and what is no number compares as nothing: `forbid` would pass."""
    policy = policy_of(rules(require("that post.n < 3")), n={"type": kind})
    with pytest.raises(InvalidDocument) as caught:
        policy.evaluate(post(n=n))
    assert [(each.code, each.pointer) for each in caught.value.errors] == [("D205", "/n")]


@pytest.mark.parametrize("n", [2**53 - 1, -(2**53 - 1)])
def test_the_largest_numbers(n):
    """Sums of them are exact, and no day is that far away."""
    text = rules(
        require("that as_of + days((post.n + post.n) - (post.n + post.n)) == as_of", "days"),
        require("that post.n + post.n > post.n - post.n - post.n"),
    )
    both(policy_of(text, n=INTEGER), post(n=n))


def test_whole_numbers_with_a_point_are_whole():
    text = rules(
        require(
            "that post.n == 3 and post.n in (3,) and 3 in post.many and as_of + days(post.n) > as_of"
        )
    )
    policy = policy_of(text, n=INTEGER, many=listing(INTEGER))
    one, other = (both(policy, post(n=n, many=[n])) for n in (3, 3.0))
    assert one.to_json() == other.to_json()
    assert one.allowed


def test_a_number_reads_alike_in_a_message_however_it_is_written():
    """1 and 1.0 are the same canonical JSON: same digest, so the same decision."""
    text = (
        'rules for post require row cites must.do that post.n > 5 says nb "{post.n}" en "{post.n}"'
    )
    policy = policy_of(text, n=INTEGER)
    one, other = (both(policy, post(n=n)) for n in (1, 1.0))
    assert one.document.digest == other.document.digest
    assert one.to_json() == other.to_json()


def test_true_is_not_one():
    text = rules(require("that post.a == true and post.n != 0"))
    policy = policy_of(text, a=BOOLEAN, n=NUMBER)
    assert both(policy, post(a=True, n=1.0)).allowed
    assert not both(policy, post(a=True, n=-0.0)).allowed


@pytest.mark.parametrize("n", [0, 0.0, 7])
def test_a_number_is_present_even_if_it_is_nought(n):
    text = rules(f"unregulated post.n{SAYS}", require("that post.a"))
    assert both(policy_of(text, a=BOOLEAN, n=NUMBER), post(a=True, n=n)).unregulated == ("/n",)


def test_an_empty_list_and_text_are_present():
    text = rules(f"unregulated post.l{SAYS} unregulated post.t{SAYS}", require("that post.a"))
    policy = policy_of(text, a=BOOLEAN, l=listing(TEXT), t=TEXT)
    assert both(policy, post(a=True, l=[], t="")).unregulated == ("/l", "/t")


# --- messages


def test_a_question_is_asked_with_its_fields_filled_in():
    text = (
        "rules for post attest row cites must.do for each i in post.items by editor "
        'asks no nb "Er {i.colour} {{riktig}}?" en "Is {i.colour} right?"'
    )
    policy = policy_of(text, items=listing(record(colour=COLOUR)))
    (found,) = findings(both(policy, post(items=[{"colour": "red"}])), "row")
    assert found.attestation is not None
    assert dict(found.attestation.asks) == {"nb": "Er red {riktig}?", "en": "Is red right?"}


# --- schemas a decision cannot be made with


def test_a_schema_has_to_require_kind_and_id():
    schema = {**kind("post", a=BOOLEAN), "required": ["kind"]}
    texts = {"a.pol": MUST, "b.pol": rules(require("that post.a"))}
    assert refused(lambda: load_policy({"post": schema}, texts))


def test_a_schema_has_to_have_attestations_that_can_be_read():
    schema = kind("post")
    assert isinstance(schema["properties"], dict)
    schema["properties"]["attestations"] = listing(record(clause=TEXT))
    asks = 'attest row cites must.do by editor asks no nb "?" en "?"'
    assert refused(lambda: load_policy({"post": schema}, {"a.pol": MUST, "b.pol": rules(asks)}))


@pytest.mark.parametrize("default", [None, "x", 2.5, [], {}, True])
def test_a_default_is_a_value_of_its_type(default):
    text = rules(require("that post.n > 3"))
    assert refused(lambda: policy_of(text, n={**INTEGER, "default": default})) == {"P604"}


# --- sums

N = {"items": listing(record(n=INTEGER, r=NUMBER, parts=listing(record(n=INTEGER))), maxItems=20)}


@pytest.mark.parametrize(("items", "outcome", "facts", "missing"), [
    ([{"n": 2}, {"n": 3}], "satisfied", (), ()),
    ([{"n": 2}, {"n": 4}], "violated", ("/items/0/n", "/items/1/n"), ()),
    ([], "violated", ("/items",), ()),
    (None, "unproven", (), ("/a", "/items")),
    ([{"n": 2}, {}, {"n": 3}, {}], "unproven", (), ("/items/1/n", "/items/3/n")),
])  # fmt: skip
def test_a_sum(items, outcome, facts, missing):
    """Of none 0; unknown where the list or a number is, however large the others are."""
    policy = policy_of(rules(require("that sum(i in post.items: i.n + 0) == 5")), **N)
    document = post() if items is None else post(items=items)
    found = findings(both(policy, document), "row")
    missing = tuple(each for each in missing if each != "/a")
    assert [(x.outcome, x.facts, x.missing) for x in found] == (
        [] if outcome == "satisfied" else [(outcome, facts, missing)]
    )


def test_a_sum_of_an_absent_list_lacks_what_its_elements_would_beside_themselves():
    policy = policy_of(
        rules(require("that sum(i in post.items: i.n + post.a) == 5")), a=INTEGER, **N
    )
    (found,) = findings(both(policy, post()), "row")
    assert found.missing == ("/items", "/a")
    assert both(policy, post(items=[])).findings[0].missing == ()


def test_the_facts_of_a_sum_without_any_are_the_list():
    policy = policy_of(rules(require("that sum(i in post.items: 2) == 5")), **N)
    (found,) = findings(both(policy, post(items=[{}, {}])), "row")
    assert found.facts == ("/items",)


def test_a_sum_of_numbers_and_of_sums():
    text = rules(
        require("that sum(n in post.numbers: n) == 6"),
        require("for each i in post.items that sum(p in i.parts: p.n) == 3", "each"),
        require("that sum(i in post.items: sum(p in i.parts: p.n)) == 6", "within"),
        require("that (post.n otherwise sum(n in post.numbers: n)) == 6", "otherwise_"),
        require("that as_of + days(sum(n in post.numbers: n)) > as_of", "days_"),
    )
    fields = {"numbers": listing(INTEGER), "n": {**INTEGER, "x-absent": "none"}, **N}
    items = [{"parts": [{"n": 1}, {"n": 2}]}, {"parts": [{"n": 3}]}]
    policy = policy_of(text, **fields)
    assert both(policy, post(numbers=[1, 2, 3], items=items)).allowed
    found = both(policy, post(numbers=[1, 2], items=[*items, {}])).findings
    assert {x.rule: (x.outcome, x.missing) for x in found} == {
        "row": ("violated", ()),
        "each": ("unproven", ("/items/2/parts",)),
        "within": ("unproven", ("/items/2/parts",)),
        "otherwise_": ("violated", ()),
    }


def test_whole_numbers_are_added_exactly_beyond_the_largest():
    largest = 2**53 - 1
    text = rules(
        require("that sum(i in post.items: i.n) != sum(i in post.items: i.n + 0) + 1"),
        require("that sum(i in post.items: i.n) - post.n - post.n - post.n == 1", "exact"),
    )
    items = [{"n": largest}, {"n": largest}, {"n": largest}, {"n": 1}]
    assert both(policy_of(text, n=INTEGER, **N), post(n=largest, items=items)).allowed


@pytest.mark.parametrize("numbers", [[0.1] * 10, [0.7, 0.1, 0.1, 0.1], [0.1, 0.1, 0.7, 0.1]])
def test_decimals_are_added_exactly_and_rounded_once(numbers):
    """In whatever order: 0.1 ten times is 1, which adding one by one misses."""
    policy = policy_of(rules(require("that sum(i in post.items: i.r) == 1")), **N)
    assert both(policy, post(items=[{"r": each} for each in numbers])).allowed


def test_a_decimal_written_as_a_whole_number_is_added_alike():
    text = rules(require("that sum(i in post.items: i.r) == sum(i in post.items: i.r - 1) + 3"))
    policy = policy_of(text, **N)
    large = 2**53 - 1
    one, other = (
        both(policy, post(items=[{"r": n} for n in numbers]))
        for numbers in ((large, large, 3), (float(large), float(large), 3.0))
    )
    assert one.to_json() == other.to_json()


def test_no_sum_of_sums_reaches_beyond_a_double():
    """A list has fewer than 2^19 elements: definitions nest so deep that this stays in range."""

    def chain(length: int) -> str:
        more = [
            f"define d{k} = sum(x in post.l: sum(y in post.l: d{k - 1}))" for k in range(1, length)
        ]
        return rules("define d0 = post.n", *more, require(f"that d{length - 1} + post.r > 0"))

    fields = {"n": INTEGER, "r": NUMBER, "l": listing(INTEGER)}
    length = 19
    assert refused(lambda: policy_of(chain(length + 1), **fields)) == {"P501"}
    assert 53 + 2 * 19 * (length - 1) < 1024
    assert not both(policy_of(chain(length), **fields), post(n=1, r=0.5, l=[0] * 20)).findings


def test_a_sum_is_a_list_gone_through():
    inner = "sum(a in post.xs: sum(b in post.xs: sum(c in post.xs: c)))"
    assert refused(lambda: policy_of(rules(require(f"that {inner} > 1")), xs=listing(INTEGER))) == {
        "P504"
    }


def test_a_sum_of_what_is_never_negative_is_not():
    fields = {"xs": listing({**INTEGER, "minimum": 0})}
    assert refused(
        lambda: policy_of(rules(require("that sum(x in post.xs: x) < 0")), **fields)
    ) == {"P303"}
    assert refused(
        lambda: policy_of(
            rules("define d = sum(x in post.xs: x)", require("that d == -1")), **fields
        )
    ) == {"P303"}
    policy_of(rules(require("that sum(x in post.xs: x - 1) < 0")), **fields)


# --- bounds


def test_lists_within_lists_are_bounded_in_a_definition_too():
    inner = "".join(f"every v{i} in post.xs (" for i in range(4)) + "v0 == v3" + ")" * 4
    text = rules(f"define deep = {inner}", require("that deep"))
    assert refused(lambda: policy_of(text, xs=listing(INTEGER))) == {"P504"}


@pytest.mark.slow
@pytest.mark.parametrize("sure", [False, True], ids=["may be absent", "with a default"])
def test_definitions_used_twice_each_are_worked_out_once(sure):
    flag = {**BOOLEAN, "default": False} if sure else BOOLEAN
    chain = [f"define d{i} = d{i - 1} and d{i - 1}" for i in range(1, 16)]
    text = rules(
        "define d0 = post.a", *chain, require("that d15"), require("that not d15", "other")
    )
    start = time.process_time()
    policy = policy_of(text, a=flag)
    for document in (post(), post(a=True), post(a=False)):
        both(policy, document)
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize("use", ["p(post.n)", "p(post.m)", "d"])
def test_a_circle_through_a_predicate_is_refused(use):
    """Wherever it is entered; the rule had no condition, and one that forbids allowed."""
    text = rules("define p(x) = x == 1 or d", "define d = p(post.n)", require(f"that {use}"))
    assert refused(lambda: policy_of(text, n=INTEGER, m=INTEGER)) == {"P209"}


def test_a_long_chain_of_definitions_is_refused():
    chain = [f"define d{i} = not d{i - 1}" for i in range(1, 1000)]
    text = rules("define d0 = post.a", *reversed(chain), require("that d999"))
    assert refused(lambda: policy_of(text, a=BOOLEAN)) == {"P501"}


@pytest.mark.parametrize("condition", [
    "that " + ("not " * 20 + "(") * 40 + "post.a" + ")" * 40,
    "that " + "(" * 39 + "post.n" + (" + 1" * 50 + ")") * 39 + " > 3",
    "that post.n > 1" + "0" * 5000,
    "that post.n > 1." + "0" * 5000,
])  # fmt: skip
def test_endless_conditions_are_refused(condition):
    codes = refused(lambda: policy_of(rules(require(condition)), a=BOOLEAN, n=NUMBER))
    assert {code[:2] for code in codes} == {"P5"}


# --- evidence

IBAN = "NO93 8601 1117 947"


@pytest.mark.parametrize("rule", [
    "for each i in post.items when ibans(post.title) is not empty that i.ok",
    "that (post.rec.level otherwise count(post.items)) > 3 and (post.rec.flag otherwise (ibans(post.title) is empty))",
    "when (post.rec.flag otherwise (ibans(post.title) is empty)) that post.rec.ok",
    "that found is empty",
    "that some_found(post.rec) and not post.rec.ok",
    "that every i in post.items (ibans(i.title) is empty or i.ok)",
])  # fmt: skip
@pytest.mark.parametrize("members", [
    {},
    {"rec": {}},
    {"rec": {"flag": True, "ok": False, "title": IBAN}, "items": []},
    {"rec": {"flag": False, "level": 1}, "items": [{"title": IBAN, "ok": False}, {"title": IBAN}, {}]},
])  # fmt: skip
def test_evidence_of_what_detectors_found(rule, members):
    """Both evaluators show the same evidence, whatever was not needed or not known."""
    none = {"x-absent": "none"}
    parts = {"ok": BOOLEAN, "title": TEXT}
    fields = {
        "title": TEXT,
        "items": listing(record(**parts)),
        "rec": record(flag={**BOOLEAN, **none}, level={**INTEGER, **none}, **parts),
    }
    text = rules(
        "define found = ibans(post.title) define some_found(r) = ibans(r.title) is not empty",
        require(rule),
        require("that found is empty or some_found(post.rec)", "use"),
    )
    both(policy_of(text, **fields), post(title=IBAN, **members))
