"""Days on the command line are those of the policy's time zone."""

from __future__ import annotations

import datetime
import json
import re
import shutil
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner, Result

from somepolicy.cli.app import app

HERE = Path(__file__).parent
PLAIN = HERE / "policy" / "havn"
ALLOWED = HERE / "documents" / "allowed.json"


@pytest.fixture(scope="module")
def zoned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("policy") / "havn"
    shutil.copytree(PLAIN, path)
    text = (path / "policy.toml").read_text(encoding="utf-8")
    (path / "policy.toml").write_text(f'time_zone = "Europe/Oslo"\n{text}', encoding="utf-8")
    return path


def run(*args: object) -> Result:
    result = CliRunner().invoke(app, [*map(str, args)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


@pytest.mark.parametrize("more", [(), ("--jobs", "1")])
def test_a_day_is_noon_there(zoned, more):
    command = ("eval", ALLOWED, "--as-of", "2026-07-01", "--format", "ndjson", *more)
    for policy, as_of in (
        (zoned, "2026-07-01T12:00:00+02:00"),
        (PLAIN, "2026-07-01T12:00:00+00:00"),
    ):
        decision = json.loads(run(*command, "--policy", policy).stdout)
        assert decision["as_of"] == as_of
    stated = run(*command[:3], "2026-07-01T12:00:00Z", *command[4:], "--policy", zoned)
    assert json.loads(stated.stdout)["as_of"] == "2026-07-01T12:00:00+00:00"


def test_compare_lists_the_zone_and_decides_at_its_noon(zoned):
    for old, new in ((PLAIN, zoned), (zoned, PLAIN)):
        found = json.loads(run("compare", old, new, ALLOWED, "--format", "json").stdout)
        (edit,) = (each for each in found["edits"] if each["sort"] == "time_zone")
        assert {edit["before"], edit["after"]} == {"none", "Europe/Oslo"}
    shown = run("compare", PLAIN, zoned, ALLOWED, "--as-of", "2026-07-01", "--lang", "en").stdout
    assert "as of 2026-07-01 12:00 +02:00" in shown
    assert "time zone" in shown
    shown = run("compare", PLAIN, zoned, ALLOWED, "--as-of", "2026-07-01T12:00:00Z").stdout
    assert "2026-07-01 14:00 +02:00" in shown
    now = datetime.datetime.now(ZoneInfo("Europe/Oslo"))
    shown = run("compare", PLAIN, zoned, ALLOWED, "--lang", "en", "--format", "md").stdout
    assert re.search(
        rf"own time, else {now.date()} \d\d:\d\d \+0[12]:00\n", shown.replace("\\", "")
    )


@pytest.mark.parametrize("report", ["traceability", "decision"])
def test_a_report_is_made_on_the_day_there(zoned, report, monkeypatch):
    for seconds, day in (("1782855000", "2026-06-30"), ("1782858600", "2026-07-01")):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", seconds)
        given = () if report == "traceability" else (ALLOWED,)
        shown = run("report", report, *given, "--policy", zoned, "--format", "md", "--lang", "en")
        assert f"Made: {day}" in shown.stdout
