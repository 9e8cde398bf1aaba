"""The fast validator never accepts what the reference validator refuses, and the other way."""

import copy
import json
import random
from pathlib import Path

import pytest

from somepolicy import Policy
from somepolicy.runtime.schema_errors import Validator

ROOT = Path(__file__).parents[2]
VALUES = [
    None, True, False, 0, 1, -1, 1.0, 1.5, -0.0, 1e308, 2**53, "", " ", "x", "x" * 600, "2026-02-30",
    "2026-11-22", "2026-11-22\n", "2026-11-22T10:00:00", "2026-11-22T10:00:00Z", "2026-11-22t10:00:00z",
    "2026-11-22T10:00:00+01:00", "2026-11-22T24:00:00Z", "2026-11-22T10:00:60Z", "٢٠٢٦-١١-٢٢",
    "http://x.example", "http:// x", "nb", "nb\n", "nb-NO", "sha256:" + "0" * 64, "sha256:" + "0" * 64 + "\n",
    [], {}, [1], ["x"], [[]], [{}], {"x": 1}, "\u00a0", "\u200b", "facebook", "image", "08-16", "24-24", "25-01",
]  # fmt: skip


@pytest.fixture(scope="module")
def validators():
    policy = Policy.load(ROOT / "policy" / "bergen")
    return {name: Validator(kind.schema) for name, kind in policy.program.kinds.items()}


def _places(value, path=()):
    yield path
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _places(member, (*path, name))
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from _places(element, (*path, index))


def _changed(document, rng):
    document = copy.deepcopy(document)
    path = rng.choice([each for each in _places(document) if each])
    parent = document
    for step in path[:-1]:
        parent = parent[step]
    match rng.randrange(4):
        case 0 if isinstance(parent, dict):
            del parent[path[-1]]
        case 1 if isinstance(parent, dict):
            parent[rng.choice(["x", "kind", "id", "status", "url", "text", "medai"])] = rng.choice(
                VALUES
            )
        case _:
            parent[path[-1]] = copy.deepcopy(rng.choice(VALUES))
    return document


DOCUMENTS = sorted((ROOT / "examples").glob("*/*.json"))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_the_two_validators_agree(path, validators):
    document = json.loads(path.read_text(encoding="utf-8"))
    rng = random.Random(path.stem)
    validator = validators[document["kind"]]
    refused = 0
    for _ in range(40):
        changed = _changed(document, rng)
        if rng.random() < 0.5:
            changed = _changed(changed, rng)
        told = validator.reference_errors(changed)
        refused += bool(told)
        assert validator.accepts(changed) == (not told), (changed, told)
    assert refused
