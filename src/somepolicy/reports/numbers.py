"""Numbers as the language of the report writes them."""

from __future__ import annotations

from somepolicy.reports.model import Form
from somepolicy.texts.catalogue import texts


def shown(value: str | float | None, form: Form, language: str) -> str:
    """Return a value for a reader: `1 234,5` in Norwegian, `1,234.5` in English.

    Nothing is a dash among numbers, and empty elsewhere.
    """
    if value is None:
        return "–" if form in ("count", "percent") else ""
    if isinstance(value, str):
        return value
    text = f"{value:,.1f}" if form == "percent" else f"{value:,}"
    words = texts(language).report
    return text.translate({ord(","): words.thousands, ord("."): words.decimal})
