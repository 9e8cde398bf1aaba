"""`somepolicy log` and `somepolicy eval --log`, as their user meets them."""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from somepolicy.cli.app import app

DOCUMENTS = ("documents/denied.json", "documents/allowed.json", "documents/private.json")
TABLE = """
[log]
kinds = ["post"]
fields = ["case_handling"]
"""
HERE = Path(__file__).parent
HEAD = re.compile(r"\d+:[0-9a-f]{64}")
UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


@pytest.fixture(scope="module")
def policy(tmp_path_factory):
    """The small policy with a table `[log]`."""
    path = tmp_path_factory.mktemp("policy") / "havn"
    shutil.copytree(HERE / "policy" / "havn", path)
    with (path / "policy.toml").open("a", encoding="utf-8") as file:
        file.write(TABLE)
    return path


@pytest.fixture
def log(tmp_path):
    return tmp_path / "log.db"


@pytest.fixture(scope="module")
def original(policy, tmp_path_factory):
    """A log of one denial, one allowance and one malformed post."""
    folder = tmp_path_factory.mktemp("log")
    command = ["eval", "--policy", str(policy), "--log", str(folder / "log.db")]
    documents = [str(HERE / name) for name in DOCUMENTS]
    assert CliRunner().invoke(app, [*command, *documents]).exit_code == 1
    assert CliRunner().invoke(app, [*command, "-"], input='{"kind": "post"}').exit_code == 2
    return folder


@pytest.fixture
def filled(original, log):
    for path in original.iterdir():
        shutil.copy2(path, log.parent)
    return log


def spoil(path, statement):
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(statement)
    connection.close()


def test_eval_logs_and_says_where_the_log_ends(run, policy, log):
    plain = run("eval", "--policy", policy, *DOCUMENTS)
    result = run("eval", "--policy", policy, "--log", log, *DOCUMENTS)
    assert (result.exit_code, result.stdout) == (plain.exit_code, plain.stdout)
    told = result.stderr.splitlines()
    assert re.fullmatch(rf"somepolicy: logged: 2; head {HEAD.pattern}", told[0])
    assert told[1] == "somepolicy: not logged: 1, of a kind that never is, or unreadable"


def test_eval_of_nothing_but_what_is_private_leaves_the_log_empty(run, policy, log):
    result = run("eval", "--policy", policy, "--log", log, "documents/private.json")
    assert "logged: 0; head 0:" in result.stderr
    assert b"private" not in log.read_bytes()


def test_eval_without_a_table_refuses_before_it_decides(evaluate, log):
    result = evaluate("--log", log, "documents/denied.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "the policy havn lets nothing be logged: name the kinds under `[log]`" in result.stderr


def test_where_nothing_may_be_logged_no_file_is_made(evaluate, log):
    assert evaluate("--log", log, "documents/denied.json").exit_code == 2
    assert list(log.parent.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [("export",), ("show",), ("show", "--format", "ndjson"), ("verify",)]
)
def test_an_output_that_cannot_be_written_is_no_fault_of_the_log(start, filled, command):
    full = filled.parent / "full"
    try:
        os.mknod(full, 0o600 | stat.S_IFCHR, os.makedev(1, 7))
        output = full.open("wb")
    except OSError:
        pytest.skip("a device cannot be made here")
    with output:
        process = start("log", *command, filled, stdout=output)
    _, errors = process.communicate()
    assert process.returncode == 2
    told = errors.decode().splitlines()
    assert "somepolicy: cannot write the output: no space left on device" in told
    assert "the log cannot" not in errors.decode()


@pytest.mark.slow
@pytest.mark.parametrize("command", ["export", "show --format ndjson", "verify"])
def test_a_closed_output_is_no_fault_of_the_log(filled, command):
    program = f'"{sys.executable}" -c "from somepolicy.cli import main; main()"'
    done = subprocess.run(
        f"{program} log {command} {filled} >&-", shell=True, capture_output=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.decode().endswith("somepolicy: cannot write the output: it is closed\n")


def test_eval_gives_no_answer_that_is_not_logged(run, policy, filled):
    spoil(filled, "CREATE TRIGGER no BEFORE INSERT ON entries BEGIN SELECT RAISE(ABORT, 'x'); END")
    result = run("eval", "--policy", policy, "--log", filled, "documents/denied.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("somepolicy: ")


def test_verify_says_that_all_is_there(run, filled):
    result = run("log", "verify", filled)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[:3] == ["✓ THE LOG IS WHOLE", "  Entries     3", "  Signatures  checked"]
    assert HEAD.fullmatch(lines[3].split()[-1])


def test_verify_says_what_was_altered(run, filled):
    spoil(filled, "UPDATE entries SET body = '{}' WHERE sequence = 2")
    spoil(filled, "DELETE FROM entries WHERE sequence = 3")
    result = run("log", "verify", filled, "--lang", "nb")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[:3] == [
        "✗ LOGGEN ER ENDRET",
        "  • oppføring 2: innholdet er et annet enn det som ble loggført",
        "  • oppføring 3: er borte fra slutten",
    ]


def test_verify_holds_the_log_against_a_head(run, filled):
    head = HEAD.search(run("log", "verify", filled).stdout)[0]
    assert run("log", "verify", filled, "--expect-head", head).exit_code == 0
    other = run("log", "verify", filled, "--expect-head", f"2:{'0' * 64}")
    assert other.exit_code == 1
    assert "is not the one you expected as head" in other.stdout


def test_show_in_both_languages(run, filled):
    english = run("log", "show", filled).stdout
    assert [line[:11] for line in english.splitlines() if line[0] in "✓✗"] == [
        "✗ DENIED  2", "✓ ALLOWED  ", "✗ INVALID  ",
    ]  # fmt: skip
    assert "  Violated: sak.aldri" in english or "  Violated: " in english
    assert "  errors: D302 × 1" in english
    norwegian = run("log", "show", filled, "-n", "1", "--lang", "nb").stdout
    assert norwegian.startswith("✗ UGYLDIG")
    assert len(UUID.findall(english)) == 3


def test_show_one_entry_in_full(run, filled):
    id = UUID.findall(run("log", "show", filled).stdout)[0]
    shown = run("log", "show", filled, id.upper()).stdout
    assert "Not applicable" in shown or "Satisfied" in shown or "Permitted" in shown
    (line,) = run("log", "show", filled, id, "--format", "ndjson").stdout.splitlines()
    assert json.loads(line)["id"] == id
    missing = run("log", "show", filled, "00000000-0000-0000-0000-000000000000")
    assert (missing.exit_code, missing.stdout) == (2, "")
    assert "no entry of this id" in missing.stderr


def test_export_has_the_form_of_opa(run, filled):
    result = run("log", "export", filled)
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line.get("result", {}).get("allow") for line in lines] == [False, True, None]
    assert lines[0]["path"] == "somepolicy/havn/post"
    assert lines[0]["labels"].keys() == {"app", "id", "version"}
    assert lines[0]["erased"] == ["/input"]
    assert lines[0]["bundles"]["havn"]["revision"].startswith("0.3.0 sha256:")
    assert lines[2]["error"]["errors"] == {"D302": 1}
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT[0-9:.]{15}Z", line["timestamp"]) for line in lines)
    assert "written: 3; head 3:" in result.stderr


RANGES = {
    "since a day to come": (("--since", "2999-01-01"), 0),
    "until a day to come": (("--until", "2999-01-01"), 3),
    "until a day gone": (("--until", "2001-01-01"), 0),
    "a time with offset": (("--since", "2001-01-01T00:00:00+02:00"), 3),
    "the last day there is": (("--until", "9999-12-31"), 3),
}


@pytest.mark.parametrize(("options", "count"), RANGES.values(), ids=RANGES)
def test_export_of_a_range(run, filled, options, count):
    assert len(run("log", "export", filled, *options).stdout.splitlines()) == count


def test_show_of_an_empty_range_says_so(run, filled):
    result = run("log", "show", filled, "--since", "2999-01-01")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "The log has no such entries.\n"


def test_erase_and_verify(run, filled):
    id = UUID.findall(run("log", "show", filled).stdout)[0]
    result = run("log", "erase", filled, "--id", id)
    assert result.exit_code == 0
    assert result.stdout.startswith("Erased: 1. The place in the chain remains.")
    assert "  Entries     3, 1 erased" in run("log", "verify", filled).stdout
    again = run("log", "erase", filled, "--id", id)
    assert (again.exit_code, again.stdout) == (2, "")


def test_prune_and_verify(run, filled):
    kept = run("log", "prune", filled, "--before", "2001-01-01")
    assert kept.stdout.startswith("Dropped: 0.")
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="microseconds")
    assert run("log", "prune", filled, "--before", now).stdout.startswith(
        "Dropped: 3. The chain now begins after number 3."
    )
    result = run("log", "verify", filled)
    assert (result.exit_code, "  Entries     0, 3 older ones dropped\n" in result.stdout) == (
        0,
        True,
    )


def test_prune_keeps_what_was_altered(run, filled):
    spoil(filled, "UPDATE entries SET body = '{}' WHERE sequence = 1")
    result = run("log", "prune", filled, "--before", "2001-01-01")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "the log was altered: entry 1: the content is not what was logged" in result.stderr


BLOB = "UPDATE entries SET time = CAST(time AS BLOB) WHERE sequence = 2"
READING = {
    "show": ("show",),
    "show as it is kept": ("show", "--format", "ndjson"),
    "export": ("export",),
    "export of a range": ("export", "--since", "2001-01-01"),
}
WORDS = {
    "nb": ("loggen er endret: oppføring 2: en verdi er lagret", "LOGGEN ER ENDRET"),
    "nn": ("loggen er endra: oppføring 2: ein verdi er lagra", "LOGGEN ER ENDRA"),
    "en": ("the log was altered: entry 2: a value is stored", "THE LOG WAS ALTERED"),
}


@pytest.mark.parametrize("lang", WORDS)
@pytest.mark.parametrize("arguments", READING.values(), ids=READING)
def test_who_reads_an_altered_log_is_refused_or_told(run, filled, arguments, lang):
    command, *options = arguments
    spoil(filled, BLOB)
    refused = run("log", command, filled, *options, "--lang", lang)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert WORDS[lang][0] in refused.stderr
    assert "--unverified" in refused.stderr
    read = run("log", command, filled, *options, "--lang", lang, "--unverified")
    assert read.exit_code == 0
    assert WORDS[lang][1] in read.stderr
    assert len(UUID.findall(read.stdout)) == 3, "an entry that can be read is not left out"


def test_one_entry_of_an_altered_log_is_refused_or_told(run, filled):
    id = UUID.findall(run("log", "show", filled).stdout)[0]
    spoil(filled, BLOB)
    assert run("log", "show", filled, id).exit_code == 2
    read = run("log", "show", filled, id, "--unverified")
    assert (read.exit_code, "Check of the log  ALTERED: faults: 1" in read.stdout) == (0, True)


def test_a_page_says_what_was_read_and_how_it_was_checked(run, filled):
    head = HEAD.search(run("log", "verify", filled).stdout)[0]
    lines = run("log", "show", filled, "-n", "2").stdout.splitlines()[-4:]
    assert lines[0] == "Entries read      3 of 3"
    assert re.fullmatch(r"First and last    number 1 \(.* UTC\) to number 3 \(.* UTC\)", lines[1])
    assert lines[2] == f"Head of the log   {head}"
    assert lines[3] == "Check of the log  whole: the chain and the signatures were checked"


def test_without_the_key_the_page_says_that_only_the_chain_was_checked(run, filled):
    filled.with_name("log.db.key").unlink()
    shown, exported = run("log", "show", filled), run("log", "export", filled)
    for told in (shown.stdout.replace("\n", " "), exported.stderr):
        assert "the chain is whole; signatures were not checked" in told
    lines = [json.loads(line) for line in exported.stdout.splitlines()]
    assert {line["labels"]["verified"] for line in lines} == {"chain"}


def test_each_line_of_an_export_says_that_the_log_was_altered(run, filled):
    spoil(filled, "DELETE FROM entries WHERE sequence = 3")
    lines = run("log", "export", filled, "--unverified").stdout.splitlines()
    assert [json.loads(line)["labels"]["verified"] for line in lines] == ["no", "no"]


OBJECTS = {
    "a trigger": (
        (
            "CREATE TRIGGER later AFTER INSERT ON entries BEGIN UPDATE entries SET time ="
            " CAST(time AS BLOB) WHERE sequence = NEW.sequence; END"
        ),
        "trigger later: does not belong in the log",
    ),
    "a view": ("CREATE VIEW [a\tb] AS SELECT 1", "view a b: does not belong in the log"),
    "a table that was replaced": (
        "ALTER TABLE entries RENAME TO e",
        "table entries: is missing, or something else stands in its place",
    ),
}


@pytest.mark.parametrize(("statement", "told"), OBJECTS.values(), ids=OBJECTS)
def test_what_does_not_belong_in_the_file_is_named(run, policy, filled, statement, told):
    spoil(filled, statement)
    verified = run("log", "verify", filled)
    assert (verified.exit_code, told in verified.stdout) == (1, True)
    for command in (
        ("log", "show", filled),
        ("log", "export", filled),
        ("log", "prune", filled, "--before", "2001-01-01"),
        ("log", "erase", filled, "--unit", "x"),
        ("eval", "--policy", policy, "--log", filled, "documents/denied.json"),
    ):
        result = run(*command)
        assert (result.exit_code, result.stdout, told in result.stderr) == (2, "", True), command


def test_a_replaced_table_is_not_read_with_the_flag_either(run, filled):
    spoil(filled, "ALTER TABLE entries RENAME TO e; ")
    spoil(
        filled,
        "CREATE VIEW entries AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n)"
        " SELECT x AS sequence FROM n",
    )
    result = run("log", "export", filled, "--unverified")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--unverified" not in result.stderr


def test_erase_from_an_altered_log(run, filled):
    ids = UUID.findall(run("log", "show", filled).stdout)
    spoil(filled, BLOB)
    assert run("log", "erase", filled, "--id", ids[0]).exit_code == 2
    assert run("log", "erase", filled, "--id", ids[0], "--unverified").exit_code == 0
    altered = run("log", "erase", filled, "--id", ids[1], "--unverified")
    assert (altered.exit_code, "entry 2: a value is stored" in altered.stderr) == (2, True)
    assert "--unverified" not in altered.stderr


def test_prune_does_not_take_a_day_to_come(run, filled):
    result = run("log", "prune", filled, "--before", "2999-01-01")
    assert result.exit_code == 2
    assert "would drop the whole log" in result.stderr
    assert "  Entries     3\n" in run("log", "verify", filled).stdout


RUBBISH = {
    "no such log": (("verify", "nothing.db"), "there is no log at this path"),
    "no log at all": (("verify", "conftest.py"), "this file is not a decision log"),
    "another kind of address": (("export", "postgresql://u:p@h/d"), "`postgresql` are not known"),
    "no head": (("verify", "x.db", "--expect-head", "5"), "64 hexadecimal digits"),
    "no day": (("export", "x.db", "--since", "yesterday"), "a day such as 2026-11-22"),
    "no language": (("verify", "x.db", "--lang", "sv"), "no words in `sv`"),
    "nothing to erase": (("erase", "x.db"), "either --id or --unit"),
    "both to erase": (("erase", "x.db", "--id", "a", "--unit", "b"), "either --id or --unit"),
    "no bound to prune": (("prune", "x.db"), "--before"),
    "none to show": (("show", "x.db", "-n", "0"), "-n"),
    "fewer than none to show": (("show", "x.db", "-n", "-1"), "-n"),
    "more than can be counted": (("show", "x.db", "-n", "99999999999999999999"), "-n"),
}


@pytest.mark.parametrize(("arguments", "told"), RUBBISH.values(), ids=RUBBISH)
def test_rubbish_is_told_in_words(run, arguments, told):
    before = sorted(HERE.iterdir())
    result = run("log", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
    assert sorted(HERE.iterdir()) == before
