"""What the compiled validator takes is valid and needs no cleaning, whatever the schema and the value."""

from __future__ import annotations

import copy
import datetime
import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from somepolicy.engine.errors import InvalidDocument
from somepolicy.installed import installed_policy
from tests.engine.drawn_schemas import ODD, Drawer, Level, Listed, Real, Text, Whole, Word
from tests.engine.schema_cases import Checked, checked, cleaned
from tests.examples import examples

EXAMPLES = Path(__file__).parents[2] / "examples"
KINDS = ("post", "private_post", "profile")
DOCUMENTS = [
    json.loads(path.read_text(encoding="utf-8"))
    for kind in KINDS
    for path in sorted((EXAMPLES / kind).glob("*.json"))
]


def same(value: Any, other: Any) -> bool:
    """Whether two values are equal and of the same types; names count as what they spell."""
    if type(value) is not type(other):
        return False
    if isinstance(value, dict):
        return list(value) == list(other) and all(same(value[name], other[name]) for name in value)
    if isinstance(value, list):
        return len(value) == len(other) and all(map(same, value, other))
    return bool(value == other) and repr(value) == repr(other)


def document(value: object) -> dict[str, object]:
    return {"kind": "post", "id": "1", "value": value}


def takes(field: Checked, value: object) -> bool:
    """Ask the compiled validator, and hold a yes against the way that all else goes."""
    taken = field.accepts(document(value))
    if taken:
        clean, errors = cleaned(document(value))
        assert errors == []
        assert same(document(value), clean)
        assert field.validator.errors(clean) == []  # type: ignore[arg-type]
    return taken


def hold(seed: int, values: int, seen: Counter[str]) -> None:
    drawer = Drawer(seed)
    schema = drawer.field()
    field = checked(schema)
    for _ in range(values):
        value = drawer.value(schema)
        clean, errors = cleaned(document(value))
        taken = field.accepts(clean)
        assert taken is (errors == [] and field.errors(clean) == []), (schema, value)
        composed = not same(document(value), clean)
        assert takes(field, value) is (taken and not composed)
        seen["taken" if taken else "refused"] += 1
        seen["composed and taken"] += taken and composed
        seen["odd and taken"] += takes(field, drawer.spoilt(value))


@pytest.mark.slow
@examples(120)
@given(st.integers(0, 2**32 - 1))
def test_drawn_schemas(seed):
    hold(seed, 6, Counter())


@pytest.mark.slow
def test_what_is_drawn_is_taken_and_refused():
    seen: Counter[str] = Counter()
    for seed in range(160):
        hold(seed, 6, seen)
    assert min(seen["taken"], seen["refused"], 10 * seen["odd and taken"]) > 30, seen
    assert seen["composed and taken"] > 5, seen


@pytest.mark.slow
def test_drawn_schemas_for_long():
    for seed in range(10_000):
        hold(seed, 8, Counter())


CLEANED = [
    (Whole(1), 1),
    (Real(0.5), 0.5),
    (Real(2.0), 2),
    (1.0, 1),
    (-0.0, 0),
    (Text("a"), "a"),
    (Word.A, "a"),
    (Level.ONE, 1),
    (Listed(["a", 1.0]), ["a", 1]),
    ({"a": None, "b": {"c": None}}, {"b": {}}),
]


@pytest.mark.parametrize(("value", "plain"), CLEANED, ids=lambda each: type(each).__name__)
def test_what_is_cleaned_is_what_it_says(value, plain):
    clean, errors = cleaned(value)
    assert errors == []
    assert same(clean, plain)


# --- documents of the policy


def spoilt(drawer: Drawer, whole: Any) -> Any:
    """Return the document with something odd in it; `kind` stays, so that it is asked for."""
    value = drawer.spoilt({name: each for name, each in whole.items() if name != "kind"})
    return {"kind": whole["kind"], **value} if isinstance(value, dict) else value


AT = datetime.datetime(
    2026, 11, 22, 12, tzinfo=datetime.UTC
)  # two decisions may stand on two seconds


def answered(whole: Any) -> bool:
    """Evaluate the document; what is decided is decided on the document as it is cleaned."""
    policy = installed_policy()
    try:
        decision = policy.evaluate(whole, as_of=AT).to_json()
    except InvalidDocument as error:
        if not error.errors:
            raise
        return False
    clean, errors = cleaned(whole)
    assert errors == []
    assert policy.evaluate(clean, as_of=AT).to_json() == decision
    return True


def stated(whole: dict[str, Any]) -> dict[str, Any]:
    """Return a copy that says when it is decided, so that no clock is read."""
    return copy.deepcopy({"as_of": "2026-11-22T12:00:00+01:00", **whole})


@examples(100)
@given(st.integers(0, 2**32 - 1))
def test_documents_with_something_odd(seed):
    drawer = Drawer(seed)
    answered(spoilt(drawer, stated(drawer.pick(DOCUMENTS))))


@pytest.mark.slow
def test_documents_with_something_odd_for_long():
    seen: Counter[bool] = Counter()
    for seed in range(20_000):
        drawer = Drawer(seed)
        seen[answered(spoilt(drawer, stated(drawer.pick(DOCUMENTS))))] += 1
    assert min(seen.values()) > 500, seen


@pytest.mark.parametrize("make", ODD)
def test_each_odd_value_everywhere_at_the_top(make):
    """As the whole document, as each of its members, and as a member that is unknown."""
    value = make()
    assert not answered(value)
    whole = stated(random.Random(1).choice(DOCUMENTS))
    for name in (*whole, "unknown"):
        answered({**whole, name: value})


def test_names_of_another_type_change_nothing():
    """The compiled validator takes them as they are: a decision shows no name of the document's."""
    for each in map(stated, DOCUMENTS):
        renamed = json.loads(
            json.dumps(each), object_pairs_hook=lambda pairs: {Text(k): v for k, v in pairs}
        )
        assert type(next(iter(renamed))) is Text
        policy = installed_policy()
        assert policy.evaluate(renamed).to_json() == policy.evaluate(each).to_json()


class Twin(str):
    """A text that equals itself alone."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


def test_two_members_of_one_name():
    """Neither is dropped unseen."""
    whole = stated(DOCUMENTS[0])
    with pytest.raises(InvalidDocument) as caught:
        installed_policy().evaluate({**whole, Twin("id"): "another"})
    assert [(error.code, error.pointer) for error in caught.value.errors] == [("D104", "")]
