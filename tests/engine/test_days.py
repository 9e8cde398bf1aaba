"""The day of an instant: one instant has one day in a policy with a time zone, however written."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
import zoneinfo
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from somepolicy import zones
from somepolicy.backends.python import artefact
from somepolicy.engine import values
from somepolicy.engine.days import Days, days_of
from somepolicy.policy import Policy
from somepolicy.syntax.diagnostics import PolicyError
from somepolicy.version import __version__
from somepolicy.zones import engine_of, zone_names
from tests.properties.small_policies import (
    DATE,
    INSTANT,
    SAYS,
    TEXT,
    both,
    clause,
    kind,
    listing,
    load_policy,
    write_policy,
)

UTC = datetime.UTC
OSLO = "Europe/Oslo"
SOME_ZONES = (OSLO, "America/New_York", "Pacific/Apia", "Pacific/Kiritimati", "Etc/GMT+12", "UTC")
MUST = clause("must.do", "must", 1, "post")
FIELDS = {
    "at": INSTANT,
    "then": {**INSTANT, "x-absent": "none"},
    "until": {**DATE, "x-absent": "none"},
    "day": DATE,
    "days": listing(DATE),
    "text": TEXT,
}


def instant(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


def small(*texts: str, zone: str | None = OSLO) -> Policy:
    rules = "rules for post\n" + "\n".join(texts)
    return load_policy({"post": kind("post", **FIELDS)}, {"a.pol": MUST, "b.pol": rules}, zone=zone)


def holds(condition: str, document: dict[str, object], *declared: str, zone: str | None) -> bool:
    """Whether a condition holds, by both evaluators."""
    policy = small(*declared, f"require row cites must.do that {condition}{SAYS}", zone=zone)
    return both(policy, {"kind": "post", "id": "1", **document}).allowed


# --- against the rule of summer time, worked out by hand


def last_sunday(year: int, month: int) -> datetime.datetime:
    last = datetime.date(year, month, 31)
    last -= datetime.timedelta(days=(last.weekday() + 1) % 7)
    return datetime.datetime.combine(last, datetime.time(1), UTC)


def norwegian_day(moment: datetime.datetime) -> datetime.date:
    summer = last_sunday(moment.year, 3) <= moment < last_sunday(moment.year, 10)
    return (moment + datetime.timedelta(hours=2 if summer else 1)).date()


OFFSETS = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(
    lambda minutes: datetime.timezone(datetime.timedelta(minutes=minutes))
)
EVER = st.datetimes(timezones=OFFSETS)
KNOWN = EVER.filter(lambda moment: 1996 < moment.year < 9999).map(lambda x: x.astimezone(UTC))


@given(KNOWN, OFFSETS)
@example(instant("2026-10-24T22:00:00+00:00"), UTC)
@example(instant("2026-10-24T21:59:59.999999+00:00"), UTC)
@example(instant("2026-03-29T22:00:00+00:00"), UTC)
def test_days_are_those_of_norway(moment, offset):
    days = days_of(OSLO)
    assert days.as_day(moment) == days.as_day(moment.astimezone(offset)) == norwegian_day(moment)


@given(EVER, OFFSETS, st.sampled_from(SOME_ZONES), st.integers(-4_000_000, 4_000_000))
@example(instant("0001-01-01T00:00:00+14:00"), UTC, OSLO, -1)
@example(instant("9999-12-31T23:59:59-14:00"), UTC, OSLO, 1)
@example(instant("9999-12-31T23:30:00+00:00"), UTC, OSLO, 0)
@example(instant("2026-10-25T01:30:00+00:00"), UTC, OSLO, 0)
def test_one_instant_has_one_day_however_written(moment, offset, zone, count):
    days = days_of(zone)
    day = days.as_day(moment)
    assert type(day) is datetime.date
    moved = days.add_days(moment, count)
    assert days.add_days(moment, 0) == moment
    try:
        other = moment.astimezone(offset)
    except OverflowError:
        return
    assert days.as_day(other) == day
    if datetime.timedelta(400) < day - datetime.date.min and day.year < 9998:
        assert days.shown(other.isoformat()) == days.shown(moment.isoformat())
        if abs(count) < 300 and zone != "Pacific/Apia":  # which has left out a day
            assert days.add_days(other, count) == moved
            assert days.as_day(moved) == day + datetime.timedelta(days=count)


@given(st.dates(datetime.date(1, 1, 2)), st.sampled_from((*SOME_ZONES, None)))
def test_noon_and_beginning_lie_in_their_day(day, zone):
    days = days_of(zone)
    if (zone, day) != ("Pacific/Apia", datetime.date(2011, 12, 30)):  # no such day there
        assert days.as_day(days.noon(day)) == day
        assert day == days.as_day(days.start(day).astimezone(UTC)) or day.year in (1, 9999)
    assert days.start(day) <= days.noon(day)


def test_every_zone_can_be_read():
    names = zone_names()
    assert OSLO in names
    assert "Factory" not in names
    for name in names:
        assert days_of(name).as_day(instant("2026-11-22T12:00:00+00:00")).year == 2026


# --- in rules, by both evaluators

LATE, EARLY = "2026-12-01T00:30:00+01:00", "2026-11-30T23:30:00Z"
SPELLINGS = (LATE, EARLY, "2026-12-01T13:29:00+13:59", "2026-11-30T11:30:00.000-12:00")
CONDITIONS = [
    ("post.at > 2026-11-30", ()),
    ("2026-11-30 < post.at", ()),
    ("post.at == post.day", ()),
    ("post.day == post.at", ()),
    ("(post.until otherwise post.at) > 2026-11-30", ()),
    ("((post.until otherwise post.at) in post.days) == false", ()),
    ("(post.until otherwise post.at) in (2026-12-01,)", ()),
    ("(post.until otherwise as_of) == 2026-12-01", ()),
    ("as_of > 2026-11-30", ()),
    ("post.at + days(1) == 2026-12-02", ()),
    ("post.at - days(1) == 2026-11-30", ()),
    ("publication == 2026-12-01", ("define publication = post.until otherwise post.at",)),
    ("late(post)", ("define late(x) = x.at > 2026-11-30",)),
    ("mode", ("parameter mode: boolean = true from 2026-12-01, false",)),
    ("limit == post.at", ("parameter limit: date = 2026-12-01",)),
    ("some x in post.days (x < post.at)", ()),
    ("identity_numbers(post.text, false) is empty", ()),
]


@pytest.mark.parametrize(("condition", "declared"), CONDITIONS, ids=[x for x, _ in CONDITIONS])
def test_every_spelling_gives_one_answer(condition, declared):
    document = {"day": "2026-12-01", "days": ["2026-11-30"], "text": "a"}
    for spelt in SPELLINGS:
        content = {**document, "at": spelt, "as_of": spelt}
        assert holds(condition, content, *declared, zone=OSLO), spelt


@pytest.mark.parametrize(("spelt", "late"), [(LATE, True), (EARLY, False)])
def test_without_a_zone_the_own_offset_counts(spelt, late):
    assert holds("post.at > 2026-11-30", {"at": spelt, "as_of": LATE}, zone=None) is late
    mode = "parameter mode: boolean = true from 2026-12-01, false"
    assert holds("mode", {"as_of": spelt}, mode, zone=None) is late


NIGHTS = [
    # the clock goes back at 01:00 UTC, and has shown 02:30 twice
    ("2026-10-24T21:59:59Z", "2026-10-24"),
    ("2026-10-24T22:00:00Z", "2026-10-25"),
    ("2026-10-25T02:30:00+02:00", "2026-10-25"),
    ("2026-10-25T02:30:00+01:00", "2026-10-25"),
    ("2026-10-25T22:59:59Z", "2026-10-25"),
    ("2026-10-25T23:00:00Z", "2026-10-26"),
    # and forward, over 02:30
    ("2026-03-28T22:59:59Z", "2026-03-28"),
    ("2026-03-28T23:00:00Z", "2026-03-29"),
    ("2026-03-29T02:30:00+01:00", "2026-03-29"),
    ("2026-03-29T21:59:59Z", "2026-03-29"),
    ("2026-03-29T22:00:00Z", "2026-03-30"),
    # the ends of the calendar
    ("0001-01-01T00:00:00+14:00", "0001-01-01"),
    ("9999-12-31T23:59:59-14:00", "9999-12-31"),
    ("9999-12-31T23:30:00Z", "9999-12-31"),
]


def test_the_nights_of_summer_time():
    policy = small(f"require row cites must.do that post.at == post.day{SAYS}")
    for at, day in NIGHTS:
        document = {"kind": "post", "id": "1", "as_of": at, "at": at, "day": day}
        assert both(policy, document).allowed, at
        other = "2026-11-22"
        assert not both(policy, {**document, "day": other}).allowed, at


@pytest.mark.parametrize(("zone", "allowed"), [(OSLO, True), (None, False)])
def test_days_are_added_by_the_clock_of_the_zone(zone, allowed):
    """From 00:30 in summer time a day on is 00:30 in winter time, 25 hours later."""
    document = {"as_of": LATE, "at": "2026-10-25T00:30:00+02:00", "then": "2026-10-25T23:30:00Z"}
    assert holds("post.at + days(1) == post.then", document, zone=zone) is allowed


def test_instants_compare_as_instants():
    document = {"as_of": LATE, "at": LATE, "then": EARLY}
    assert holds("post.at == post.then", document, zone=OSLO)


def test_detectors_take_the_day_there():
    """A number of the rule of 2032 counts for more from the first day of that year."""
    number = "01810500006"
    rule = f"forbid row cites must.do if hard(identity_numbers(post.text, true)) is not empty{SAYS}"
    answers = {
        zone: [
            both(small(rule, zone=zone), {"kind": "post", "id": "1", "as_of": at, "text": number})
            for at in ("2031-12-31T23:30:00Z", "2032-01-01T00:30:00+01:00")
        ]
        for zone in (OSLO, None)
    }
    assert [each.allowed for each in answers[OSLO]] == [False, False]
    assert [each.allowed for each in answers[None]] == [True, False]


# --- what a decision says


def test_a_message_shows_an_instant_in_the_zone():
    says = ' says nb "Nei {post.at}." en "No {post.at}."'
    document = {"kind": "post", "id": "1", "as_of": EARLY, "at": EARLY, "day": "2026-11-22"}
    rule = f"require row cites must.do that post.at == post.day{says}"
    decision = both(small(rule), document)
    assert decision.findings[0].message["en"] == f"No {LATE}."
    assert decision.as_of == "2026-11-30T23:30:00+00:00"
    plain = both(small(rule, zone=None), document)
    assert plain.findings[0].message["en"] == f"No {EARLY}."


def test_the_engine_names_the_rules_of_the_zones():
    rule = f"require row cites must.do that post.at == post.day{SAYS}"
    document = {"kind": "post", "id": "1", "as_of": EARLY}
    import tzdata

    assert small(rule).evaluate(document).engine == f"{__version__}+tzdata.{tzdata.__version__}"
    assert small(rule, zone=None).evaluate(document).engine == __version__


# --- what a policy was compiled with


def compiled(tmp_path: Path, zone: str | None) -> Policy:
    rules = f"rules for post\nrequire row cites must.do that post.at == post.day{SAYS}"
    schemas = {"post": kind("post", **FIELDS)}
    folder = write_policy(tmp_path / "p", schemas, {"a.pol": MUST, "b.pol": rules}, zone=zone)
    return Policy.from_source(folder)


@pytest.mark.parametrize("zone", [OSLO, None])
def test_a_policy_compiled_with_other_zones_is_not_used(tmp_path, monkeypatch, zone):
    policy = compiled(tmp_path, zone)
    kept = artefact.to_bytes(policy.compiled, policy.files)
    for name, text in artefact.to_modules(policy.compiled, policy.files).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert artefact.from_bytes(kept) is not None
    assert artefact.from_modules(tmp_path) is not None
    monkeypatch.setattr("tzdata.__version__", "2099.1")
    other = artefact.from_bytes(kept), artefact.from_modules(tmp_path)
    assert [each is None for each in other] == [zone is not None] * 2
    assert ("2099.1" in engine_of(zone)) is (zone is not None)


STARTED = """
import json, sys
from somepolicy.policy import Policy
decision = Policy.load(sys.argv[1]).evaluate(json.loads(sys.argv[2]))
print(decision.decision, *sorted({"zoneinfo", "tzdata"} & set(sys.modules)))
"""


@pytest.mark.slow
@pytest.mark.parametrize(("zone", "told"), [(OSLO, "allow tzdata zoneinfo"), (None, "deny")])
def test_the_machine_s_own_zones_are_never_read(tmp_path, zone, told):
    """Nor loaded at all without a zone; the second process takes what the first compiled."""
    compiled(tmp_path, zone)
    wrong = tmp_path / "zones" / "Europe"
    wrong.mkdir(parents=True)
    (wrong / "Oslo").write_bytes(zones._read("zoneinfo", "Asia", "Tokyo"))
    document = {"kind": "post", "id": "1", "as_of": EARLY, "at": EARLY, "day": "2026-12-01"}
    for expected in (told.split()[0], told):  # who compiles loads more
        run = subprocess.run(
            [sys.executable, "-c", STARTED, str(tmp_path / "p"), json.dumps(document)],
            capture_output=True,
            check=True,
            text=True,
            env={
                "PYTHONTZPATH": str(tmp_path / "zones"),
                "TZ": "Asia/Tokyo",
                "SOMEPOLICY_CACHE": str(tmp_path / "cache"),
            },
        )
        assert run.stdout.startswith(expected)
    assert run.stdout.strip() == told


# --- spellings of the name

WRONG = {
    "europe/oslo": "did you mean `Europe/Oslo`?",
    "Europe/Oslo ": "did you mean `Europe/Oslo`?",
    " Europe/Oslo": "did you mean `Europe/Oslo`?",
    "Europe/Olso": "did you mean `Europe/Oslo`?",
    "Oslo": None,
    "utc": "did you mean `UTC`?",
    "CEST": None,
    "+01:00": None,
    "Factory": None,
    "posixrules": None,
    "../../etc/passwd": None,
    "/usr/share/zoneinfo/Europe/Oslo": None,
    "zones": None,
    "Europe": None,
    "Europe/../Europe/Oslo": None,
    "": None,
}


@pytest.mark.parametrize("name", WRONG)
def test_an_unknown_zone_is_refused(name):
    with pytest.raises(PolicyError) as caught:
        small(zone=name)
    (told,) = caught.value.diagnostics
    assert (told.code, told.message) == ("P602", "unknown time zone")
    assert told.span.text == "time_zone"
    if WRONG[name] is not None:
        assert told.help == WRONG[name]
    assert told.help


@pytest.mark.parametrize("name", ["UTC", "EST5EDT", "Etc/GMT-14", "Africa/Casablanca"])
def test_every_name_of_the_database_is_one(name):
    rule = f"require row cites must.do that post.at == post.day{SAYS}"
    assert small(rule, zone=name).days.zone == name


def test_a_day_alone_is_noon_there():
    day = datetime.date(2026, 7, 1)
    assert days_of(OSLO).noon(day).isoformat() == "2026-07-01T12:00:00+02:00"
    assert Days().noon(day).isoformat() == "2026-07-01T12:00:00+00:00"
    assert days_of(OSLO).start(day).isoformat() == "2026-06-30T22:00:00+00:00"
    assert days_of(OSLO).end(day).isoformat() == "2026-07-01T22:00:00+00:00"


@pytest.mark.parametrize("fold", [0, 1])
def test_an_instant_of_a_zone_is_the_instant_it_is(fold: int) -> None:
    zone = zoneinfo.ZoneInfo("Europe/Oslo")
    named = datetime.datetime(2026, 10, 25, 2, 30, fold=fold, tzinfo=zone)
    fixed = values.with_fixed_offset(named)
    assert fixed == datetime.datetime(2026, 10, 25, fold, 30, tzinfo=datetime.UTC)
    assert fixed.isoformat() == named.isoformat()
    odd = named.replace(tzinfo=datetime.timezone(datetime.timedelta(seconds=7)))
    assert values.with_fixed_offset(odd).isoformat() == "2026-10-25T02:29:53+00:00"


def test_a_day_before_there_were_zones_is_one() -> None:
    noon = days_of("Europe/Oslo").noon(datetime.date(1, 1, 1))
    assert values.with_fixed_offset(noon).isoformat() == "0001-01-01T11:06:32+00:00"


@pytest.mark.parametrize(
    ("end", "seconds", "kept"),
    [
        (datetime.datetime(1, 1, 1, tzinfo=datetime.UTC), 1050, "0001-01-01T00:00:00+00:00"),
        (
            datetime.datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.UTC),
            -1050,
            "9999-12-31T23:59:59.999999+00:00",
        ),
    ],
)
def test_an_offset_of_seconds_at_the_ends_of_the_calendar(
    end: datetime.datetime, seconds: int, kept: str
) -> None:
    odd = end.replace(tzinfo=datetime.timezone(datetime.timedelta(seconds=seconds)))
    assert values.with_fixed_offset(odd).isoformat() == kept
