"""The fast way to canonical JSON and the library that knows RFC 8785 give the same bytes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from somepolicy import Policy
from somepolicy.engine.digest import _canonical
from somepolicy.fast_json import _standard_encoder, dumps

ROOT = Path(__file__).parents[2]
MACHINE = Policy.load(ROOT / "policy" / "bergen").evaluator
POST = MACHINE.compiled.kinds["post"]
TEXT = st.text(st.characters(exclude_categories=("Cs",)))
NAME = st.text(st.characters(exclude_categories=("Cs",), max_codepoint=0xD7FF))
WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
VALUES = st.recursive(
    TEXT | WHOLE | st.booleans(),
    lambda inner: st.lists(inner) | st.dictionaries(NAME, inner),
    max_leaves=20,
)


@pytest.mark.slow
@given(st.dictionaries(NAME, VALUES))
def test_texts_and_whole_numbers(content):
    assert POST.plain_names
    assert _canonical(content, POST) == rfc8785.dumps(content)
    assert _standard_encoder()(content).encode() == rfc8785.dumps(content)


def test_orjson_is_not_loaded_for_it(monkeypatch):
    content = {"b": ["\u2028\x7f\x1f", 1], "a": {}}
    found = [_canonical(content, POST)]
    monkeypatch.delitem(sys.modules, "orjson", raising=False)
    found.append(_canonical(content, POST))
    assert "orjson" not in sys.modules
    found.append(dumps(content) and _canonical(content, POST))
    assert set(found) == {rfc8785.dumps(content)}


def test_names_of_a_type_derived_from_texts():
    class Name(str):
        __slots__ = ()

    assert _canonical({Name("b"): 1, "a": 2}, POST) == b'{"a":2,"b":1}'


@pytest.mark.parametrize(
    ("hours", "written"),
    [(7.5, "7.5"), (1e-7, "1e-7"), (1e21, "1e+21"), (1e20, "100000000000000000000")],
)
def test_decimals_are_left_to_the_library(hours, written):
    content = {"staffing": {"hours_per_week": hours}}
    assert _canonical(content, MACHINE.compiled.kinds["profile"]) == (
        b'{"staffing":{"hours_per_week":%b}}' % written.encode()
    )


def test_every_example():
    for kind, descriptor in MACHINE.compiled.kinds.items():
        for path in (ROOT / "examples" / kind).glob("*.json"):
            document = json.loads(path.read_text("utf-8"))
            assert _canonical(document, descriptor) == rfc8785.dumps(document)


def test_who_goes_on_deciding_loads_orjson():
    document = (ROOT / "examples" / "post" / "road-closure.json").read_text("utf-8")
    program = (
        "import json, sys, somepolicy\n"
        f"document = json.loads({document!r})\n"
        "loaded = []\n"
        "for _ in range(12):\n"
        "    loaded.append('orjson' in sys.modules)\n"
        "    somepolicy.evaluate(document)\n"
        "print(loaded.count(False))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "10\n"
