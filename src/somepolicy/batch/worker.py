"""A worker process: chunks in by standard input, answers out by standard output.

Run as `python -m somepolicy.batch.worker` by pool.py. It ends when its input does, and so when
the process that started it is gone.
"""

from __future__ import annotations

import os
import pickle
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import BinaryIO

from somepolicy.batch import protocol
from somepolicy.batch.chunks import Chunk
from somepolicy.batch.protocol import Failure, Setup
from somepolicy.batch.work import Worker
from somepolicy.errors import PolicyChangedError


def main() -> None:
    """Answer chunks until there are no more."""
    incoming, outgoing = _streams()
    message = protocol.receive(incoming)
    if message is None:
        return
    try:
        setup: Setup = pickle.loads(message)  # noqa: S301 - from the process that started this one
        _serve(Worker(setup.policy, setup.terms), setup.written, incoming, outgoing)
    except OSError:
        return  # whoever started this process is gone
    except Exception as error:  # noqa: BLE001 - a traceback could show a document
        protocol.send(outgoing, pickle.dumps(Failure(_named(error))))


def _streams() -> tuple[BinaryIO, BinaryIO]:
    """Return both ends of the connection; what anything prints goes to standard error instead."""
    outgoing = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return sys.stdin.buffer, outgoing


def _serve(worker: Worker, written: bool, incoming: BinaryIO, outgoing: BinaryIO) -> None:
    work: Callable[[Chunk], object] = worker.write if written else worker.decide
    waiting: SimpleQueue[bytes | None] = SimpleQueue()
    # reading goes on while answers are written: else both processes could wait for each other
    threading.Thread(target=_read, args=(incoming, waiting), daemon=True).start()
    while (message := waiting.get()) is not None:
        # one pickle for all: what decisions share is sent once
        protocol.send(outgoing, pickle.dumps(work(protocol.unpacked(message)), protocol=5))


def _read(incoming: BinaryIO, waiting: SimpleQueue[bytes | None]) -> None:
    while (message := protocol.receive(incoming)) is not None:
        waiting.put(message)
    waiting.put(None)


def _named(error: Exception) -> str:
    if isinstance(error, PolicyChangedError):
        return "the policy in its folder is not the one that was loaded"
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = "" if place is None else f" in {Path(place.tb_frame.f_code.co_filename).name}"
    line = "" if place is None else f", line {place.tb_lineno}"
    return f"internal error, please report it: {type(error).__name__}{where}{line}"


if __name__ == "__main__":
    main()
    # a reading thread may still wait for input: there is nothing left to clean up
    sys.stderr.flush()
    os._exit(0)
