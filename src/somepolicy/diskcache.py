"""What a start computed, kept for the next one: a shortcut that may always be missing.

A file is used only where the user alone can have written it, for what it holds is run: the
folder and the file belong to the user and nobody else may write to them, and a digest guards
against a file cut short, or one that stands in the place of another.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
import sys
from collections.abc import Callable, Iterator

VARIABLE = "SOMEPOLICY_CACHE"
_OFF = ("", "0", "off", "no", "false")
_ON = ("1", "on", "yes", "true")
_DIGEST = 32
_MOST_FILES = 200
_OURS = r"[a-z]+-[0-9a-f]{40}|\.somepolicy-new-.*"
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
# neither through a link, nor waiting for the other end of a pipe
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def cache_key(*parts: str) -> str:
    """Return a file name for what depends on the parts and on this Python alone."""
    whole = "\0".join((sys.version, sys.implementation.cache_tag or "", *parts))
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:40]


def engine_key() -> str:
    """Return what changes whenever a module of this package, or its grammar, does."""
    total = hashlib.sha256()
    for path, found in sorted(_sources(os.path.dirname(__file__))):
        line = f"{path} {found.st_size} {found.st_mtime_ns}\n"
        total.update(line.encode("utf-8", "surrogatepass"))
    return total.hexdigest()


def _sources(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith((".", "__pycache__")):  # also the locks of an editor
                continue
            if entry.name.endswith((".py", ".lark")):
                yield entry.path, entry.stat()
            elif entry.is_dir():
                yield from _sources(entry.path)


def load_cached(name: str) -> bytes | None:
    """Return what was stored under a name; None where nothing there can be trusted."""
    folder = _folder()
    if folder is None or not _private(folder, stat.S_ISDIR):
        return None
    try:
        descriptor = os.open(os.path.join(folder, name), _READ)
        try:
            if not _trusted(os.fstat(descriptor), stat.S_ISREG):
                return None
            with open(descriptor, "rb", closefd=False) as file:
                content = file.read()
        finally:
            os.close(descriptor)
    except OSError:
        return None
    digest, kept = content[:_DIGEST], content[_DIGEST:]
    return kept if _digest(name, kept) == digest else None


def store_cached(name: str, content: bytes) -> None:
    """Keep something under a name; where that cannot be done, nothing happens."""
    import tempfile  # noqa: PLC0415 - only writing needs it

    folder = _folder()
    if folder is None:
        return
    with contextlib.suppress(OSError):
        os.makedirs(folder, mode=0o700, exist_ok=True)
        if not _private(folder, stat.S_ISDIR):
            return
        # a reader sees the old file or the new one, whoever else is writing
        descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=".somepolicy-new-")
        try:
            with open(descriptor, "wb") as file:
                file.write(_digest(name, content) + content)
            os.replace(temporary, os.path.join(folder, name))
        except BaseException:
            _remove(temporary)
            raise
        _forget_oldest(folder)


def _digest(name: str, content: bytes) -> bytes:
    """Return the digest of an entry, which is one under its own name alone."""
    return hashlib.sha256(f"{name}\0".encode() + content).digest()


def _folder() -> str | None:
    wanted = os.environ.get(VARIABLE)
    base = os.environ.get("LOCALAPPDATA") if os.name == "nt" else os.environ.get("XDG_CACHE_HOME")
    if wanted is not None and wanted.lower() not in _ON:
        found = "" if wanted.lower() in _OFF else os.path.expanduser(wanted)
    elif base and os.path.isabs(base):
        found = os.path.join(base, "somepolicy")
    else:
        found = os.path.expanduser(os.path.join("~", ".cache", "somepolicy"))
    return None if found.startswith("~") else found or None  # `~`: a user without a home


def _private(path: str, kind: Callable[[int], bool]) -> bool:
    try:
        return _trusted(os.lstat(path), kind)
    except OSError:
        return False


def _trusted(found: os.stat_result, kind: Callable[[int], bool]) -> bool:
    if not kind(found.st_mode):
        return False
    if not hasattr(os, "geteuid"):  # Windows guards the user's folder by its own means
        return True
    return found.st_uid == os.geteuid() and not found.st_mode & _OTHERS_WRITE


def _forget_oldest(folder: str) -> None:
    """Keep the folder small; temporary files of a writer that was killed go as well.

    Whoever names a folder may have files of their own in it: those are not touched.
    """
    with os.scandir(folder) as entries:
        ours = [each for each in entries if re.fullmatch(_OURS, each.name)]
    found = sorted(ours, key=lambda each: each.stat(follow_symlinks=False).st_mtime)
    for each in found[: max(0, len(found) - _MOST_FILES)]:
        _remove(each.path)


def _remove(path: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
