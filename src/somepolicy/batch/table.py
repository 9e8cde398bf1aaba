"""Parquet: documents in, decisions out. The one place that knows pyarrow (extra `parquet`)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from somepolicy.batch.chunks import Entry
from somepolicy.json_type import Json

if TYPE_CHECKING:
    import pyarrow as pa

COLUMN = "document"
_ROWS = 1024
_GROUP = 4096  # rows
_MISSING = "Parquet needs the extra `parquet`: pip install 'somepolicy[parquet]'"


class TableError(ValueError):
    """A table that cannot be read or written, in plain words."""


def rows(path: Path) -> Iterator[Entry]:
    """Yield the document of each row, with `/ROW` as its place.

    A table with a column `document` of text holds JSON texts; from any other the columns are
    the members of the document, those without a value left out. Raises TableError.
    """
    arrow, parquet = _arrow()
    try:
        with parquet.ParquetFile(path) as file:
            texts = _is_text(file.schema_arrow)
            size = path.stat().st_size // max(1, file.metadata.num_rows)
            index = 0
            for batch in file.iter_batches(_ROWS):
                for document in _documents(batch, texts=texts):
                    yield Entry(document, at=f"/{index}", size=size)
                    index += 1
    except (arrow.ArrowException, OSError) as error:
        if getattr(error, "errno", None) is not None:
            raise  # of the file; what is wrong with its bytes has no number
        raise TableError(f"not Parquet: {str(error).splitlines()[0][:100]}") from None


def write_decisions(lines: Iterable[bytes], target: BinaryIO) -> None:
    """Write lines of JSON (decisions and records of errors) as a table, a row for each.

    Columns: `decision`, `because`, `id`, `kind`, `as_of`, `policy_digest`, `violated_rules`,
    `violated_clauses`, `error_codes` and the whole line as `json`. Raises TableError.
    """
    arrow, parquet = _arrow()
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


def require() -> None:
    """Raise TableError where pyarrow is not installed."""
    _arrow()


def _arrow() -> tuple[Any, Any]:
    try:
        import pyarrow  # noqa: PLC0415 - heavy, and an extra
        import pyarrow.parquet  # noqa: PLC0415
    except ImportError:
        raise TableError(_MISSING) from None
    return pyarrow, pyarrow.parquet


def _is_text(schema: pa.Schema) -> bool:
    if COLUMN not in schema.names:
        return False
    kind = str(schema.field(COLUMN).type)
    return kind in ("string", "large_string", "string_view", "binary", "large_binary")


def _documents(batch: pa.RecordBatch, *, texts: bool) -> Iterator[object]:
    if texts:
        for text in batch.column(COLUMN).to_pylist():
            yield text.encode() if isinstance(text, str) else text or b""
        return
    columns = batch.schema.names
    if columns == [COLUMN]:
        yield from map(_plain, batch.column(COLUMN).to_pylist())
        return
    for row in batch.to_pylist():
        yield _plain(row)


def _plain(value: object) -> Json:
    """Return a value of a table as one of JSON: no nulls, times as text, pairs as an object."""
    match value:
        case dict():
            return {str(name): _plain(each) for name, each in value.items() if each is not None}
        case list():
            if value and all(isinstance(each, tuple) and len(each) == 2 for each in value):
                return {str(name): _plain(each) for name, each in value if each is not None}
            return [_plain(each) for each in value]
        case None | bool() | int() | float() | str():
            return value
        case _ if hasattr(value, "isoformat"):
            return str(value.isoformat())
        case _:
            return str(value)


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
