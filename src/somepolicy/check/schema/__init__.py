"""JSON Schema -> types. The subset of 2020-12 that the policy language can reason about."""

from somepolicy.check.schema.files import SchemaFile, read_schema_file
from somepolicy.check.schema.kind import KindSchema, kind_schema
from somepolicy.check.schema.references import references

__all__ = ["KindSchema", "SchemaFile", "kind_schema", "read_schema_file", "references"]
