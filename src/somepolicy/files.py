"""The files of a policy: which there are, and the digest over them."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from somepolicy.file_access import read_file

if TYPE_CHECKING:  # a process that decides does without it
    from collections.abc import Callable
    from pathlib import Path

MANIFEST = "policy.toml"
TESTS = "tests"
WORDS = "words"
POLICY_SUFFIX = ".pol"
_MOST_FOLDERS = 1000  # a link may lead to a whole disk

AnyPath = str | os.PathLike[str]


def folder_of(path: AnyPath) -> str:
    """Return the folder of a policy, whether it or its policy.toml is named."""
    whole = os.fspath(path) or os.curdir
    folder, name = os.path.split(whole)
    return (folder or os.curdir) if name == MANIFEST else whole


def policy_files(folder: AnyPath) -> list[str]:
    """Return the names of the folder's `.pol` files, tests left out, sorted. Raises OSError."""
    return files_below(folder, POLICY_SUFFIX, without=lambda name: name == TESTS)


def list_files(folder: AnyPath) -> list[str]:
    """Return the names of the folder's word lists, sorted. Raises OSError."""
    found = files_below(os.path.join(folder, WORDS), ".toml")
    return [f"{WORDS}/{name}" for name in found]


def files_of_tests(folder: AnyPath) -> list[str]:
    """Return the names of the folder's files of tests, sorted. Raises OSError."""
    found = files_below(os.path.join(folder, TESTS), POLICY_SUFFIX)
    return [f"{TESTS}/{name}" for name in found]


def files_below(
    folder: AnyPath,
    suffix: str | tuple[str, ...],
    *,
    without: Callable[[str], bool] | None = None,
    failed: list[OSError] | None = None,
    most: int = _MOST_FOLDERS,
) -> list[str]:
    """Return the names of the files below a folder that end so, sorted; none where it is not there.

    `suffix` is in small letters, and a name may have it in others: `X.POL` counts. Names that
    begin with a dot are an editor's or a system's, and left out, as are the folders below, by
    their names, that `without` says. A link counts as what it leads to, wherever that is.

    Nothing is passed over in silence: there is an OSError, with its `filename`, for a folder that
    cannot be listed or is reached twice, and for a link that leads nowhere. It is raised, or
    added to `failed` where that is given, and the rest is listed. What has a fitting name and is
    no file is returned, so that reading it reports the error.
    """
    whole = os.fspath(folder)
    if not os.path.lexists(whole):
        return []
    found: list[str] = []
    seen: dict[tuple[int, int], str] = {}
    pending = [""]
    linked: list[str] = []  # after all others, so that a folder is reached by its own name
    while (pending or linked) and len(seen) <= most:
        place = (pending or linked).pop()
        try:
            entries = _listed(seen, os.path.join(whole, place) if place else whole, most)
        except OSError as error:
            _fail(error, failed)
            continue
        for entry in entries:
            name = f"{place}/{entry.name}" if place else entry.name
            if entry.name.startswith("."):
                continue
            if entry.name.lower().endswith(suffix):
                found.append(name)
                continue
            try:
                if entry.is_symlink():
                    os.stat(entry.path)  # where it leads nowhere rules may have stood
                if entry.is_dir() and not (without and without(name)):
                    (linked if entry.is_symlink() else pending).append(name)
            except OSError as error:
                _fail(error, failed)
    return sorted(found)


def _fail(error: OSError, failed: list[OSError] | None) -> None:
    if failed is None:
        raise error
    failed.append(error)


def _listed(seen: dict[tuple[int, int], str], path: str, most: int) -> list[os.DirEntry[str]]:
    """Return what a folder holds. Raises OSError, also where it was seen before."""
    status = os.stat(path)
    before = seen.setdefault((status.st_dev, status.st_ino), path)
    if before != path:
        what = f"a link leads round in a circle or twice to one folder: this is {before} once more"
        raise OSError(errno.ELOOP, what, path)
    if len(seen) > most:
        raise OSError(errno.EMFILE, f"there are more than {most} folders", path)
    with os.scandir(path) as entries:
        return sorted(entries, key=lambda entry: entry.name)


def normalised(raw: bytes) -> bytes:
    """Return the bytes that count: line ends are LF."""
    return raw.replace(b"\r\n", b"\n")


def digest_of_files(contents: Mapping[str, bytes]) -> str:
    """Return the digest over sorted (path, normalised bytes) of the files of a policy."""
    total = hashlib.sha256()
    for name in sorted(contents):
        # a name may hold bytes that are no UTF-8
        total.update(f"{name}\0{len(contents[name])}\0".encode(errors="surrogateescape"))
        total.update(contents[name])
    return f"sha256:{total.hexdigest()}"


def contents_of_folder(folder: AnyPath, names: Iterable[str]) -> dict[str, bytes] | None:
    """Return the normalised bytes of a policy that consists of the named files; None if it does not.

    It does not where a file cannot be read or a folder listed, or where the folder has a policy file or a word
    list that is not named.
    """
    wanted = set(names)
    try:
        if not wanted >= {MANIFEST, *policy_files(folder), *list_files(folder)}:
            return None
        return {name: normalised(read_file(os.path.join(folder, name))) for name in wanted}
    except OSError:
        return None


def shown_path(path: Path) -> str:
    """Return the path as a person typed or would type it: relative where that is shorter.

    A link stays one.
    """
    from pathlib import Path  # noqa: PLC0415 - as above

    try:
        return Path(os.path.abspath(path)).relative_to(os.getcwd()).as_posix()
    except ValueError:
        return path.as_posix()
