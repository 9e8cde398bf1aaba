"""Parquet -> documents. The one place that knows pyarrow (extra `parquet`)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from somepolicy.documents.chunks import Entry
from somepolicy.engine.errors import DocumentError
from somepolicy.errors import SomepolicyError
from somepolicy.json_type import Json
from somepolicy.version import install

if TYPE_CHECKING:
    import pyarrow as pa

COLUMN = "document"
_ROWS = 1024
_TEXTS = ("string", "large_string", "string_view", "binary", "large_binary", "binary_view")
_TWICE = KeyError  # two keys of a map
# of one value; ArrowInvalid is the first, and a key that is a record the last
_UNREADABLE = (ValueError, OverflowError, ArithmeticError, _TWICE, TypeError)
_MISSING = f"Parquet needs the extra `parquet`: {install('parquet')}"


class TableError(SomepolicyError, ValueError):
    """A table that cannot be read or written, in plain words."""


def rows(path: Path) -> Iterator[Entry]:
    """Yield the document of each row, with `/ROW` as its place.

    A table with a column `document` of text holds JSON texts; from any other the columns are
    the members of the document, those without a value left out. Raises TableError.
    """
    arrow, parquet = arrow_modules()
    try:
        with parquet.ParquetFile(path) as file:
            texts = _is_text(file.schema_arrow)
            size = path.stat().st_size // max(1, file.metadata.num_rows)
            index = 0
            for batch in file.iter_batches(_ROWS):
                for entry in _entries(batch, texts=texts):
                    yield entry._replace(at=f"/{index}", size=size)
                    index += 1
            if not index:
                yield Entry(None, errors=(DocumentError("D002", "", "the table has no row"),))
    except (arrow.ArrowException, OSError) as error:
        if getattr(error, "errno", None) is not None:
            raise  # of the file; what is wrong with its bytes has no number
        raise TableError(f"not Parquet: {str(error).splitlines()[0][:100]}") from None


def arrow_modules() -> tuple[Any, Any]:
    """Return pyarrow and its part for Parquet. Raises TableError where it is not installed."""
    try:
        import pyarrow  # noqa: PLC0415 - heavy, and an extra
        import pyarrow.parquet  # noqa: PLC0415
    except ImportError:
        raise TableError(_MISSING) from None
    return pyarrow, pyarrow.parquet


def _is_text(schema: pa.Schema) -> bool:
    if len(set(schema.names)) < len(schema.names):
        raise TableError("two columns have one name")
    if COLUMN not in schema.names:
        return False
    kind = schema.field(COLUMN).type
    return str(getattr(kind, "value_type", kind)) in _TEXTS  # written out, or by number


def _entries(batch: pa.RecordBatch, *, texts: bool) -> Iterator[Entry]:
    """Yield the document of each row; one that cannot be read costs no other."""
    try:
        yield from [Entry(each) for each in _documents(batch, texts=texts)]
    except _UNREADABLE as error:
        if batch.num_rows == 1:
            yield Entry(None, errors=(_unreadable(error),))
            return
        for index in range(batch.num_rows):
            yield from _entries(batch.slice(index, 1), texts=texts)


def _unreadable(error: Exception) -> DocumentError:
    """Return D103 or D104. What the library says may show the value, so only its kind is told."""
    if isinstance(error, _TWICE) or "duplicate" in str(error):
        return DocumentError("D104", "", "a member stands twice in one object")
    match error:
        case UnicodeDecodeError():
            wrong = "a text is not UTF-8"
        case OverflowError():
            wrong = "a day or a time lies out of range"
        case TypeError():
            wrong = "a key of a map is no text"
        case _ if "zoneinfo" in str(error):
            wrong = "the time zone of a column is not known"
        case _:
            wrong = "a day or a time lies out of range, or is too exact"
    return DocumentError("D103", "", f"the row cannot be read: {wrong}")


def _documents(batch: pa.RecordBatch, *, texts: bool) -> Iterator[object]:
    if texts:
        for text in batch.column(COLUMN).to_pylist():
            yield text.encode() if isinstance(text, str) else text or b""
        return
    # pairs would let the last of two equal keys win, and be a list where there are none
    maps = {"maps_as_pydicts": "strict"} if "map<" in str(batch.schema) else {}
    whole = batch.column(COLUMN) if batch.schema.names == [COLUMN] else batch
    for row in whole.to_pylist(**maps):
        yield _plain(row)


def _plain(value: object) -> Json:
    """Return a value of a table as one of JSON: no nulls, times as text."""
    match value:
        case dict():
            if not all(isinstance(name, str) for name in value):
                raise TypeError
            return {str(name): _plain(each) for name, each in value.items() if each is not None}
        case list():
            return [_plain(each) for each in value]
        case None | bool() | int() | float() | str():
            return value
        case bytes():
            return value.decode()
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case _ if hasattr(value, "isoformat"):
            return str(value.isoformat())
        case _:
            return str(value)
