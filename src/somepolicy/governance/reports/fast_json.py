"""JSON for a million entries: orjson where the extra `reports` is installed, else Python's own."""

from __future__ import annotations

import json
from typing import Any

try:
    import orjson
except ImportError:  # the same figures, only slower
    orjson = None  # type: ignore[assignment]


def loads(raw: bytes | str) -> Any:
    """Read JSON. Raises ValueError."""
    return json.loads(raw) if orjson is None else orjson.loads(raw)


def dumps(value: object) -> bytes:
    """Write compact JSON."""
    if orjson is None:
        return json.dumps(value, separators=(",", ":")).encode()
    return orjson.dumps(value)
