"""Measure somepolicy against other engines and hand-written Python, on equal work.

    python bench/run.py                              # everything, then RESULTS and docs/performance.md
    python bench/run.py latency --rounds 3           # one task, shown and not kept
    python bench/run.py latency size --only somepolicy_,limit_validated
    python bench/run.py latency --keep               # … and kept
    python bench/run.py render                       # the pages again, from the kept figures

The first run makes an environment with the peers in bench/.venv; --python takes another one.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import shlex
import subprocess
import sys
from pathlib import Path

from peers.environment import load, machine, ready
from peers.pages import write_pages
from peers.plan import NOTHING, TASKS
from peers.running import measure
from peers.tables import tables

KEPT = Path(__file__).parent / "results.json"


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = ", ".join(TASKS)
    parser.add_argument("tasks", nargs="*", help=f"among {names}; `render`; none: all, kept")
    parser.add_argument("--rounds", type=int, help="how often the columns take turns")
    parser.add_argument("--only", help="columns, with commas between them")
    parser.add_argument("--jobs", help="only the jobs whose label holds this, as `1,000`")
    parser.add_argument(
        "--cpu", action="store_true", help="time on the processor, for a busy machine; not kept"
    )
    parser.add_argument("--keep", action="store_true", help="keep the figures and make the pages")
    parser.add_argument("--python", type=Path, help="an interpreter that has the peers")
    asked = parser.parse_args()
    if wrong := set(asked.tasks) - {*TASKS, "render"}:
        parser.error(f"no task is called {', '.join(sorted(wrong))}; there are {names}")
    if asked.rounds is not None and asked.rounds < 1:
        parser.error("--rounds is a number from 1")
    known = {column for task in TASKS.values() for column in task.columns}
    if asked.only and (wrong := set(asked.only.split(",")) - known):
        parser.error(
            f"no column is called {', '.join(sorted(wrong))}; there are {', '.join(sorted(known))}"
        )
    if asked.python and not asked.python.exists():
        parser.error(f"there is no interpreter at {asked.python}")
    keeps = asked.keep or not asked.tasks
    if keeps and (asked.only or asked.jobs or asked.cpu):
        parser.error("kept are whole tasks by the wall clock: no --only, --jobs or --cpu")
    return asked


def main() -> int:
    asked = options()
    try:
        kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    except ValueError:
        return refused(f"{KEPT} is not JSON: take it away, and measure with --keep")
    wanted = [task for task in asked.tasks if task != "render"]
    if not wanted and asked.tasks and not kept:
        return refused("no figures are kept: run a task with --keep first")
    keep = asked.keep or not asked.tasks
    if wanted or not asked.tasks:
        try:
            python = asked.python or ready()
        except subprocess.CalledProcessError as error:
            return refused(f"the environment cannot be made: {shlex.join(map(str, error.cmd))}")
        for name in wanted or list(TASKS):
            one = run_task(name, asked, python)
            if keep:
                kept[name] = one
                KEPT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
            if name == "check" and _differs(one["results"]):
                print("A column gives other answers than the oracle: nothing more is measured.")
                return 1
    if keep or "render" in asked.tasks:
        try:
            written = write_pages(kept)
        except (OSError, ValueError) as error:
            return refused(str(error))
        for path in written:
            print(f"wrote {path}", file=sys.stderr)
    return 0


def refused(message: str) -> int:
    print(f"run.py: {message}", file=sys.stderr)
    return 2


def run_task(name: str, asked: argparse.Namespace, python: Path) -> dict:
    """Measure a task, print its tables, return its figures with the machine they are of."""
    task = TASKS[name]
    wanted = {*asked.only.split(","), NOTHING} if asked.only else set(task.columns)
    columns = tuple(column for column in task.columns if column in wanted)
    if asked.jobs:
        jobs = tuple(job for job in task.jobs if asked.jobs in job.label)
        task = dataclasses.replace(task, jobs=jobs or task.jobs)
    if not columns:
        print(f"{name}: none of these columns takes part\n")
        return {"results": {}}
    where = machine(python)
    results = measure(python, task, columns, asked.rounds or task.rounds, cpu=asked.cpu)
    where["load_after"] = load()
    counted = "time on the processor, " if asked.cpu else ""
    busy = f"load {where['load']} to {where['load_after']}"
    print(f"## {task.title}\n\n{counted}{where['time']}, {busy}\n")
    print(tables(name, task, results))
    return {"machine": where, "rounds": asked.rounds or task.rounds, "results": results}


def _differs(results: dict) -> bool:
    return any(
        figures.get("wrong") or figures.get("wrong_json")
        for by_column in results.values()
        for figures in by_column.values()
    )


if __name__ == "__main__":
    sys.exit(main())
