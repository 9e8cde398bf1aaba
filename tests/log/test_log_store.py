"""Appending, reading, pruning and erasing; several threads and processes at once."""

from __future__ import annotations

import dataclasses
import datetime
import os
import sqlite3
import subprocess
import sys
import threading
import uuid
from pathlib import Path

import pytest

from somepolicy import InvalidDocument
from somepolicy.log import (
    Event,
    Head,
    KindRefusedError,
    LogError,
    Refusal,
    logged,
    open_log,
)
from tests.log.log_cases import KEY, START, bergen, event, example, filled, new_log, raw_bytes

MINUTE = datetime.timedelta(minutes=1)


def ids(entries):
    return [uuid.UUID(entry.id).int for entry in entries]


@pytest.mark.slow
def test_what_was_appended_is_read_in_order(tmp_path):
    with filled(tmp_path, 1203) as log:
        assert ids(log.events()) == list(range(1203))
    with open_log(tmp_path / "log.db", key=KEY) as again:
        first = next(again.events())
        assert first == dataclasses.replace(event(), id=first.id, time=first.time)


RANGES = {
    "all": ({}, [0, 1, 2, 3, 4, 5]),
    "since, which is included": ({"since": START + 2 * MINUTE}, [2, 3, 4, 5]),
    "until, which is not": ({"until": START + 2 * MINUTE}, [0, 1]),
    "both": ({"since": START + MINUTE, "until": START + 3 * MINUTE}, [1, 2]),
    "none": ({"since": START + 9 * MINUTE}, []),
    "the last": ({"last": 2}, [4, 5]),
    "the last of a range": ({"last": 2, "until": START + 4 * MINUTE}, [2, 3]),
    "more than there are": ({"last": 99}, [0, 1, 2, 3, 4, 5]),
    "another offset": (
        {"since": (START + 5 * MINUTE).astimezone(datetime.timezone(datetime.timedelta(hours=2)))},
        [5],
    ),
}


@pytest.mark.parametrize(("range", "wanted"), RANGES.values(), ids=RANGES)
def test_a_range_of_time(tmp_path, range, wanted):
    with filled(tmp_path) as log:
        assert ids(log.entries(**range)) == wanted


def test_a_time_needs_an_offset(tmp_path):
    with filled(tmp_path) as log, pytest.raises(ValueError, match="offset"):
        next(log.entries(since=datetime.datetime(2026, 1, 1)))  # noqa: DTZ001


@pytest.mark.slow
def test_a_reader_holds_up_no_writer(tmp_path):
    with filled(tmp_path, 1100) as log:
        reading = log.events()
        next(reading)
        log.append(event(minute=5000))
        assert len(list(reading)) == 1099, "what was there when it began"


def test_a_batch_is_appended_whole_or_not_at_all(tmp_path):
    with filled(tmp_path) as log:
        before = log.head()
        with pytest.raises(LogError, match="id"):
            log.append_all([event(minute=7), event(minute=8), event(minute=7)])
        assert log.head() == before
        head = log.append_all([event(minute=7), event(minute=8)])
        assert (head, head.sequence) == (log.head(), 8)
        assert log.append_all([]) == head
        assert log.verify().sound


def test_a_head_can_be_written_and_read(tmp_path):
    with filled(tmp_path) as log:
        assert Head.parse(str(log.head())) == log.head()


@pytest.mark.parametrize("text", ["", "1", "x:00", f"1:{'g' * 64}", f"-1:{'0' * 64}"])
def test_what_is_no_head_is_refused(text):
    with pytest.raises(ValueError, match="64 hexadecimal"):
        Head.parse(text)


# --- what may be logged


def test_the_log_itself_refuses_a_private_kind(tmp_path):
    forged = dataclasses.replace(event(), kind="private_post")
    with new_log(tmp_path) as log:
        with pytest.raises(KindRefusedError, match="private_post"):
            log.append(forged)
        with pytest.raises(KindRefusedError):
            log.append_all([event(), forged])
        assert log.head().sequence == 0
    assert b"private_post" not in raw_bytes(tmp_path)


def test_the_log_refuses_a_policy_it_does_not_know(tmp_path):
    with open_log(tmp_path / "log.db", key=KEY) as log:
        with pytest.raises(KindRefusedError, match="none"):
            log.append(event())
        log.register(bergen())
        log.append(event())
    with open_log(tmp_path / "log.db", key=KEY) as again:
        again.append(event(minute=1))


# --- deciding and logging in one


def test_a_decision_is_logged_before_it_is_given(tmp_path):
    with new_log(tmp_path) as log:
        decide = logged(bergen(), log)
        id = str(uuid.uuid4())
        document = example("post/class-photo")
        decision = decide(document, id=id)
        assert decision == bergen().evaluate(document)
        found = log.find(id)
        assert isinstance(found, Event)
        assert found.decision == "deny"
        assert abs(found.time - datetime.datetime.now(datetime.UTC)) < 10 * MINUTE


def test_a_decision_that_cannot_be_logged_is_not_given(tmp_path):
    log = new_log(tmp_path)
    decide = logged(bergen(), log)
    log.close()
    with pytest.raises(LogError, match="closed"):
        decide(example("post/class-photo"))


def test_a_private_post_is_decided_on_and_leaves_no_trace(tmp_path):
    with new_log(tmp_path) as log:
        decide = logged(bergen(), log)
        document = example("private_post/home-care-story")
        assert decide(document) == bergen().evaluate(document)
        with pytest.raises(InvalidDocument):
            decide({"kind": "private_post", "id": 5})
        assert log.head().sequence == 0


def test_a_malformed_document_is_counted(tmp_path):
    with new_log(tmp_path) as log:
        with pytest.raises(InvalidDocument):
            logged(bergen(), log)({"kind": "post"})
        (entry,) = log.entries()
        assert isinstance(entry, Refusal)
        assert entry.errors == {"D302": 4}
        assert list(log.events()) == []
        assert log.verify().entries == 1


# --- pruning and erasing


def test_erased_is_gone_and_the_chain_holds(tmp_path):
    with filled(tmp_path) as log:
        head = log.head()
        id = str(uuid.UUID(int=2))
        assert log.find(id) is not None
        assert log.erase(id=id) == 1
        assert log.erase(id=id) == 0
        assert log.find(id) is None
        assert ids(log.events()) == [0, 1, 3, 4, 5]
        found = log.verify(head)
        assert (found.sound, found.entries, found.erased, found.head) == (True, 6, 1, head)
    assert id.encode() not in raw_bytes(tmp_path)


def test_a_unit_is_erased_as_a_whole(tmp_path):
    other = event("post/road-closure", minute=9)
    with filled(tmp_path) as log:
        log.append(other)
        assert log.erase(unit=str(event().unit_id)) == 6
        assert list(log.events()) == [other]
        assert log.verify().sound
    assert str(event().unit_id).encode() not in raw_bytes(tmp_path)


def test_one_thing_is_erased_at_a_time(tmp_path):
    with filled(tmp_path) as log, pytest.raises(ValueError, match="either"):
        log.erase()


def test_what_is_older_is_dropped(tmp_path):
    with filled(tmp_path) as log:
        head = log.head()
        assert log.prune(START + 3 * MINUTE) == 3
        assert ids(log.events()) == [3, 4, 5]
        found = log.verify(head)
        assert (found.sound, found.entries, found.pruned) == (True, 3, 3)
        assert log.prune(START + 3 * MINUTE) == 0
        log.append(event(minute=9))
        assert log.prune(START + 99 * MINUTE) == 4
        assert log.verify() == dataclasses.replace(found, entries=0, pruned=7, head=log.head())
        log.append(event(minute=10))
        assert log.verify().sound
    assert str(uuid.UUID(int=1)).encode() not in raw_bytes(tmp_path)


def test_an_old_entry_behind_younger_ones_is_erased(tmp_path):
    with filled(tmp_path) as log:
        log.append(dataclasses.replace(event(minute=9), time=START - MINUTE))
        assert log.prune(START + 3 * MINUTE) == 4
        found = log.verify()
        assert (found.sound, found.entries, found.erased, found.pruned) == (True, 4, 1, 3)


# --- threads and processes


def test_threads_share_a_log(tmp_path):
    one = event()
    with new_log(tmp_path) as log:

        def work(number):
            for each in range(25):
                id = str(uuid.UUID(int=number * 1000 + each))
                log.append(dataclasses.replace(one, id=id))

        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found = log.verify()
        assert (found.sound, found.entries) == (True, 200)
        assert sorted(ids(log.events())) == sorted(
            n * 1000 + m for n in range(8) for m in range(25)
        )


MANY = """
import sys, uuid
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from somepolicy.log import from_json, open_log
from dataclasses import replace
one = from_json(Path(sys.argv[2]).read_bytes())
with open_log(sys.argv[3]) as log:
    for _ in range(int(sys.argv[4])):
        id = str(uuid.uuid4())
        head = log.append(replace(one, id=id))
        print(id, head, flush=True)
"""


@pytest.mark.slow
def test_processes_share_a_log_and_one_key(tmp_path):
    """They start together at a log that is there, and each reads the key from its file."""
    with open_log(tmp_path / "log.db") as log:
        log.register(bergen())
    from somepolicy.log import to_json

    (tmp_path / "one.json").write_bytes(to_json(event()))
    command = [
        sys.executable, "-c", MANY, "", str(tmp_path / "one.json"), str(tmp_path / "log.db"), "40",
    ]  # fmt: skip
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    acknowledged = [line.split() for each in running for line in each.communicate()[0].splitlines()]
    assert [each.returncode for each in running] == [0, 0, 0]
    with open_log(tmp_path / "log.db") as log:
        found = log.verify()
        assert (found.sound, found.entries, found.signed) == (True, 120, True)
        assert {id for id, _ in acknowledged} == {entry.id for entry in log.events()}
        assert len({head for _, head in acknowledged}) == 120


def test_a_fork_opens_its_own(tmp_path):
    log = filled(tmp_path)
    child = os.fork()
    if child == 0:
        try:
            log.append(event(minute=9))
        except LogError as error:
            os._exit(0 if "forked" in error.message else 1)
        os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    log.append(event(minute=9))
    log.close()
    log.close()


def test_a_log_that_was_made_by_another_at_the_same_time(tmp_path):
    barrier = threading.Barrier(6)
    opened = []

    def work():
        barrier.wait()
        opened.append(open_log(tmp_path / "log.db"))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({log.id for log in opened}) == len({log.key for log in opened}) == 1
    names = sorted(path.name for path in tmp_path.iterdir())
    assert [name for name in names if not name.endswith(("-wal", "-shm"))] == [
        "log.db",
        "log.db.key",
    ]
    assert (tmp_path / "log.db.key").stat().st_mode & 0o777 == 0o600


def test_it_is_written_through_to_the_disk(tmp_path, monkeypatch):
    """SQLite acknowledges a write-ahead commit after an fsync only where synchronous is FULL."""
    seen = []
    real = sqlite3.connect

    def connect(*args, **kwargs):
        seen.append(real(*args, **kwargs))
        return seen[-1]

    with new_log(tmp_path) as log:
        monkeypatch.setattr(sqlite3, "connect", connect)
        log._writer = None
        log.append(event())
        (writer,) = seen
        assert writer.execute("PRAGMA synchronous").fetchone() == (2,)
        assert writer.execute("PRAGMA journal_mode").fetchone() == (b"wal",)
        assert writer.execute("PRAGMA secure_delete").fetchone() == (1,)


def test_an_address_is_a_path_or_a_url(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for address in ("a.db", "sqlite:///b.db", f"sqlite:///{tmp_path}/c?d#e%20f.db", Path("g.db")):
        open_log(address).close()
    assert {path.name for path in tmp_path.iterdir() if path.suffix == ".db"} == {
        "a.db", "b.db", "c?d#e%20f.db", "g.db",
    }  # fmt: skip


UNREADABLE = (
    {"decision": "maybe"},
    {"because": None},
    {"time_zone": None},
    {"fields": {"a": float("nan")}},
    {"unit_id": "\ud800"},
    {"kind": "x" * 20_000},
)


@pytest.mark.parametrize("change", UNREADABLE, ids=lambda each: next(iter(each)))
def test_nothing_is_appended_that_could_not_be_read_again(tmp_path, change):
    """It would look as if somebody had altered the log."""
    with filled(tmp_path) as log:
        head = log.head()
        with pytest.raises(LogError, match="cannot be read again"):
            log.append(dataclasses.replace(event(minute=9), **change))
        assert log.head() == head
        assert log.verify().sound
