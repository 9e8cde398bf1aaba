"""CEL: Google's C++ implementation."""

from __future__ import annotations

from itertools import compress

NAME = "CEL (Google, C++)"
NOTE = "cel-expr-python: lists of 500 conditions, evaluated at once; variables of type DYN"
_A_LIST = 500


def prepare(rules, folder, synthetic):
    from peers.schema import schema
    from peers.translations.cel import cel

    return {
        "ids": [rule.id for rule in rules],
        "conditions": [cel(rule.condition) for rule in rules],
        "variables": list(schema("post")["properties"]),
    }


def load(artefact):
    from cel_expr_python import cel

    variables = dict.fromkeys(artefact["variables"], cel.Type.DYN)
    environment = cel.NewEnv(variables=variables)
    ids, conditions = artefact["ids"], artefact["conditions"]
    lists = [
        (
            ids[at : at + _A_LIST],
            environment.compile(f"[{', '.join(conditions[at : at + _A_LIST])}]").eval,
        )
        for at in range(0, len(ids), _A_LIST)
    ]
    if len(lists) == 1:
        evaluate = lists[0][1]
        return lambda document: set(compress(ids, evaluate(data=document).plain_value()))

    def decide(document):
        given = environment.Activation(document)
        return {
            id for some, evaluate in lists for id in compress(some, evaluate(given).plain_value())
        }

    return decide
