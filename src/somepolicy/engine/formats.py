"""Texts that a schema admits by their form: used by the compiled validator and the reference alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from unicodedata import is_normalized

from somepolicy.engine.values import day_of, instant_of

_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\\^`{|}<>\"]+", re.ASCII)


def is_date(text: str) -> bool:
    """Whether the text is a full-date of RFC 3339 that exists."""
    try:
        day_of(text)
    except ValueError:
        return False
    return len(text) == 10 and text[7] == "-"  # Python reads days without `-` and weeks, too


def is_instant(text: str) -> bool:
    """Whether the text is a date-time of RFC 3339 that exists; leap seconds do not count."""
    if _INSTANT.fullmatch(text) is None:
        return False
    try:
        instant_of(text)
    except ValueError:
        return False
    return True


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_PARTS = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2})(:\d{2}(?:\.\d*)?)?(.*)", re.ASCII)
_OFFSET = re.compile(r"[Zz]|[+-]\d{2}:\d{2}", re.ASCII)
_NO_DAY = "there is no such day"
A_TIME = "a time with offset such as 2026-11-22T12:00:00+01:00 is needed"


def date_error(text: str) -> str:
    """Say why a text is no date, without showing it."""
    if _DAY.fullmatch(text):
        return _NO_DAY
    if _PARTS.fullmatch(text):
        return "a date such as 2026-11-22 is needed, without a time"
    return "a date such as 2026-11-22 is needed"


def instant_error(text: str) -> str:
    """Say why a text is no time with offset, without showing it."""
    day = _DAY.match(text)
    if day is not None and not is_date(day[0]):
        return _NO_DAY
    if day is not None and day[0] == text:
        return "a time is needed, too: add one with its offset, such as T12:00:00+01:00"
    parts = _PARTS.fullmatch(text)
    if parts is None:
        return A_TIME
    _, clock, seconds, offset = parts.groups()
    if not is_instant(f"2026-01-01T{clock}{(seconds or ':00')[:3]}Z"):
        return "there is no such time of day"
    if not offset:
        return "the offset is missing: add it at the end, such as +01:00, or Z for UTC"
    if not seconds:
        return "the seconds are missing: add them, such as :00"
    if _OFFSET.fullmatch(offset) and not is_instant(f"2026-01-01T00:00:00{offset.upper()}"):
        return "there is no such offset"
    return A_TIME


def is_uri(text: str) -> bool:
    """Whether the text is an address with a scheme."""
    return _URI.fullmatch(text) is not None


def is_sound(text: str) -> bool:
    """Whether a text is in form NFC and can be written: half of a surrogate pair cannot."""
    if not is_normalized("NFC", text):
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


FORMATS: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {"date": is_date, "date-time": is_instant, "uri": is_uri}
)
