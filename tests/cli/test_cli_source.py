"""`source verify`, `source show` and `eval --source`, as a person uses them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run

SOURCE = Path(__file__).parents[1] / "source"
POLICY = SOURCE / "policy" / "tavle"
GUIDELINE = SOURCE / "tavler.txt"
NOTICE = {"kind": "notice", "id": "n1", "dated": False, "advertises": False}

DRIFT = """\
✗ DRIFTED  copy.txt
  tavle 1.0.0 · 19 clauses · 22 sentences
  15 unchanged, 2 moved, 1 changed, 1 gone, 1 new sentence, 1 heading

Changed (1)
✗ ut.dato  3.b1.s1
    What      a word that governs the force changed: skal → bør (certain)
    Now       at 3.b1.s1 digest 5c539afe8ee2
    Rules     notice_dated
    Readings  X1
    Tests     a sheet without a date is refused

Gone (1)
✗ foer.leser  2.b1

Same words in the same order, different number (2)
  2.b2 → 2.b1  foer.tid
  2.b3 → 2.b2  foer.norsk

New, no clause accounts for it (1)
+ at 3.b5 digest c5ca35ab4189

Headings (1)
✗ section 1 «Del 1»: the heading is renamed
    Now  digest b86951f867ba

Once the rules follow the new text, write the places above into clauses.pol.
"""


def source(run: Run, command: str, *args: object) -> Any:
    return run("source", command, *args, "--policy", POLICY)


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy with four edits, in the folder the command is run in."""
    monkeypatch.chdir(tmp_path)
    text = GUIDELINE.read_text(encoding="utf-8")
    for before, after in (
        ("Hvorfor vi har tavler", "Om tavlene"),
        ("- Hvem skal lese oppslaget?\n", ""),
        ("Oppslag skal være", "Oppslag bør være"),
        ("for loppemarkeder.", "for loppemarkeder.\n- Skriv tydelig."),
    ):
        assert text.count(before) == 1
        text = text.replace(before, after)
    path = tmp_path / "copy.txt"
    path.write_text(text, encoding="utf-8")
    return path


# --- verify


def test_no_drift(run: Run) -> None:
    result = source(run, "verify", GUIDELINE)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[1:] == [
        "  tavle 1.0.0 · 19 clauses · 22 sentences",
        "  Every clause stands where the policy says, and every sentence is accounted for.",
    ]


def test_drift(run: Run, copy: Path) -> None:
    result = source(run, "verify", copy.name)
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout == DRIFT


def test_no_sentence_is_shown_unless_asked(run: Run, copy: Path) -> None:
    words = ("datert", "Skriv tydelig", "Om tavlene", "Hvem skal lese")
    for args in ((), ("--old", GUIDELINE), ("--format", "json", "--old", GUIDELINE)):
        shown = source(run, "verify", copy.name, *args).stdout
        assert [each for each in words if each in shown] == []
    shown = source(run, "verify", copy.name, "--old", GUIDELINE, "--quote").stdout
    assert "Before    Oppslag skal være datert." in shown
    assert "After     Oppslag bør være datert." in shown
    assert "Skriv tydelig." in shown
    assert "Hvem skal lese oppslaget?" in shown  # what is gone


def test_in_norwegian(run: Run, copy: Path) -> None:
    shown = source(run, "verify", copy.name, "--lang", "nb").stdout
    assert "✗ ENDRET" in shown
    assert "et ord som styrer kravet er endret: skal → bør (sikkert)" in shown


def test_what_is_only_supposed_is_said_to_be(run: Run, copy: Path) -> None:
    text = copy.read_text(encoding="utf-8").replace("etter tre uker", "når året er omme")
    copy.write_text(text, encoding="utf-8")
    shown = source(run, "verify", copy.name).stdout
    assert "the wording changed (taken from its place)" in shown
    assert "With --old" in shown
    shown = source(run, "verify", copy.name, "--old", GUIDELINE).stdout
    assert "(by likeness to the earlier copy)" in shown
    assert "With --old" not in shown


def test_json(run: Run, copy: Path) -> None:
    result = source(run, "verify", copy.name, "--format", "json")
    record = json.loads(result.stdout)
    assert result.exit_code == 1
    assert record["drift"] is True
    assert record["counts"] == {
        "unchanged": 15, "moved": 2, "changed": 1, "gone": 1, "new": 1, "headings": 1,
    }  # fmt: skip
    assert len(record["clauses"]) == 19
    (dated,) = (each for each in record["clauses"] if each["clause"] == "ut.dato")
    assert dated == {
        "clause": "ut.dato",
        "locator": "3.b1.s1",
        "status": "changed",
        "places": [
            {
                "locator": "3.b1.s1",
                "digest": "56dd2d1ea4a2",
                "status": "changed",
                "how": "force",
                "basis": "digest",
                "words": ["skal", "bør"],
                "respelled": False,
                "now": [{"locator": "3.b1.s1", "digest": "5c539afe8ee2"}],
            }
        ],
        "rules": ["notice_dated"],
        "readings": ["X1"],
        "tests": ["a sheet without a date is refused"],
    }
    assert [each["locator"] for each in record["lead_ins"]] == ["1.p1.s3", "2.p1.s2", "3.p1"]
    assert json.loads(source(run, "verify", GUIDELINE, "--format", "json").stdout)["drift"] is False


def test_bad_input(run: Run, tmp_path: Path) -> None:
    latin = tmp_path / "latin.txt"
    latin.write_bytes("Vær varsom.".encode("latin-1"))
    for args, message in (
        (("none.txt",), "no such file or directory"),
        ((tmp_path,), "this is a folder"),
        ((latin,), "iconv -f WINDOWS-1252"),
        ((GUIDELINE, "--old", "none.txt"), "none.txt: no such file"),
    ):
        result = source(run, "verify", *args)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith("somepolicy: ")
        assert message in result.stderr


def test_an_earlier_copy_of_something_else(run: Run, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("Dette er noe annet.\n", encoding="utf-8")
    result = source(run, "verify", GUIDELINE, "--old", other)
    assert result.exit_code == 2
    assert "not the copy the policy was written from" in result.stderr


# --- show


def test_show(run: Run) -> None:
    result = source(run, "show", "ut.dato", "--source", GUIDELINE)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "ut.dato  3.b1.s1",
        "  section 3, Slik skal oppslagene se ut",
        "",
        "  Oppslag skal være datert.",
        "",
        "  In other words: ut.dato.",
    ]


def test_show_says_where_words_stand_now(run: Run, copy: Path) -> None:
    result = source(run, "show", "foer.tid", "--source", copy.name)
    assert result.exit_code == 0
    assert "the policy says 2.b2; the words stand at 2.b1 now" in result.stdout
    assert "Hvor lenge skal det henge?" in result.stdout


@pytest.mark.parametrize(
    ("clause", "reason"),
    [("ut.dato", "a word that governs the force changed"), ("foer.leser", "the words are gone")],
)
def test_show_refuses_other_words(run: Run, copy: Path, clause: str, reason: str) -> None:
    result = source(run, "show", clause, "--source", copy.name)
    assert (result.exit_code, result.stdout) == (1, "")
    assert reason in result.stderr


def test_show_of_no_clause(run: Run) -> None:
    result = source(run, "show", "ut.date", "--source", GUIDELINE)
    assert result.exit_code == 2
    assert "no clause `ut.date`; did you mean `ut.dato`?" in result.stderr


# --- eval


def evaluate(run: Run, tmp_path: Path, copy: Path, *args: object) -> Any:
    document = tmp_path / "notice.json"
    document.write_text(json.dumps(NOTICE), encoding="utf-8")
    as_of = ("--as-of", "2026-11-22")
    return run("eval", document, "--policy", POLICY, "--source", copy, *as_of, *args)


def test_eval_quotes_the_cited_clause(run: Run, tmp_path: Path) -> None:
    result = evaluate(run, tmp_path, GUIDELINE)
    assert result.exit_code == 1
    lines = [line.strip() for line in result.stdout.splitlines()]
    cited = lines.index("Clause   ut.dato (3.b1.s1): In other words: ut.dato.")
    assert lines[cited + 1] == "«Oppslag skal være datert.»"


def test_eval_quotes_no_other_words(run: Run, tmp_path: Path, copy: Path) -> None:
    shown = evaluate(run, tmp_path, copy).stdout
    assert "bør være datert" not in shown
    assert "(the wording is different in" in shown


def test_eval_quotes_in_text_only(run: Run, tmp_path: Path) -> None:
    result = evaluate(run, tmp_path, GUIDELINE, "--format", "json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--source is for --format text" in result.stderr
    assert evaluate(run, tmp_path, tmp_path / "none.txt").exit_code == 2
