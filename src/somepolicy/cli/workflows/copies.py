"""A copy of the guideline at hand: its text, and the words of the clauses in it."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from somepolicy.cli.problems import Unusable
from somepolicy.ir import Program
from somepolicy.source.copies import SourceCopy, read_source_copy
from somepolicy.source.errors import SourceError
from somepolicy.source.quotes import Quotes, quotes


def read_copy(file: Path) -> SourceCopy:
    """Read the text of a copy. Raises Unusable where it cannot be read."""
    try:
        return read_source_copy(file)
    except SourceError as error:
        refuse_copy(file, error)


def read_quotes(program: Program, file: Path) -> Quotes:
    """Read the words of the clauses from a copy. Raises Unusable where it cannot be read."""
    try:
        return quotes(program, file)
    except SourceError as error:
        refuse_copy(file, error)


def refuse_copy(file: Path, error: SourceError) -> NoReturn:
    """Raise Unusable with what is wrong with a copy."""
    raise Unusable(f"somepolicy: {file}: {error}") from None
