"""Opening and replacing files by name, where a name may lead to anything.

A device is not read, a pipe that nobody writes to is not waited for without end, and what is
written appears whole, through links, with the mode that the file had.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

PATIENCE = 10.0  # seconds, until somebody has to write to a pipe
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)
NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_WRITABLE = 0o222
_DRAFT = ".somepolicy-"  # in the name of a file that is still being written
_LONGEST_IN_DRAFT = 50  # characters of the name it is for


def reason(error: OSError) -> str:
    """Say why the system refused, to go on a sentence; a path within it stays as it is."""
    if error.errno == errno.EBADF:
        return "it is closed"
    said = error.strerror
    return said[:1].lower() + said[1:] if said else type(error).__name__


def read_file(path: str | os.PathLike[str]) -> bytes:
    """Return what a file holds. Raises OSError, also for what is not a file."""
    with open(path, "rb", opener=plain_file) as file:
        return file.read()


def plain_file(path: str, flags: int) -> int:
    """Open a file, as `opener` of `open`. Raises OSError for a pipe, a device or a socket."""
    _hold_file(os.stat(path).st_mode)  # to open a device can be enough to do something
    descriptor = os.open(path, flags | _NO_WAIT)
    return _checked(descriptor)


def file_or_pipe(path: str, flags: int) -> int:
    """Open a file, a terminal or a pipe that somebody writes to, as `opener` of `open`.

    Raises OSError for other devices and sockets, and where nobody writes to the pipe.
    """
    mode = os.stat(path).st_mode
    if stat.S_ISFIFO(mode):
        return _pipe(path, flags)
    if stat.S_ISCHR(mode):
        descriptor = os.open(path, flags | _NO_WAIT | getattr(os, "O_NOCTTY", 0))
        return _checked(descriptor, terminal=True)
    return plain_file(path, flags)


def hold_no_device(descriptor: int) -> None:
    """Raise OSError for a device that this process was given to read, as standard input.

    A terminal may be read, and the device that is empty.
    """
    found = os.fstat(descriptor)
    empty = found.st_rdev == os.stat(os.devnull).st_rdev
    device = stat.S_ISBLK(found.st_mode) or stat.S_ISCHR(found.st_mode)
    if device and not empty and not os.isatty(descriptor):
        _hold_file(found.st_mode)


def _checked(descriptor: int, *, terminal: bool = False) -> int:
    try:
        if not (terminal and os.isatty(descriptor)):
            _hold_file(os.fstat(descriptor).st_mode)
        os.set_blocking(descriptor, True)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _hold_file(mode: int) -> None:
    """Raise OSError for what is neither a file nor a folder."""
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise OSError(errno.EINVAL, f"this is {named(mode)}, not a file")


def named(mode: int) -> str:
    """Return what a mode is of, in words."""
    if stat.S_ISREG(mode):
        return "a file"
    if stat.S_ISDIR(mode):
        return "a folder"
    if stat.S_ISFIFO(mode):
        return "a pipe"
    return "a socket" if stat.S_ISSOCK(mode) else "a device"


def _pipe(path: str, flags: int) -> int:
    """Open a pipe, which waits until somebody writes to it."""
    import threading  # noqa: PLC0415 - few inputs are pipes

    opened: list[int] = []
    failed: list[OSError] = []

    def opening() -> None:
        try:
            opened.append(os.open(path, flags))
        except OSError as error:
            failed.append(error)

    waiting = threading.Thread(target=opening, daemon=True)
    waiting.start()
    waiting.join(PATIENCE)
    if failed:
        raise failed[0]
    if not opened:
        raise OSError(errno.ETIMEDOUT, "this is a pipe, and nobody writes to it")
    return opened[0]


# --- writing


def open_through(path: str | os.PathLike[str]) -> BinaryIO | None:
    """Open a pipe or a device to write to; None where a name leads to a file or to nothing.

    Raises OSError, also for a pipe that nobody reads.
    """
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return None
    descriptor = os.open(path, os.O_WRONLY | _NO_WAIT)
    os.set_blocking(descriptor, True)
    return open(descriptor, "wb")


def target_of(path: str | os.PathLike[str]) -> str:
    """Return the file that a name leads to through links, which need not be there yet.

    Raises OSError where it cannot be written: a folder, a file that is read-only, a circle of
    links, a folder above it that is not there.
    """
    target = os.path.realpath(path)
    try:
        mode = os.stat(target).st_mode
    except FileNotFoundError:
        os.stat(os.path.dirname(target))
        return target
    if stat.S_ISDIR(mode):
        raise OSError(errno.EISDIR, "this is a folder, not a file")
    if not mode & _WRITABLE or not os.access(target, os.W_OK):
        raise OSError(errno.EACCES, "it is read-only")
    return target


def is_same_file(first: str | os.PathLike[str], second: str | os.PathLike[str]) -> bool:
    """Whether two names lead to one file that is there."""
    try:
        return os.path.samefile(first, second)
    except (OSError, ValueError):
        return False


def is_of_folder(
    output: str | os.PathLike[str], folder: str | os.PathLike[str], names: Iterable[str]
) -> bool:
    """Whether a name leads into a folder, or to one of the named files wherever they lie."""
    inside = os.path.realpath(output).startswith(os.path.realpath(folder) + os.sep)
    return inside or any(is_same_file(output, os.path.join(folder, name)) for name in names)


def is_standard_input(output: str | os.PathLike[str]) -> bool:
    """Whether a name leads to the file that standard input is read from."""
    try:
        return os.path.samestat(os.fstat(0), os.stat(output))
    except OSError:
        return False


def is_output(found: os.stat_result) -> bool:
    """Whether this is the file that standard output or standard error is written to."""
    return stat.S_ISREG(found.st_mode) and any(_is_open(found, number) for number in (1, 2))


def _is_open(found: os.stat_result, descriptor: int) -> bool:
    try:
        return os.path.samestat(found, os.fstat(descriptor))
    except OSError:  # it is closed
        return False


def mode_of(target: str) -> int:
    """Return the mode a file has, or would have if it were made now."""
    with contextlib.suppress(FileNotFoundError):
        return stat.S_IMODE(os.stat(target).st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def replace_file(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a file so that it has its old content or its new one, never a part of it.

    What is not a regular file is written to as it is. Raises OSError.
    """
    if (stream := open_through(path)) is None:
        write_anew(path, lambda file: file.write(content))
        return
    with stream:
        stream.write(content)


def write_anew(path: str | os.PathLike[str], write: Callable[[BinaryIO], object]) -> None:
    """Replace the file that a name leads to by what `write` writes. Raises OSError."""
    target = target_of(path)
    descriptor, draft = _new_draft(target)
    try:
        with open(descriptor, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
            os.chmod(draft, mode_of(target))
            os.replace(draft, target)  # still held, so that nobody takes it for one left behind
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(draft)
        raise


def _new_draft(target: str) -> tuple[int, str]:
    """Open a new file beside a target, held; what a writer that was killed left there goes."""
    import tempfile  # noqa: PLC0415 - only writing needs it

    folder, name = os.path.split(target)
    begins = f".{name[:_LONGEST_IN_DRAFT]}{_DRAFT}"
    for left in _names_in(folder):
        if left.startswith(begins):
            with contextlib.suppress(OSError):
                _remove_left(os.path.join(folder, left))
    while True:
        descriptor, draft = tempfile.mkstemp(dir=folder, prefix=begins)
        # another may have come upon it before it was held
        if not hold(descriptor) or os.fstat(descriptor).st_nlink:
            return descriptor, draft
        os.close(descriptor)


def _names_in(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:  # one may be written to and not listed
        return []


def _remove_left(path: str) -> None:
    """Remove a draft that no writer holds. Raises OSError."""
    descriptor = os.open(path, os.O_RDWR | _NO_WAIT | NO_LINK)
    try:
        if hold(descriptor, wait=False):
            os.unlink(path)
    finally:
        os.close(descriptor)


def hold(descriptor: int, *, wait: bool = True) -> bool:
    """Hold a file until it is closed; False where the system cannot.

    Raises BlockingIOError where another process holds it and is not waited for.
    """
    try:
        import fcntl  # noqa: PLC0415 - Windows has none
    except ImportError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        raise
    except OSError:
        return False  # a file system without locks
    return True
