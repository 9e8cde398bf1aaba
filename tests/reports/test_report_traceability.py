"""Each clause to its proof: decided, left out with a reason, or a gap that says what it lacks."""

from __future__ import annotations

import datetime
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from somepolicy.cli.workflows.report_inputs import field_names
from somepolicy.policy import Policy
from somepolicy.reports.evidence import Evidence, gather
from somepolicy.reports.model import Cell, Report, Table
from somepolicy.reports.traceability import traceability
from somepolicy.reports.writing import written
from somepolicy.syntax.diagnostics import PolicyError
from tests.reports.report_cases import DAY, FOLDER, LANGUAGES, policy, report

HERE = Path(__file__).parent


def table(made: Report, key: str) -> Table:
    return next(each for each in made.tables if each.key == key)


def row(made: Report, key: str, name: str) -> dict[str, Cell]:
    found = table(made, key)
    cells = next(each for each in found.rows if each[0].value == name)
    return {column.key: cell for column, cell in zip(found.columns, cells, strict=True)}


def figures(made: Report) -> dict[str, object]:
    return {each.key: each.value for each in made.figures}


@pytest.mark.parametrize("language", LANGUAGES)
def test_golden(language: str, golden) -> None:  # type: ignore[no-untyped-def]
    made = report("traceability", language)
    # the digest changes with every edit of the policy
    made = replace(made, about=tuple(x for x in made.about if not x[1].startswith("sha256:")))
    golden(HERE / "golden" / f"traceability.{language}.md", written(made, "md").decode())


def test_the_figures() -> None:
    assert figures(report("traceability", "en")) == {
        "clauses": 8,
        "decided": 4,
        "undecided": 1,
        "gaps": 3,
        "tests": 3,
        "signed": 1,
    }


def test_a_clause_leads_to_rule_reading_tests_and_examples() -> None:
    found = row(report("traceability", "en"), "clauses", "bilde.klarert")
    assert found["status"] == Cell("decided", tone="good")
    assert found["locator"].value == "1.b1"
    assert found["rules"].value == ("picture_cleared (requires)",)
    assert found["readings"].value == ("L1 (signed by informasjonssjef, 2026-10-01)",)
    assert found["kept"].value == ("a picture of the quay may be shown",)
    assert found["broken"].value == ("children need consent",)
    assert found["others"].value == "1 that do not name it"
    assert found["examples"].value == (
        "post/harbour.json (followed)",
        "post/school-trip.json (violated)",
        "post/unknown.json (unproven)",
    )


def test_a_gap_says_what_it_lacks_and_leads_to_its_clause() -> None:
    made = report("traceability", "en")
    gaps = [each[0].value for each in table(made, "gaps").rows]
    assert gaps == ["tall.riktig", "privat.taus", "privat.omtanke"]
    found = row(made, "gaps", "tall.riktig")
    assert found["lacks"].value == ("a test that keeps it", "a test that breaks it")
    assert found["clause"].to == table(made, "clauses").anchor(3)


def test_what_is_not_decided_says_why() -> None:
    found = row(report("traceability", "en"), "clauses", "om.havn")
    assert found["status"].tone == "quiet"
    assert found["reason"].value == "The sentence obliges no one."


def test_a_failing_test_proves_nothing() -> None:
    made = report("traceability", "en")
    assert [each[0].value for each in table(made, "failing").rows] == [
        "this one is wrong and proves nothing"
    ]
    shown = [cell.value for each in table(made, "clauses").rows for cell in each]
    assert not any("proves nothing" in str(each) for each in shown)


@pytest.mark.parametrize(
    ("day", "standing", "tone", "signed"),
    [
        ("2026-09-30", "signed ahead of time: informasjonssjef, 2026-10-01", "open", 0),
        ("2026-10-01", "signed by informasjonssjef, 2026-10-01", "good", 1),
    ],
)
def test_a_reading_signed_ahead_of_time_is_not_signed_yet(
    day: str, standing: str, tone: str, signed: int
) -> None:
    names = field_names(policy().program, "en")
    evidence = Evidence((), (), at_hand=False)
    on = datetime.date.fromisoformat(day)
    made = traceability(policy().program, evidence, names, "en", day=on, quotes={})
    assert figures(made)["signed"] == signed
    assert row(made, "readings", "L1")["status"] == Cell(standing, tone=tone)  # type: ignore[arg-type]
    assert row(made, "clauses", "bilde.klarert")["readings"].value == (f"L1 ({standing})",)


def test_quotes_stand_beside_the_clauses_they_are_of() -> None:
    quotes = {"bilde.klarert": "The words of the source."}
    names = field_names(policy().program, "en")
    evidence = Evidence((), (), at_hand=False)
    made = traceability(policy().program, evidence, names, "en", day=DAY, quotes=quotes)
    assert row(made, "clauses", "bilde.klarert")["quote"].value == "The words of the source."
    assert row(made, "clauses", "bilde.alt")["quote"].value is None


def test_without_examples_nothing_is_called_tested(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b" / "c" / "d"  # beyond the folders above, where examples may be
    shutil.copytree(FOLDER, deep, ignore=shutil.ignore_patterns("examples"))
    alone = Policy.load(deep)
    evidence = gather(alone)
    assert not evidence.at_hand
    names = field_names(alone.program, "en")
    made = traceability(alone.program, evidence, names, "en", day=DAY, quotes={})
    assert "tests" not in figures(made)
    assert "without its examples" in made.lead[-1]
    assert row(made, "overview", "bilde.klarert")["status"].value == "decided, not tested here"


def test_a_broken_test_file_is_told(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "vaagen")
    (tmp_path / "vaagen" / "tests" / "post.pol").write_text('test "x"\n  given "none.json"\n')
    with pytest.raises(PolicyError):
        gather(Policy.load(tmp_path / "vaagen"))
