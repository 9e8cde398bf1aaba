"""Which names look the same: the skeletons of Unicode's UTS #39."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib import resources

_MOST = 200  # characters; a longer name is compared as it is, since sorting its marks is quadratic
_ASCII = str.maketrans({"0": "O", "1": "l", "I": "l", "m": "rn"})  # of the table, for most names


def skeleton(name: str) -> str:
    """Return what names that look the same have in common; nobody reads it."""
    if name.isascii():
        return name.translate(_ASCII)
    if len(name) > _MOST:
        return name
    seen = unicodedata.normalize("NFKD", name).translate(_table())
    return unicodedata.normalize("NFKD", seen)


def look_the_same(char: str) -> list[str]:
    """Return the single characters that look like one, itself among them."""
    table = _table()
    seen = table.get(ord(char), char)
    return [seen, *(chr(each) for each, other in table.items() if other == seen)]


def difference(name: str, other: str) -> str | None:
    """Say by which letter two names that look the same differ; None where they do not look so."""
    if name == other or skeleton(name) != skeleton(other) or len(name) != len(other):
        return None
    char, meant = next((a, b) for a, b in zip(name, other, strict=True) if a != b)
    return f"`{char}` is {called(char)}, there `{meant}` is {called(meant)}"


def called(char: str) -> str:
    """Return the name that Unicode has for a character."""
    return unicodedata.name(char, f"U+{ord(char):04X}")


@cache
def _table() -> dict[int, str]:
    text = resources.files("somepolicy").joinpath("confusables.txt").read_text("utf-8")
    lines = (line.split(" ") for line in text.splitlines() if not line.startswith("# "))
    return {ord(char): seen for seen, chars in lines for char in chars}
