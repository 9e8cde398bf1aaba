"""JSON Schema -> types. The subset of 2020-12 that the policy language can reason about."""

from somepolicy.check.schema.files import read_schema_file
from somepolicy.check.schema.kind import kind_schema
from somepolicy.check.schema.references import references

__all__ = ["kind_schema", "read_schema_file", "references"]
