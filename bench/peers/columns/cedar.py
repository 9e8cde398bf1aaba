"""Cedar: Rust, through cedarpy. It has no patterns, quantifiers or order of texts."""

from __future__ import annotations

NAME = "Cedar"
NOTE = "cedarpy: what Cedar cannot ask (15 of the 40 rules) is given as booleans, not timed"


def prepare(rules, folder, synthetic):
    from peers.translations.cedar import cedar

    return cedar(rules)


def given(rules):
    from peers.translations import cedar

    return cedar.given(rules)


def load(artefact):
    return _decider(artefact, lambda document: document)


def load_json(artefact):
    return _decider(artefact, bytes.decode)


def _decider(artefact, context_of):
    import cedarpy

    policies = cedarpy.PolicySet.from_str(artefact)
    entities = cedarpy.Entities.from_json_str("[]")
    ask = cedarpy.is_authorized
    who = {"principal": 'User::"u"', "action": 'Action::"publish"', "resource": 'Post::"p"'}

    def decide(document):
        answer = ask({**who, "context": context_of(document)}, policies, entities)
        if answer.allowed:
            return set()
        return set(answer.diagnostics.id_annotations_by_reason.values())

    return decide
