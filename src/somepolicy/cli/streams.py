"""The standard streams of the process, which may be closed or take no more than ASCII."""

from __future__ import annotations

import os
import sys


def open_streams() -> None:
    """Give closed standard streams a place, and let any text be written.

    Nobody misses messages that have no stream; an answer that cannot be written is an error.

    A terminal that is not UTF-8 shows `?` for what it cannot show; JSON is written as bytes
    and always UTF-8.
    """
    if sys.stdin is None:  # its number must not go to the next file that is opened
        os.open(os.devnull, os.O_RDONLY)
    if sys.stdout is None:  # a descriptor that refuses what is written to it
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w", encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - lasts as long as the process
        os.set_inheritable(sys.stderr.fileno(), True)  # else a worker's own takes its number
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
