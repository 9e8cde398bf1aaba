"""Decisions -> Parquet (extra `parquet`)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, BinaryIO

from somepolicy.documents.table import arrow_modules

_GROUP = 4096  # rows


def write_decisions(lines: Iterable[bytes], target: BinaryIO) -> None:
    """Write lines of JSON (decisions and records of errors) as a table, a row for each.

    Columns: `decision`, `because`, `id`, `kind`, `as_of`, `policy_digest`, `violated_rules`,
    `violated_clauses`, `error_codes` and the whole line as `json`. Raises TableError.
    """
    arrow, parquet = arrow_modules()
    schema = _schema(arrow)
    with parquet.ParquetWriter(target, schema, compression="zstd") as writer:
        held: list[dict[str, object]] = []
        for line in lines:
            held.append(_row(line))
            if len(held) == _GROUP:
                writer.write_table(arrow.Table.from_pylist(held, schema))
                held.clear()
        if held:
            writer.write_table(arrow.Table.from_pylist(held, schema))


def _schema(arrow: Any) -> Any:
    text, several = arrow.string(), arrow.list_(arrow.string())
    return arrow.schema(
        [
            *((name, text) for name in ("decision", "because", "id", "kind", "as_of")),
            ("policy_digest", text),
            *((name, several) for name in ("violated_rules", "violated_clauses", "error_codes")),
            arrow.field("json", text, nullable=False),
        ]
    )


def _row(line: bytes) -> dict[str, object]:
    found = json.loads(line)
    if "errors" in found:
        return {"error_codes": [each["code"] for each in found["errors"]], "json": line.decode()}
    violated = [each["rule"] for each in found["findings"] if each["outcome"] == "violated"]
    clauses = [each["clause"] for each in found["citations"] if each["status"] == "violated"]
    return {
        "decision": found["decision"],
        "because": found["because"],
        "id": found["document"]["id"],
        "kind": found["document"]["kind"],
        "as_of": found["as_of"],
        "policy_digest": found["policy"]["digest"],
        "violated_rules": list(dict.fromkeys(violated)),
        "violated_clauses": clauses,
        "error_codes": [],
        "json": line.decode(),
    }
