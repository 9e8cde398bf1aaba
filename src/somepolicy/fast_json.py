"""JSON at full speed: the one place that knows orjson.

It is not strict enough for documents: see runtime/json_text.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson


def loads(raw: bytes | str) -> Any:
    """Read JSON. Raises ValueError. Of two members of one name the last is kept."""
    return orjson.loads(raw)


def dumps(value: object) -> bytes:
    """Write compact JSON; a record as an object of its fields. Raises TypeError."""
    return orjson.dumps(value, default=_members)


def dumps_sorted(value: object) -> bytes:
    """Write compact JSON of plain values, members in the order of their code points."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def written(raw: bytes) -> object:
    """Return a value that `dumps` writes out as these bytes."""
    return orjson.Fragment(raw)


def _members(value: object) -> object:
    """Return what orjson leaves to its caller: named tuples, and mappings that are no dict."""
    fields = getattr(value, "_fields", None)
    if fields is not None and isinstance(value, tuple):
        return dict(zip(fields, value, strict=True))
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a {type(value).__name__} is not a value of JSON")
