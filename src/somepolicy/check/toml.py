"""TOML text -> dict, and where a key stands: for the manifest and the word lists."""

from __future__ import annotations

import re
import tomllib
import unicodedata

from somepolicy.syntax.diagnostics import Diagnostic, PolicyError
from somepolicy.syntax.source import Source, Span


def read_toml(source: Source, code: str) -> dict[str, object]:
    """Parse a TOML file. Raises PolicyError with the given code at the place of the mistake."""
    try:
        return tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        problem = _broken(source, code, str(error))
    except ValueError:  # Python's limit on the digits of a number
        problem = Diagnostic(code, "a number has too many digits", Span(source, 0, 0))
    except RecursionError:
        problem = Diagnostic(code, "the lists are nested too deep", Span(source, 0, 0))
    raise PolicyError([problem])


def _broken(source: Source, code: str, message: str) -> Diagnostic:
    """Place a TOML error, whose text ends in `(at line 3, column 5)` or `(at end of document)`."""
    place = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    offset = len(source.text)
    if place:
        offset = source.line_starts[int(place[1]) - 1] + int(place[2]) - 1
    text = message[: place.start()] if place else message
    return Diagnostic(code, text.lower(), Span(source, offset, offset + 1), "the file is TOML")


def key_span(source: Source, location: tuple[int | str, ...]) -> Span:
    """Find the line that sets the innermost named part of a location, else the start."""
    for part in reversed(location):
        pattern = rf"^[ \t]*\[?[ \t]*(?:[\w-]+\.)?(\"?(?:{spellings(str(part))})\"?)[ \t]*[=\].]"
        if found := re.search(pattern, source.text, re.MULTILINE):
            return Span(source, *found.span(1))
    return Span(source, 0, 0)


def spellings(name: str) -> str:
    """Return a pattern for a name in form NFC, as it is or in form NFD."""
    return "|".join(re.escape(unicodedata.normalize(form, name)) for form in ("NFC", "NFD"))
