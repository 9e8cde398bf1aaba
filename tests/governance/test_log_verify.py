"""Every way to tamper with a log is noticed, and told at its place."""

from __future__ import annotations

import datetime
import shutil
import sqlite3
import uuid

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from log_cases import KEY, START, event, filled

from somepolicy.governance.log import Head, LogError, open_log

ID = str(uuid.UUID(int=99))

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
}  # fmt: skip


def tamper(folder, statements):
    connection = sqlite3.connect(folder / "log.db")
    connection.executescript(statements)
    connection.commit()
    connection.close()


def verified(folder, expected=None, key=KEY):
    with open_log(folder / "log.db", key=key) as log:
        return log.verify(expected)


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
        verified(tmp_path)


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


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
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
