"""Several worker processes: chunks out, answers back in the same order, few of them under way."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Generic, Self, TypeVar, cast

from somepolicy.batch import protocol
from somepolicy.batch.chunks import Chunk
from somepolicy.batch.protocol import Failure, Setup
from somepolicy.batch.work import Terms
from somepolicy.errors import SomepolicyError
from somepolicy.policy import Policy

_UNDER_WAY = 2  # chunks for each worker: one that it works on, one that waits
_WINDOWS = os.name == "nt"
_NEW_PROCESS_GROUP = 0x200  # of Windows
T = TypeVar("T")


class WorkerError(SomepolicyError, RuntimeError):
    """A worker process cannot go on. The message says nothing of the documents."""


class Pool(Generic[T]):
    """Worker processes that decide with one policy; each loads it from where it is from.

    They take no part in Ctrl-C, and end with this process however it ends.
    """

    def __init__(self, policy: Policy, terms: Terms, jobs: int, *, written: bool) -> None:
        self._setup = pickle.dumps(Setup(policy, terms, written))
        self._jobs = jobs
        self._workers: list[_Process] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def map(self, chunks: Iterable[Chunk], here: Callable[[Chunk], T]) -> Iterator[T]:
        """Yield what comes back for each chunk, in order. Raises WorkerError.

        A chunk that cannot be sent, for it holds more than plain values, is worked on `here`.
        """
        under_way: deque[_Process | tuple[T]] = deque()
        for number, chunk in enumerate(chunks):
            try:
                message = protocol.packed(chunk)
            except ValueError:
                under_way.append((here(chunk),))
            else:
                worker = self._worker(number % self._jobs)
                worker.send(message)
                under_way.append(worker)
            if len(under_way) >= self._jobs * _UNDER_WAY:
                yield _result(under_way.popleft())
        while under_way:
            yield _result(under_way.popleft())

    def _worker(self, index: int) -> _Process:
        """Return a worker, started when there is work for it."""
        while index >= len(self._workers):
            self._workers.append(_Process(self._setup))
        return self._workers[index]

    def _end(self) -> None:
        for worker in self._workers:
            worker.end()


class _Process:
    def __init__(self, setup: bytes) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "somepolicy.batch.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(_search_path())},
            process_group=None if _WINDOWS else 0,
            creationflags=_NEW_PROCESS_GROUP if _WINDOWS else 0,
        )
        self.send(setup)

    def send(self, message: bytes) -> None:
        assert self._process.stdin is not None
        try:
            protocol.send(self._process.stdin, message)
        except OSError:
            # it may have said why before it ended
            self.receive()
            raise WorkerError(self._ended()) from None

    def receive(self) -> object:
        assert self._process.stdout is not None
        message = protocol.receive(self._process.stdout)
        if message is None:
            raise WorkerError(self._ended())
        answer = pickle.loads(message)  # noqa: S301 - from a process of this package
        if isinstance(answer, Failure):
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
