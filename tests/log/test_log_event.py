"""An event holds what the allow-list names, and nothing else of a document."""

from __future__ import annotations

import io
import json
import uuid
from dataclasses import replace

import pytest

from somepolicy import InvalidDocument
from somepolicy.cli.show.log import show_entry
from somepolicy.cli.terminal import Page, console
from somepolicy.engine.decision import NotCounted, Unset
from somepolicy.log import KindRefusedError, event_of, from_json, to_json
from somepolicy.log.event import refusal_of, unit_mark
from somepolicy.log.export import opa_line
from tests.log.log_cases import EXAMPLES, KEY, START, bergen, event, example, with_logging


def names(*folders):
    return [f"{folder}/{path.stem}" for folder in folders for path in (EXAMPLES / folder).iterdir()]


PRIVATE = sorted(names("private_post"))
PUBLIC = sorted(names("profile", "post"))


def made(policy, document, **changes):
    decision = policy.evaluate(document)
    arguments = {"key": KEY, "time": START, "id": str(uuid.UUID(int=1))} | changes
    return event_of(policy, document, decision, **arguments)


@pytest.mark.parametrize("name", PUBLIC)
def test_an_event_says_what_the_decision_says(name):
    document = example(name)
    decision = bergen().evaluate(document)
    found = event(name)
    assert (found.decision, found.because) == (decision.decision, decision.because)
    assert list(found.clauses.items()) == [(c.clause, c.status) for c in decision.citations]
    assert [f.rule for f in found.findings] == [f.rule for f in decision.findings]
    assert [f.missing for f in found.findings] == [f.missing for f in decision.findings]
    assert found.unit_type == document["unit"]["type"]
    assert found.platform == document.get("platform", document.get("channel", {}).get("platform"))
    assert from_json(to_json(found)) == found
    assert list(from_json(to_json(found)).clauses) == list(found.clauses)


def test_an_event_says_what_did_not_count_and_what_has_no_value_yet():
    """By pointer and reason, with no text; an entry that they do not concern has neither."""
    found = event("post/stale-attestation")
    decision = bergen().evaluate(example("post/stale-attestation"))
    noted = {note.rule: note.not_counted for note in found.findings}
    assert noted == {each.rule: each.not_counted for each in decision.findings}
    assert {each.why for given in noted.values() for each in given} == {"content"}
    assert b"unset" not in to_json(found)
    assert b"not_counted" not in to_json(event())
    first = replace(found.findings[0], unset=(Unset("limit", "2027-01-01"),))
    with_both = replace(found, findings=(first, *found.findings[1:]))
    assert from_json(to_json(with_both)) == with_both
    plain = json.loads(to_json(with_both))["findings"]
    assert plain[0]["unset"] == [["limit", "2027-01-01"]]
    exported = json.loads(opa_line(with_both, "0" * 32))["result"]["findings"]
    assert [each.get("not_counted") for each in exported] == [
        each.get("not_counted") for each in plain
    ]
    assert exported[0]["unset"] == plain[0]["unset"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("limit has no value before 2027-01-01", "Not counted: /attestations/0: ")),
        ("nb", ("limit har ingen verdi før 2027-01-01", "Teller ikke: /attestations/0: ")),
        ("nn", ("limit har ingen verdi før 2027-01-01", "Tel ikkje: /attestations/0: ")),
    ],
)
def test_they_are_shown_with_the_entry(language, words):
    found = event("post/stale-attestation")
    made = replace(
        found.findings[0],
        unset=(Unset("limit", "2027-01-01"),),
        not_counted=(NotCounted("/attestations/0", "role"),),
    )
    page = Page(console(io.StringIO()))
    show_entry(page, replace(found, findings=(made,)), language, full=True)
    text = "\n".join(line.plain for line in page.lines)
    for each in words:
        assert each in text


@pytest.mark.parametrize("name", PRIVATE)
def test_a_private_post_makes_no_event(name):
    document = example(name)
    with pytest.raises(KindRefusedError) as refused:
        made(bergen(), document)
    assert "profile, post" in refused.value.help


def test_without_a_table_nothing_may_be_logged():
    bare = with_logging(kinds=())
    with pytest.raises(KindRefusedError, match="none"):
        made(bare, example("post/class-photo"))


def test_the_bytes_are_canonical():
    raw = to_json(event())
    assert (
        raw
        == json.dumps(
            json.loads(raw), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        ).encode()
    )
    assert raw == to_json(from_json(raw))


UNITS = {
    # pattern, id in the document -> whether it is logged as it is
    "no pattern": (None, "nord-1", False),
    "fits": ("[a-z]+-[0-9]+", "nord-1", True),
    "part of it fits": ("[a-z]+", "nord-1", False),
    "ends in a line end": ("[a-z]+", "nord\n", False),
    "space, though the pattern has it": ("[a-z ]+", "kari nord", False),
    "other white space": ("(?s:.+)", "kari\u00a0nord", False),
    "too long": (".+", "n" * 41, False),
    "as long as allowed": (".+", "n" * 40, True),
    "identity number": (".+", "15876500565", False),
    "identity number in parts": (".+", "158765-00565", False),
    "in other digits": (
        ".+",
        "\uff11\uff15\uff18\uff17\uff16\uff15\uff10\uff10\uff15\uff16\uff15",
        False,
    ),
    "organisation number": (".+", "974760673", True),
    "direction marks": (".+", "nord\u202e", False),
}


@pytest.mark.parametrize(("pattern", "unit", "plain"), UNITS.values(), ids=UNITS)
def test_what_is_no_unit_id_is_a_keyed_mark(pattern, unit, plain):
    document = example("post/road-closure")
    document["unit"]["id"] = unit
    policy = with_logging(unit_ids=pattern)
    found = made(policy, document).unit_id
    assert found == (unit if plain else unit_mark(unit, KEY))
    other = made(policy, document, key=b"another key of the tests").unit_id
    assert (other == found) == plain


def test_the_digest_of_the_document_is_keyed():
    document = example("post/road-closure")
    digest = bergen().content_digest(document).removeprefix("sha256:")
    first, second = made(bergen(), document), made(bergen(), document, key=b"another key of ours")
    assert first.document.startswith("hmac-sha256:")
    assert digest not in to_json(first).decode()
    assert first.document != second.document


def test_a_decision_without_digest_has_none():
    document = example("post/road-closure")
    decision = bergen().evaluate(document, digest=False)
    found = event_of(bergen(), document, decision, key=KEY, time=START, id=str(uuid.uuid4()))
    assert found.document is None
    assert from_json(to_json(found)) == found


def test_further_fields_are_named_one_by_one():
    document = example("post/road-closure")
    fields = {"post": (("format",), ("emergency",), ("hashtags",), ("competition", "prize"))}
    found = made(with_logging(fields=fields), document).fields
    wanted = {
        name: document[name] for name in ("format", "emergency", "hashtags") if name in document
    }
    assert found == wanted
    assert found["format"] == document["format"]


MISMATCHES = {
    "another document": {"id": "other"},
    "another kind": {"kind": "profile"},
}


@pytest.mark.parametrize("change", MISMATCHES.values(), ids=MISMATCHES)
def test_the_decision_is_on_the_document(change):
    document = example("post/road-closure")
    decision = bergen().evaluate(document)
    with pytest.raises(ValueError, match="not one on this document"):
        event_of(bergen(), document | change, decision, key=KEY, time=START, id=str(uuid.uuid4()))


def test_the_decision_is_of_the_policy():
    document = example("post/road-closure")
    other = bergen().with_parameters({"negative_safeguard": "advise"})
    with pytest.raises(ValueError, match="not one of this policy"):
        event_of(
            bergen(), document, other.evaluate(document), key=KEY, time=START, id=str(uuid.uuid4())
        )


@pytest.mark.parametrize("change", [{"id": "a text"}, {"time": START.replace(tzinfo=None)}])
def test_id_and_time_have_their_form(change):
    with pytest.raises(ValueError):
        made(bergen(), example("post/road-closure"), **change)


def test_a_value_outside_the_list_does_not_get_through():
    document = example("post/road-closure")
    decision = bergen().evaluate(document)
    document["channel"]["platform"] = "a text of somebody"
    found = event_of(bergen(), document, decision, key=KEY, time=START, id=str(uuid.uuid4()))
    assert found.platform is None


REFUSALS = {
    "a post": ({"kind": "post", "id": 3}, {"D302": 4}),
    "a private post": ({"kind": "private_post", "id": 3}, None),
    "no kind": ({"id": "x"}, None),
    "a misspelt kind": ({"kind": "privat_post"}, None),
    "no object": (["post"], None),
    "a kind that is no text": ({"kind": ["post"]}, None),
}


@pytest.mark.parametrize(("document", "errors"), REFUSALS.values(), ids=REFUSALS)
def test_of_a_malformed_document_only_codes_are_kept(document, errors):
    with pytest.raises(InvalidDocument) as raised:
        bergen().evaluate(document)
    found = refusal_of(
        bergen(), document, raised.value, engine="1", time=START, id=str(uuid.uuid4())
    )
    if errors is None:
        assert found is None
    else:
        assert found.kind == "post"
        assert sum(found.errors.values()) == len(raised.value.errors)
        assert all(code.startswith("D") for code in found.errors)


BROKEN = [b"", b"[]", b"{}", b'{"type":"other"}', b'{"type":"decision"}', b"\xff", b"[" * 100_000]


@pytest.mark.parametrize("raw", BROKEN, ids=range(len(BROKEN)))
def test_what_is_no_event_is_a_value_error(raw):
    with pytest.raises(ValueError, match="not an entry of a decision log"):
        from_json(raw)


@pytest.mark.parametrize("member", sorted(json.loads(to_json(event()))))
def test_each_member_is_needed_and_has_its_type(member):
    plain = json.loads(to_json(event()))
    del plain[member]
    with pytest.raises(ValueError, match="not an entry"):
        from_json(json.dumps(plain).encode())
    plain[member] = {"no": {"such": "thing"}}
    with pytest.raises(ValueError, match="not an entry"):
        from_json(json.dumps(plain).encode())
