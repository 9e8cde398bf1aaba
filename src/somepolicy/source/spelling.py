"""What does not count as a difference between two copies of a text, and the digest of the rest.

Not counted: white space of any kind, Unicode form, soft hyphens and other invisible signs,
ligatures. Those never enter a digest. Word processors also exchange quotation marks, dashes
and ellipses on their own; they do enter a digest, so the variants of a segment are tried.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import product
from types import MappingProxyType

DIGITS = 12
MOST_TRIED = 2_000  # characters of a text whose variants are tried; no sentence is longer
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
_DOUBLE = (("“", "”"), ("”", "”"), ('"', '"'), ("«", "»"), ("„", "“"), ("„", "”"), ("»", "«"))
_DOUBLES = frozenset('“”„«»"')
_FAMILIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"'’‘ʼ": ("'", "’"), "-‐‑‒–—−": ("-", "–", "—", "‑")}
)


def clean(text: str) -> str:
    """Return a text as it is digested: form NFC, one space for white space, nothing invisible."""
    composed = unicodedata.normalize("NFC", text.translate(_LIGATURES))
    if not composed.isprintable():
        composed = "".join(char for char in composed if unicodedata.category(char) != "Cf")
        composed = unicodedata.normalize("NFC", composed)
    return " ".join(composed.split())


def digest(text: str) -> str:
    """Return the first 12 hexadecimal digits of the SHA-256 of a clean text."""
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


def variants(text: str) -> Iterator[str]:
    """Yield a clean text with its quotation marks, dashes and ellipses in other forms.

    Each kind of sign takes one form throughout, as a word processor writes it; at most 210.
    """
    if len(text) > MOST_TRIED:
        return
    marks: list[list[str]] = []
    kinds: list[str] = []
    if _DOUBLES.intersection(text):
        kinds.append("quotes")
        marks.append(["", *("".join(pair) for pair in _DOUBLE)])
    for family, forms in _FAMILIES.items():
        if any(char in text for char in family):
            kinds.append(family)
            marks.append(["", *forms])
    if "…" in text or "..." in text:
        kinds.append("ellipsis")
        marks.append(["", "…", "..."])
    for chosen in product(*marks):
        written = text
        for kind, form in zip(kinds, chosen, strict=True):
            written = _written(written, kind, form) if form else written
        if written != text:
            yield written


def _written(text: str, kind: str, form: str) -> str:
    if kind == "quotes":
        return _paired(text, form)
    if kind == "ellipsis":
        return text.replace("...", "…").replace("…", form)
    return "".join(form if char in kind else char for char in text)


def _paired(text: str, pair: str) -> str:
    """Write double quotation marks as opening and closing ones in turn."""
    written, opening = [], True
    for char in text:
        if char in _DOUBLES:
            written.append(pair[0] if opening else pair[1])
            opening = not opening
        else:
            written.append(char)
    return "".join(written)
