"""A checked pattern as Python's own parser reads it, as far as RE2 reads it alike."""

from __future__ import annotations

import re
import warnings
from re import _parser

_OTHERWISE = ("\\Q", "{,")  # which mean something else there
_ONE_CHARACTER = re.compile(r"\\[pP](?:\{[^{}]*\}|.)|\\x\{[0-9A-Fa-f]+\}|\[\[:\^?[a-z]+:\]\]")
SOME_CHARACTER = "\ue000"
"""Stands in the tree for a character, or one of a class, that Python does not know."""


def tree(pattern: str) -> _parser.SubPattern | None:
    """Return the tree of a pattern; None where Python does not read it as RE2 does."""
    plain = _ONE_CHARACTER.sub(SOME_CHARACTER, pattern).replace(r"\z", r"\Z")
    if any(each in plain for each in (*_OTHERWISE, "[:")):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of classes that may mean more in a later Python
            return _parser.parse(plain)
    except (re.error, RecursionError, OverflowError):
        return None
