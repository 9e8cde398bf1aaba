"""The table `[log]` of policy.toml: what it may say, and what is told of its mistakes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from somepolicy import PolicyError
from somepolicy.check.log_table import logging
from somepolicy.check.manifest import LogTable, read_manifest
from somepolicy.syntax.source import Source
from tests.log.log_cases import bergen

HEAD = """name = "bergen"
version = "1.0.0"
languages = ["nb"]

[kinds]
profile = "profile.schema.json"
post = "post.schema.json"
private_post = "private_post.schema.json"

[log]
"""


def read(table):
    source = Source("policy.toml", HEAD + table)
    problems = []
    found = logging(read_manifest(source), source, bergen().program.kinds, problems.append)
    return found, problems


def told(table):
    try:
        problems = read(table)[1]
    except PolicyError as error:
        problems = list(error.diagnostics)
    return [(p.code, p.message, p.span.source.text[p.span.start : p.span.end]) for p in problems]


def test_a_table_says_what_may_be_logged():
    found, problems = read("""
kinds = ["profile", "post"]
unit_type = "unit.type"
unit_id = { post = "unit.id" }
unit_ids = '[a-z]+-[0-9]+'
platform = { profile = "platform", post = "channel.platform" }
fields = ["format", "unit.type", "hashtags"]
""")
    assert problems == []
    assert found.kinds == ("profile", "post")
    assert found.unit_type == {"profile": ("unit", "type"), "post": ("unit", "type")}
    assert found.unit_id == {"post": ("unit", "id")}
    assert found.unit_ids == "[a-z]+-[0-9]+"
    assert found.platform == {"profile": ("platform",), "post": ("channel", "platform")}
    assert found.fields == {
        "post": (("format",), ("unit", "type"), ("hashtags",)),
        "profile": (("unit", "type"),),
    }


def test_the_table_of_the_documentation_is_right():
    page = Path(__file__).parents[2] / "docs" / "decision-log.md"
    table = re.search(r"```toml\n\[log\]\n(.*?)```", page.read_text("utf-8"), re.DOTALL)[1]
    assert read(table)[1] == []
    assert {line.split()[0] for line in table.splitlines()} == LogTable.model_fields.keys()


def test_the_shipped_policy_logs_no_private_post():
    assert bergen().program.logging.kinds == ("profile", "post")
    assert bergen().program.logging.unit_ids is None


MISTAKES = {
    "unknown member": (
        'kinds = ["post"]\nfeilds = []',
        [("unknown field `log.feilds`", "feilds")],
    ),
    "no kinds": ('unit_type = "unit.type"', [("`log.kinds` is missing", "log")]),
    "misspelt kinds": ('kidns = ["post"]', [("unknown field `log.kidns`", "kidns")]),
    "kinds is a text": ('kinds = "post"', [("the value of `log.kinds` does not fit", "kinds")]),
    "kinds is empty": ("kinds = []", [("the value of `log.kinds` does not fit", "kinds")]),
    "unknown kind": ('kinds = ["pots"]', [("unknown kind of document `pots`", "kinds")]),
    "private kind": (
        'kinds = ["post", "private_post"]',
        [("a decision on a `private_post` may not be logged", "kinds")],
    ),
    "unknown path": (
        'kinds = ["post"]\nunit_type = "unit.typ"',
        [("a post has no field `unit.typ`", "unit_type")],
    ),
    "path that only one kind has": (
        'kinds = ["profile", "post"]\nplatform = "platform"',
        [("a post has no field `platform`", "platform")],
    ),
    "path for a kind that is not logged": (
        'kinds = ["post"]\nplatform = { profile = "platform" }',
        [("unknown kind of document `profile`", "platform")],
    ),
    "free text as platform": (
        'kinds = ["post"]\nplatform = "channel.profile_id"',
        [("`channel.profile_id` of a post is of type text", "platform")],
    ),
    "path into a list": (
        'kinds = ["post"]\nfields = ["media.alt"]',
        [("`media.alt` goes into a list of record", "fields")],
    ),
    "path into a text": (
        'kinds = ["post"]\nfields = ["id.x"]',
        [("`id.x` goes into a text", "fields")],
    ),
    "a whole object": (
        'kinds = ["post"]\nfields = ["unit"]',
        [("`unit` of a post holds several fields", "fields")],
    ),
    "a list of objects": (
        'kinds = ["post"]\nfields = ["media"]',
        [("`media` of a post holds several fields", "fields")],
    ),
    "unknown field": (
        'kinds = ["post"]\nfields = ["formatt"]',
        [("a post has no field `formatt`", "fields")],
    ),
    "no path": (
        'kinds = ["post"]\nunit_id = "unit/id"',
        [("the value of `log.unit_id` does not fit", "unit_id")],
    ),
    "number as path": (
        'kinds = ["post"]\nunit_id = 3',
        [("the value of `log.unit_id` does not fit", "unit_id")],
    ),
    "broken pattern": (
        "kinds = [\"post\"]\nunit_ids = '[a-z'",
        [("this pattern cannot be used", "unit_ids")],
    ),
    "pattern that leaves its bracket": (
        "kinds = [\"post\"]\nunit_ids = 'a)|(?:.*'",
        [("this pattern cannot be used", "unit_ids")],
    ),
}


@pytest.mark.parametrize(("table", "wanted"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_where_it_is(table, wanted):
    assert told(table) == [("P602", *each) for each in wanted]


def test_a_table_that_is_none_is_told():
    source = Source("policy.toml", f"log = 3\n{HEAD.removesuffix('[log]' + chr(10))}")
    with pytest.raises(PolicyError) as error:
        read_manifest(source)
    assert [d.message for d in error.value.diagnostics] == ["the value of `log` does not fit"]


def test_every_mistake_says_how_to_mend_it():
    for table, _ in MISTAKES.values():
        try:
            problems = read(table)[1]
        except PolicyError as error:
            problems = error.diagnostics
        assert all(problem.help for problem in problems)
