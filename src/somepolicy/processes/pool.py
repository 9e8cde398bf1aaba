"""Several worker processes: tasks out, results back in the same order, few of them under way."""

from __future__ import annotations

import marshal
import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable
from pathlib import Path
from typing import Any, TypeVar, cast

from somepolicy.errors import SomepolicyError, WorkerError
from somepolicy.processes import messages
from somepolicy.processes.messages import Failure

_UNDER_WAY = 2  # tasks for each worker: one that it works on, one that waits
_WINDOWS = os.name == "nt"
_NEW_PROCESS_GROUP = 0x200  # of Windows
T = TypeVar("T")
Task = TypeVar("Task")


def run_tasks(function: Callable[[Task], T], tasks: Iterable[Task], jobs: int) -> Generator[T]:
    """Yield what a function gives for each task, in order. Raises WorkerError.

    An error of this package that the function raises is raised here, wherever it ran.

    The function travels as a pickle, once for each of so many worker processes, started as there
    is work for them; a policy in it is loaded from where it is from. They take no part in Ctrl-C,
    and end with the generator or with this process, however it ends. A task is plain values of
    Python; one that holds more is worked on here, as all are where there is but one job.
    """
    if jobs == 1:
        yield from map(function, tasks)
        return
    setup = pickle.dumps(function)
    workers: list[_Process] = []
    under_way: deque[_Process | tuple[T]] = deque()
    try:
        for number, task in enumerate(tasks):
            try:
                message = marshal.dumps(cast("Any", task))
            except ValueError:
                under_way.append((function(task),))
            else:
                while len(workers) <= number % jobs:
                    workers.append(_Process())
                    workers[-1].send(setup)
                worker = workers[number % jobs]
                worker.send(message)
                under_way.append(worker)
            if len(under_way) >= jobs * _UNDER_WAY:
                yield _result(under_way.popleft())
        while under_way:
            yield _result(under_way.popleft())
    finally:
        for worker in workers:
            worker.end()


class _Process:
    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "somepolicy.processes.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(_search_path())},
            process_group=None if _WINDOWS else 0,
            creationflags=_NEW_PROCESS_GROUP if _WINDOWS else 0,
        )

    def send(self, message: bytes) -> None:
        assert self._process.stdin is not None
        try:
            messages.send(self._process.stdin, message)
        except OSError:
            # it may have said why before it ended
            self.receive()
            raise WorkerError(self._ended()) from None

    def receive(self) -> object:
        assert self._process.stdout is not None
        message = messages.receive(self._process.stdout)
        if message is None:
            raise WorkerError(self._ended())
        answer = pickle.loads(message)  # noqa: S301 - from a process of this package
        if isinstance(answer, Failure):
            if isinstance(answer.reason, SomepolicyError):
                raise answer.reason
            raise WorkerError(f"a worker process cannot go on: {answer.reason}")
        return answer

    def end(self) -> None:
        """End the process at once: what it works on is wanted no more."""
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            try:
                stream.close()
            except OSError:
                continue
        self._process.wait()

    def _ended(self) -> str:
        code = self._process.wait()
        how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
        return f"a worker process {how}; is there enough memory for so many jobs?"


def _result(under_way: _Process | tuple[T]) -> T:
    if isinstance(under_way, tuple):
        return under_way[0]
    return cast("T", under_way.receive())


def _search_path() -> list[str]:
    """Return where this process finds modules, in full: a worker may have another folder."""
    return [str(Path(each or ".").resolve()) for each in sys.path]
