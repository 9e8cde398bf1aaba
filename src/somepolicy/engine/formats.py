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
