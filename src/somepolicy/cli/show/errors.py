"""What is wrong with a document that cannot be decided on: for people."""

from __future__ import annotations

import re

from somepolicy.cli.show.reasons import Wordings
from somepolicy.cli.terminal import Page, styled
from somepolicy.documents.reading import Item
from somepolicy.documents.sources import STANDARD_INPUT
from somepolicy.engine.errors import DocumentError
from somepolicy.texts.commands import EvalTexts
from somepolicy.texts.forms import fitting

_UNKNOWN_KIND = "D202"
_UNREADABLE = ("D0", "D1")  # codes that say the text itself cannot be read
_PLACE = re.compile(r"not JSON at line (\d+), column (\d+)")


def show_errors(
    page: Page, item: Item, errors: tuple[DocumentError, ...], wordings: Wordings
) -> None:
    """Add every error of a document to the page."""
    words = wordings.words
    broken = all(each.code.startswith(_UNREADABLE) for each in errors)
    word = words.unreadable if broken else words.invalid
    page.line(styled((f"✗ {word}", "bold red"), "  ", (place(item, words), "bold")), hang=2)
    for each in errors:
        at = () if not each.pointer else ((item.at + each.pointer, "cyan"), "  ")
        told = _told(item, each, wordings)
        page.line(styled((f"{each.code}  ", "dim"), *at, told), indent=4, hang=6)
        if each.excerpt:
            page.line(styled(("--> ", "dim"), _spot(item, each, words)), indent=6)
            page.lines += [styled((f"        | {line}", "dim")) for line in each.excerpt]


def error_text(item: Item, error: DocumentError, wordings: Wordings) -> str:
    """Return what is wrong, and where, as one text."""
    return " ".join(filter(None, (item.at + error.pointer, _told(item, error, wordings))))


def error_line(item: Item, error: DocumentError) -> int:
    """Return the line of the file at which an error stands, as far as it is known."""
    found = _PLACE.match(error.message)
    return (item.line or 1) + (int(found[1]) - 1 if found else 0)


def _spot(item: Item, error: DocumentError, words: EvalTexts) -> str:
    name = words.standard_input if item.source == STANDARD_INPUT else item.source
    found = _PLACE.match(error.message)
    return f"{name}:{error_line(item, error)}:{found[2] if found else 1}"


def _told(item: Item, error: DocumentError, wordings: Wordings) -> str:
    document, words = item.document, wordings.words
    kind = wordings.fields.get(str(document.get("kind"))) if isinstance(document, dict) else None
    why = kind.why(error.pointer, error.message) if kind is not None else None
    hint = _hint(item, error, words)
    return (why or in_words(error.message, words)) + (f" ({hint})" if hint else "")


def in_words(message: str, words: EvalTexts) -> str:
    """Return what the engine says in English in the language of the words.

    What no form of theirs fits, as a reason of the system, stays as it is.
    """
    found = fitting(message, words.errors)
    if found is None:
        return message
    text, filled = found
    if "why" in filled:
        filled["why"] = in_words(filled["why"], words)
    if "parts" in filled:
        filled["parts"] = filled["parts"].replace(" or ", f" {words.vocabulary.or_else} ")
    return text.format(**filled) if filled else text


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
