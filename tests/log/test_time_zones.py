"""Days of a log: those of its entries' time zone, else of UTC; the entries themselves keep UTC."""

from __future__ import annotations

import datetime
import json
import shutil
import uuid
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from somepolicy.cli.app import app
from somepolicy.engine.errors import InvalidDocument
from somepolicy.log import event_of, from_json, open_log, to_json
from somepolicy.log.encoding import entry_from_json
from somepolicy.log.event import refusal_of
from somepolicy.policy import Policy
from tests.reports.report_cases import FOLDER, KEY, example, policy

OSLO, TOKYO = "Europe/Oslo", "Asia/Tokyo"
# in Oslo the first stands in the last hour of October, the second in the first of November
TIMES = ("2026-10-31T22:30:00+00:00", "2026-10-31T23:30:00+00:00", "2026-11-22T12:00:00+00:00")


@pytest.fixture(scope="module")
def zoned(tmp_path_factory):
    """The small policy of the reports, in some time zone."""
    made: dict[str | None, Policy] = {None: policy()}

    def of(zone: str | None) -> Policy:
        if zone not in made:
            folder = tmp_path_factory.mktemp("zoned") / "policy"
            shutil.copytree(FOLDER, folder)
            manifest = folder / "policy.toml"
            text = manifest.read_text(encoding="utf-8")
            manifest.write_text(f'time_zone = "{zone}"\n{text}', encoding="utf-8")
            made[zone] = Policy.load(folder)
        return made[zone]

    return of


def event(used: Policy, time: str):
    moment, document = datetime.datetime.fromisoformat(time), example("post/harbour.json")
    decision = used.evaluate(document, as_of=moment)
    return event_of(used, document, decision, key=KEY, time=moment, id=str(uuid.uuid4()))


def log_of(path: Path, *policies: Policy) -> Path:
    """Make a log of an entry of each policy at each time."""
    with open_log(path) as log:
        for used in policies:
            log.register(used)
            log.append_all(event(used, time) for time in TIMES)
    return path


def run(*args: object) -> Result:
    result = CliRunner().invoke(app, [*map(str, args)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def report(log: Path, *more: str) -> dict[str, object]:
    result = run("report", "citations", "--log", log, *more, "--policy", FOLDER, "--lang", "en", "--format", "json")  # fmt: skip
    assert result.exit_code == 0
    return json.loads(result.stdout)


def months(found: dict) -> dict[str, int]:
    (trend,) = (each for each in found["sections"] if each["key"] == "trend")
    rows = trend["tables"][0]["rows"]
    return {row["month"]: row["decisions"] for row in rows}


# --- entries


def test_an_entry_keeps_utc_and_names_the_zone(zoned):
    found = event(zoned(OSLO), "2026-11-01T00:30:00+01:00")
    raw = to_json(found)
    assert json.loads(raw)["time"] == "2026-10-31T23:30:00.000000Z"
    assert json.loads(raw)["time_zone"] == OSLO
    assert from_json(raw) == found
    assert "+tzdata." in found.engine


def test_an_entry_of_a_policy_without_a_zone_is_as_it_was(zoned):
    raw = to_json(event(zoned(None), TIMES[0]))
    assert "time_zone" not in json.loads(raw)
    assert from_json(raw).time_zone is None


def test_a_malformed_document_is_logged_with_the_zone(zoned):
    used, document = zoned(OSLO), {"kind": "post", "id": 3}
    with pytest.raises(InvalidDocument) as raised:
        used.evaluate(document)
    time = datetime.datetime.fromisoformat(TIMES[0])
    found = refusal_of(
        used, document, raised.value, engine=used.engine, time=time, id=str(uuid.uuid4())
    )
    assert entry_from_json(to_json(found)) == found
    assert found.time_zone == OSLO


# --- reports


def test_months_are_those_of_the_zone(zoned, tmp_path):
    assert months(report(log_of(tmp_path / "a.db", zoned(OSLO)))) == {"2026-10": 1, "2026-11": 2}
    plain = report(log_of(tmp_path / "b.db", zoned(None)))
    assert months(plain) == {"2026-10": 2, "2026-11": 1}
    assert "ime zone" not in json.dumps(plain)


def test_a_report_names_the_zone(zoned, tmp_path):
    assert f'"{OSLO}"' in json.dumps(report(log_of(tmp_path / "a.db", zoned(OSLO))))


@pytest.mark.parametrize("other", [TOKYO, None])
def test_a_log_of_several_zones_is_counted_in_utc_and_says_so(zoned, tmp_path, other):
    found = report(log_of(tmp_path / "a.db", zoned(OSLO), zoned(other)))
    assert months(found) == {"2026-10": 4, "2026-11": 2}
    assert "UTC, for the entries of the log do not share a time zone" in json.dumps(found)


def test_days_of_a_part_are_those_of_the_zone(zoned, tmp_path):
    log = log_of(tmp_path / "a.db", zoned(OSLO))
    assert months(report(log, "--since", "2026-11-01")) == {"2026-11": 2}
    assert months(report(log, "--until", "2026-10-31")) == {"2026-10": 1}
    assert months(report(log, "--since", "2026-10-31T23:00:00Z")) == {"2026-11": 2}
    mixed = log_of(tmp_path / "b.db", zoned(OSLO), zoned(TOKYO))
    assert months(report(mixed, "--since", "2026-11-01")) == {"2026-11": 2}


def test_documents_are_counted_by_months_of_the_zone(zoned, tmp_path):
    document = {**example("post/harbour.json"), "as_of": "2026-10-31T23:30:00Z"}
    (tmp_path / "a.json").write_text(json.dumps(document), encoding="utf-8")
    for zone, month in ((OSLO, "2026-11"), (None, "2026-10")):
        result = run("report", "citations", tmp_path / "a.json", "--policy", zoned(zone).folder, "--format", "json")  # fmt: skip
        assert months(json.loads(result.stdout)) == {month: 1}


# --- `somepolicy log`


def shown(log: Path, *more: str) -> int:
    return len(run("log", "show", log, *more, "--format", "ndjson").stdout.splitlines())


def test_show_export_and_prune_take_days_of_the_zone(zoned, tmp_path):
    log = log_of(tmp_path / "a.db", zoned(OSLO))
    assert shown(log, "--since", "2026-11-01") == 2
    assert shown(log, "--until", "2026-10-31") == 1
    assert len(run("log", "export", log, "--since", "2026-11-01").stdout.splitlines()) == 2
    assert run("log", "prune", log, "--before", "2026-11-01").exit_code == 0
    assert shown(log) == 2
    assert run("log", "verify", log).exit_code == 0


def test_several_zones_are_told_where_a_day_is_named(zoned, tmp_path):
    log = log_of(tmp_path / "a.db", zoned(OSLO), zoned(TOKYO))
    told = "Days are taken in UTC"
    assert told in run("log", "show", log, "--since", "2026-11-01").stdout
    assert told in run("log", "show", log, "--since", "2026-11-01", "--format", "ndjson").stderr
    assert told in run("log", "export", log, "--until", "2026-11-01").stderr
    assert told not in run("log", "show", log).output
    assert told not in run("log", "show", log, "--since", "2026-11-01T00:00:00Z").output
    assert shown(log, "--since", "2026-11-01") == 2


def test_a_zone_that_is_none_is_not_looked_for(zoned, tmp_path):
    """A log may come from elsewhere: what it names is never a path."""
    from dataclasses import replace

    used = zoned(OSLO)
    with open_log(tmp_path / "a.db") as log:
        log.register(used)
        log.append(replace(event(used, TIMES[0]), time_zone="../../../etc/passwd"))
    result = run("log", "show", tmp_path / "a.db", "--since", "2026-10-31")
    assert result.exit_code == 0
    assert "Days are taken in UTC" in result.stdout
