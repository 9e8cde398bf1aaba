"""The limit for any rules: Python generated from them, one `if` a rule, an index on a guard."""

from __future__ import annotations

import re

NAME = "generated Python, no validation (limit_generated)"
NOTE = "one `if` a rule in functions of 500; rules that begin with the same equality of `campaign` together"


def prepare(rules, folder, synthetic):
    from peers.translations.python import python

    return python(rules)


def load(artefact):
    scope = {name: re.compile(pattern).search for pattern, name in artefact["patterns"].items()}
    exec(compile(artefact["source"], "<rules>", "exec"), scope)
    functions, index = scope["FUNCTIONS"], scope["INDEX"].get

    def decide(document):
        violated = set()
        for function in functions:
            function(document, violated.add)
        guarded = index(document["campaign"])
        if guarded is not None:
            guarded(document, violated.add)
        return violated

    return decide
