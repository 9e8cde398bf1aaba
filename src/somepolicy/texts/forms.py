"""Texts of the engine, which are English, in the words of a language: by their form."""

import re
from collections.abc import Mapping

_FILLED = re.compile(r"\\\{(\w+)\\\}")  # a place to fill in, escaped for a pattern


def fitting(said: str, forms: Mapping[str, str]) -> tuple[str, dict[str, str]] | None:
    """Return the text for what is said and what fills its places; None where no form fits.

    `forms` are texts by the English they stand for. The longest form goes first.
    """
    if said in forms:
        return forms[said], {}
    for form in sorted(forms, key=len, reverse=True):
        if "{" not in form:
            continue
        found = re.fullmatch(_FILLED.sub(r"(?P<\1>.+?)", re.escape(form)), said)
        if found is not None:
            return forms[form], found.groupdict()
    return None
