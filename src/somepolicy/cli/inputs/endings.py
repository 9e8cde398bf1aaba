"""What the ending of a file's name says about the form of what is written to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from somepolicy.cli.problems import Unusable
from somepolicy.file_access import is_of_folder
from somepolicy.policy import Policy

F = TypeVar("F", bound=StrEnum)


def form_of(output: Path | None, asked: F | None, endings: Mapping[str, F], default: F) -> F:
    """Return the form of an output: the one asked for, else what its ending says, else `default`.

    `endings` are in small letters. Raises Unusable where the ending says another form than is
    asked for. Of an ending that says nothing `hold_ending` has the word.
    """
    said = None if output is None else endings.get(output.suffix.lower())
    if None not in (asked, said) and asked is not said:
        raise Unusable(f"somepolicy: --format {asked} is asked for, and {output} is called {said}")
    return asked or said or default


def hold_ending(output: Path | None, endings: Iterable[str], policy: Policy) -> None:
    """Raise Unusable for a file with an ending that is none of those known.

    A file of the policy is not to be written at all, as whoever writes says.
    """
    if output is None or not output.suffix or output.suffix.lower() in endings:
        return
    if not is_of_folder(output, policy.folder, policy.files):
        raise Unusable(
            f"somepolicy: {output}: nothing is written to a file called `*{output.suffix}` here; "
            f"the endings are {', '.join(endings)}"
        )
