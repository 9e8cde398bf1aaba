"""A schema file: JSON that says nothing twice, and no number that JSON cannot keep."""

from __future__ import annotations

import json
import re

from somepolicy.ir.schemas import SchemaFile
from somepolicy.json_type import Json
from somepolicy.syntax.diagnostics import Diagnostic, PolicyError
from somepolicy.syntax.source import Source, Span


def read_schema_file(source: Source) -> SchemaFile:
    """Parse one schema file. Raises PolicyError P603."""
    try:
        content = json.loads(
            source.text, object_pairs_hook=_object, parse_constant=_number, parse_int=_number
        )
    except json.JSONDecodeError as error:
        raise _unreadable(source, f"not JSON: {error.msg.lower()}", error.pos) from None
    except RecursionError:
        raise _unreadable(source, "not a schema: nested too deep", 0) from None
    except _RefusedError as refused:
        at = max(0, source.text.rfind(refused.token))
        raise _unreadable(source, str(refused), at, len(refused.token)) from None
    if not isinstance(content, dict):
        raise _unreadable(source, "a schema is an object", 0)
    return SchemaFile(source, content)


class _RefusedError(Exception):
    """JSON that is well formed and yet cannot be meant; `token` is where."""

    def __init__(self, message: str, token: str) -> None:
        super().__init__(message)
        self.token = token


def _unreadable(source: Source, message: str, at: int, length: int = 1) -> PolicyError:
    span = Span(source, at, at + length)
    return PolicyError([Diagnostic("P603", message, span, "a schema is a JSON file")])


def _object(members: list[tuple[str, Json]]) -> dict[str, Json]:
    """Refuse a member that stands twice, of which JSON would keep the last."""
    found: dict[str, Json] = {}
    for name, value in members:
        token = json.dumps(name, ensure_ascii=False)
        for text in (name, value):
            if isinstance(text, str) and re.search("[\ud800-\udfff]", text):
                raise _RefusedError(
                    "half a character: `\\ud800` to `\\udfff` come in pairs", "\\ud"
                )
        if name in found:
            raise _RefusedError(f"{token} stands twice in one object", token)
        found[name] = value
    return found


def _number(token: str) -> int:
    """Read an integer; `NaN` and `Infinity`, which Python's JSON knows, are refused."""
    if not re.fullmatch(r"-?[0-9]{1,15}", token):
        raise _RefusedError("a number has at most 15 digits", token)
    return int(token)
