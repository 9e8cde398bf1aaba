"""The citations report on a log of a million decisions: time and peak memory.

    python bench/reports.py            # a million; --events N for fewer
    python bench/reports.py --keep DIR # keeps the log there, and uses one that is there

Makes a log of realistic variety: the posts and profiles of `examples/`, with facts left out at
random, from many units on many platforms over three years, with fewer denials as time goes by.
The report is then made in a process of its own, as a user would.
"""

from __future__ import annotations

import argparse
import copy
import datetime
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parents[1]
BATCH = 5_000
VARIANTS = 4_000
BEGIN = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
DAYS = 3 * 365
FORMATS = ("html", "md", "csv", "xlsx", "json")


def documents(rng):
    """Yield documents: an example with a few facts left out."""
    found = [
        json.loads(path.read_text(encoding="utf-8"))
        for kind in ("post", "profile")
        for path in sorted((ROOT / "examples" / kind).glob("*.json"))
    ]
    while True:
        document = copy.deepcopy(rng.choice(found))
        for _ in range(rng.choice((0, 0, 0, 1, 1, 2))):
            drop(document, rng)
        yield document


def drop(document, rng):
    """Leave out one fact, somewhere."""
    place = document
    while True:
        names = [name for name in place if name not in ("kind", "id", "as_of")]
        if not names:
            return
        name = rng.choice(names)
        inner = place[name]
        if isinstance(inner, list) and inner and isinstance(inner[0], dict):
            inner = rng.choice(inner)
        if not isinstance(inner, dict) or rng.random() < 0.3:
            del place[name]
            return
        place = inner


def templates(policy, key, rng):
    """Return events of decisions on such documents: what does not fit its schema is left out."""
    from somepolicy import InvalidDocument
    from somepolicy.log import event_of

    found = []
    drawn = documents(rng)
    while len(found) < VARIANTS:
        document = next(drawn)
        try:
            decision = policy.evaluate(document)
        except InvalidDocument:
            continue
        identity = str(uuid.UUID(int=rng.getrandbits(128)))
        found.append(event_of(policy, document, decision, key=key, time=BEGIN, id=identity))
    return found


def events(policy, key, count, rng):
    """Yield events in the order of time."""
    made = templates(policy, key, rng)
    by_decision = {
        answer: [each for each in made if each.decision == answer] for answer in ("allow", "deny")
    }
    units = [f"~{rng.getrandbits(64):016x}" for _ in range(600)]
    types = ("school", "kindergarten", "health", "culture", "library", "project", None)
    platforms = ("facebook", "instagram", "snapchat", "youtube", "linkedin", "x", "tiktok")
    for number in range(count):
        part = number / count
        allowed = rng.random() < 0.55 + 0.3 * part
        unit = rng.randrange(len(units))
        yield replace(
            rng.choice(by_decision["allow" if allowed else "deny"]),
            id=str(uuid.UUID(int=rng.getrandbits(128))),
            time=BEGIN + datetime.timedelta(days=DAYS * part, seconds=number % 60),
            unit_id=units[unit],
            unit_type=types[unit % len(types)],
            platform=platforms[min(unit // 70, len(platforms) - 1)],
        )


def make(path, count):
    """Make the log, many events to a transaction."""
    from somepolicy.log import open_log
    from somepolicy.policy import Policy

    policy = Policy.load(ROOT / "policy" / "bergen")
    with open_log(path) as log:
        log.register(policy)
        batch = []
        for event in events(policy, log.key, count, random.Random(2026)):
            batch.append(event)
            if len(batch) == BATCH:
                log.append_all(batch)
                batch = []
        if batch:
            log.append_all(batch)


def report(path, form, folder):
    """Make the report in a new process.

    Return seconds, seconds of processor time, the peak of memory in MB, and bytes written.
    """
    target = folder / f"citations.{form}"
    command = [sys.executable, "-m", "somepolicy", "report", "citations", "--log", str(path)]
    command += ["--format", form, "--lang", "nb", "-o", str(target)]
    begun = time.perf_counter()
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    elapsed, used = time.perf_counter() - begun, usage.ru_utime + usage.ru_stime
    return elapsed, used, usage.ru_maxrss / 1024, target.stat().st_size


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"decisions-{asked.events}.db"
        if not path.exists():
            begun = time.perf_counter()
            make(path, asked.events)
            print(f"made {asked.events:,} events in {time.perf_counter() - begun:.0f} s")
        size = path.stat().st_size
        print(f"log: {size / 1e6:,.0f} MB, {size / asked.events:,.0f} bytes an event", flush=True)
        for form in FORMATS:
            seconds, used, memory, written = report(path, form, folder)
            print(
                f"{form}: {seconds:.1f} s ({used:.1f} s of processor), {memory:.0f} MB, "
                f"{written / 1e3:,.0f} kB written",
                flush=True,
            )


if __name__ == "__main__":
    main()
