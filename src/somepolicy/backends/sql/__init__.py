"""The SQL backend: a checked program -> one query of DuckDB over a table of documents.

SQL's NULL is the third value. Every expression becomes a scalar one, lists being gone through by
lambdas, and every rule a single condition: whether the document passes it. False is violated, NULL
unproven. What SQL cannot say exactly is refused, rule by rule, with the reason.

The table has the columns `document` (JSON that the schema of its kind admits), `as_of` (the
instant of the decision: TIMESTAMPTZ, or text where the policy has no time zone, whose days depend on
the offset; NULL: the document's own) and `digest` (the digest of its content, as `somepolicy
digest` prints it, that attestations are compared with). `register` gives a connection the
functions that SQL lacks: detectors, patterns, and days and instants by the policy's rules.

Values: a text, a date-time and a choice are VARCHAR, an integer BIGINT or HUGEINT, another number
DOUBLE, a record JSON, a list a list; detections are a list of `strength detector`.
"""

from somepolicy.backends.sql.query import Query, export

__all__ = ["Query", "export"]
