"""Processes killed at random while they log: what was acknowledged is there, the chain holds.

`APPENDS=10000 pytest -m slow tests/log/test_log_kill.py` is the long run.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time

import pytest

from somepolicy.log import open_log, to_json
from tests.log.log_cases import bergen, event

WORKER = """
import sys, uuid
from pathlib import Path
from dataclasses import replace
from somepolicy.log import from_json, open_log
one = from_json(Path(sys.argv[1]).read_bytes())
said = open(sys.argv[3], "a", buffering=1)
with open_log(sys.argv[2]) as log:
    for _ in range(int(sys.argv[4])):
        event = replace(one, id=str(uuid.uuid4()))
        log.append(event)
        said.write(event.id + "\\n")
"""


@pytest.mark.slow
def test_eight_processes_killed_at_random_lose_nothing(tmp_path):
    processes, wanted, rng = 8, int(os.environ.get("APPENDS", "1500")), random.Random(20261122)
    with open_log(tmp_path / "log.db") as log:
        log.register(bergen())
    (tmp_path / "one.json").write_bytes(to_json(event()))
    said = [tmp_path / f"said-{number}" for number in range(processes)]
    for each in said:
        each.touch()

    def acknowledged(each):
        lines = each.read_text().split("\n")
        return lines[:-1]  # what follows the last line end was cut by the kill

    def start(number):
        left = wanted - len(acknowledged(said[number]))
        text = said[number].read_text()
        if not text.endswith("\n"):  # a half line would swallow the next id
            said[number].write_text(text[: text.rfind("\n") + 1])
        arguments = [tmp_path / "one.json", tmp_path / "log.db", said[number], left]
        return subprocess.Popen([sys.executable, "-c", WORKER, *map(str, arguments)])

    running = {number: start(number) for number in range(processes)}
    kills = 0
    deadline = time.monotonic() + 1500
    while running:
        assert time.monotonic() < deadline
        time.sleep(rng.uniform(0.2, 1.2))
        for number, each in list(running.items()):
            if each.poll() is not None:
                assert each.returncode == 0
                del running[number]
        if running:
            victim = rng.choice(sorted(running))
            running[victim].kill()
            kills += running[victim].wait() == -9
            running[victim] = start(victim)

    ids = [id for each in said for id in acknowledged(each)]
    assert len(ids) == processes * wanted
    assert kills > 5
    with open_log(tmp_path / "log.db") as log:
        found = log.verify()
        assert found.sound
        logged = {entry.id for entry in log.events()}
        assert set(ids) <= logged
        # at most one append for each kill was done and not yet said
        assert len(logged) - len(ids) <= kills
