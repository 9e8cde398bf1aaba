"""The fast way to canonical JSON and the library that knows RFC 8785 give the same bytes."""

import json
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from somepolicy import Policy
from somepolicy.runtime.digest import _canonical

ROOT = Path(__file__).parents[2]
MACHINE = Policy.load(ROOT / "policy" / "bergen").machine
POST = MACHINE.executable.kinds["post"]
TEXT = st.text(st.characters(exclude_categories=("Cs",)))
NAME = st.text(st.characters(exclude_categories=("Cs",), max_codepoint=0xD7FF))
WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
VALUES = st.recursive(
    TEXT | WHOLE | st.booleans(),
    lambda inner: st.lists(inner) | st.dictionaries(NAME, inner),
    max_leaves=20,
)


@given(st.dictionaries(NAME, VALUES))
def test_texts_and_whole_numbers(content):
    assert POST.plain_names
    assert _canonical(content, POST) == rfc8785.dumps(content)


@pytest.mark.parametrize(
    ("hours", "written"),
    [(7.5, "7.5"), (1e-7, "1e-7"), (1e21, "1e+21"), (1e20, "100000000000000000000")],
)
def test_decimals_are_left_to_the_library(hours, written):
    content = {"staffing": {"hours_per_week": hours}}
    assert _canonical(content, MACHINE.executable.kinds["profile"]) == (
        b'{"staffing":{"hours_per_week":%b}}' % written.encode()
    )


def test_every_example():
    for kind, card in MACHINE.executable.kinds.items():
        for path in (ROOT / "examples" / kind).glob("*.json"):
            document = json.loads(path.read_text("utf-8"))
            assert _canonical(document, card) == rfc8785.dumps(document)
