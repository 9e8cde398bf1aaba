"""How fast decisions are logged, each on the disk before the next: `python bench/decision_log.py`.

--folder: where the log is put (default: the current folder's file system, not /tmp, which may be
memory). Latencies are of `append` as its caller sees it, in milliseconds.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import replace
from pathlib import Path

from somepolicy.installed import installed_policy
from somepolicy.log import event_of, from_json, open_log, to_json

EXAMPLE = Path(__file__).parents[1] / "examples" / "post" / "class-photo.json"


def an_event():
    policy, document = installed_policy(), json.loads(EXAMPLE.read_text("utf-8"))
    return event_of(
        policy,
        document,
        policy.evaluate(document),
        key=b"of this measurement alone",
        time=datetime.datetime.now(datetime.UTC),
        id=str(uuid.uuid4()),
    )


def append(path, one, count):
    """Append so many events; return the latency of each in seconds."""
    latencies = []
    with open_log(path) as log:
        for _ in range(count):
            event = replace(one, id=str(uuid.uuid4()))
            start = time.perf_counter()
            log.append(event)
            latencies.append(time.perf_counter() - start)
    return latencies


def worker(path, one, count):
    print(*append(path, from_json(Path(one).read_bytes()), count))


def processes(path, one, number, count):
    """Append from several processes at once; return all latencies and the seconds it took."""
    command = [sys.executable, __file__, "--worker", str(path), str(one), str(count)]
    start = time.perf_counter()
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(number)]
    latencies = [float(x) for each in running for x in each.communicate()[0].split()]
    assert all(each.returncode == 0 for each in running)
    return latencies, time.perf_counter() - start


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def row(name, latencies, seconds):
    figures = (
        f"{len(latencies) / seconds:,.0f}",
        f"{statistics.median(latencies) * 1e3:.2f}",
        f"{percentile(latencies, 0.99) * 1e3:.2f}",
        f"{max(latencies) * 1e3:.1f}",
    )
    print(f"| {name} | {' | '.join(figures)} |", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", default=".")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--worker", nargs=3)
    arguments = parser.parse_args()
    if arguments.worker:
        path, one, count = arguments.worker
        worker(path, one, int(count))
        return
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        measure(Path(name), arguments.count)


def measure(folder, count):
    one = an_event()
    (folder / "one.json").write_bytes(to_json(one))
    print(f"an event has {len(to_json(one))} bytes; {os.cpu_count()} cores")
    print(
        "| appending | a second | median ms | p99 ms | most ms |\n| --- | ---: | ---: | ---: | ---: |"
    )
    for number in (1, 8):
        path = folder / f"{number}.db"
        with open_log(path) as log:
            log.register(installed_policy())
        latencies, seconds = processes(path, folder / "one.json", number, count // number)
        row(f"{number} process{'es' * (number > 1)}", latencies, seconds)
    path = folder / "batch.db"
    with open_log(path) as log:
        log.register(installed_policy())
        events = [replace(one, id=str(uuid.uuid4())) for _ in range(count)]
        start = time.perf_counter()
        for at in range(0, count, 1000):
            log.append_all(events[at : at + 1000])
        seconds = time.perf_counter() - start
        print(f"batches of 1,000: {count / seconds:,.0f} events a second")
        start = time.perf_counter()
        assert log.verify().sound
        print(f"verify: {count / (time.perf_counter() - start):,.0f} entries a second")
        start = time.perf_counter()
        assert sum(1 for _ in log.events()) == count
        print(f"read: {count / (time.perf_counter() - start):,.0f} events a second")
    print(f"size: {path.stat().st_size / count:,.0f} bytes an event")
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
