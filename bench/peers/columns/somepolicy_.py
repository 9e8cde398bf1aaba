"""somepolicy as its user has it: a folder is loaded and checked, a decision is the whole answer."""

from __future__ import annotations

import datetime

NAME = "somepolicy"
CACHES = True
NOTE = (
    "validation against the schema, three-valued, findings with places, every clause cited, digest"
)
DIGEST = True
_AS_OF = datetime.datetime(2025, 9, 1, 10, tzinfo=datetime.UTC)


def prepare(rules, folder, synthetic):
    from pathlib import Path

    from peers.policy_folder import write_policy

    return str(write_policy(Path(folder), rules, synthetic=synthetic))


def load(artefact, digest=DIGEST):
    from somepolicy import Policy

    evaluate = Policy.load(artefact).evaluate

    def decide(document):
        decision = evaluate(document, as_of=_AS_OF, digest=digest)
        return {found.rule for found in decision.findings if found.outcome == "violated"}

    return decide


def load_json(artefact, digest=DIGEST):
    from somepolicy import Policy, parse_json

    policy = Policy.load(artefact)
    if hasattr(policy, "evaluate_json"):
        evaluate_json = policy.evaluate_json

        def decide(raw):
            decision = evaluate_json(raw, as_of=_AS_OF, digest=digest)
            return {found.rule for found in decision.findings if found.outcome == "violated"}

        return decide
    evaluate = policy.evaluate

    def decide_parsed(raw):
        decision = evaluate(parse_json(raw), as_of=_AS_OF, digest=digest)
        return {found.rule for found in decision.findings if found.outcome == "violated"}

    return decide_parsed
