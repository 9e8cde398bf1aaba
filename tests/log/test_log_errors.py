"""A log that cannot do its duty says so and what to do; nothing is lost in silence."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys

import pytest

from somepolicy.log import LogError, Recorder, open_log, to_json
from somepolicy.log.sqlite_log import SqliteLog
from tests.log.log_cases import KEY, bergen, event, filled, new_log, with_logging


def broken(path, how):
    connection = sqlite3.connect(path)
    connection.executescript(how)
    connection.close()


def garbage(path):
    path.write_bytes(b"this is no database at all, whatever its name says" * 100)


def empty(path):
    path.write_bytes(b"")


def foreign(path):
    broken(path, "CREATE TABLE things (x)")


def newer(path):
    filled(path.parent).close()
    broken(path, "PRAGMA user_version = 3")


def folder(path):
    path.mkdir()


UNUSABLE = {
    "garbage": (garbage, "not a decision log"),
    "an empty file": (empty, "not a decision log"),
    "another database": (foreign, "not a decision log"),
    "a newer log": (newer, "format 3"),
    "a folder": (folder, "a log is a file"),
}


@pytest.mark.parametrize(("make", "message"), UNUSABLE.values(), ids=UNUSABLE)
def test_a_file_that_is_no_log_is_left_as_it_is(tmp_path, make, message):
    path = tmp_path / "log.db"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(LogError, match=message) as raised:
        open_log(path, key=KEY)
    assert raised.value.help
    assert before is None or path.read_bytes() == before


@pytest.mark.parametrize("name", ["log.db", "log.db-wal", "log.db-shm"])
def test_a_pipe_is_no_log_and_not_waited_for(tmp_path, name):
    if name != "log.db":
        filled(tmp_path).close()
    os.mkfifo(tmp_path / name)
    with pytest.raises(LogError, match="a pipe or a device"):
        open_log(tmp_path / "log.db", key=KEY)


ADDRESSES = {
    "another kind": ("postgresql://user:hemmelig@host/db", "`postgresql`"),
    "two strokes": ("sqlite://log.db", "three strokes"),
    "no path": ("sqlite:///", "a log is a file"),
    "nothing": ("", "a log is a file"),
    "in memory": (":memory:", "a log is a file"),
    "a zero byte": ("a\0b", "a log is a file"),
}


@pytest.mark.parametrize(("address", "message"), ADDRESSES.values(), ids=ADDRESSES)
def test_an_address_that_is_none_is_told_and_not_repeated(address, message):
    with pytest.raises(LogError, match=message) as raised:
        open_log(address)
    assert "hemmelig" not in str(raised.value)


def test_no_log_is_made_where_none_is_wanted(tmp_path):
    with pytest.raises(LogError, match="no log"):
        open_log(tmp_path / "log.db", make=False)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(LogError):
        open_log(tmp_path / "no" / "log.db")


@pytest.mark.parametrize("end", ["-wal", "-shm", "-journal"])
def test_no_log_is_made_beside_what_another_left(tmp_path, end):
    """SQLite would read it into the new log."""
    left = tmp_path / f"log.db{end}"
    left.write_bytes(b"of another log")
    with pytest.raises(LogError, match=f"no log at this path, but log.db{end}") as raised:
        open_log(tmp_path / "log.db")
    assert raised.value.help
    assert [path.name for path in tmp_path.iterdir()] == [left.name]
    assert left.read_bytes() == b"of another log"


@pytest.mark.parametrize("end", ["", "-wal"])
def test_a_link_that_leads_nowhere_leaves_nothing_behind(tmp_path, end):
    (tmp_path / f"log.db{end}").symlink_to(tmp_path / "nowhere")
    with pytest.raises(LogError, match=r"leads nowhere|belongs to another"):
        open_log(tmp_path / "log.db")
    assert [path.name for path in tmp_path.iterdir()] == [f"log.db{end}"]


# --- what takes the entries has troubles of its own


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), BrokenPipeError()])
def test_an_error_of_who_takes_the_entries_is_not_the_log_s(tmp_path, error):
    def take(bodies):
        next(bodies)
        raise error

    with filled(tmp_path) as log, pytest.raises(type(error)) as raised:
        log.read(take)
    assert raised.value is error


# --- keys


def test_a_short_key_is_refused(tmp_path, monkeypatch):
    with pytest.raises(LogError, match="the least is 16"):
        open_log(tmp_path / "log.db", key=b"short")
    monkeypatch.setenv("SOMEPOLICY_LOG_KEY", "short")
    with pytest.raises(LogError, match="the least is 16"):
        open_log(tmp_path / "log.db")
    assert list(tmp_path.iterdir()) == []


def test_the_key_of_the_environment_counts(tmp_path, monkeypatch):
    monkeypatch.setenv("SOMEPOLICY_LOG_KEY", KEY.decode())
    with open_log(tmp_path / "log.db") as log:
        assert log.key == KEY
    assert not (tmp_path / "log.db.key").exists()


def test_another_key_is_refused(tmp_path):
    filled(tmp_path).close()
    with pytest.raises(LogError, match="not the one"):
        open_log(tmp_path / "log.db", key=b"another key of the tests")


def test_a_log_without_its_key_is_read_and_not_written(tmp_path):
    with open_log(tmp_path / "log.db") as log:
        log.register(bergen())
        log.append(event())
    (tmp_path / "log.db.key").unlink()
    with open_log(tmp_path / "log.db") as log:
        assert len(list(log.events())) == 1
        with pytest.raises(LogError, match="key of the log is missing"):
            log.append(event(minute=1))
    assert not (tmp_path / "log.db.key").exists(), "a new key could not check the old signatures"


KEY_FILES = {
    "readable by others": (b"0" * 64, 0o640, "others may read"),
    "empty": (b"\n", 0o600, "holds no key"),
}


@pytest.mark.parametrize(("content", "mode", "message"), KEY_FILES.values(), ids=KEY_FILES)
def test_a_key_file_that_will_not_do(tmp_path, content, mode, message):
    path = tmp_path / "log.db.key"
    path.write_bytes(content)
    path.chmod(mode)
    with pytest.raises(LogError, match=message):
        open_log(tmp_path / "log.db")
    assert stat.S_IMODE(path.stat().st_mode) == mode


# --- writing that fails


def test_a_lock_held_too_long(tmp_path):
    filled(tmp_path).close()
    holder = sqlite3.connect(tmp_path / "log.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with SqliteLog(tmp_path / "log.db", KEY, timeout=0.05) as log:
        with pytest.raises(LogError, match="locked"):
            log.append(event(minute=9))
        holder.close()
        assert log.append(event(minute=9)).sequence == 7


class Refusing:
    """A connection that answers a write as SQLite does where the file system is read-only."""

    def __init__(self, connection, statement, code, name):
        self.connection = connection
        self.failure = statement, code, name

    def execute(self, statement, *arguments):
        begins, code, name = self.failure
        if statement.startswith(begins):
            error = sqlite3.OperationalError("text of the entry")
            error.sqlite_errorcode, error.sqlite_errorname = code, name
            raise error
        return self.connection.execute(statement, *arguments)

    def __getattr__(self, name):
        return getattr(self.connection, name)


FAILURES = {
    "read-only": ("BEGIN", sqlite3.SQLITE_READONLY, "may not be written"),
    "read-only folder": ("BEGIN", sqlite3.SQLITE_READONLY_DIRECTORY, "may not be written"),
    "full at the insert": ("INSERT", sqlite3.SQLITE_FULL, "disk is full"),
    "full at the commit": ("COMMIT", sqlite3.SQLITE_FULL, "disk is full"),
    "broken disk": ("COMMIT", sqlite3.SQLITE_IOERR_FSYNC, "disk failed"),
    "damaged": ("SELECT sequence, chain", sqlite3.SQLITE_CORRUPT, "damaged"),
    "unheard of": ("INSERT", sqlite3.SQLITE_INTERNAL, "cannot be used"),
}


@pytest.mark.parametrize(("begins", "code", "message"), FAILURES.values(), ids=FAILURES)
def test_every_failure_of_a_write_is_told_and_undone(tmp_path, begins, code, message):
    with filled(tmp_path) as log:
        head = log.head()
        real = log._writer
        log._writer = Refusing(real, begins, code, "SQLITE_X")
        with pytest.raises(LogError, match=message) as raised:
            log.append(event(minute=9))
        assert "text of the entry" not in str(raised.value)
        assert raised.value.__cause__ is None
        log._writer = real
        assert log.head() == head
        assert log.append(event(minute=9)).sequence == head.sequence + 1
        assert log.verify().sound


FILL = """
import resource, sys
from pathlib import Path
from dataclasses import replace
import signal, uuid
from somepolicy.log import LogError, from_json, open_log
one = from_json(Path(sys.argv[1]).read_bytes())
limit = int(sys.argv[3])
if limit:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
with open_log(sys.argv[2]) as log:
    for number in range(5000):
        try:
            head = log.append(replace(one, id=str(uuid.UUID(int=number))))
        except LogError as error:
            print("told", error.message, flush=True)
            break
        print(number, flush=True)
"""


def fill(folder, one, limit):
    """Append until the room runs out; return what was acknowledged and what was told."""
    one.write_bytes(to_json(event()))
    with open_log(folder / "log.db") as log:
        log.register(bergen())
    command = [sys.executable, "-c", FILL, str(one), str(folder / "log.db"), str(limit)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    *acknowledged, last = done.stdout.splitlines()
    assert last.startswith("told ")
    return [int(each) for each in acknowledged], last


@pytest.mark.slow
def test_a_limit_on_the_size_of_files(tmp_path):
    acknowledged, told = fill(tmp_path, tmp_path / "one.json", 200_000)
    assert "limit on the size" in told or "full" in told
    with open_log(tmp_path / "log.db") as log:
        assert [int(entry.id[-12:], 16) for entry in log.events()] == acknowledged
        assert log.verify().sound
        log.append(event(minute=9000))


@pytest.fixture
def small_disk(tmp_path):
    """Mount a file system of half a megabyte, where this user may."""
    point = tmp_path / "disk"
    point.mkdir()
    mount = shutil.which("mount")
    command = [str(mount), "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(point)]
    if mount is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a file system cannot be mounted here")
    yield point
    subprocess.run(["umount", str(point)], check=True)


@pytest.mark.slow
def test_a_full_disk(small_disk, tmp_path):
    acknowledged, told = fill(small_disk, tmp_path / "one.json", 0)
    assert acknowledged
    assert "the disk is full" in told
    with open_log(small_disk / "log.db") as log:
        assert [int(entry.id[-12:], 16) for entry in log.events()] == acknowledged
        assert log.verify().sound


def test_a_log_on_a_disk_that_cannot_be_written(small_disk):
    filled(small_disk).close()
    remount = ["mount", "-o", "remount,ro", str(small_disk)]
    subprocess.run(remount, check=True, capture_output=True)
    with open_log(small_disk / "log.db", key=KEY) as log:
        assert len(list(log.events())) == 6
        assert log.verify().sound
        with pytest.raises(LogError, match=r"cannot be opened|may not be written"):
            log.append(event(minute=9))


def test_a_policy_that_lets_nothing_be_logged(tmp_path):
    bare = with_logging(kinds=())
    with new_log(tmp_path) as log, pytest.raises(LogError, match="lets nothing be logged"):
        Recorder(bare, log)
