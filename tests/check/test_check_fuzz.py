"""A policy gone wrong anywhere ends in a Policy that decides, or in PolicyError: nothing else."""

from __future__ import annotations

import datetime
import json
import random
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from somepolicy.engine.errors import InvalidDocument
from somepolicy.policy import Policy
from somepolicy.syntax.diagnostics import Diagnostic, PolicyError, render
from tests.diagnostics.example_policy import BASE
from tests.examples import examples

BERGEN = Path(__file__).parents[2] / "policy" / "bergen"
SCHEMAS = Path(__file__).parents[2] / "schemas"
QUICK = examples(30)
LONG = settings(max_examples=600, derandomize=False)

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
_TOKEN = re.compile(r'"(?:[^"\n]|"")*"|#[^\n]*|\n|[ \t]+|[\w.\[\]]+|==|!=|<=|>=|.')
DOCUMENTS = [
    {"kind": "post", "id": "a"},
    {"kind": "note", "id": "b", "body": "x", "mark": 3},
    {
        "kind": "post",
        "id": "c",
        "body": "En tekst! Den er kort.",
        "urgent": True,
        "competition": False,
        "tone": "formal",
        "channel": "web",
        "length": 3,
        "share": 0.5,
        "published": "2026-11-22T12:00:00+01:00",
        "until": "2026-11-30",
        "from": "2026-11-01",
        "groups": ["pupils"],
        "media": [
            {"id": "m", "kind": "image", "cleared": True, "people": [{"agreed": True}]},
            {"id": "n", "kind": "video", "people": [{"roles": ["a"]}]},
        ],
    },
]


@cache
def tokens_of(path: Path) -> tuple[str, ...]:
    return tuple(_TOKEN.findall(path.read_text(encoding="utf-8")))


def names_of(folder: Path) -> tuple[str, ...]:
    files = [path for path in folder.rglob("*") if path.suffix in (".pol", ".json", ".toml")]
    return tuple(sorted(path.relative_to(folder).as_posix() for path in files))


def spoilt(path: Path, chance: random.Random) -> str:
    """Delete, double, swap or exchange tokens: so that much of it is still well formed."""
    found = list(tokens_of(path))
    words = [token for token in found if token.strip()]
    for _ in range(chance.randint(1, 3)):
        place = chance.choice([i for i, token in enumerate(found) if token.strip()])
        match chance.choice(["delete", "double", "swap", "word", "word", "word", "odd"]):
            case "delete":
                del found[place]
            case "double":
                found.insert(place, f"{found[place]} ")
            case "swap":
                other = chance.randrange(len(found))
                found[place], found[other] = found[other], found[place]
            case "word":
                found[place] = chance.choice(words)
            case _:
                odd = ["", "0", "-1", "1e999", "null", "[]", "{}", "true", '"\\ud800"', "9" * 30]
                found[place] = chance.choice(odd)
    return "".join(found)


def ends_well(folder: Path) -> None:
    """Load; a policy that loads also decides, and both evaluators say the same."""
    found: tuple[Diagnostic, ...] = ()
    policy = None
    try:
        policy = Policy.load(folder)
        found = policy.warnings
    except PolicyError as error:
        found = error.diagnostics
    assert policy or found
    for diagnostic in found:
        render(diagnostic).encode()
    for document in DOCUMENTS if policy else ():
        try:
            decision = policy.evaluate(document, as_of=NOW)
        except InvalidDocument:  # the schema, spoilt too, may refuse the document
            continue
        assert policy.explain(document, as_of=NOW).decision == decision


def load_spoilt(seed: int) -> None:
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        shutil.copytree(BASE, folder, dirs_exist_ok=True)
        for _ in range(chance.choice([1, 1, 2])):
            name = chance.choice([*names_of(BASE), "post.pol", "post.pol"])
            (folder / name).write_text(spoilt(BASE / name, chance), encoding="utf-8")
        ends_well(folder)


@pytest.mark.parametrize("seed", range(4))
def test_the_base_policy_gone_wrong_a_few_times(seed: int) -> None:
    load_spoilt(seed)


@pytest.mark.slow
@examples(120)
@given(st.integers(min_value=0))
def test_the_base_policy_gone_wrong(seed: int) -> None:
    load_spoilt(seed)


@pytest.mark.slow
@LONG
@given(st.integers(min_value=0))
def test_the_base_policy_gone_wrong_often(seed: int) -> None:
    load_spoilt(seed)


def load_spoilt_bergen(seed: int) -> None:
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "policy" / "bergen"
        shutil.copytree(BERGEN, folder)
        shutil.copytree(SCHEMAS, Path(place) / "schemas")
        path = chance.choice([*sorted(folder.glob("*.*")), *sorted(Path(place).glob("schemas/*"))])
        path.write_text(spoilt(path, chance), encoding="utf-8")
        tokens_of.cache_clear()
        ends_well(folder)


@pytest.mark.slow
@examples(5)
@given(st.integers(min_value=0))
def test_the_policy_of_bergen_gone_wrong(seed: int) -> None:
    load_spoilt_bergen(seed)


@pytest.mark.slow
@settings(LONG, max_examples=80)
@given(st.integers(min_value=0))
def test_the_policy_of_bergen_gone_wrong_often(seed: int) -> None:
    load_spoilt_bergen(seed)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "type",
                    "properties",
                    "items",
                    "enum",
                    "const",
                    "required",
                    "$ref",
                    "format",
                    "maxItems",
                    "maxLength",
                    "default",
                    "x-absent",
                    "anyOf",
                    "if",
                    "then",
                    "pattern",
                    "unevaluatedProperties",
                    "$defs",
                    "minimum",
                    "a",
                    "kind",
                    "x-labels",
                ]
            ),
            inner
            | st.sampled_from(
                ["object", "array", "string", "boolean", "integer", "#", "#/$defs/a"]
            ),
            max_size=6,
        )
    ),
    max_leaves=20,
)


@examples(80)
@given(JSON, st.sampled_from(["properties", "$defs", "anyOf", "if", "required", None]))
def test_any_schema(content: object, key: str | None) -> None:
    schema = content
    if key is not None:
        schema = json.loads((BASE / "note.schema.json").read_text(encoding="utf-8"))
        known = schema.get(key)
        merge = isinstance(known, dict) and isinstance(content, dict)
        schema[key] = {**known, **content} if merge else content  # type: ignore[dict-item]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        shutil.copytree(BASE, folder, dirs_exist_ok=True)
        (folder / "note.schema.json").write_text(json.dumps(schema), encoding="utf-8")
        ends_well(folder)
