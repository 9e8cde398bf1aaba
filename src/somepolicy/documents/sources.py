"""Names of files and folders -> what there is to read, or why it cannot be read."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from somepolicy.engine.errors import DocumentError
from somepolicy.errors import SomepolicyError
from somepolicy.file_access import is_output, reason
from somepolicy.files import MANIFEST, files_below

STANDARD_INPUT = "-"
LINES = (".ndjson", ".jsonl")
WHOLE = (".json",)
TABLES = (".parquet",)
_MOST_FOLDERS = 100_000  # a link may lead to a whole disk
_NO_FILE = DocumentError("D001", "", "cannot be read: this is a pipe or a device, not a file")

LeftOut = Callable[[Path], object]


class OutputError(SomepolicyError):
    """A file that would be read and written to at once, without end."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read, or why there is none. `size` is in bytes, None where it is not known."""

    name: str
    size: int | None = None
    error: DocumentError | None = None

    @property
    def suffix(self) -> str:
        """What says the form of a file, in small letters."""
        return Path(self.name).suffix.lower()

    @property
    def is_lines(self) -> bool:
        """Whether this is a file on the disk with a document per line."""
        return self.size is not None and self.suffix in LINES


def list_sources(names: Sequence[str], left_out: LeftOut) -> list[Source]:
    """Find every file to read, in the order asked for; the files of a folder are sorted.

    A folder within it that holds a policy is left out, and `left_out` is called with it; so are names that
    begin with a dot, which are an editor's or a system's. What cannot be read
    takes its place in the list, with its error. Links are followed. Raises OutputError for a file
    that the answers would be written to.
    """
    return [source for name in names for source in _sources(name, left_out)]


def _sources(name: str, left_out: LeftOut) -> Iterator[Source]:
    if name == STANDARD_INPUT:
        status = None
        with suppress(OSError, ValueError, AttributeError):  # closed, or no descriptor
            status = os.fstat(sys.stdin.fileno())
        if status is not None:
            _hold_answers(name, status)
        yield Source(name)
        return
    try:
        # an empty name would be the current folder to Path
        status = Path(name or "\0").stat()
    except (OSError, ValueError) as error:
        yield Source(name, error=unreadable(error))
        return
    _hold_answers(name, status)
    if stat.S_ISDIR(status.st_mode):
        yield from _folder(name, left_out)
    else:
        yield Source(name, status.st_size if stat.S_ISREG(status.st_mode) else None)


def _hold_answers(name: str, status: os.stat_result) -> None:
    """Raise OutputError for the file that is written to while it would be read, without end."""
    if is_output(status):
        raise OutputError(f"{name}: the answers would be written to what they are made from")


def _folder(name: str, left_out: LeftOut) -> Iterator[Source]:
    failed: list[OSError] = []

    def is_policy(inner: str) -> bool:
        found = os.path.lexists(Path(name, inner, MANIFEST))
        if found:
            left_out(Path(name, inner))
        return found

    found = files_below(name, WHOLE + LINES, without=is_policy, failed=failed, most=_MOST_FOLDERS)
    for error in failed:
        yield Source(str(error.filename), error=unreadable(error))
    for path in sorted(Path(name, each) for each in found):
        for source in _sources(str(path), left_out):
            # nobody asked for this by name: a pipe that a folder happens to hold is not waited for
            special = source.size is None and source.error is None
            yield Source(source.name, error=_NO_FILE) if special else source
    if not found and not failed:
        nothing = "there is no .json, .ndjson or .jsonl file in this folder"
        yield Source(name, error=DocumentError("D002", "", nothing))


def unreadable(error: OSError | ValueError) -> DocumentError:
    """Return D001 with the reason of the system."""
    # a name that no file can have, with a zero byte in it, is a ValueError
    cause = reason(error) if isinstance(error, OSError) else "no such file or directory"
    return DocumentError("D001", "", f"cannot be read: {cause}")
