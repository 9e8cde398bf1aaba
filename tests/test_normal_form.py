"""A text is what it reads as: validation, rules and messages see it in form NFC, digests do not."""

from __future__ import annotations

import copy
import json
import random
import time
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from somepolicy import evaluate_many
from somepolicy.engine.errors import InvalidDocument
from somepolicy.engine.json_text import parse_json
from somepolicy.installed import installed_policy
from somepolicy.normal_form import Traced, is_normal, normal
from somepolicy.policy import Policy
from tests.examples import examples
from tests.properties.small_policies import (
    AS_OF,
    SAYS,
    TEXT,
    clause,
    kind,
    listing,
    load_policy,
    record,
)

ROOT = Path(__file__).parents[1]
SOON = 0.5
SIGNS = "aeåk1 \u0301\u0323\u030a\u0344\u0f71\u0f73\u0958\u212b\u09c7\u09be\u1100\u1161\u11a8가\U0001d160é"
texts = st.text(st.sampled_from(SIGNS) | st.characters(exclude_categories=["Cs"]), max_size=60)


@given(texts, st.integers(1, 80))
def test_the_form_is_that_of_unicode(text, times):
    assert normal(text * times) == unicodedata.normalize("NFC", text * times)
    assert is_normal(normal(text))


@given(texts, st.data())
def test_every_span_is_traced_to_the_text_as_given(text, data):
    form, traced = normal(text), Traced(text)
    start = data.draw(st.integers(0, len(form)))
    end = data.draw(st.integers(start, len(form)))
    first, last = traced.span(start, end)
    assert 0 <= first <= last <= len(text)
    assert form[start:end] in normal(text[first:last])
    assert traced.span(0, len(form)) == (0, len(text))
    if form == text:
        assert (first, last) == (start, end)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    ["a" + "\u0301\u0323" * 50_000, "\u0f73" * 50_000, "\u0958" * 100_000, "e\u0301" * 50_000],
    ids=["marks out of order", "marks that come apart", "twice as long", "letters"],
)
def test_the_form_is_linear(text):
    begun = time.process_time()
    normal(text)
    assert time.process_time() - begun < SOON
    Traced(text)
    assert time.process_time() - begun < 3 * SOON


NAMES = {
    "type": "string",
    "maxLength": 4,
    "minLength": 2,
}
POST = kind(
    "post",
    short=NAMES,
    one={**TEXT, "pattern": "^.$"},
    two={**TEXT, "pattern": "^..$"},
    blå={"type": "string", "enum": ["blå", "gul"]},
    ratio={"type": "number"},
    liste=listing(record(id=TEXT, tekst=TEXT)),
)
RULES = f"""rules for post
forbid short cites must.do if length(post.short) == 3{SAYS}
forbid one cites must.do if post.one matches "^.$"{SAYS}
forbid two cites must.do if post.two matches "^..$"{SAYS}
forbid blue cites must.do if post.blå == "blå"{SAYS}
forbid number cites must.do for each x in post.liste
  if identity_numbers(x.tekst, true) is not empty
  says nb "{{x.id}}" en "{{x.id}}"
attest asked cites must.be when post.blå == "gul" by editor asks no nb "?" en "?"
"""


@pytest.fixture(scope="module")
def policy() -> Policy:
    clauses = clause("must.do", "must", 1, "post") + clause("must.be", "must", 2, "post")
    return load_policy({"post": POST}, {"a.pol": clauses, "b.pol": RULES})


def post(members: Mapping[str, object]) -> dict[str, Any]:
    return {"kind": "post", "id": "1", "as_of": AS_OF, **members}


def broken(policy: Policy, document: object) -> list[str]:
    decision = policy.evaluate(document)
    assert policy.explain(document).decision == decision
    return [each.rule for each in decision.findings if not each.missing]


@pytest.mark.parametrize(
    ("members", "rules"),
    [
        ({"short": "e\u0301" * 3}, ["short"]),
        ({"one": "e\u0301"}, ["one"]),
        ({"one": "\u212b"}, ["one"]),
        ({"two": "\u0958"}, ["two"]),
        ({"blå": "bla\u030a"}, ["blue"]),
        ({"bla\u030a": "bla\u030a"}, ["blue"]),
    ],
)
def test_rules_and_schema_see_one_text(policy, members, rules):
    assert broken(policy, post(members)) == rules


@pytest.mark.parametrize(
    ("members", "error"),
    [
        ({"one": "\u0958"}, ("D303", "/one")),
        ({"short": "a\u0301"}, ("D303", "/short")),
        ({"short": "\u0958" * 3}, ("D303", "/short")),
        ({"blå": "gul", "bla\u030a": "gul"}, ("D104", "")),
        ({"bla\u030a": "rød"}, ("D303", "/bla\u030a")),
        ({"gra\u030a": "gul"}, ("D301", "/gra\u030a")),
    ],
)
def test_what_does_not_fit_in_form_nfc_is_refused(policy, members, error):
    for decide in (policy.evaluate, policy.explain, policy.content_digest):
        with pytest.raises(InvalidDocument) as refused:
            decide(post(members))
        assert [(each.code, each.pointer) for each in refused.value.errors] == [error]


def test_a_null_is_no_second_spelling(policy):
    assert broken(policy, post({"blå": None, "bla\u030a": "bla\u030a"})) == ["blue"]


def test_the_digest_is_of_the_text_as_given(policy):
    apart, together = (post({name: name, "ratio": 0.5}) for name in ("bla\u030a", "blå"))
    assert policy.content_digest(apart) != policy.content_digest(together)
    assert policy.evaluate(apart).document.digest == policy.content_digest(apart)
    numbers = [post({"bla\u030a": "blå", "ratio": x}) for x in (1, 1.0)]
    assert policy.content_digest(numbers[0]) == policy.content_digest(numbers[1])


def test_an_attestation_is_on_the_text_as_given(policy):
    document = post({"bla\u030a": "gul", "short": "e\u0301e\u0301"})
    assert broken(policy, document) == ["asked"]
    signed = {
        "clause": "must.be",
        "statement": "no",
        "role": "editor",
        "at": AS_OF,
        "content_digest": policy.content_digest(document),
    }
    assert broken(policy, {**document, "attestations": [signed]}) == []
    composed = post({"blå": "gul", "short": "éé"})
    assert broken(policy, {**composed, "attestations": [signed]}) == ["asked"]


def test_spans_point_into_the_text_as_given_and_messages_are_in_form_nfc(policy):
    text = "E\u0301n e\u0301: 15507600090\u0301, a\u030a"
    document = post(
        {"liste": [{"id": "e\u0301", "tekst": text}, {"id": "å", "tekst": normal(text)}]}
    )
    found = policy.evaluate(document).findings
    assert policy.explain(document).decision.findings == found
    first, second = (each for each in found if each.rule == "number")
    assert [text[slice(*each.span)] for each in first.detections] == ["15507600090\u0301"]
    assert [normal(text)[slice(*each.span)] for each in second.detections] == ["15507600090\u0301"]
    assert first.message["nb"] == "é"


def test_the_document_keeps_its_id_as_given(policy):
    assert policy.evaluate(post({"id": "e\u0301"})).document.id == "e\u0301"


def test_parameters_are_in_form_nfc():
    rules = (
        f'rules for post parameter word: text = "x" forbid it cites must.do if post.t == word{SAYS}'
    )
    files = {"a.pol": clause("must.do", "must", 1, "post"), "b.pol": rules}
    small = load_policy({"post": kind("post", t=TEXT)}, files)
    assert broken(small.with_parameters({"word": "e\u0301"}), post({"t": "é"})) == ["it"]
    stated = load_policy({"post": kind("post", t=TEXT)}, files, '[parameters]\nword = "e\u0301"\n')
    assert broken(stated, post({"t": "e\u0301"})) == ["it"]


DOCUMENTS = sorted((ROOT / "examples").glob("p*/*.json"))


def spelled(value: Any, rng: random.Random) -> Any:
    """Return JSON of which some texts and names are in form NFD."""

    def text(each: str) -> str:
        return unicodedata.normalize("NFD", each) if rng.random() < 0.7 else each

    if isinstance(value, dict):
        return {text(name): spelled(each, rng) for name, each in value.items()}
    if isinstance(value, list):
        return [spelled(each, rng) for each in value]
    return text(value) if isinstance(value, str) else value


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_document_is_decided_alike_in_every_spelling(path):
    bergen = installed_policy()
    document = json.loads(path.read_text(encoding="utf-8"))
    apart = spelled(document, random.Random(path.stem))
    own = bergen.content_digest(document)
    for each in apart.get("attestations", ()):  # on this spelling, where they were on the other
        if each["content_digest"] == own:
            each["content_digest"] = bergen.content_digest(apart)
    before = copy.deepcopy(apart)

    def plain(decision: Any) -> Any:
        return [
            (each.rule, each.outcome, each.at, each.facts, each.missing, each.message)
            for each in decision.findings
        ]

    wanted = bergen.evaluate(document)
    found = bergen.evaluate(apart)
    assert plain(found) == plain(wanted)
    assert found.citations == wanted.citations
    assert (
        found == bergen.explain(apart).decision == next(iter(evaluate_many([apart], policy=bergen)))
    )
    assert apart == before
    texts_of = {each.at: each for finding in found.findings for each in finding.detections}
    for at, each in texts_of.items():
        value: Any = apart
        for step in at.split("/")[1:]:
            value = value[int(step)] if isinstance(value, list) else value[step]
        assert 0 <= each.span[0] <= each.span[1] <= len(value)
    assert parse_json(json.dumps(apart, ensure_ascii=False).encode()) == apart


@examples(60)
@given(texts)
def test_both_evaluators_agree_on_any_text(policy, text):
    document = post({"short": text, "liste": [{"id": text[:9], "tekst": text}]})
    if 2 <= len(normal(text)) <= 4:
        assert policy.evaluate(document) == policy.explain(document).decision
        return
    for decide in (policy.evaluate, policy.explain):
        with pytest.raises(InvalidDocument) as refused:
            decide(document)
        assert [each.pointer for each in refused.value.errors] == ["/short"]
