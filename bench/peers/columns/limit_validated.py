"""The limit: validation in Python made for the schema, then the hand-written rules."""

from __future__ import annotations

import re

from peers.columns import hand_rules

NAME = "hand-written Python with validation (limit_validated)"
NOTE = "a validator written out for the schema, without error messages, then the rules above"
FORTY_ONLY = True
_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


class _InvalidError(ValueError):
    pass


def refuse(where):
    raise _InvalidError(where)


def prepare(rules, folder, synthetic):
    from peers.translations.validation import validation

    sources = {kind: validation(kind) for kind in ("post", "profile")}
    return {"sources": sources, "rules": hand_rules.prepare(rules, folder, synthetic)}


def load(artefact):
    checks = {kind: _compiled(source) for kind, source in artefact["sources"].items()}
    rules = hand_rules.load(artefact["rules"])

    def decide(document):
        checks[document["kind"]](document)
        return rules(document)

    return decide


def _compiled(source):
    scope = {"date": _DATE.fullmatch, "refuse": refuse}
    exec(compile(source, "<schema>", "exec"), scope)
    return scope["check"]
