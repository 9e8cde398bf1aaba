"""JSON at full speed: the one place that knows orjson.

It is not strict enough for documents: see runtime/json_text.py. Loading it takes 4 ms and more, so
that a process which decides on one document does without: who reads or writes JSON loads it, and
who goes on deciding (`load`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from types import ModuleType
from typing import Any


def load() -> None:
    """Load orjson, for `dumps_sorted` in a process that goes on."""
    _orjson()


def loads(raw: bytes | str) -> Any:
    """Read JSON. Raises ValueError. Of two members of one name the last is kept."""
    return _orjson().loads(raw)


def dumps(value: object) -> bytes:
    """Write compact JSON; a record as an object of its fields. Raises TypeError."""
    written: bytes = _orjson().dumps(value, default=_members)
    return written


def dumps_sorted(value: object) -> bytes:
    """Write compact JSON of plain values, members in the order of their code points."""
    if "orjson" in sys.modules:
        orjson = _orjson()
        with suppress(TypeError):  # where a name is of a type derived from str
            written: bytes = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
            return written
    return _standard_encoder()(value).encode()


def written(raw: bytes) -> object:
    """Return a value that `dumps` writes out as these bytes."""
    fragment: object = _orjson().Fragment(raw)
    return fragment


@cache
def _orjson() -> ModuleType:
    import orjson  # noqa: PLC0415 - see above

    return orjson


@cache
def _standard_encoder() -> Callable[[object], str]:
    import json  # noqa: PLC0415 - as orjson

    encoder = json.JSONEncoder(
        ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":")
    )
    return encoder.encode


def _members(value: object) -> object:
    """Return what orjson leaves to its caller: named tuples, and mappings that are no dict."""
    fields = getattr(value, "_fields", None)
    if fields is not None and isinstance(value, tuple):
        return dict(zip(fields, value, strict=True))
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a {type(value).__name__} is not a value of JSON")
