"""A kind of document: its schema files and the record they describe."""

from __future__ import annotations

from collections.abc import Collection

from somepolicy.check.languages import COMMON
from somepolicy.check.schema.engine_fields import check_engine_fields
from somepolicy.check.schema.keywords import misshapen
from somepolicy.check.schema.node import Node
from somepolicy.check.schema.problems import Problems
from somepolicy.check.schema.reader import SchemaReader
from somepolicy.check.schema.spelling import check_spelling
from somepolicy.ir import types as t
from somepolicy.ir.schemas import KindSchema, SchemaFile
from somepolicy.syntax.diagnostics import PolicyError


def kind_schema(
    kind: str, files: tuple[SchemaFile, ...], languages: Collection[str] = ()
) -> KindSchema:
    """Type a kind of document. Raises PolicyError P604, P605 or P606 with all that is wrong.

    Titles and labels may be in the languages of the policy, and in those that are common, for
    policies share schemas.
    """
    problems = Problems()
    for file in files:
        check_spelling(file, problems)
    for file in files[1:]:  # of which only parts are read
        if "$schema" in file.content and (wanted := misshapen("$schema", file.content["$schema"])):
            node = Node(file, file.content, "")
            problems.fail("P604", f"`$schema` has to be {wanted}", node, key="$schema")
    spoken = dict.fromkeys((*COMMON, *languages))
    reader = SchemaReader(
        {file.source.path.rpartition("/")[2]: file for file in files}, problems, spoken
    )
    root = Node(files[0], files[0].content, "")
    record: t.Type = t.Record({})
    if root.content.get("type") == "object":
        record = reader.read(root, 0)
    else:
        help = 'begin the schema with `"type": "object"`'
        problems.fail("P604", "a document is an object", root, key="type", help=help)
    if isinstance(record, t.Record) and not problems.errors:
        check_engine_fields(root, record, problems)
    if problems.errors or not isinstance(record, t.Record):
        raise PolicyError(problems.errors)
    return KindSchema(kind, record, files)
