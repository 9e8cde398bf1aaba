"""JSON text -> a document, strictly: what JSON leaves open is refused here.

The fast reader keeps the last of two members of one name, and makes a float of an integer that
is too large. What it might have got wrong is read again by the strict one, which also refuses.
"""

from __future__ import annotations

import json
import math
from typing import NoReturn

from somepolicy.engine.errors import DocumentError, InvalidDocument
from somepolicy.fast_json import dumps, loads
from somepolicy.json_type import Json

MOST_BYTES = 8 << 20
MOST_DEEP = 64
_MOST_DIGITS = 400
_DIGITS = bytes(ord("0") if chr(byte).isdigit() and byte < 128 else 32 for byte in range(256))
_TOO_LONG = b"0" * 19  # digits; the shortest integer that is read fast as a float has 19


def parse_json(raw: bytes) -> Json:
    """Parse one document. Raises InvalidDocument D101 to D107.

    UTF-8 only (a byte order mark is skipped); no duplicate members, no NaN or infinity, at
    most 8 MiB and 64 levels.
    """
    if len(raw) > MOST_BYTES:
        _refuse("D106", f"the text has {len(raw)} bytes, the most is {MOST_BYTES}")
    try:
        value: Json = loads(raw)
        again = dumps(value)  # refuses what is nested more than 254 deep
    except (ValueError, TypeError):
        return _strictly(raw)
    if again == raw:  # nothing was lost
        return value
    # INVARIANT: a member that stood twice is missing in `value`, and with it a colon of the text;
    # no other colon can come in its place, unless one is written as an escape
    if raw.count(b":") != again.count(b":") or raw.rfind(b"\\u003") >= 0:
        return _strictly(raw)
    if raw.translate(_DIGITS).rfind(_TOO_LONG) >= 0:
        return _strictly(raw)
    return value


def _strictly(raw: bytes) -> Json:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        from somepolicy.engine.json_slips import not_utf8  # noqa: PLC0415 - for a refusal only

        _refuse("D101", not_utf8(raw, error.start))
    if not text.strip():
        _refuse("D102", "the text is empty")
    try:
        value: Json = json.loads(
            text,
            object_pairs_hook=_members,
            parse_constant=lambda _: _refuse_at("D105", text, *_not_finite(text)),
            parse_int=_integer,
            parse_float=_float,
        )
    except json.JSONDecodeError as error:
        from somepolicy.engine.json_slips import not_json  # noqa: PLC0415 - for a refusal only

        _refuse_at("D103", text, *not_json(text, error))
    except RecursionError:
        _refuse("D107", f"lists and objects are nested more than {MOST_DEEP} deep")
    return value


def _refuse(code: str, message: str) -> NoReturn:
    raise InvalidDocument([DocumentError(code, "", message)]) from None


def _refuse_at(code: str, text: str, slip: str, at: int) -> NoReturn:
    """Refuse what is not JSON, with its place, and its line as far as it may be shown."""
    from somepolicy.engine.json_slips import excerpt, position  # noqa: PLC0415

    line, column = position(text, at)
    message = f"not JSON at line {line}, column {column}: {slip}"
    raise InvalidDocument([DocumentError(code, "", message, None, excerpt(text, at))]) from None


def _members(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        shown = twice if len(twice) <= 40 and twice.isprintable() else "a member"
        _refuse("D104", f"`{shown}` stands twice in one object")
    return members


def _not_finite(text: str) -> tuple[str, int]:
    from somepolicy.engine.json_slips import NOT_FINITE, not_finite  # noqa: PLC0415

    return NOT_FINITE, not_finite(text)


def _integer(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        _refuse("D105", "a number has too many digits")
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        _refuse("D105", "a number is too large")
    return number
