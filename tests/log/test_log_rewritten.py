"""Who has no key can still write any JSON into a log and chain it anew: no reader falls over it.

What is no entry is named by the check and by every reader alike, and the rest can be read.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from somepolicy.cli.app import app
from somepolicy.log import NotWholeError, from_json, open_log, to_json
from somepolicy.log.chain import BEGINNING, digest_of_body, link
from somepolicy.log.encoding import entry_from_json
from somepolicy.log.export import opa_line
from somepolicy.log.forms import time_of
from somepolicy.reports.tally import tally
from tests.examples import examples, one_in
from tests.log.log_cases import bergen, event, filled

PLAIN = json.loads(to_json(event(minute=2)))
NUMBER = 3  # the entry that is rewritten


def rewritten(source, folder, body):
    """Copy a log, put another body in an entry, and chain all anew without the key."""
    shutil.copytree(source, folder, dirs_exist_ok=True)
    connection = sqlite3.connect(folder / "log.db", isolation_level=None)
    found = connection.execute("SELECT sequence, CAST(body AS BLOB) FROM entries").fetchall()
    head = BEGINNING
    for sequence, was in found:
        now = body if sequence == NUMBER else was
        labels = labelled(now) or labelled(was)
        head = link(head, digest_of_body(now))
        connection.execute(
            "UPDATE entries SET (id, time, digest, chain, body) ="
            " (CAST(? AS TEXT), CAST(? AS TEXT), ?, ?, CAST(? AS TEXT)) WHERE sequence = ?",
            (*labels, digest_of_body(now), head.chain, now, sequence),
        )
    connection.execute("UPDATE ends SET chain = ? WHERE name = 'head'", (head.chain,))
    connection.close()
    return folder / "log.db"


def labelled(body):
    try:
        found = json.loads(body)
        return tuple(found[name].encode("utf-8", "surrogatepass") for name in ("id", "time"))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def written(value):
    """Write any JSON as the log would."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def changed(path, value):
    """Return the JSON of an entry in which another value stands in a place."""
    made = json.loads(json.dumps(PLAIN))
    *way, last = path
    inner = made
    for step in way:
        inner = inner[step]
    inner[last] = value
    return written(made)


def without(name):
    return written({key: value for key, value in PLAIN.items() if key != name})


DIGITS = b"7" * 4000
WRONG = {
    # what stands in the body -> the member that is named
    "a decision that there is not": (changed(["decision"], "maybe"), "decision"),
    "a denial without a reason": (changed(["because"], None), "because"),
    "a reason that there is not": (changed(["because"], "foo"), "because"),
    "a reason that no finding gives": (changed(["because"], "unproven"), "findings"),
    "a denial without a finding": (changed(["findings"], []), "findings"),
    "a status that there is not": (changed(["clauses", 0, 1], "holy"), "clauses"),
    "a clause twice": (changed(["clauses"], PLAIN["clauses"][:1] * 2), "clauses"),
    "an outcome that there is not": (changed(["findings", 0, "outcome"], "foo"), "findings"),
    "an effect that there is not": (changed(["findings", 0, "effect"], "foo"), "findings"),
    "a strength that there is not": (
        changed(["findings", 0, "detections"], [["names", "weird", 1]]),
        "findings",
    ),
    "a truth for a number": (
        changed(["findings", 0, "detections"], [["names", "weak", True]]),
        "findings",
    ),
    "a number that is too long": (
        changed(["findings", 0, "detections"], [["names", "weak", 0]]).replace(
            b'"weak",0', b'"weak",' + DIGITS
        ),
        "",
    ),
    "a number in fields that is too long": (
        without("x").replace(b'"fields":{}', b'"fields":{"a":' + DIGITS + b"}"),
        "",
    ),
    "not a number": (without("x").replace(b'"fields":{}', b'"fields":{"a":NaN}'), ""),
    "without end": (without("x").replace(b'"fields":{}', b'"fields":{"a":1e999}'), ""),
    "beyond what documents hold": (changed(["fields"], {"a": 2**53}), "fields"),
    "half a character": (changed(["kind"], "\ud800"), ""),
    "half a character, escaped": (without("x").replace(b'"post"', b'"\\ud800"'), ""),
    "a day that there is not": (changed(["time"], "2026-02-30T12:00:00.000000Z"), "time"),
    "a time of another form": (changed(["time"], "2026-02-20T12:00:00Z"), "time"),
    "no zone where the engine knows zones": (without("time_zone"), "time_zone"),
    "a zone where the engine knows none": (changed(["engine"], "1.0.0"), "time_zone"),
    "a member too few": (without("findings"), "findings"),
    "a member too many": (changed(["text"], "KANARI"), ""),
    "another order": (without("x")[:-1] + b',"a":1}', ""),
    "a member twice": (without("x").replace(b'"decision":', b'"decision":"allow","decision":'), ""),
    "another type": (changed(["type"], "gossip"), ""),
    "deep": (without("x").replace(b'"fields":{}', b'"fields":{"a":' + b"[" * 5000), ""),
    "no object": (b"[]", ""),
    "no JSON": (b"\xff", ""),
    "a very long text": (changed(["kind"], "x" * 20_000), "kind"),
}
COMMANDS = (
    ("log", "verify"),
    ("log", "show", "--unverified"),
    ("log", "show", "--unverified", "--format", "ndjson"),
    ("log", "show", "--unverified", "--since", "2026-01-01"),
    ("log", "export", "--unverified"),
    ("report", "citations", "--unverified", "--format", "json"),
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    filled(folder, 5).close()
    return folder


def invoke(command, log):
    where = ("--log", log, "--policy", bergen().folder) if command[0] == "report" else (log,)
    result = CliRunner().invoke(app, [str(each) for each in (*command, *where)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "internal error" not in result.stderr
    assert "KANARI" not in result.output
    return result


@pytest.mark.parametrize(("body", "member"), one_in(4, WRONG.values()), ids=WRONG)
def test_what_is_no_entry_is_named_and_the_rest_is_read(whole, tmp_path, body, member):
    log = rewritten(whole, tmp_path, body)
    with open_log(log) as opened:
        found = opened.verify()
        assert [(each.sequence, each.member) for each in found.unreadable] == [(NUMBER, member)]
        assert found.unread == found.faults == 1
        assert found.problems[0].fault in ("unreadable", "mislabelled")
        for read in (lambda: opened.read(list), lambda: list(opened.entries())):
            with pytest.raises(NotWholeError):
                read()
        assert len(list(opened.entries(unverified=True))) == 4
        assert len(list(opened.entries(unverified=True, last=5))) == 4
        assert opened.time_zones() == {"Europe/Oslo"}
    for command in COMMANDS:
        result = invoke(command, log)
        assert result.exit_code == (1 if command[1] == "verify" else 0)
        assert f"entry {NUMBER}: " in result.output
        if command[1] != "verify":
            assert "Not readable: 1: entry 3: " in result.stderr
        if command[1] in ("show", "export"):
            assert "4" in result.output
            refused = invoke([each for each in command if each != "--unverified"], log)
            assert (refused.exit_code, refused.stdout) == (2, "")
    report = json.loads(invoke(COMMANDS[-1], log).stdout)["log"]
    assert (report["entries"], report["of"], report["unreadable"]) == (4, 5, 1)


def places(value, at=()):
    if at:
        yield at
    if isinstance(value, dict | list):
        steps = value if isinstance(value, dict) else range(len(value))
        for step in steps:
            yield from places(value[step], (*at, step))


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**4000), 10**4000),
    st.floats(),
    st.sampled_from([-1, 10**4000, "", "maybe", "foo", "weird", "\ud800", "\x1b[2J", "0001", "9999-12-31T23:59:59.999999Z",
                     "0001-01-01T00:00:00.000000Z", "violated", "unproven", "allow", "refusal", [], {}]),
    st.text(st.characters(exclude_categories=()), max_size=20),
    st.lists(st.text(max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)  # fmt: skip
BODIES = st.one_of(
    st.builds(changed, st.sampled_from(list(places(PLAIN))), ODD),
    st.builds(without, st.sampled_from(sorted(PLAIN))),
    st.binary(max_size=20),
    st.builds(written, ODD),
)


@pytest.mark.slow
@examples(60)
@given(BODIES, st.sampled_from(COMMANDS))
def test_no_value_of_any_member_makes_a_command_fall_over(whole, tmp_path, body, command):
    log = rewritten(whole, tmp_path / uuid.uuid4().hex, body)
    found = invoke(COMMANDS[0], log)
    assert found.exit_code in (0, 1)
    assert invoke(command, log).exit_code in (0, 1)
    checked = invoke([each for each in command if each != "--unverified"], log)
    agreed = found.exit_code == 0 if command[1] != "verify" else checked.exit_code == 0
    assert (checked.exit_code == 0) == agreed, "one answer"
    shutil.rmtree(log.parent)


@examples(400)
@given(BODIES)
def test_what_is_read_as_an_entry_can_be_written_out_in_every_form(body):
    """And is written back as the same bytes; the fast look and the full one say the same."""
    try:
        entry = entry_from_json(body)
    except ValueError:
        with pytest.raises(ValueError, match="not an entry"):
            time_of(body)
        return
    assert time_of(body) == json.loads(body)["time"]
    assert to_json(entry) == body
    opa_line(entry, "0" * 32)
    tally([body])


def test_numbers_with_an_exponent_are_read_as_they_were_written():
    body = changed(["fields"], {"a": 1e-05, "b": [1, 2.5, True, "x"]})
    assert to_json(from_json(body)) == body
    assert time_of(body) == PLAIN["time"]
