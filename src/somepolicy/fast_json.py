"""JSON at full speed: the one place that knows orjson.

It is not strict enough for documents: see engine/json_text.py. Loading it takes 4 ms and more, so
a process which decides on one document does without: it is loaded by reading or writing JSON, and
for going on deciding (`load`).
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
    """Write compact JSON; a record as an object of its members. Raises TypeError."""
    written: bytes = _orjson().dumps(value, default=members)
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


def members(value: Any) -> dict[str, object]:
    """Return what JSON says of a record, or of a mapping. Raises TypeError for any other value.

    A list with a default is left out where it is empty.
    """
    if isinstance(value, tuple):  # a record: other tuples orjson writes itself
        names, optional = value.json_form  # type: ignore[attr-defined]
        made = dict(zip(names, value[:]))  # noqa: B905 - `strict` takes a fifth longer
        if optional:
            for name in optional:
                if not made[name]:
                    del made[name]
        return made
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a {type(value).__name__} is not a value of JSON")


def plain(value: object) -> object:
    """Return records, tuples and mappings as what `json` writes."""
    match value:
        case tuple():
            if not hasattr(value, "json_form"):
                return [plain(item) for item in value]
            return {name: plain(item) for name, item in members(value).items()}
        case Mapping():
            return {name: plain(item) for name, item in value.items()}
        case _ if hasattr(value, "__dataclass_fields__"):
            return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
        case _:
            return value
