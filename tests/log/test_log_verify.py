"""Every way to tamper with a log is noticed, and told at its place."""

from __future__ import annotations

import datetime
import shutil
import sqlite3
import uuid
from collections import deque
from dataclasses import replace

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from somepolicy.log import (
    Head,
    LogError,
    NotWholeError,
    Verification,
    checking,
    open_log,
    sqlite_log,
)
from somepolicy.log.chain import BEGINNING, Signer, digest_of_body, link
from somepolicy.policy import Policy
from tests.examples import examples
from tests.log.log_cases import KEY, START, bergen, event, filled

ID = str(uuid.UUID(int=99))

WRITABLE = "PRAGMA writable_schema = ON; "
TAMPERING = {
    # statements -> the faults, each with its place
    "nothing": ("", []),
    "a word in a body": (
        "UPDATE entries SET body = replace(body, '\"deny\"', '\"allow\"') WHERE sequence = 3",
        [("altered", 3, 3)],
    ),
    "a blank in a body": (
        "UPDATE entries SET body = body || ' ' WHERE sequence = 3",
        [("altered", 3, 3)],
    ),
    "a body that is no JSON": (
        "UPDATE entries SET body = CAST(x'ff00' AS TEXT) WHERE sequence = 3",
        [("altered", 3, 3)],
    ),
    "an id beside the body": (
        f"UPDATE entries SET id = '{ID}' WHERE sequence = 3",
        [("mislabelled", 3, 3)],
    ),
    "a time beside the body": (
        "UPDATE entries SET time = '2020-01-01T00:00:00.000000Z' WHERE sequence = 3",
        [("mislabelled", 3, 3)],
    ),
    "a digest": (
        "UPDATE entries SET digest = zeroblob(32) WHERE sequence = 3",
        [("unchained", 3, 3), ("altered", 3, 3)],
    ),
    "a chain value": (
        "UPDATE entries SET chain = zeroblob(32) WHERE sequence = 3",
        [("unchained", 3, 3), ("unchained", 4, 4)],
    ),
    "one entry gone": ("DELETE FROM entries WHERE sequence = 3", [("missing", 3, 3)]),
    "several entries gone": (
        "DELETE FROM entries WHERE sequence IN (2, 3, 4)",
        [("missing", 2, 4)],
    ),
    "the first gone": ("DELETE FROM entries WHERE sequence = 1", [("missing", 1, 1)]),
    "the last gone": ("DELETE FROM entries WHERE sequence = 6", [("cut", 6, 6)]),
    "all gone": ("DELETE FROM entries", [("cut", 1, 6)]),
    "one gone, the rest moved up": (
        ("DELETE FROM entries WHERE sequence = 3;"
        "UPDATE entries SET sequence = sequence - 1 WHERE sequence = 4;"
        "UPDATE entries SET sequence = sequence - 1 WHERE sequence = 5;"
        "UPDATE entries SET sequence = sequence - 1 WHERE sequence = 6"),
        [("unchained", 3, 3), ("unchained", 4, 4), ("unchained", 5, 5), ("cut", 6, 6)],
    ),
    "two change places": (
        ("UPDATE entries SET sequence = -1 WHERE sequence = 3;"
        "UPDATE entries SET sequence = 3 WHERE sequence = 4;"
        "UPDATE entries SET sequence = 4 WHERE sequence = -1"),
        [("unchained", 3, 3), ("unchained", 4, 4), ("unchained", 5, 5)],
    ),
    "one doubled at the end": (
        ("INSERT INTO entries SELECT 7, NULL, time, digest, chain, body, NULL FROM entries"
        " WHERE sequence = 6"),
        [("unchained", 7, 7), ("mislabelled", 7, 7), ("beyond", 7, 7)],
    ),
    "a body blanked by hand": (
        "UPDATE entries SET body = NULL, id = NULL WHERE sequence = 3",
        [("unsigned erasure", 3, 3)],
    ),
    "a body blanked with another's signature": (
        ("UPDATE entries SET body = NULL, id = NULL, erased ="
        " (SELECT signature FROM ends WHERE name = 'head') WHERE sequence = 3"),
        [("unsigned erasure", 3, 3)],
    ),
    "the last gone and the end moved": (
        ("DELETE FROM entries WHERE sequence = 6; UPDATE ends SET sequence = 5, chain ="
        " (SELECT chain FROM entries WHERE sequence = 5) WHERE name = 'head'"),
        [("unsigned end", 5, 5)],
    ),
    "the end gone": ("DELETE FROM ends WHERE name = 'head'", [("unsigned end", 0, 0), ("beyond", 1, 6)]),
    "the end elsewhere": (
        "UPDATE ends SET chain = zeroblob(32) WHERE name = 'head'",
        [("unsigned end", 6, 6), ("end", 6, 6)],
    ),
    "the first gone and the beginning moved": (
        ("UPDATE ends SET sequence = 1, chain = (SELECT chain FROM entries WHERE sequence = 1)"
        " WHERE name = 'anchor'; DELETE FROM entries WHERE sequence = 1"),
        [("unsigned beginning", 1, 1)],
    ),
    # texts that are equal and of another type
    **{
        f"{column} as a blob": (
            f"UPDATE entries SET {column} = CAST({column} AS BLOB) WHERE sequence = 3",
            [("mistyped", 3, 3)],
        )
        for column in ("id", "time", "body")
    },
    **{
        f"{column} as a text": (
            f"UPDATE entries SET {column} = CAST({column} AS TEXT) WHERE sequence = 3",
            [("mistyped", 3, 3)],
        )
        for column in ("digest", "chain")
    },
    "a number for an erasure": (
        "UPDATE entries SET erased = 1.5 WHERE sequence = 3",
        [("mistyped", 3, 3)],
    ),
    "an erasure beside a body": (
        "UPDATE entries SET erased = digest WHERE sequence = 3",
        [("mistyped", 3, 3)],
    ),
    "a number for a digest": (
        "UPDATE entries SET digest = 5 WHERE sequence = 3",
        [("mistyped", 3, 3), ("unchained", 3, 3)],
    ),
    "the end as texts": (
        "UPDATE ends SET chain = CAST(chain AS TEXT) WHERE name = 'head'",
        [("unsigned end", 0, 0), ("beyond", 1, 6)],
    ),
    "the name of the end as a blob": (
        "UPDATE ends SET name = CAST(name AS BLOB) WHERE name = 'head'",
        [("foreign", 0, 0), ("unsigned end", 0, 0), ("beyond", 1, 6)],
    ),
    "a second end": (
        ("INSERT INTO ends SELECT CAST(name AS BLOB), sequence, chain, signature FROM ends"
        " WHERE name = 'head'"),
        [("foreign", 0, 0)],
    ),
    "another kind may be logged": (
        "INSERT INTO kinds SELECT policy, 'private_post' FROM kinds LIMIT 1",
        [("kinds", 0, 0)],
    ),
    "a kind of another type": (
        "INSERT INTO kinds SELECT policy, CAST(kind AS BLOB) FROM kinds LIMIT 1",
        [("kinds", 0, 0)],
    ),
    "no kind may be logged": ("DELETE FROM kinds", [("kinds", 0, 0)]),
    "kinds that nobody signed": (
        ("DELETE FROM kinds; UPDATE ends SET (sequence, chain) ="
        " (0, x'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')"
        " WHERE name = 'kinds'"),
        [("kinds", 0, 0)],
    ),
    "an older format": (
        "DELETE FROM ends WHERE name = 'kinds'; PRAGMA user_version = 1",
        [("unsigned beginning", 0, 0), ("unsigned end", 6, 6)],
    ),
    # what stands in the file beside the log's own tables
    "a trigger": (
        ("CREATE TRIGGER blobs AFTER INSERT ON entries BEGIN"
        " UPDATE entries SET time = CAST(time AS BLOB) WHERE sequence = NEW.sequence; END"),
        [("foreign", 0, 0)],
    ),
    "a view": ("CREATE VIEW v AS SELECT * FROM entries", [("foreign", 0, 0)]),
    "an index that leaves out": (
        "CREATE INDEX i ON entries (sequence) WHERE sequence <> 3",
        [("foreign", 0, 0)],
    ),
    "another table": ("CREATE TABLE t (x)", [("foreign", 0, 0)]),
    "what ANALYZE leaves": ("ANALYZE", [("foreign", 0, 0)]),
    "an index over an expression that is not trusted": (
        "CREATE INDEX i ON entries (json_extract(body, '$.decision'))",
        [("foreign", 0, 0)],
    ),
    "a view that is none": (
        (WRITABLE + "INSERT INTO sqlite_schema VALUES ('view', 'v', 'v', 0, 'CREATE VIEW v AS SELEC')"),
        [("foreign", 0, 0)],
    ),
    "an index over a function that there is not": (
        (WRITABLE + "INSERT INTO sqlite_schema VALUES"
        " ('index', 'i', 'entries', 4, 'CREATE INDEX i ON entries (nothing(id))')"),
        [("foreign", 0, 0)],
    ),
    # an index of the log's own that is another one
    "no index of ids": (
        WRITABLE + "DELETE FROM sqlite_schema WHERE name = 'sqlite_autoindex_entries_1'",
        [("index", 0, 0)],
    ),
    "no index of ends": (
        WRITABLE + "DELETE FROM sqlite_schema WHERE name = 'sqlite_autoindex_ends_1'",
        [("index", 0, 0)],
    ),
    "an index twice": (
        (WRITABLE + "INSERT INTO sqlite_schema SELECT * FROM sqlite_schema"
        " WHERE name = 'sqlite_autoindex_entries_1'"),
        [("foreign", 0, 0)],
    ),
    "two indexes change places": (
        (WRITABLE + "CREATE TEMP TABLE r AS SELECT name, rootpage FROM sqlite_schema;"
        " UPDATE sqlite_schema AS s SET rootpage = (SELECT rootpage FROM r WHERE r.name <> s.name"
        " AND r.name IN ('sqlite_autoindex_meta_1', 'sqlite_autoindex_ends_1'))"
        " WHERE name IN ('sqlite_autoindex_meta_1', 'sqlite_autoindex_ends_1')"),
        [("index", 0, 0), ("index", 0, 0)],
    ),
    "ids are sought in the index of another table": (
        (WRITABLE + "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema"
        " WHERE name = 'sqlite_autoindex_meta_1') WHERE name = 'sqlite_autoindex_entries_1'"),
        [("index", 0, 0)],
    ),
    # a table that is another one
    "a view instead of the entries": (
        "ALTER TABLE entries RENAME TO e; CREATE VIEW entries AS SELECT * FROM e WHERE sequence < 9",
        [("replaced", 0, 0), ("foreign", 0, 0), ("foreign", 0, 0), ("foreign", 0, 0)],
    ),
    "a copy of the entries with no types": (
        "ALTER TABLE entries RENAME TO e; CREATE TABLE entries AS SELECT * FROM e; DROP TABLE e",
        [("replaced", 0, 0), ("foreign", 0, 0)],
    ),
    "a column more": (
        "ALTER TABLE entries ADD COLUMN more TEXT DEFAULT 'x'",
        [("replaced", 0, 0), ("foreign", 0, 0)],
    ),
    "no table of kinds": ("DROP TABLE kinds", [("replaced", 0, 0)]),
    "another order of letters": (
        ("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql ="
        " replace(sql, 'id TEXT UNIQUE', 'id TEXT UNIQUE COLLATE NOCASE') WHERE name = 'entries'"),
        [("replaced", 0, 0), ("foreign", 0, 0)],
    ),
}  # fmt: skip


def tamper(folder, statements):
    connection = sqlite3.connect(folder / "log.db")
    connection.executescript(statements)
    connection.commit()
    connection.close()


def verified(folder, expected=None, key=KEY):
    try:
        with open_log(folder / "log.db", key=key) as log:
            return log.verify(expected)
    except NotWholeError as error:
        return Verification.of_nothing(error)


def faults(found):
    return [(p.fault, p.sequence, p.last) for p in found.problems]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    filled(folder).close()
    return folder


@pytest.mark.parametrize(("statements", "wanted"), TAMPERING.values(), ids=TAMPERING)
def test_tampering_is_noticed(whole, tmp_path, statements, wanted):
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    tamper(tmp_path, statements)
    found = verified(tmp_path)
    assert faults(found) == wanted
    assert found.sound == (not wanted)
    assert found.faults == len(wanted)


MOVED_END = TAMPERING["the last gone and the end moved"][0]
LAUNDERING = {
    # what was done to the log -> what must not go on as if nothing had been
    "appending after a cut": (MOVED_END, lambda log: log.append(event(minute=9))),
    "appending to a log without an end": (
        "DELETE FROM ends",
        lambda log: log.append(event(minute=9)),
    ),
    "appending after an end of another type": (
        "UPDATE ends SET chain = 'text', sequence = 'text'",
        lambda log: log.append(event(minute=9)),
    ),
    "pruning what was altered": (
        "UPDATE entries SET body = '{}' WHERE sequence = 1",
        lambda log: log.prune(START + datetime.timedelta(minutes=3)),
    ),
    "pruning after a cut": (
        MOVED_END,
        lambda log: log.prune(START + datetime.timedelta(minutes=3)),
    ),
    "erasing what was altered": (
        "UPDATE entries SET body = '{}' WHERE sequence = 2",
        lambda log: log.erase(id=str(uuid.UUID(int=1))),
    ),
    "reading what was altered": (
        "UPDATE entries SET body = '{}' WHERE sequence = 2",
        lambda log: list(log.events()),
    ),
}


@pytest.mark.parametrize(("statements", "act"), LAUNDERING.values(), ids=LAUNDERING)
def test_nothing_goes_on_from_what_was_altered(whole, tmp_path, statements, act):
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    tamper(tmp_path, statements)
    with open_log(tmp_path / "log.db", key=KEY) as log:
        before = log.verify()
        with pytest.raises(LogError, match="altered by something else"):
            act(log)
        assert not before.sound
        assert log.verify() == before


READERS = {
    "read": lambda log, **flag: log.read(lambda bodies: [*bodies], **flag).value,
    "entries": lambda log, **flag: list(log.entries(**flag)),
    "the last": lambda log, **flag: list(log.entries(last=1, **flag)),
    "events": lambda log, **flag: list(log.events(**flag)),
    "find": lambda log, **flag: log.find(str(uuid.UUID(int=5)), **flag),
}
ALTERED = {name: how for name, (how, wanted) in TAMPERING.items() if wanted}


@pytest.mark.parametrize("statements", ALTERED.values(), ids=ALTERED)
def test_no_reader_reads_what_is_not_whole(whole, tmp_path, statements):
    """Not even entries that were left as they were; with the flag what can be read is."""
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    tamper(tmp_path, statements)
    try:
        log = open_log(tmp_path / "log.db", key=KEY)
    except NotWholeError:
        return  # not opened, so not read
    for read in READERS.values():
        with pytest.raises(NotWholeError):
            read(log)
        read(log, unverified=True)
    for write in (
        lambda: log.prune(START + datetime.timedelta(minutes=3)),
        lambda: log.erase(id=str(uuid.UUID(int=1))),
    ):
        with pytest.raises(NotWholeError):
            write()


def test_one_that_is_whole_is_read(whole):
    with open_log(whole / "log.db", key=KEY) as log:
        for read in READERS.values():
            assert read(log)
        reading = log.read(lambda bodies: sum(1 for _ in bodies), since=START, until=None)
        places = (reading.first.sequence, reading.last.sequence, reading.last.time)
        assert (reading.value, reading.count, places) == (
            6,
            6,
            (1, 6, "2026-11-22T12:05:00.000000Z"),
        )
        assert reading.verification == log.verify()


def test_an_entry_of_another_type_is_still_there_with_the_flag(whole, tmp_path):
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    tamper(tmp_path, "UPDATE entries SET time = CAST(time AS BLOB), body = CAST(body AS BLOB)")
    with open_log(tmp_path / "log.db", key=KEY) as log:
        reading = log.read(lambda bodies: len(list(bodies)), unverified=True)
    assert (reading.value, reading.verification.faults) == (6, 6)


def test_an_entry_that_cannot_be_read_is_left_out_with_the_flag(whole, tmp_path):
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    tamper(tmp_path, "UPDATE entries SET body = '{}' WHERE sequence = 2")
    with open_log(tmp_path / "log.db", key=KEY) as log:
        kept = list(log.entries(unverified=True))
    assert [uuid.UUID(each.id).int for each in kept] == [0, 2, 3, 4, 5]


NAMED = {
    "a trigger": "trigger blobs",
    "a view": "view v",
    "another table": "table t",
    "an index over an expression that is not trusted": "index i",
    "a view that is none": "view v",
    "no index of ids": "index sqlite_autoindex_entries_1",
    "a view instead of the entries": "view entries",
    "no table of kinds": "table kinds",
}


@pytest.mark.parametrize("how", NAMED)
def test_what_does_not_belong_there_is_named(whole, tmp_path, how):
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    tamper(tmp_path, TAMPERING[how][0])
    assert NAMED[how] in [each.name for each in verified(tmp_path).problems]


@pytest.mark.parametrize(
    "statement",
    [
        TAMPERING["a trigger"][0],
        TAMPERING["another kind may be logged"][0],
        "DELETE FROM entries WHERE sequence = 6",
        TAMPERING["one doubled at the end"][0],
        "DELETE FROM entries",
    ],
)
def test_nothing_is_appended_to_what_is_seen_to_be_altered(whole, tmp_path, statement):
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    tamper(tmp_path, statement)
    with open_log(tmp_path / "log.db", key=KEY) as log:
        before = log.verify()
        with pytest.raises(NotWholeError):
            log.append(event(minute=9))
        assert log.verify() == before


@pytest.mark.parametrize(
    "how",
    [
        "an index over an expression that is not trusted",
        "a view that is none",
        "no index of ids",
        "an index twice",
    ],
)
def test_nothing_is_written_where_sqlite_sees_other_objects(whole, tmp_path, how):
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    tamper(tmp_path, TAMPERING[how][0])
    with open_log(tmp_path / "log.db", key=KEY) as log:
        for write in (
            lambda: log.append(event(minute=9)),
            lambda: log.prune(START + datetime.timedelta(minutes=3)),
            lambda: log.erase(id=str(uuid.UUID(int=1)), unverified=True),
        ):
            with pytest.raises(NotWholeError):
                write()


def test_a_write_that_writes_nothing_is_no_write(whole, tmp_path, monkeypatch):
    """As a trigger can make it that was not seen."""
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    for table in ("entries", "kinds"):
        tamper(
            tmp_path,
            f"CREATE TRIGGER no_{table} BEFORE INSERT ON {table} BEGIN SELECT RAISE(IGNORE); END",
        )
    tamper(tmp_path, "CREATE TRIGGER kept BEFORE DELETE ON entries BEGIN SELECT RAISE(IGNORE); END")
    monkeypatch.setattr(sqlite_log, "check_objects", lambda _: None)
    monkeypatch.setattr(checking, "foreign_objects", lambda _: [])
    policy = bergen()
    other = Policy(policy.folder, program=replace(policy.program, digest="sha256:another"))
    with open_log(tmp_path / "log.db", key=KEY) as log:
        for write in (
            lambda: log.append(event(minute=9)),
            lambda: log.register(other),
            lambda: log.prune(START + datetime.timedelta(minutes=3)),
        ):
            with pytest.raises(LogError, match="cannot be written in full"):
                write()


def test_a_kind_that_was_slipped_in_is_not_signed_with_the_next(whole, tmp_path):
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    tamper(tmp_path, TAMPERING["another kind may be logged"][0])
    policy = bergen()
    other = Policy(policy.folder, program=replace(policy.program, digest="sha256:another"))
    with open_log(tmp_path / "log.db", key=KEY) as log, pytest.raises(NotWholeError):
        log.register(other)


def test_an_erasure_may_go_on_where_another_entry_was_altered(whole, tmp_path):
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    tamper(tmp_path, "UPDATE entries SET body = '{}' WHERE sequence = 2")
    with open_log(tmp_path / "log.db", key=KEY) as log:
        with pytest.raises(NotWholeError):
            log.erase(id=str(uuid.UUID(int=3)))
        assert log.erase(id=str(uuid.UUID(int=3)), unverified=True) == 1
        assert faults(log.verify()) == [("altered", 2, 2)]


def test_a_log_of_the_first_format_is_read_and_written(whole, tmp_path):
    """Its kinds are not signed, and its ends as they were before the format was."""
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    connection = sqlite3.connect(tmp_path / "log.db", isolation_level=None)
    ends = connection.execute("SELECT * FROM ends").fetchall()
    ((log_id,),) = connection.execute("SELECT value FROM meta WHERE name = 'log'")
    signer = Signer(KEY, log_id, 1)
    connection.execute("DELETE FROM ends")
    connection.executemany(
        "INSERT INTO ends VALUES (?, ?, ?, ?)",
        [
            (name, number, chain, signer.end(name, Head(number, chain)))
            for name, number, chain, _ in ends
            if name != "kinds"
        ],
    )
    connection.execute("PRAGMA user_version = 1")
    connection.close()
    with open_log(tmp_path / "log.db", key=KEY) as log:
        log.register(bergen())
        log.append(event(minute=9))
        assert len(list(log.events())) == 7
        assert log.verify().sound


def test_who_reads_without_the_key_is_told_that_signatures_were_not_checked(whole):
    with open_log(whole / "log.db", key=KEY) as log:
        assert log.read(deque).verification.verified == "chain and signatures"
    with open_log(whole / "log.db") as log:
        assert log.read(deque).verification.verified == "chain"


def test_what_cannot_be_decoded_is_no_traceback(whole, tmp_path):
    """Without the key anybody can chain anew, with a time that is no text."""
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    connection = sqlite3.connect(tmp_path / "log.db", isolation_level=None)
    body = b'{"a":1,"id":"x","kind":"post","time":"\xff","type":"decision"}'
    head = link(BEGINNING, digest_of_body(body))
    connection.execute("DELETE FROM entries")
    connection.execute(
        "INSERT INTO entries VALUES (1, 'x', CAST(x'ff' AS TEXT), ?, ?, CAST(? AS TEXT), NULL)",
        (digest_of_body(body), head.chain, body),
    )
    connection.execute("UPDATE ends SET sequence = 1, chain = ? WHERE name = 'head'", (head.chain,))
    connection.close()
    with open_log(tmp_path / "log.db") as log:
        assert faults(log.verify()) == [("mislabelled", 1, 1)]
        for read in READERS.values():
            with pytest.raises(NotWholeError):
                read(log)
            read(log, unverified=True)
    with open_log(tmp_path / "log.db", key=KEY) as log:
        with pytest.raises(NotWholeError):
            log.read(deque)
        assert log.erase(id="x", unverified=True) == 0, "nobody can say whose entry it is"
        assert log.erase(id="\udc80", unverified=True) == 0
        assert log.erase(unit="\udc80", unverified=True) == 0


@pytest.mark.slow
def test_a_log_is_read_while_another_writes_to_it(tmp_path):
    with filled(tmp_path, 300) as log:
        reading = log.events()
        next(reading)
        numbers = iter(range(1000, 1100))

        def take(bodies):
            for _ in bodies:
                if (number := next(numbers, None)) is not None:
                    log.append(event(minute=number))

        found = log.read(take)
        assert (found.count, found.verification.head.sequence) == (300, 300)
        assert len(list(reading)) == 299
        assert log.verify().entries == 400


VALUES = (
    "CAST({0} AS BLOB)", "CAST({0} AS TEXT)", "CAST({0} AS INTEGER)", "CAST({0} AS REAL)", "NULL",
    "{0} || ''", "''", "x''", "7", "1.5", "zeroblob(32)", "hex({0})", "'2' || {0}",
)  # fmt: skip


@pytest.mark.slow
@examples(60)
@given(
    st.sampled_from(("id", "time", "digest", "chain", "body", "erased")),
    st.sampled_from(VALUES),
    st.integers(1, 6),
    st.booleans(),
)
def test_what_is_verified_is_what_is_read(whole, tmp_path, column, value, sequence, with_key):
    """A log that is whole reads as it was written; another is read by no one."""
    target = tmp_path / uuid.uuid4().hex
    shutil.copytree(whole, target)
    key = KEY if with_key else None
    with open_log(target / "log.db", key=key) as log:
        before = list(log.entries())
    connection = sqlite3.connect(target / "log.db", isolation_level=None)
    try:
        connection.execute(
            f"UPDATE entries SET {column} = {value.format(column)} WHERE sequence = ?", (sequence,)
        )
    except sqlite3.IntegrityError:
        reject()
    finally:
        connection.close()
    with open_log(target / "log.db", key=key) as log:
        if log.verify().sound:
            assert list(log.entries()) == before
        else:
            with pytest.raises(NotWholeError):
                list(log.entries())
        list(log.entries(unverified=True))
    shutil.rmtree(target)


RUBBISH = (
    "UPDATE entries SET sequence = -sequence",
    "UPDATE entries SET digest = 5, chain = 'x', time = x'00', erased = 3.5, id = NULL",
    "UPDATE entries SET body = NULL, erased = 'x'",
    "UPDATE ends SET sequence = -4",
    "UPDATE ends SET sequence = 'x', chain = 5, signature = 1.5",
    "DELETE FROM ends",
)


@pytest.mark.parametrize("statement", RUBBISH)
def test_rubbish_is_a_finding_and_no_error(whole, tmp_path, statement):
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    tamper(tmp_path, statement)
    assert not verified(tmp_path).sound


@pytest.mark.parametrize("statement", ["DELETE FROM meta", "UPDATE meta SET value = 'x'"])
def test_a_log_that_has_lost_its_id_is_not_opened(whole, tmp_path, statement):
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    tamper(tmp_path, statement)
    with pytest.raises(LogError, match="altered"):
        open_log(tmp_path / "log.db", key=KEY)


HEADS = {
    "the end": (6, True),
    "a former end": (3, True),
    "the beginning": (0, True),
}


@pytest.mark.parametrize(("sequence", "sound"), HEADS.values(), ids=HEADS)
def test_a_former_head_is_still_on_the_chain(tmp_path, sequence, sound):
    with filled(tmp_path, sequence) as log:
        head = log.head()
        for minute in range(sequence, 6):
            log.append(event(minute=minute))
        assert log.verify(head).sound == sound


def test_a_log_with_another_past_is_told_from_the_expected_one(whole):
    expected = Head(3, bytes(32))
    assert faults(verified(whole, expected)) == [("other head", 3, 3)]


def test_an_older_copy_put_in_place_is_noticed_by_the_expected_head(tmp_path):
    (tmp_path / "old").mkdir()
    with filled(tmp_path) as log:
        log.close()
    shutil.copytree(tmp_path, tmp_path / "old", dirs_exist_ok=True, ignore=lambda *_: ["old"])
    with open_log(tmp_path / "log.db", key=KEY) as log:
        head = log.append(event(minute=9))
    assert verified(tmp_path / "old").sound, "by itself the older copy is a good log"
    assert faults(verified(tmp_path / "old", head)) == [("cut", 7, 7)]


def test_an_expected_head_that_was_pruned_is_told(tmp_path):
    with filled(tmp_path, 2) as log:
        head = log.head()
        log.append_all([event(minute=2), event(minute=3)])
        log.prune(START + datetime.timedelta(minutes=3))
        assert faults(log.verify(head)) == [("head pruned", 2, 2)]


def test_without_the_key_the_chain_is_checked_and_signatures_are_not(whole, tmp_path):
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    found = verified(tmp_path, key=None)
    assert (found.sound, found.signed) == (True, False)
    tamper(tmp_path, "DELETE FROM entries WHERE sequence = 6")
    assert not verified(tmp_path, key=None).sound


def test_of_many_faults_the_first_are_told(tmp_path):
    filled(tmp_path, 40).close()
    tamper(tmp_path, "UPDATE entries SET body = '{}'")
    found = verified(tmp_path)
    assert (found.faults, len(found.problems)) == (40, 20)


COLUMNS = ("sequence", "id", "time", "digest", "chain", "body")


@examples(40)
@given(st.sampled_from(COLUMNS), st.integers(1, 6), st.data())
def test_any_change_of_any_value_is_noticed(whole, tmp_path, column, sequence, data):
    target = tmp_path / uuid.uuid4().hex
    shutil.copytree(whole, target)
    connection = sqlite3.connect(target / "log.db", isolation_level=None)
    wanted = f"SELECT {column} FROM entries WHERE sequence = ?"
    (before,) = connection.execute(wanted, (sequence,)).fetchone()
    if isinstance(before, int):
        after = data.draw(st.integers(-9, 99).filter(lambda each: not 1 <= each <= 6))
    else:
        raw = before.encode() if isinstance(before, str) else before
        at = data.draw(st.integers(0, len(raw) - 1))
        changed = raw[:at] + bytes([raw[at] ^ (1 << data.draw(st.integers(0, 6)))]) + raw[at + 1 :]
        after = changed.decode("latin-1") if isinstance(before, str) else changed
    change = f"UPDATE entries SET {column} = ? WHERE sequence = ?"
    try:
        connection.execute(change, (after, sequence))
    except sqlite3.IntegrityError:  # another entry has that id: the database itself refuses
        reject()
    finally:
        connection.close()
    assert not verified(target).sound
    shutil.rmtree(target)
