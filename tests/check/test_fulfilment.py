"""A schema that nothing can fulfil is an error with its place; what something can fulfil is none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from somepolicy.patterns import width
from somepolicy.patterns.possible import may_match
from somepolicy.policy import Policy
from somepolicy.syntax.diagnostics import PolicyError
from tests.examples import examples
from tests.properties.small_policies import (
    ATTESTATIONS,
    INSTANT,
    SAYS,
    TEXT,
    clause,
    listing,
    load_policy,
    record,
)

INTEGER = {"type": "integer"}
NUMBER = {"type": "number"}
STRING = {"type": "string", "maxLength": 10}
FLAG = {"type": "boolean"}
COLOUR = {"type": "string", "enum": ["red", "green"]}


def schema(field: Any, **more: Any) -> dict[str, Any]:
    own = {"kind": {"type": "string", "const": "post"}, "id": TEXT, "as_of": INSTANT}
    return {
        **record(**own, attestations=ATTESTATIONS, f=field, g=COLOUR, h=listing(TEXT)),
        "required": ["kind", "id"],
        **more,
    }


def told(whole: Any) -> list[tuple[str, str]]:
    rules = f'rules for post advise it cites should.do if post.id == "x"{SAYS}'
    files = {"a.pol": clause("should.do", "should", 1, "post"), "b.pol": rules}
    try:
        load_policy({"post": whole}, files)
    except PolicyError as error:
        return [(each.code, each.span.text.strip('"')) for each in error.diagnostics]
    return []


FIELDS = [
    ({**STRING, "minLength": 11}, "minLength"),
    ({**STRING, "maxLength": 0, "pattern": r"\S"}, "pattern"),
    ({**STRING, "pattern": "^[a-z]{11}$"}, "pattern"),
    ({**STRING, "pattern": "(foo|barbar).{8}"}, "pattern"),
    ({**STRING, "minLength": 5, "pattern": "^(?:ab){1,2}$"}, "pattern"),
    ({"type": "string", "format": "date", "maxLength": 9}, "format"),
    ({"type": "string", "format": "date-time", "minLength": 36}, "format"),
    ({"type": "string", "format": "uri", "maxLength": 2}, "format"),
    ({"type": "string", "enum": ["a", "b"], "minLength": 2}, "enum"),
    ({"type": "string", "enum": ["a", "b"], "pattern": "^c"}, "enum"),
    ({"type": "string", "enum": ["today"], "format": "date"}, "enum"),
    ({"type": "string", "const": "2026-02-30", "format": "date"}, "const"),
    ({"type": "string", "const": "a", "enum": ["b"]}, "const"),
    ({"type": "string", "const": "abc", "maxLength": 2}, "const"),
    ({"type": "boolean", "const": "true"}, "const"),
    ({**INTEGER, "minimum": 3, "maximum": 2}, "minimum"),
    ({**INTEGER, "exclusiveMinimum": 2, "maximum": 2}, "exclusiveMinimum"),
    ({**INTEGER, "exclusiveMinimum": 2, "exclusiveMaximum": 3}, "exclusiveMinimum"),
    ({**INTEGER, "minimum": 0.2, "maximum": 0.8}, "minimum"),
    ({**NUMBER, "minimum": 1, "exclusiveMaximum": 1}, "minimum"),
    ({**NUMBER, "exclusiveMinimum": 1, "exclusiveMaximum": 1}, "exclusiveMinimum"),
    ({**NUMBER, "minimum": 1e300}, "minimum"),
    (listing(TEXT, minItems=21), "minItems"),
    (listing({**STRING, "minLength": 11}), "minLength"),
    (record(a=record(b={**INTEGER, "minimum": 1, "maximum": 0})), "minimum"),
    ({**STRING, "default": "longer than ten"}, "default"),
    ({**STRING, "pattern": "^a", "default": "b"}, "default"),
    ({**INTEGER, "minimum": 1, "default": 0}, "default"),
    ({**INTEGER, "exclusiveMaximum": 1, "default": 1}, "default"),
    ({"type": "boolean", "const": True, "default": False}, "default"),
    (listing(TEXT, minItems=1, default=[]), "default"),
    ({"type": "string", "format": "uri", "maxLength": 9, "default": "x"}, "default"),
    ({**STRING, "pattern": "a^b"}, "pattern"),
    ({**STRING, "pattern": "$a"}, "pattern"),
    ({**STRING, "pattern": r"[^\s\S]"}, "pattern"),
    ({**STRING, "pattern": r"a[^\p{L}\P{L}]"}, "pattern"),
    ({**STRING, "pattern": r"(?:a$|b\z)c|x\Ay|(?:^a){2}"}, "pattern"),
    ({"type": "string", "format": "date", "pattern": "/"}, "pattern"),
    ({"type": "string", "format": "date", "pattern": "^[A-Z]"}, "pattern"),
    ({"type": "string", "format": "date-time", "pattern": r"\s"}, "pattern"),
    ({"type": "string", "format": "uri", "maxLength": 9, "pattern": "[^!-~]"}, "pattern"),
    ({**STRING, "minLength": 8_388_609, "maxLength": 9_000_000}, "minLength"),
    (listing(TEXT, minItems=500_000, maxItems=900_000), "minItems"),
    ({"type": "string", "enum": ["a", "bb"], "minLength": 2}, "a"),
    ({"type": "string", "enum": ["2026-11-22", "today"], "format": "date"}, "today"),
    ({"type": "string", "enum": ["ab", "b"], "pattern": "^a"}, "b"),
    ({"type": "string", "enum": ["a", "b"], "const": "a"}, "b"),
]
RIGHT = [
    {**STRING, "minLength": 10},
    {**STRING, "pattern": "^[a-z]{10}$"},
    {**STRING, "pattern": r"\S"},
    {**STRING, "pattern": r"(?i)^[a-zå\x{f8}]{2}$"},
    {**STRING, "minLength": 9, "pattern": "a"},
    {"type": "string", "format": "date", "maxLength": 10, "minLength": 10},
    {**STRING, "pattern": r"(?:a|$)b$|^(?:^|x)a"},
    {**STRING, "pattern": r"(?m)a$^b"},
    {**STRING, "pattern": r"[^\p{Greek}]"},
    {**STRING, "pattern": r"[[:alpha:][:digit:]]{2}"},
    {"type": "string", "format": "date", "pattern": r"^\d{4}-(0[1-9]|1[0-2])-[^/]"},
    {"type": "string", "format": "date-time", "pattern": r"(?i)[tz]"},
    {"type": "string", "format": "date-time", "pattern": r"[\p{Greek}]"},
    {"type": "string", "format": "uri", "maxLength": 9, "pattern": "^https?://"},
    {**STRING, "minLength": 9, "maxLength": 9_000_000},
    {"type": "string", "enum": ["aa", "bb"], "minLength": 2},
    {"type": "string", "enum": ["2026-11-22"], "format": "date"},
    {**INTEGER, "minimum": 2, "maximum": 2, "default": 2},
    {**INTEGER, "exclusiveMinimum": 1, "exclusiveMaximum": 3},
    {**NUMBER, "exclusiveMinimum": 0, "exclusiveMaximum": 1e-300},
    {**NUMBER, "minimum": 1, "maximum": 1},
    listing(TEXT, minItems=20),
    listing(TEXT, default=[]),
    {"type": "boolean", "const": False},
]
CONDITIONS = [
    ({"anyOf": [{"required": ["x"]}, {"properties": {"g": {"const": "blue"}}, "required": ["g"]}]}, "anyOf"),
    ({"if": {"properties": {"g": {"const": "blue"}}, "required": ["g"]}, "then": {"required": ["f"]}}, "if"),
    ({"if": {"required": ["g"]}, "then": {"required": ["nowhere"]}}, "then"),
    ({"if": {"required": ["g"]}, "then": {"required": ["f"], "properties": {"f": {"minLength": 11}}}}, "then"),
    ({"if": {"required": ["g"]}, "then": {"required": ["h"], "properties": {"h": {"minItems": 21}}}}, "then"),
    ({"if": {"required": ["g"]}, "then": {"required": ["h"], "properties": {"h": {"const": "a"}}}}, "then"),
    ({"if": {"required": ["f"]}, "then": {"properties": {"g": {"const": "blue"}}}}, "const"),
    ({"if": {"required": ["f"]}, "then": {"properties": {"g": {"enum": ["red", "blue"]}}}}, "blue"),
    ({"if": {"required": ["f"]}, "then": {"properties": {"G": {"const": "red"}}}}, "G"),
    ({"if": {"required": ["f"]}, "then": {"properties": {"f": {"pattern": "a^b"}}}}, "f"),
    ({"if": {"properties": {"id": {"enum": ["a"], "pattern": "b"}}}, "then": {"required": ["f"]}}, "if"),
]  # fmt: skip
RIGHT_CONDITIONS = [
    {"anyOf": [{"required": ["x"]}, {"required": ["g"]}]},
    {"if": {"properties": {"g": {"const": "blue"}}}, "then": {"required": ["f"]}},  # without `g`
    {"if": {"required": ["g"]}, "then": {"properties": {"f": {"minLength": 10}}, "required": ["f"]}},
]  # fmt: skip


@pytest.mark.parametrize(("field", "key"), FIELDS, ids=[json.dumps(each) for each, _ in FIELDS])
def test_what_nothing_fulfils_is_told_with_its_place(field, key):
    assert told(schema(field)) == [("P608", key)]


@pytest.mark.parametrize("field", RIGHT, ids=json.dumps)
def test_what_something_fulfils_is_taken(field):
    assert told(schema(field)) == []


@pytest.mark.parametrize(("more", "key"), CONDITIONS, ids=[key for _, key in CONDITIONS])
def test_conditions_that_nothing_fulfils(more, key):
    assert told(schema(STRING, **more)) == [("P608", key)]


@pytest.mark.parametrize("more", RIGHT_CONDITIONS, ids=json.dumps)
def test_conditions_that_something_fulfils(more):
    assert told(schema(STRING, **more)) == []


@pytest.mark.parametrize(
    ("field", "key"),
    [
        ({**COLOUR, "x-labels": {"blue": {"en": "Blue"}}}, "blue"),
        ({**COLOUR, "x-labels": {"red": {"no": "Rød"}}}, "no"),
        ({**STRING, "x-labels": {"red": {"en": "Red"}}}, "red"),
        ({"type": "string", "const": "a", "x-labels": {"b": {"en": "B"}}}, "b"),
        ({**STRING, "$schema": "http://json-schema.org/draft-07/schema#"}, "$schema"),
    ],
)
def test_what_no_reader_heeds_is_refused(field, key):
    assert told(schema(field)) == [("P604", key)]


@pytest.mark.parametrize(
    "draft",
    [
        "http://json-schema.org/draft-07/schema#",
        "https://json-schema.org/draft/2019-09/schema",
        "https://json-schema.org/draft/2020-12/schema ",
        "",
        7,
    ],
)
def test_another_draft_is_refused(draft):
    assert told(schema(STRING, **{"$schema": draft})) == [("P604", "$schema")]
    right = "https://json-schema.org/draft/2020-12/schema"
    assert told(schema(STRING, **{"$schema": right})) == []
    assert told(schema(STRING, **{"$schema": f"{right}#"})) == []


def test_what_is_shared_is_told_once():
    shared = {"$defs": {"n": {**INTEGER, "minimum": 1, "maximum": 0}}}
    field = record(a={"$ref": "#/$defs/n"}, b={"$ref": "#/$defs/n"})
    assert told(schema(field, **shared)) == [("P608", "minimum")]


def test_a_default_beside_a_reference():
    shared = {"$defs": {"n": {**INTEGER, "minimum": 1}}}
    field = {"$ref": "#/$defs/n", "default": 0}
    assert told(schema(field, **shared)) == [("P608", "default")]


def test_a_kind_that_its_own_schema_refuses():
    whole = schema(STRING)
    whole["properties"]["kind"] = {"type": "string", "const": "pots"}
    assert told(whole) == [("P608", "const")]


@pytest.mark.parametrize(
    "rule",
    [
        'attest it cites must.do when post.id == "x" by editor asks no nb "?" en "?"',
        f'require it cites must.do that post.id == "x" unless attested yes by editor{SAYS}',
    ],
)
def test_an_attestation_that_no_document_can_hold(rule):
    whole = schema(STRING)
    del whole["properties"]["attestations"]
    files = {"a.pol": clause("must.do", "must", 1, "post"), "b.pol": f"rules for post {rule}"}
    with pytest.raises(PolicyError) as error:
        load_policy({"post": whole}, files)
    assert [each.code for each in error.value.diagnostics] == ["P314"]
    assert isinstance(load_policy({"post": schema(STRING)}, files), Policy)


@given(st.text("ab^$|(){}?*+.12,", max_size=8), st.text("ab", max_size=8))
@examples(300)
def test_no_width_is_claimed_that_a_match_has_not(pattern, text):
    from somepolicy.patterns import BadPatternError, check_pattern, finder

    try:
        check_pattern(pattern)
    except BadPatternError:
        return
    least, most = width(pattern)
    if finder(pattern)(text):
        assert may_match(pattern)
        assert may_match(pattern, text)
        assert least <= len(text)
        assert most is None or len(text) <= most
