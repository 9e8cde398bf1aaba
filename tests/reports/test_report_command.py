"""`somepolicy report` as its user meets it: good input, rubbish, and where the report goes."""

from __future__ import annotations

import csv
import datetime
import html
import io
import json
import sqlite3
import sys
import uuid
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from somepolicy.cli.app import app
from somepolicy.cli.workflows.report_output import with_reading
from somepolicy.installed import installed_policy
from somepolicy.log import event_of, from_json, open_log
from somepolicy.reports.tally import tally
from somepolicy.texts.catalogue import texts
from tests.reports.report_cases import FOLDER, KEY, entry, example, policy, report

POLICY = ("--policy", str(FOLDER), "--lang", "en")
FORMATS = ("html", "md", "csv", "xlsx", "json")
EXAMPLES = Path(__file__).parents[2] / "examples"
POST = FOLDER / "examples" / "post"


def run(*args: object, stdin: bytes = b"") -> Result:
    result = CliRunner().invoke(app, ["report", *map(str, args)], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "decisions.db"
    with open_log(path) as made:
        made.register(policy())
        names = ("harbour", "school-trip", "unknown")
        posts = [example(f"post/{name}.json") for name in names]
        months = ("2026-09", "2026-10", "2026-11")
        made.append_all(
            from_json(entry(post, month=month)) for post, month in zip(posts, months, strict=True)
        )
    return path


def figures(result: Result) -> dict[str, object]:
    return {each["key"]: each["value"] for each in json.loads(result.stdout)["figures"]}


@pytest.mark.slow
def test_traceability_is_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795000000")
    result = run("traceability", *POLICY)
    assert result.exit_code == 0
    assert result.stdout.startswith("<!doctype html>")
    assert "2026-11-18" in result.stdout


def test_a_log_and_its_documents_give_the_same_figures(log: Path) -> None:
    ways = (["--log", log], ["--log", f"sqlite:///{log}"], [POST])
    counted = [figures(run("citations", *way, *POLICY, "--format", "json")) for way in ways]
    assert counted[0] == counted[1] == counted[2]
    assert counted[0]["decisions"] == 3


def test_a_part_of_a_log(log: Path) -> None:
    found = run("citations", "--log", log, "--since", "2026-10-01", *POLICY, "--format", "json")
    assert figures(found)["decisions"] == 2
    found = run("citations", "--log", log, "--until", "2026-10-01", *POLICY, "--format", "json")
    assert figures(found)["decisions"] == 1


SPANS = [
    (("--quarter", "2026-Q3"), 1, "2026-07-01", "2026-09-30"),
    (("--quarter", "2026-Q4"), 2, "2026-10-01", "2026-12-31"),
    (("--month", "2026-10"), 1, "2026-10-01", "2026-10-31"),
    (("--month", "2024-02"), 0, "2024-02-01", "2024-02-29"),
    (("--year", "2026"), 3, "2026-01-01", "2026-12-31"),
    (("--year", "9999"), 0, "9999-01-01", "9999-12-31"),
    (("--quarter", "0001-Q1"), 0, "0001-01-01", "0001-03-31"),
    (("--since", "2026-10-01", "--until", "2026-10-31"), 1, "2026-10-01", "2026-10-31"),
]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(("asked", "count", "first", "last"), SPANS)
def test_the_period_asked_for_is_stated_an_empty_one_too(
    log: Path, asked: tuple[str, ...], count: int, first: str, last: str, form: str
) -> None:
    made = run("citations", "--log", log, *asked, *POLICY, "--format", form)
    assert made.exit_code == 0, made.stderr
    said = text_of(made, form)
    assert first in said and last in said
    assert (texts("en").citations.nothing in said) is (count == 0)
    if form == "json":
        assert figures(made)["decisions"] == count


def test_the_day_a_quarter_ends_is_a_day_of_the_policys_time_zone(tmp_path: Path) -> None:
    used, path = installed_policy(), tmp_path / "days.db"
    document = json.loads((EXAMPLES / "post/road-closure.json").read_text(encoding="utf-8"))
    # in Oslo: the last second of the quarter, and the first of the next one
    moments = ("2026-09-30T21:59:59+00:00", "2026-09-30T22:00:00+00:00")
    with open_log(path) as made:
        made.register(used)
        for number, moment in enumerate(moments):
            time = datetime.datetime.fromisoformat(moment)
            decision = used.evaluate(document, as_of=time)
            identity = str(uuid.UUID(int=number))
            made.append(event_of(used, document, decision, key=KEY, time=time, id=identity))
    for quarter in ("2026-Q3", "2026-Q4"):
        found = run("citations", "--log", path, "--quarter", quarter, "--format", "json")
        assert figures(found)["decisions"] == 1, quarter


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--quarter", "2026-Q5"), "2026-Q3"),
        (("--quarter", "2026-3"), "2026-Q3"),
        (("--quarter", "Q3 2026"), "2026-Q3"),
        (("--quarter", "0000-Q1"), "2026-Q3"),
        (("--month", "2026-13"), "2026-07"),
        (("--month", "2026-7"), "2026-07"),
        (("--year", "26"), "2026"),
        (("--year", "０２２６"), "2026"),
        (("--quarter", "2026-Q3", "--year", "2026"), "give one of them"),
        (("--quarter", "2026-Q3", "--since", "2026-07-01"), "give one of them"),
        (("--month", "2026-07", "--until", "2026-07-31"), "give one of them"),
        (("--since", "2026-07-02", "--until", "2026-07-01"), "ends before it begins"),
    ],
)
def test_periods_that_are_none_are_refused(log: Path, asked: tuple[str, ...], said: str) -> None:
    refused = run("citations", "--log", log, *asked, *POLICY)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert said in refused.stderr


def test_a_period_is_of_a_log_not_of_documents() -> None:
    refused = run("citations", POST, "--quarter", "2026-Q3", *POLICY)
    assert refused.exit_code == 2 and "for --log" in refused.stderr


ALTERED = "UPDATE entries SET body = replace(body, '\"deny\"', '\"allow\"') WHERE sequence = 2"
WORDS = {
    "nb": ("loggen er endret: oppføring", "ENDRET: feil: 1"),
    "nn": ("loggen er endra: oppføring", "ENDRA: feil: 1"),
    "en": ("the log was altered: ", "ALTERED: faults: 1"),
}


def spoil(log: Path, statement: str) -> None:
    connection = sqlite3.connect(log, isolation_level=None)
    connection.execute(statement)
    connection.close()


def text_of(result: Result, form: str) -> str:
    """Return all that a report says, wherever its format puts it."""
    if form == "xlsx":
        with zipfile.ZipFile(io.BytesIO(result.stdout_bytes)) as book:
            return book.read("xl/sharedStrings.xml").decode()
    return html.unescape(result.stdout_bytes.decode("utf-8-sig").replace("\\", ""))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("lang", ["nb", "en"])
def test_no_report_is_made_of_a_log_that_was_altered(log: Path, form: str, lang: str) -> None:
    asked = ("citations", "--log", log, "--policy", FOLDER, "--lang", lang, "--format", form)
    whole = text_of(run(*asked), form)
    spoil(log, ALTERED)
    refused = run(*asked)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert WORDS[lang][0] in refused.stderr and "--unverified" in refused.stderr
    made = run(*asked, "--unverified")
    assert made.exit_code == 0
    assert WORDS[lang][1] in text_of(made, form) and WORDS[lang][1] not in whole
    assert WORDS[lang][1].split(":")[0] in made.stderr


@pytest.mark.parametrize("form", FORMATS)
def test_a_report_says_what_it_read_and_how_that_was_checked(log: Path, form: str) -> None:
    with open_log(log) as opened:
        head = str(opened.head())
    asked = ("citations", "--log", log, *POLICY, "--since", "2026-10-01", "--format", form)
    text = text_of(run(*asked), form)
    assert "2 of 3" in text
    assert "number 2 (2026-10-02 10:00:00 UTC) to number 3 (2026-11-02 10:00:00 UTC)" in text
    assert head in text
    assert "whole: the chain and the signatures were checked" in text
    log.with_name(f"{log.name}.key").unlink()
    assert "the chain is whole; signatures were not checked" in text_of(run(*asked), form)


def test_for_programs_the_check_has_stable_words(log: Path) -> None:
    asked = ("citations", "--log", log, *POLICY, "--format", "json")
    found = json.loads(run(*asked).stdout)["log"]
    assert (found["entries"], found["of"], found["verified"]) == (3, 3, "chain and signatures")
    assert found["first"] == {"number": 1, "time": "2026-09-02T10:00:00.000000Z"}
    spoil(log, "DELETE FROM entries WHERE sequence = 3")
    found = json.loads(run(*asked, "--unverified").stdout)["log"]
    assert (found["verified"], found["faults"]) == ("no", 1)
    assert "log" not in json.loads(run("citations", POST, *POLICY, "--format", "json").stdout)


@pytest.mark.parametrize("lang", WORDS)
def test_what_a_report_says_of_a_log_is_said_in_each_language(log: Path, lang: str) -> None:
    spoil(log, ALTERED)
    with open_log(log) as opened:
        reading = opened.read(tally, unverified=True)
    words = texts(lang).log
    made, notice = with_reading(report("citations", "en"), reading, words)
    assert notice is not None and made.lead[0] == notice
    assert dict(made.about)[words.check].startswith(WORDS[lang][1])


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("language", ["nb", "en"])
def test_of_a_private_check_no_report_is_made(tmp_path: Path, form: str, language: str) -> None:
    document = example("private_post/open.json") | {"secret": True}
    decision = policy().evaluate(document)
    target = tmp_path / f"case.{form}"
    for text in (json.dumps(document).encode(), decision.to_json()):
        asked = ("--policy", FOLDER, "--lang", language, "--format", form, "-o", target)
        refused = run("decision", "-", *asked, stdin=text)
        assert (refused.exit_code, refused.stdout, target.exists()) == (2, "", False)
        assert texts(language).decision.refused.format(kind="private_post") in refused.stderr


def test_private_posts_are_left_out_and_malformed_ones_told(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text('{"kind": "post", "id": "x", "nonsense": "KANARI"}')
    (tmp_path / "torn.json").write_text('{"kind": ')
    result = run("citations", FOLDER / "examples", tmp_path, *POLICY, "--format", "json")
    assert result.exit_code == 2
    assert figures(result)["left_out"] == 1
    assert figures(result)["malformed"] == 1
    assert "bad.json: error[D" in result.stderr
    assert "torn.json: error[D" in result.stderr
    assert "KANARI" not in result.output


def test_a_report_never_replaces_what_it_is_made_from(log: Path, tmp_path: Path) -> None:
    post = tmp_path / "post.json"
    post.write_bytes((POST / "school-trip.json").read_bytes())
    guideline = tmp_path / "guideline.txt"
    guideline.write_text("Everything is allowed.")
    held = {each: each.read_bytes() for each in (post, guideline, log)}
    tried = (
        ("decision", post, "-o", post),
        ("decision", post, "-o", tmp_path / "." / "post.json"),
        ("decision", post, "--source", guideline, "-o", guideline),
        ("citations", post, "-o", post),
        ("citations", tmp_path, "-o", post),
        ("citations", "--log", log, "-o", log),
        ("citations", "--log", f"sqlite:///{log}", "-o", log),
    )
    for arguments in tried:
        refused = run(*arguments, *POLICY, "--format", "json")
        assert refused.exit_code == 2, arguments
        assert "the report is made from this file; name another one" in refused.stderr
    assert {each: each.read_bytes() for each in held} == held
    assert run("citations", tmp_path, "-o", tmp_path / "page.html", *POLICY).exit_code == 0


def test_a_decision_from_its_document_or_its_json(tmp_path: Path) -> None:
    file = tmp_path / "decision.json"
    decision = policy().evaluate(example("post/school-trip.json"))
    file.write_bytes(decision.to_json())
    from_document = run("decision", POST / "school-trip.json", *POLICY, "--format", "json")
    from_decision = run("decision", file, *POLICY, "--format", "json")
    assert from_document.exit_code == from_decision.exit_code == 0
    assert figures(from_document) == figures(from_decision)
    from_pipe = run("decision", "-", *POLICY, "--format", "json", stdin=decision.to_json())
    assert from_pipe.stdout == from_decision.stdout


def test_one_of_several(tmp_path: Path) -> None:
    file = tmp_path / "posts.ndjson"
    lines = [json.dumps(example(f"post/{name}.json")) for name in ("harbour", "school-trip")]
    file.write_text("\n".join(lines))
    result = run("decision", file, *POLICY)
    assert result.exit_code == 2
    assert "it holds 2 documents; name one with --id: harbour, school-trip" in result.stderr
    assert run("decision", file, "--id", "harbour", *POLICY).exit_code == 0
    assert "of this id" in run("decision", file, "--id", "pier", *POLICY).stderr


@pytest.mark.slow
def test_a_file_appears_whole(tmp_path: Path) -> None:
    file = tmp_path / "report.xlsx"
    assert run("traceability", *POLICY, "--format", "xlsx", "-o", file).exit_code == 0
    assert file.read_bytes().startswith(b"PK")
    assert [each.name for each in tmp_path.iterdir()] == ["report.xlsx"]
    result = run("traceability", *POLICY, "-o", tmp_path / "none" / "report.html")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no such file or directory" in result.stderr
    result = run("traceability", *POLICY, "-o", tmp_path)
    assert result.exit_code == 2 and "this is a folder" in result.stderr


def test_a_workbook_is_nothing_for_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    from somepolicy.cli.problems import Unusable
    from somepolicy.cli.workflows.report_output import Request

    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    with pytest.raises(Unusable, match="name a file with -o"):
        Request("xlsx", None, None)


def test_one_table_for_another_program() -> None:
    result = run("citations", POST, *POLICY, "--format", "csv", "--table", "clauses")
    rows = list(csv.DictReader(io.StringIO(result.stdout_bytes.decode("utf-8-sig"))))
    assert [row["Clause"] for row in rows][:2] == ["bilde.klarert", "bilde.alt"]
    result = run("citations", POST, *POLICY, "--format", "csv", "--table", "clause")
    assert result.exit_code == 2 and "did you mean `clauses`?" in result.stderr
    assert run("citations", POST, *POLICY, "--table", "clauses").exit_code == 2


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("citations", "--lang", "en"), "name either documents or a log"),
        (("citations", POST, "--log", "x.db"), "name either documents or a log"),
        (("citations", POST, "--since", "2026-01-01"), "are for --log"),
        (("citations", POST, "--unverified"), "are for --log"),
        (("citations", "--log", "none.db"), "there is no log at this path"),
        (("citations", "--log", __file__), "not a decision log"),
        (("citations", "--log", "postgres://host/db"), "are not known"),
        (("citations", "none.json", "--policy", FOLDER), "no such file or directory"),
        (("decision", "none.json"), "no such file or directory"),
        (("decision", __file__), "error[D"),
        (("decision", POST / "harbour.json", "--source", "none.txt"), "none.txt"),
        (("traceability", "--policy", "none"), "no such file or directory"),
        (("traceability", "--lang", "xx"), "no messages in `xx`"),
        (("traceability", "--format", "pdf"), "'pdf' is not one of"),
        (("traceability", "--source", "none.txt"), "none.txt"),
    ],
)
def test_rubbish_ends_in_a_message(args: tuple[object, ...], told: str) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert told in result.stderr
    assert "Traceback" not in result.output


def test_where_nothing_can_be_judged_no_report_is_made(tmp_path: Path) -> None:
    """An empty report would read as one of no decisions, and take the place of the last."""
    rubbish, last = tmp_path / "rubbish.json", tmp_path / "report.html"
    rubbish.write_bytes(b"\xff\xfe")
    last.write_text("the last report")
    result = run("citations", rubbish, "-o", last, *POLICY)
    assert (result.exit_code, result.stdout, last.read_text()) == (2, "", "the last report")
    assert "D101" in result.stderr


def test_a_decision_that_is_none_is_refused_by_its_place() -> None:
    decision = json.loads(policy().evaluate(example("post/harbour.json")).to_json())
    decision["findings"] = "KANARI"
    result = run("decision", "-", *POLICY, stdin=json.dumps(decision).encode())
    assert result.exit_code == 2
    assert "not a decision as written: /findings" in result.stderr
    assert "KANARI" not in result.stderr
    decision["findings"], decision["document"]["kind"] = [], "nothing"
    result = run("decision", "-", *POLICY, stdin=json.dumps(decision).encode())
    assert "has no kind `nothing`" in result.stderr


def test_a_policy_that_lets_nothing_be_counted(tmp_path: Path) -> None:
    for path in FOLDER.rglob("*"):
        if path.is_file():
            to = tmp_path / path.relative_to(FOLDER)
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(path.read_bytes())
    manifest = tmp_path / "policy.toml"
    manifest.write_text(manifest.read_text().partition("[log]")[0])
    result = run("citations", POST, "--policy", tmp_path)
    assert result.exit_code == 2
    assert "lets nothing be counted: name the kinds under `[log]`" in result.stderr
