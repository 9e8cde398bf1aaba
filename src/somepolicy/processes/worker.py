"""A worker process: tasks in by standard input, results out by standard output.

Run as `python -m somepolicy.processes.worker` by pool.py. It ends when its input does, and so
when the process that started it is gone.
"""

from __future__ import annotations

import marshal
import os
import pickle
import sys
import threading
from collections.abc import Iterator
from queue import SimpleQueue
from typing import BinaryIO

from somepolicy.errors import PolicyChangedError, SomepolicyError, internal_error
from somepolicy.processes import messages
from somepolicy.processes.messages import Failure


def main() -> None:
    """Answer tasks until there are no more."""
    incoming, outgoing = _streams()
    try:
        for result in _results(incoming):
            messages.send(outgoing, result)
    except OSError:
        return  # whoever started this process is gone


def _streams() -> tuple[BinaryIO, BinaryIO]:
    """Return both ends of the connection; what anything prints goes to standard error instead."""
    outgoing = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return sys.stdin.buffer, outgoing


def _results(incoming: BinaryIO) -> Iterator[bytes]:
    """Yield what the function that comes first gives for each task, or last a Failure."""
    waiting: SimpleQueue[bytes | None] = SimpleQueue()
    # reading goes on while answers are written: else both processes could wait for each other
    threading.Thread(target=_read, args=(incoming, waiting), daemon=True).start()
    try:
        if (setup := waiting.get()) is None:
            return
        # all comes from the process that started this one
        function = pickle.loads(setup)  # noqa: S301
        while (message := waiting.get()) is not None:
            # one pickle for all: what decisions share is sent once
            yield pickle.dumps(function(marshal.loads(message)), protocol=5)  # noqa: S302
    except Exception as error:  # noqa: BLE001 - a traceback could show a document
        yield pickle.dumps(Failure(_named(error)))


def _read(incoming: BinaryIO, waiting: SimpleQueue[bytes | None]) -> None:
    while (message := messages.receive(incoming)) is not None:
        waiting.put(message)
    waiting.put(None)


def _named(error: Exception) -> str | SomepolicyError:
    if isinstance(error, PolicyChangedError):
        return "the policy in its folder is not the one that was loaded"
    if isinstance(error, SomepolicyError):
        return error
    return internal_error(error)


if __name__ == "__main__":
    main()
    # a reading thread may still wait for input: there is nothing left to clean up
    sys.stderr.flush()
    os._exit(0)
