"""The files of a policy: which there are, and the digest over them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from somepolicy.file_access import read_file

if TYPE_CHECKING:  # a process that decides does without it
    from pathlib import Path

MANIFEST = "policy.toml"
TESTS = "tests"
WORDS = "words"

AnyPath = str | os.PathLike[str]


def folder_of(path: AnyPath) -> str:
    """Return the folder of a policy, whether it or its policy.toml is named."""
    whole = os.fspath(path) or os.curdir
    folder, name = os.path.split(whole)
    return (folder or os.curdir) if name == MANIFEST else whole


def policy_files(folder: AnyPath) -> list[str]:
    """Return the names of the folder's `.pol` files, tests left out, sorted."""
    whole = os.fspath(folder)
    found = []
    for within, folders, files in os.walk(whole):
        place = within[len(whole) :].replace(os.sep, "/").strip("/")
        if not place and TESTS in folders:
            folders.remove(TESTS)
        found += [
            f"{place}/{name}".lstrip("/") for name in (*folders, *files) if _ends(name, ".pol")
        ]
    return sorted(found)


def list_files(folder: AnyPath) -> list[str]:
    """Return the names of the folder's word lists, sorted."""
    try:
        found = os.listdir(os.path.join(folder, WORDS))
    except OSError:
        return []
    return sorted(f"{WORDS}/{name}" for name in found if _ends(name, ".toml"))


def _ends(name: str, suffix: str) -> bool:
    return os.path.normcase(name).endswith(suffix)


def normalised(raw: bytes) -> bytes:
    """Return the bytes that count: line ends are LF."""
    return raw.replace(b"\r\n", b"\n")


def digest_of_files(contents: Mapping[str, bytes]) -> str:
    """Return the digest over sorted (path, normalised bytes) of the files of a policy."""
    total = hashlib.sha256()
    for name in sorted(contents):
        total.update(f"{name}\0{len(contents[name])}\0".encode())
        total.update(contents[name])
    return f"sha256:{total.hexdigest()}"


def digest_of_folder(folder: AnyPath, names: Iterable[str]) -> str | None:
    """Return the digest of a policy that consists of the named files; None if it does not.

    It does not where a file cannot be read, or where the folder has a policy file or a word
    list that is not named.
    """
    wanted = set(names)
    if not wanted >= {MANIFEST, *policy_files(folder), *list_files(folder)}:
        return None
    try:
        return digest_of_files(
            {name: normalised(read_file(os.path.join(folder, name))) for name in wanted}
        )
    except OSError:
        return None


def shown_path(path: Path) -> str:
    """Return the path as a person typed or would type it: relative where that is shorter."""
    try:
        return path.resolve().relative_to(os.getcwd()).as_posix()
    except ValueError:
        return path.as_posix()
