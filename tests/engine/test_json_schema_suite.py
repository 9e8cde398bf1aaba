"""The official test suite of JSON Schema, as far as our subset goes, held against both validators.

Each schema of the suite becomes a field of a closed kind; a schema that the subset refuses is
counted. `json-schema-test-suite/README.md` says where the suite comes from.
"""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from somepolicy.syntax.diagnostics import PolicyError
from tests.engine.schema_cases import Checked, UnfitError, checked, cleaned, fitted, is_canonical
from tests.examples import one_in

SUITE = Path(__file__).parent / "json-schema-test-suite"
FILES = sorted(path.stem for path in SUITE.glob("*.json"))
SILENT = {"anyOf", "if-then-else"}  # of theirs, all look at more than we let a condition look at
ASKED = 327
SKIPPED = {
    "P604": 1527,
    "P604, P606": 12,
    "a list of values of several types": 15,
    "a reference that is no pointer": 43,
    "a reference that is no pointer to an object": 10,
    "no type for this value": 28,
    "null is absence": 57,
    "true or false as a schema": 24,
}
_TIME = "field: format-date-time: validation of date-time strings"
_LEAP = "Python's calendar has no leap second"
_OPENED = "a condition that names members beside `properties` opens nothing here"
_ANY_OF = "field: unevaluatedProperties: unevaluatedProperties with anyOf"
DIFFERENT = {
    f"{_TIME}: a valid date-time with a leap second, UTC": _LEAP,
    f"{_TIME}: a valid date-time with a leap second, with minus offset": _LEAP,
    f"{_TIME}: case-insensitive T and Z": "one form of a time: T and Z are capitals",
    f"{_ANY_OF}: when one matches and has no unevaluated properties": _OPENED,
    f"{_ANY_OF}: when two match and has no unevaluated properties": _OPENED,
}
"""Valid for the suite, refused by us: why."""


class Case(NamedTuple):
    """One instance of the suite: whether it is valid, and why we say nothing of it, if so."""

    name: str
    instance: Any
    valid: bool
    field: Checked | None
    skipped: str

    @property
    def document(self) -> dict[str, Any]:
        return {"kind": "post", "id": "1", "value": self.instance}


def as_field(schema: Any, instance: object) -> Checked:
    """The schema is that of the field."""
    return checked(fitted(schema, instance))


def as_condition(schema: Any, instance: object) -> Checked:
    """The field may be anything of its type, and the kind asks for the schema."""
    if isinstance(schema, dict) and schema.keys() - {"$schema"} == {"anyOf"}:
        branches = [about_value(each) for each in schema["anyOf"]]
        return checked(fitted({}, instance), anyOf=branches)
    if isinstance(schema, dict) and schema.keys() - {"$schema"} == {"if", "then"}:
        then = about_value(schema["then"])
        return checked(fitted({}, instance), **{"if": about_value(schema["if"]), "then": then})
    return checked(fitted({}, instance), anyOf=[about_value(schema)])


def as_premise(schema: Any, instance: object) -> Checked:
    """Where the schema holds, something is required that is not there: valid is invalid."""
    condition = about_value(schema)
    return checked(fitted({}, instance), **{"if": condition, "then": {"required": ["absent"]}})


def about_value(schema: Any) -> dict[str, Any]:
    if not isinstance(schema, dict):
        raise UnfitError("true or false as a schema")
    stated = {key: value for key, value in schema.items() if key != "$schema"}
    return {"properties": {"value": stated}}


WAYS = {"field": as_field, "condition": as_condition, "premise": as_premise}


def embedded(way: str, schema: Any, instance: object) -> tuple[Checked | None, str]:
    """Return what checks the field, or why there is nothing that could."""
    if instance is None:
        return None, "null is absence"
    try:
        return WAYS[way](schema, instance), ""
    except UnfitError as error:
        return None, str(error)
    except PolicyError as error:
        return None, ", ".join(sorted({each.code for each in error.diagnostics}))


@cache
def cases(file: str) -> tuple[Case, ...]:
    found = []
    for group in json.loads((SUITE / f"{file}.json").read_text(encoding="utf-8")):
        for test, way in itertools.product(group["tests"], WAYS):
            name = f"{way}: {file}: {group['description']}: {test['description']}"
            field, skipped = embedded(way, group["schema"], test["data"])
            valid = test["valid"] != (way == "premise")
            found.append(Case(name, test["data"], valid, field, skipped))
    return tuple(found)


def asked(file: str) -> Iterator[tuple[Case, Checked]]:
    """Yield the cases that our subset can state."""
    for case in cases(file):
        if case.field is not None:
            yield case, case.field


def stock_accepts(field: Checked, document: object) -> bool:
    """Whether jsonschema takes the document, nothing of ours in between."""
    resources = [
        (name, Resource.from_contents(each, default_specification=DRAFT202012))
        for name, each in field.schemas
    ]
    registry: Registry[Any] = Registry().with_resources(resources)
    validator = Draft202012Validator(
        field.schemas[0][1], registry=registry, format_checker=FormatChecker()
    )
    return validator.is_valid(document)


@pytest.mark.parametrize("file", one_in(3, FILES))
def test_the_compiled_validator_takes_only_what_jsonschema_takes(file):
    for case, field in asked(file):
        if field.accepts(case.document):
            assert stock_accepts(field, case.document), case.name
            assert cleaned(case.document) == (case.document, []), case.name


@pytest.mark.parametrize("file", FILES)
def test_the_compiled_validator_takes_what_is_valid_as_it_stands(file):
    for case, field in asked(file):
        if is_canonical(case.instance):
            refused = case.name in DIFFERENT
            assert field.accepts(case.document) is (case.valid and not refused), case.name


@pytest.mark.parametrize("file", FILES)
def test_the_validator_says_what_the_suite_says(file):
    for case, field in asked(file):
        expected = case.valid != (case.name in DIFFERENT)
        assert (field.errors(case.document) == []) is expected, case.name


def test_every_known_difference_is_one():
    valid = {case.name for file in FILES for case, _ in asked(file) if case.valid}
    assert DIFFERENT.keys() <= valid


def test_how_much_of_the_suite_is_asked():
    """What the subset refuses is counted, so that it cannot grow unseen."""
    every = [case for file in FILES for case in cases(file)]
    skipped = Counter(case.skipped for case in every if case.field is None)
    assert (len(every) - skipped.total(), dict(sorted(skipped.items()))) == (ASKED, SKIPPED)
    assert {file for file in FILES if not list(asked(file))} == SILENT
