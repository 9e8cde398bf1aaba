"""The key of a log: from the caller, from SOMEPOLICY_LOG_KEY, or from a file beside the log."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path

from somepolicy.file_access import plain_file, reason
from somepolicy.log.errors import LogError

VARIABLE = "SOMEPOLICY_LOG_KEY"
_LEAST_BYTES = 16
_MOST_BYTES = 1024


def given_key(key: bytes | None, environment: Mapping[str, str]) -> bytes | None:
    """Return the key of the caller, else of the environment, else None.

    Raises LogError for one that could be guessed.
    """
    if key is None and (stated := environment.get(VARIABLE)):
        key = stated.encode("utf-8", "surrogateescape")
    if key is not None and len(key) < _LEAST_BYTES:
        raise LogError(
            f"the key of the log has {len(key)} bytes, the least is {_LEAST_BYTES}",
            f"give a long random {VARIABLE}, for example from `openssl rand -hex 32`",
        )
    return key


def key_file(log: Path) -> Path:
    """Return where the key of a log is kept when nobody gives one."""
    return log.with_name(f"{log.name}.key")


def read_key(path: Path) -> bytes | None:
    """Read a key file; None where there is none. Raises LogError for one others may read."""
    try:
        with open(path, "rb", opener=plain_file) as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(_MOST_BYTES).strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        cause = reason(error)
        raise LogError(
            f"the key file cannot be read: {cause}", f"see to {path.name} beside the log"
        ) from None
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise LogError(
            "others may read the key file",
            f"take that right away: chmod 600 {path.name}, beside the log",
        )
    if len(content) < _LEAST_BYTES:
        raise LogError(
            "the key file holds no key",
            f"put {path.name} back from a copy; a new key cannot check what the old one signed",
        )
    return content


def make_key(path: Path) -> bytes:
    """Make a key file that only its owner may read, or return the key another process made.

    It appears complete or not at all. Raises LogError.
    """
    content = secrets.token_hex(32).encode()
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content + b"\n")
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, path)
        finally:
            draft.unlink()
        sync_folder(path.parent)
    except FileExistsError:
        pass  # another process was first; its key counts
    except OSError as error:
        cause = reason(error)
        raise LogError(
            f"the key file cannot be made: {cause}",
            f"let this user write in the folder of the log, or set {VARIABLE}",
        ) from None
    made = read_key(path)
    if made is None:
        raise LogError("the key file has gone", f"make sure that nothing removes {path.name}")
    return made


def sync_folder(folder: Path) -> None:
    """Make the names of new files in a folder last."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def key_mark(key: bytes) -> bytes:
    """Return what distinguishes one key from another and reveals neither."""
    return signed(key, b"somepolicy log key")


def signed(key: bytes, content: bytes) -> bytes:
    """Return the HMAC-SHA-256 of a content."""
    return hmac.new(key, content, hashlib.sha256).digest()
