"""Which names look the same: the skeletons of Unicode's UTS #39."""

from __future__ import annotations

import unicodedata
from functools import cache

_MOST = 200  # characters; a longer name is compared as it is, since sorting its marks is quadratic
_LATIN_1_END = "\u0100"  # names of this part of Latin need no table
_ASCII = str.maketrans({"0": "O", "1": "l", "I": "l", "m": "rn"})  # what looks the same within it


def skeleton(name: str) -> str:
    """Return what names that look the same have in common; nobody reads it."""
    if max(name, default="") < _LATIN_1_END:
        return name.translate(_ASCII)
    if len(name) > _MOST:
        return name
    seen = "".join(
        char if char < _LATIN_1_END else unicodedata.normalize("NFKD", char).translate(_table())
        for char in name
    )
    return unicodedata.normalize("NFC", seen).translate(_ASCII)


def look_the_same(char: str) -> list[str]:
    """Return the single characters that look like one, itself among them."""
    table = _table()
    seen = table.get(ord(char), char)
    return [chr(each) for each, other in table.items() if other == seen] or [char]


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
    """Return for each character that looks like others the one that stands for them all.

    The package gives pairs; those that are linked look the same.
    """
    from confusable_homoglyphs.confusables import confusables_data  # noqa: PLC0415 - 900 kB of JSON

    meant: dict[int, str] = {}
    for char in confusables_data:
        if len(char) > 1 or ord(char) in meant:
            continue
        group, open_ = {char}, [char]
        while open_:
            for each in confusables_data.get(open_.pop(), ()):
                if each["c"] not in group:
                    group.add(each["c"])
                    open_.append(each["c"])
        first = min(group, key=lambda x: (len(x) > 1 or x >= _LATIN_1_END, not x.isascii(), x))
        meant |= {ord(each): first for each in group if len(each) == 1}
    return meant
