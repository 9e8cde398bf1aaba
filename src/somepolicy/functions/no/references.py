"""Character references and percent escapes: what one stands for."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache

_DECIMAL = frozenset("0123456789")
HEXADECIMAL = _DECIMAL | frozenset("abcdefABCDEF")
_LONGEST_LEGACY = 6
_MOST_DIGITS = 10  # a reference with more is no character, whatever they are

_HEX, _MORE = "[0-9A-Fa-f]", "%[89ABab][0-9A-Fa-f]"
ESCAPE = (
    rf"%(?:[0-7]{_HEX}|[CDcd]{_HEX}{_MORE}|[Ee]{_HEX}(?:{_MORE}){{2}}|[Ff]{_HEX}(?:{_MORE}){{3}})"
)
REFERENCE = rf"&(?:#(?:[0-9]+|[xX]{_HEX}+)|[A-Za-z][A-Za-z0-9]*);?"


def decoded_escapes(escapes: str) -> str | None:
    """Return the character that percent escapes stand for, None for none in UTF-8."""
    try:
        return bytes.fromhex(escapes.replace("%", "")).decode()
    except UnicodeDecodeError:
        return None


def resolved(body: str, char: str) -> tuple[str | None, int]:
    """Return what a reference that a character ends stands for, and how much of it that is.

    None where it goes on or is none.
    """
    return (_numeric(body, char), len(body)) if body[0] == "#" else _named(body, char)


def _named(body: str, char: str) -> tuple[str | None, int]:
    """Do so for a name; as in HTML, some old ones need no `;`."""
    from html.entities import html5  # noqa: PLC0415 - few texts hold a reference

    if char == ";" and (whole := html5.get(f"{body};")) is not None:
        return whole, len(body)
    if char and _begins_name(body + char):
        return None, 0
    for size in range(min(len(body), _LONGEST_LEGACY), 1, -1):
        if (found := html5.get(body[:size])) is not None:
            return found, size
    return None, 0


@cache
def _names() -> tuple[str, ...]:
    from html.entities import html5  # noqa: PLC0415 - as above

    return tuple(sorted(html5))


def _begins_name(text: str) -> bool:
    names = _names()
    at = bisect_left(names, text)
    return at < len(names) and names[at].startswith(text)


def _digits(body: str) -> tuple[str, frozenset[str]]:
    """Return the digits of `#…` or `#x…`, and which may follow; none of a name."""
    if body[0] != "#":
        return "", frozenset()
    return (body[2:], HEXADECIMAL) if body[1:2] in ("x", "X") else (body[1:], _DECIMAL)


def is_idle(body: str, char: str) -> bool:
    """Whether a digit changes nothing in `&#…`: one more zero ahead, or one of too many."""
    digits, allowed = _digits(body)
    if char not in allowed or not allowed.issuperset(digits):
        return False
    return digits == char == "0" or len(digits) >= _MOST_DIGITS


def _numeric(body: str, char: str) -> str | None:
    """Return what `&#…` stands for if the character does not go on with it, else None."""
    digits, allowed = _digits(body)
    if not digits or char in allowed or not allowed.issuperset(digits):
        return None
    from html import unescape  # noqa: PLC0415 - as above

    least = digits.lstrip("0")[:_MOST_DIGITS] or "0"
    return unescape(f"&{body.removesuffix(digits)}{least};")
