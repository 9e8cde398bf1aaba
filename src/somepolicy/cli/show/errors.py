"""What is wrong with a document that cannot be decided on: for people."""

from __future__ import annotations

from somepolicy.cli.terminal import Page, styled
from somepolicy.documents.reading import Item
from somepolicy.documents.sources import STANDARD_INPUT
from somepolicy.engine.errors import DocumentError
from somepolicy.texts.commands import EvalTexts

_UNKNOWN_KIND = "D202"
_UNREADABLE = ("D0", "D1")  # codes that say the text itself cannot be read


def show_errors(
    page: Page, item: Item, errors: tuple[DocumentError, ...], words: EvalTexts
) -> None:
    """Add every error of a document to the page."""
    broken = all(each.code.startswith(_UNREADABLE) for each in errors)
    word = words.unreadable if broken else words.invalid
    page.line(styled((f"✗ {word}", "bold red"), "  ", (place(item, words), "bold")), hang=2)
    for each in errors:
        at = () if not each.pointer else ((item.at + each.pointer, "cyan"), "  ")
        told = _told(item, each, words)
        page.line(styled((f"{each.code}  ", "dim"), *at, told), indent=4, hang=6)


def error_text(item: Item, error: DocumentError, words: EvalTexts) -> str:
    """Return what is wrong, and where, as one text."""
    return " ".join(filter(None, (item.at + error.pointer, _told(item, error, words))))


def _told(item: Item, error: DocumentError, words: EvalTexts) -> str:
    hint = _hint(item, error, words)
    return error.message + (f" ({hint})" if hint else "")


def _hint(item: Item, error: DocumentError, words: EvalTexts) -> str:
    """Return the nearest name; of a kind that is like none here, that there are other policies."""
    if error.nearest is not None:
        return words.did_you_mean.format(nearest=error.nearest)
    document = item.document
    states = isinstance(document, dict) and isinstance(document.get("kind"), str)
    return words.of_another if error.code == _UNKNOWN_KIND and states else ""


def place(item: Item, words: EvalTexts) -> str:
    """Name the file of a document, with its line or its place in a list."""
    name = words.standard_input if item.source == STANDARD_INPUT else item.source
    if item.line is not None:
        return f"{name}, {words.line.format(line=item.line)}"
    return f"{name} {item.at}".rstrip()
