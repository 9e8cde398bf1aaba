"""One function on many tasks in several processes: order, few under way, and how it all ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from itertools import count, islice

import pytest

from somepolicy import Policy, PolicyError, WorkerError
from somepolicy.processes.pool import run_tasks


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 3])
def test_results_come_in_the_order_of_the_tasks(jobs: int) -> None:
    assert list(run_tasks(abs, [-n for n in range(50)], jobs)) == list(range(50))
    assert list(run_tasks(abs, [], jobs)) == []


def test_few_tasks_are_under_way() -> None:
    taken = count()
    results = run_tasks(abs, taken, 2)
    assert list(islice(results, 10)) == list(range(10))
    results.close()
    assert next(taken) <= 10 + 2 * 2


class Odd:
    """No value that travels."""

    def __str__(self) -> str:
        return f"of {os.getpid()}"


def test_what_does_not_travel_is_worked_on_here() -> None:
    assert list(run_tasks(str, [1, Odd(), 2], 2)) == ["1", f"of {os.getpid()}", "2"]


def test_what_a_task_prints_is_no_result() -> None:
    assert list(run_tasks(print, ["", ""], 2)) == [None, None]


@pytest.mark.parametrize(
    ("function", "task", "told"),
    [
        (int, "a secret", "internal error, please report it: ValueError"),
        (os.stat, "no/where", "internal error, please report it: FileNotFoundError"),
        (signal.raise_signal, 9, "a worker process was killed by signal 9; is there enough memory"),
        (os._exit, 3, "a worker process ended with code 3"),
    ],
)
def test_a_worker_that_cannot_go_on_is_an_error(function, task: object, told: str) -> None:
    with pytest.raises(WorkerError) as error:
        list(run_tasks(function, [task] * 5, 2))
    assert told in str(error.value)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_of_this_package_is_itself_wherever_it_is_raised(jobs: int) -> None:
    with pytest.raises(PolicyError) as error:
        list(run_tasks(Policy.load, ["no/where"] * 5, jobs))
    assert "no/where/policy.toml" in str(error.value)


def test_workers_are_no_part_of_ctrl_c_and_end_with_the_results() -> None:
    results = run_tasks(os.getpgid, [0] * 100, 2)
    workers = {next(results), next(results)}
    assert len(workers | {os.getpgid(0)}) == 3
    results.close()
    for worker in workers:  # each leads a group of its own
        with pytest.raises(ProcessLookupError):
            os.kill(worker, 0)


def test_workers_end_with_the_process_that_started_them() -> None:
    program = (
        "import os, signal\nfrom somepolicy.processes.pool import run_tasks\n"
        "results = run_tasks(abs, iter(int, 1), 2)\n"
        "next(results), next(results)\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(  # which waits for whoever holds the error stream
        [sys.executable, "-c", program], stderr=subprocess.PIPE, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (-signal.SIGKILL, b"")
