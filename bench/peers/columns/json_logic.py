"""JSON Logic: datalogic, Rust. It has no patterns: they are a Python function it calls back."""

from __future__ import annotations

from itertools import compress

NAME = "JSON Logic (datalogic, Rust)"
NOTE = "datalogic-py: one compiled list; patterns by Python's `re`, called back with JSON text"


def prepare(rules, folder, synthetic):
    from peers.translations.json_logic import json_logic

    return {
        "ids": [rule.id for rule in rules],
        "conditions": [json_logic(rule.condition) for rule in rules],
    }


def _evaluator(artefact):
    import json
    import re

    import datalogic_py

    def found(arguments):
        text, pattern = json.loads(arguments)
        return "true" if re.search(pattern, text) else "false"

    engine = datalogic_py.Engine(custom_operators={"found": found})
    return engine, engine.compile(artefact["conditions"]).evaluate


def load(artefact):
    engine, evaluate = _evaluator(artefact)
    ids = artefact["ids"]

    def decide(document, engine=engine):  # the engine lives as long as the function
        return set(compress(ids, evaluate(document)))

    return decide


def load_json(artefact):
    decide = load(artefact)
    return lambda raw: decide(raw.decode())
