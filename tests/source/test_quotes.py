"""The source's own words, for those clauses whose words they still are."""

from __future__ import annotations

from pathlib import Path

import pytest

from somepolicy.source.dependents import dependents
from somepolicy.source.errors import SourceError
from somepolicy.source.quotes import quotes
from tests.source.copies import GUIDELINE, edited, policy


def test_every_clause_has_its_words() -> None:
    found = quotes(policy().program, GUIDELINE)
    assert list(found) == list(policy().program.clauses)
    assert found.drifted == ()
    assert found["ut.dato"] == "Oppslag skal være datert."
    assert found["ut.ark"] == found["ut.rett"]
    # a clause of a whole paragraph
    assert found["info.hjelp"].startswith("Spørsmål om tavlene")
    assert found["info.hjelp"].endswith("12 34 56 78.")
    assert found.passages["ut.dato"].heading == "Slik skal oppslagene se ut"
    assert found.passages["info.hjelp"].heading is None
    assert found.passages["info.hjelp"].locators == ("4.p1.s1", "4.p1.s2")


def test_a_clause_whose_words_changed_has_none(tmp_path: Path) -> None:
    path = tmp_path / "copy.txt"
    path.write_text(
        edited(("Oppslag skal være", "Oppslag bør være"), ("- opprop", "- nytt\n- opprop")),
        encoding="utf-8",
    )
    found = quotes(policy().program, path)
    assert found.drifted == ("ut.dato",)
    assert "ut.dato" not in found
    with pytest.raises(KeyError):
        found["ut.dato"]
    assert found["bruk.opprop"] == "opprop og etterlysninger"
    assert found.passages["bruk.opprop"].moved
    assert len(found) == len(policy().program.clauses) - 1


def test_no_copy_no_quotes(tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        quotes(policy().program, tmp_path / "none.txt")


def test_what_hangs_on_a_clause() -> None:
    found = dependents(policy())
    assert found["ut.dato"].rules == ("notice_dated",)
    assert found["ut.dato"].readings == ("X1",)
    # the test names the rule, and the rule the clause
    assert found["ut.dato"].tests == ("a sheet without a date is refused",)
    assert found["ut.reklame"].tests == ("advertising is refused",)
    assert found["ut.ned"] == type(found["ut.ned"])((), (), ())
