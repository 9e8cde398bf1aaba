"""What decisions say beyond what they always said, and on which of the examples, and why.

A decision that nothing here concerns has the members and the bytes that it had before there were
these: `assumed` beyond defaults, `unset`, `not_counted`.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from somepolicy.engine.decision import Decision
from somepolicy.ir import types as t
from somepolicy.policy import Policy

ROOT = Path(__file__).parents[2]
POLICIES = {
    "bergen": (ROOT / "policy" / "bergen", ROOT / "examples"),
    "fjellvik": (
        ROOT / "examples" / "policies" / "fjellvik",
        ROOT / "examples" / "policies" / "fjellvik" / "examples",
    ),
}
AS_OF = "2026-11-22T12:00:00+01:00"
NOW = ("/scheduled_at",)  # published at the time of the decision
ENDLESS = ("/media/0/consent/expires", "/media/0/rights/expires")  # neither has a last day
UNCREDITED = ("/media/0/consent/expires", "/media/0/credit", "/media/0/rights/expires")
MESSAGE = ("/corrects", "/goes_out")  # corrects nothing, goes out at the time of the decision
CONCERNED: dict[str, tuple[str, ...]] = {
    "post/class-photo": ("/media/0/rights/expires",),
    "post/class-photo-cleared": ("/media/0/rights/expires",),
    "post/comment": NOW,
    "post/decorative-image": ENDLESS,
    "post/direct-message": NOW,
    "post/expired-stock-licence": ("/media/0/consent/expires",),
    "post/fresh-attestation": NOW,
    "post/kindergarten-reply": NOW,
    "post/kindergarten-reply-referral": NOW,
    "post/live-video": ENDLESS,
    "post/look-alike-link-subdomain": ENDLESS,
    "post/look-alike-link-userinfo": ENDLESS,
    "post/newspaper-photo": ENDLESS,
    "post/open-licence-photo": ENDLESS,
    "post/reel-with-captions": ENDLESS,
    "post/resident-film-no-credit": UNCREDITED,
    "post/road-closure": ENDLESS,
    "post/road-closure-hard-to-read": ENDLESS,
    "post/shared-article": ENDLESS,
    "post/shared-partner-post": UNCREDITED,
    "post/stale-attestation": NOW,
    "post/story-with-image": ENDLESS,
    "post/swimming-pool-nynorsk": ENDLESS,
    "post/video-with-captions": ENDLESS,
    "account/junior-library": ("/logins/0/ended",),
    "account/just-an-idea": ("/last_message",),
    "account/road-watch": ("/last_message", "/logins/0/ended"),
    "draft/half-written": ("/goes_out",),
    "draft/too-early": ("/goes_out",),
    "message/bridge-closed": MESSAGE,
    "message/case-answer": MESSAGE,
    "message/ruling": MESSAGE,
    "message/tree-lighting": ("/corrects",),
}
NOT_COUNTED = {
    # the post was edited after the editor had answered for it
    "post/stale-attestation": {"no_case_in_text": [{"at": "/attestations/0", "why": "content"}]},
}


@cache
def policy(name: str) -> Policy:
    return Policy.load(POLICIES[name][0])


def examples() -> list[tuple[str, str]]:
    return [
        (name, path.relative_to(folder).with_suffix("").as_posix())
        for name, (_, folder) in POLICIES.items()
        for kind in policy(name).evaluator.compiled.kinds
        for path in sorted((folder / kind).glob("*.json"))
    ]


def decided(name: str, example: str) -> Decision:
    path = POLICIES[name][1] / f"{example}.json"
    return policy(name).evaluate({"as_of": AS_OF, **json.loads(path.read_bytes())})


def has_default(kind: t.Type, at: str) -> bool:
    field = None
    for step in at.split("/")[1:]:
        if isinstance(kind, t.ListOf):
            kind = kind.element
        else:
            assert isinstance(kind, t.Record)
            field = kind.fields[step]
            kind = field.type
    assert field is not None
    return field.has_default


@pytest.mark.parametrize(("name", "example"), examples())
def test_which_decisions_say_more(name: str, example: str) -> None:
    decision = decided(name, example)
    record = policy(name).program.kinds[decision.document.kind].schema.record
    beyond = tuple(at for at in decision.assumed if not has_default(record, at))
    assert beyond == CONCERNED.get(example, ())
    made = json.loads(decision.to_json())
    says = {each["rule"]: each["not_counted"] for each in made["findings"] if "not_counted" in each}
    assert says == NOT_COUNTED.get(example, {})
    optional = {"unset", "not_counted"}
    assert {*made} == {*json.loads(schema())["required"]}
    for each in made["findings"]:
        assert {*each} - optional == {*json.loads(schema())["$defs"]["finding"]["required"]}
        assert "unset" not in each


@cache
def schema() -> bytes:
    return (ROOT / "schemas" / "decision.schema.json").read_bytes()


def test_every_example_that_says_more_is_one() -> None:
    assert CONCERNED.keys() | NOT_COUNTED.keys() <= {example for _, example in examples()}


@pytest.mark.parametrize(
    ("member", "value", "valid"),
    [
        ("unset", [{"name": "limit", "from": "2027-01-01"}], True),
        ("unset", [], False),
        ("unset", [{"name": "limit", "since": "2027-01-01"}], False),
        ("unset", [{"name": "limit", "from": "soon"}], False),
        ("not_counted", [{"at": "/attestations/0", "why": "role"}], True),
        ("not_counted", [], False),
        ("not_counted", [{"at": "/attestations/0", "why": "mood"}], False),
    ],
)
def test_the_schema_of_decisions(member: str, value: list[Any], valid: bool) -> None:
    made = json.loads(decided("bergen", "post/stale-attestation").to_json())
    made["findings"][0][member] = value
    assert Draft202012Validator(json.loads(schema())).is_valid(made) is valid
