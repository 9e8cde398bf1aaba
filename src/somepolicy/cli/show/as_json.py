"""JSON on standard output, for other programs."""

from __future__ import annotations

import json
import sys

from somepolicy.json_type import Json


def write_json(value: Json) -> None:
    """Write JSON as UTF-8, whatever the terminal."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()
