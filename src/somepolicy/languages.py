"""Which language stands in for one that a text has not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")
_NORWEGIAN = {"nb": ("nn",), "nn": ("nb",), "no": ("nb", "nn")}


def stand_ins(language: str) -> tuple[str, ...]:
    """Return the language, itself without its subtags, and what else is Norwegian if it is."""
    base = language.partition("-")[0].lower()
    return tuple(dict.fromkeys((language, base, *_NORWEGIAN.get(base, ()))))


def in_language(text: Mapping[str, T], language: str) -> T:
    """Return a text of a decision or of a policy in a language, or in the one that is nearest.

    `text` is by language, as `finding.message`: in the language itself, else in the one without
    its subtags (`nb` for `nb-NO`), else in the other of `nb` and `nn`, else in `en`, else in
    the first that there is. Raises ValueError where there is none at all.
    """
    for each in (*stand_ins(language), "en"):
        if each in text:
            return text[each]
    for found in text.values():
        return found
    raise ValueError("the text is in no language")
