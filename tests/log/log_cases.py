"""What the tests of the decision log share: decisions to log, and a log to put them in."""

from __future__ import annotations

import datetime
import json
import uuid
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from somepolicy.engine.decision import Decision
from somepolicy.installed import installed_policy
from somepolicy.log import DecisionLog, Event, event_of, open_log
from somepolicy.policy import Policy

EXAMPLES = Path(__file__).parents[2] / "examples"
KEY = b"only for the tests of this file"
START = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)


def bergen() -> Policy:
    return installed_policy()


class _Bergen(Policy):
    """Bergen's policy with another `[log]`: it decides alike, so its code is not made again."""

    def evaluate(self, document: object, **options: Any) -> Decision:
        return bergen().evaluate(document, **options)


def with_logging(**changes: Any) -> Policy:
    """Return Bergen's policy with another `[log]`."""
    program = bergen().program
    logging = replace(program.logging, **changes)
    return _Bergen(bergen().folder, program=replace(program, logging=logging))


def example(name: str) -> dict[str, object]:
    document: dict[str, object] = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    return document


@cache
def _decided(name: str) -> Decision:
    return bergen().evaluate(example(name))


def event(name: str = "post/class-photo", minute: int = 0, key: bytes = KEY) -> Event:
    """Return the event of an example, logged so many minutes after START."""
    document = example(name)
    return event_of(
        bergen(),
        document,
        _decided(name),
        key=key,
        time=START + datetime.timedelta(minutes=minute),
        id=str(uuid.UUID(int=minute)),
    )


def new_log(folder: Path) -> DecisionLog:
    log = open_log(folder / "log.db", key=KEY)
    log.register(bergen())
    return log


def filled(folder: Path, count: int = 6) -> DecisionLog:
    """Return a log with an event for each minute from START on; ids count from 0."""
    log = new_log(folder)
    one = event()
    log.append_all(
        replace(one, id=str(uuid.UUID(int=minute)), time=START + datetime.timedelta(minutes=minute))
        for minute in range(count)
    )
    return log


def raw_bytes(folder: Path) -> bytes:
    """Return all that stands on the disk, the write-ahead file included; keys left out.

    A log must be closed before: closing a file drops the locks this process has on it.
    """
    files = [path for path in sorted(folder.iterdir()) if path.suffix != ".key"]
    return b"\n".join(path.read_bytes() for path in files)
