"""The files of a policy: which there are, and the digest over them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

MANIFEST = "policy.toml"
TESTS = "tests"
WORDS = "words"


def policy_folder(path: str | Path) -> Path:
    """Return the folder of a policy, whether it or its policy.toml is named."""
    folder = Path(path)
    return folder.parent if folder.name == MANIFEST else folder


def policy_files(folder: Path) -> list[str]:
    """Return the names of the folder's `.pol` files, tests left out, sorted."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*.pol"))
    return sorted(name for name in found if not name.startswith(f"{TESTS}/"))


def list_files(folder: Path) -> list[str]:
    """Return the names of the folder's word lists, sorted."""
    return sorted(f"{WORDS}/{path.name}" for path in (folder / WORDS).glob("*.toml"))


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


def digest_of_folder(folder: Path, names: Iterable[str]) -> str | None:
    """Return the digest of a policy that consists of the named files; None if it does not.

    It does not where a file cannot be read, or where the folder has a policy file or a word
    list that is not named.
    """
    wanted = set(names)
    if not wanted >= {MANIFEST, *policy_files(folder), *list_files(folder)}:
        return None
    try:
        return digest_of_files({name: normalised((folder / name).read_bytes()) for name in wanted})
    except OSError:
        return None


def shown_path(path: Path) -> str:
    """Return the path as a person typed or would type it: relative where that is shorter."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
