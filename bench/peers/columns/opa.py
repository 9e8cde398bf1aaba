"""OPA itself: its Go library in a wheel."""

from __future__ import annotations

NAME = "OPA (Go library)"
NOTE = "opa-golib-python-bindings; a dict through eval_document, JSON through its own byte path"


def prepare(rules, folder, synthetic):
    from peers.translations.rego import rego

    return rego(rules)


def _engine(artefact):
    from opa_bindings import OpaEngine

    engine = OpaEngine()
    engine.add_policy("policy.rego", artefact)
    return engine


def load(artefact):
    ask = _engine(artefact).eval_document
    return lambda document: set(ask("policy.violated", document))


def load_json(artefact):
    engine = _engine(artefact)
    function, call = engine._lib.OpaEvalDocument, engine._call

    def decide(raw):
        answer = call(function, b"policy.violated", raw, 0, 0)
        return set(answer["result"][0]["expressions"][0]["value"])

    return decide
