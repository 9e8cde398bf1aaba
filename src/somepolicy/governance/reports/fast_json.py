"""JSON for a million entries: orjson where the extra `reports` is installed, else Python's own."""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any


def _installed() -> ModuleType | None:
    try:
        import orjson  # noqa: PLC0415 - an extra
    except ImportError:
        return None
    return orjson


_ORJSON = _installed()


def loads(raw: bytes | str) -> Any:
    """Read JSON. Raises ValueError."""
    return json.loads(raw) if _ORJSON is None else _ORJSON.loads(raw)


def dumps(value: object) -> bytes:
    """Write compact JSON."""
    if _ORJSON is None:
        return json.dumps(value, separators=(",", ":")).encode()
    written: bytes = _ORJSON.dumps(value)
    return written
