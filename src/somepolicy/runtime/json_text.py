"""JSON text -> a document, strictly: what JSON leaves open is refused here."""

from __future__ import annotations

import json
import math
from typing import NoReturn

from somepolicy.runtime.errors import DocumentError, InvalidDocument
from somepolicy.types import Json

MOST_BYTES = 8 << 20
MOST_DEEP = 64
_MOST_DIGITS = 400


def parse_json(raw: bytes) -> Json:
    """Parse one document. Raises InvalidDocument D101 to D107.

    UTF-8 only (a byte order mark is skipped); no duplicate members, no NaN or infinity, at
    most 8 MiB and 64 levels.
    """
    if len(raw) > MOST_BYTES:
        _refuse("D106", f"the text has {len(raw)} bytes, the most is {MOST_BYTES}")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse("D101", f"byte {error.start} is not UTF-8")
    if not text.strip():
        _refuse("D102", "the text is empty")
    try:
        value: Json = json.loads(
            text,
            object_pairs_hook=_members,
            parse_constant=_not_a_number,
            parse_int=_integer,
            parse_float=_float,
        )
    except json.JSONDecodeError as error:
        reason = error.msg.lower().removesuffix(" at")
        _refuse("D103", f"not JSON: {reason} at line {error.lineno}, column {error.colno}")
    except RecursionError:
        _refuse("D107", f"lists and objects are nested more than {MOST_DEEP} deep")
    return value


def _refuse(code: str, message: str) -> NoReturn:
    raise InvalidDocument([DocumentError(code, "", message)]) from None


def _members(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        shown = twice if len(twice) <= 40 and twice.isprintable() else "a member"
        _refuse("D104", f"`{shown}` stands twice in one object")
    return members


def _not_a_number(name: str) -> NoReturn:
    _refuse("D105", f"{name} is not a number of JSON")


def _integer(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        _refuse("D105", "a number has too many digits")
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        _refuse("D105", "a number is too large")
    return number
