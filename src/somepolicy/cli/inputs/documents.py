"""What a command is given to read, and what is said to the person about it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from somepolicy.cli.problems import Unusable, say
from somepolicy.documents import sources
from somepolicy.documents.sources import OutputError, Source


def list_sources(names: Sequence[str]) -> list[Source]:
    """Find every file to read, and say which folders are left out. Raises Unusable."""
    try:
        return sources.list_sources(names, _left_out)
    except OutputError as error:
        raise Unusable(f"somepolicy: {error}") from None


def _left_out(folder: Path) -> None:
    say(f"somepolicy: {folder}: left out, for it is a policy (see --policy)")
