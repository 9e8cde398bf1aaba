"""The compiled validator never takes what jsonschema refuses, nor leaves it what needs no cleaning."""

import copy
import json
import random
from pathlib import Path

import pytest

from somepolicy import Policy
from somepolicy.engine.schema_errors import Validator
from tests.examples import one_in

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
    evaluator = Policy.load(ROOT / "policy" / "bergen").evaluator
    schemas = evaluator.code.slow_function("schemas")
    return {name: (evaluator.validators[name], Validator(schemas[name])) for name in schemas}


def _needs_cleaning(value):
    """Whether a value holds a null, or a number that is not in its canonical form."""
    if isinstance(value, dict):
        return any(map(_needs_cleaning, value.values()))
    if isinstance(value, list):
        return any(map(_needs_cleaning, value))
    return value is None or (isinstance(value, float) and value.is_integer()) or value == 2**53


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


KINDS = ("post", "private_post", "profile")
DOCUMENTS = sorted(path for kind in KINDS for path in (ROOT / "examples" / kind).glob("*.json"))


@pytest.mark.parametrize("path", one_in(6, DOCUMENTS), ids=lambda path: path.stem)
def test_the_two_validators_agree(path, validators):
    document = json.loads(path.read_text(encoding="utf-8"))
    rng = random.Random(path.stem)
    accepts, validator = validators[document["kind"]]
    assert accepts(document)
    refused = 0
    for _ in range(40):
        changed = _changed(document, rng)
        if rng.random() < 0.5:
            changed = _changed(changed, rng)
        told = validator.errors(changed)
        refused += bool(told)
        if accepts(changed):
            assert not told, (changed, told)
        else:
            assert told or _needs_cleaning(changed), changed
    assert refused
