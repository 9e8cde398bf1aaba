"""Measurements in processes of their own, round by round over the columns."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from peers.environment import BENCH
from peers.plan import BERGEN, BERGEN_UNCACHED, NOTHING, Job, Task

Figures = dict  # of a job and column: name -> [least, median, most], counts, or "error"


def measure(
    python: Path, task: Task, columns: tuple[str, ...], rounds: int, *, cpu: bool = False
) -> dict[str, dict]:
    """Return the figures by label and column; the columns take turns in each round."""
    got: dict[str, dict[str, list[Figures]]] = {}
    total = rounds * len(task.jobs) * len(columns)
    for number, (job, column) in enumerate(_turns(task, columns, rounds), 1):
        _tell(f"{number}/{total} {task.title}: {job.label} {column}")
        told = got.setdefault(job.label, {}).setdefault(column, [])
        if told and "error" in told[-1]:
            continue  # it would only fail again
        if job.function == "cold":
            told.append(_cold(python, column))
        else:
            told.append(_worker(python, column, job, task.timeout, cpu=cpu))
    _tell("")
    return {
        label: {column: _merged(figures) for column, figures in by_column.items()}
        for label, by_column in got.items()
    }


def _turns(task: Task, columns: tuple[str, ...], rounds: int) -> Iterator[tuple[Job, str]]:
    for _ in range(rounds):
        for job in task.jobs:
            for column in columns:
                yield job, column


def _tell(line: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[K{line[:100]}", end="", file=sys.stderr, flush=True)


def _worker(python: Path, column: str, job: Job, timeout: int, *, cpu: bool) -> Figures:
    command = [python, BENCH / "measure.py", column, job.function, json.dumps(job.arguments)]
    if cpu:
        command.append("cpu")
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
            env=_environment(),
        )
    except subprocess.TimeoutExpired as error:
        known = _last_line(error.stdout or b"")
        return {**(json.loads(known) if known else {}), "error": f"over {timeout} s"}
    if done.returncode:
        known = _last_line(done.stdout.encode())
        return {**(json.loads(known) if known else {}), "error": _reason(done.stderr)}
    return json.loads(_last_line(done.stdout.encode()))


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONHASHSEED": "0"}


def _last_line(output: bytes) -> str:
    lines = output.decode().strip().splitlines()
    return lines[-1] if lines else ""


def _reason(errors: str) -> str:
    lines = [line for line in errors.strip().splitlines() if "Error" in line.split(":")[0]]
    return (lines or errors.strip().splitlines() or ["failed"])[-1][:200]


def _cold(python: Path, column: str) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        command = [str(python), str(BENCH / "cold_start.py"), column]
        if column not in (NOTHING, BERGEN, BERGEN_UNCACHED):
            file = Path(folder, "artefact.json")
            made = subprocess.run(
                [str(python), str(BENCH / "peers" / "artefact.py"), column, str(file), folder],
                capture_output=True,
                text=True,
                check=False,
            )
            if made.returncode:
                return {"error": _reason(made.stderr)}
            command.append(str(file))
        cache = "off" if column == BERGEN_UNCACHED else f"{folder}/cache"
        environment = {**_environment(), "SOMEPOLICY_CACHE": cache}
        # once before, so that files are in memory and what can be kept is kept
        subprocess.run(command, capture_output=True, check=False, env=environment)
        before, start = _spent_by_children(), time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        spent = time.perf_counter() - start
        if done.returncode:
            return {"error": _reason(done.stderr)}
        cpu = _spent_by_children() - before
        memory = int(done.stdout) * 1024
        return {"time": [spent] * 3, "cpu": [cpu] * 3, "memory": [memory] * 3}


def _spent_by_children() -> float:
    """Return the seconds that processes which have ended were on a processor."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _merged(rounds: list[Figures]) -> Figures:
    """Return the median of the rounds' medians, between the least and the most of all loops."""
    if failed := next((figures for figures in rounds if "error" in figures), None):
        return failed
    merged: Figures = {}
    for name, value in rounds[0].items():
        if not isinstance(value, list):
            merged[name] = value
            continue
        several = [figures[name] for figures in rounds]
        medians = [each[1] for each in several]
        least, most = min(each[0] for each in several), max(each[2] for each in several)
        merged[name] = [least, statistics.median(medians), most]
        merged.setdefault("rounds", {})[name] = medians
    return merged
