"""Where a policy is read from: a folder, or files given by name with their text."""

from __future__ import annotations

import errno
import os
import posixpath
import re
from collections.abc import Mapping
from typing import Protocol

from somepolicy.file_access import read_file
from somepolicy.files import (
    MANIFEST,
    POLICY_SUFFIX,
    TESTS,
    WORDS,
    list_files,
    policy_files,
    shown_path,
)


class FileSet(Protocol):
    """The files of a policy, by their names as policy.toml writes them: from its own folder."""

    def rules(self) -> list[str]:
        """Return the names of the `.pol` files, tests left out, sorted. Raises OSError."""

    def lists(self) -> list[str]:
        """Return the names of the word lists, sorted. Raises OSError."""

    def read(self, name: str) -> bytes:
        """Return what a file holds. Raises OSError."""

    def shown(self, name: str) -> str:
        """Return what a person calls the file."""


class FolderFiles:
    """The files of a folder that holds policy.toml."""

    def __init__(self, folder: str) -> None:
        self._written = folder
        self._whole = _in_full(folder)

    @property
    def folder(self) -> str:
        """The folder as it was written; in full where the current folder is another since."""
        return self._written if _in_full(self._written) == self._whole else self._whole

    def __reduce__(self) -> tuple[type[FolderFiles], tuple[str]]:
        # another process may have another current folder
        return type(self), (os.path.realpath(self.folder),)

    def rules(self) -> list[str]:
        """As `FileSet` says."""
        return policy_files(self.folder)

    def lists(self) -> list[str]:
        """As `FileSet` says."""
        return list_files(self.folder)

    def read(self, name: str) -> bytes:
        """As `FileSet` says."""
        return read_file(os.path.join(self.folder, name))

    def shown(self, name: str) -> str:
        """As `FileSet` says."""
        from pathlib import Path  # noqa: PLC0415 - a process that decides does without it

        return shown_path(Path(self.folder) / name)


class GivenFiles:
    """Files given by name.

    Raises ValueError for a name that no policy has (see `_misnamed`) or no file can have, and
    TypeError for what is no name or no text.
    """

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        self._files = {name: _content(name, text) for name, text in files.items()}
        if wrong := sorted(filter(_misnamed, self._files)):
            raise ValueError(
                f"no name of a file of a policy: {wrong[0]!r}; "
                f"names begin at the folder of {MANIFEST}, as `{WORDS}/list.toml`"
            )

    def rules(self) -> list[str]:
        """As `FileSet` says."""
        return [name for name in self._named(POLICY_SUFFIX) if not name.startswith(f"{TESTS}/")]

    def lists(self) -> list[str]:
        """As `FileSet` says."""
        return [name for name in self._named(".toml") if name.startswith(f"{WORDS}/")]

    def read(self, name: str) -> bytes:
        """As `FileSet` says."""
        if name not in self._files:
            raise FileNotFoundError(errno.ENOENT, "no such file is given")
        return self._files[name]

    def shown(self, name: str) -> str:
        """As `FileSet` says."""
        return name

    def _named(self, suffix: str) -> list[str]:
        """Return the names that end so, as in a folder: none that begins with a dot."""
        return sorted(
            name
            for name in self._files
            if name.lower().endswith(suffix) and not any(x[:1] == "." for x in name.split("/"))
        )


class FilesAsRead(GivenFiles):
    """The files of a folder as they were when they were read; errors show them as the folder's."""

    def __init__(self, folder: FolderFiles, contents: Mapping[str, bytes]) -> None:
        self._folder = folder
        self._files = dict(contents)

    def shown(self, name: str) -> str:
        """As `FileSet` says."""
        return self._folder.shown(name)


def _in_full(folder: str) -> str:
    """Return the path from the root, else as it is; `..` stays, for it may follow a link."""
    if os.path.isabs(folder):
        return folder
    try:
        return os.path.join(os.getcwd(), folder)
    except OSError:  # the current folder is gone
        return folder


def _content(name: object, text: object) -> bytes:
    """Return what a given file holds. Raises TypeError and ValueError, with its name."""
    if not isinstance(name, str):
        raise TypeError(f"the name of a file is a str, not {name!r}")
    # a folder may give a name whose bytes are no UTF-8: those are the surrogates that are left
    if re.search("[\0\ud800-\udc7f\udd00-\udfff]", name):
        raise ValueError(f"no file can have the name {name!r}")
    if isinstance(text, str):
        # what is not UTF-8 is refused where it is read, with its place
        return text.encode("utf-8", "surrogatepass")
    if not isinstance(text, bytes | bytearray | memoryview):
        raise TypeError(f"the file {name!r} is given as str or bytes, not {type(text).__name__}")
    return bytes(text)


def _misnamed(name: str) -> bool:
    """Whether rules or words would be passed over: their name leads elsewhere, or round a corner."""
    if not name.lower().endswith((POLICY_SUFFIX, ".toml")):
        return False
    return posixpath.normpath(name) != name or name.startswith(("/", "../")) or "\\" in name
