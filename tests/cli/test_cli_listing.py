"""Several documents as text: a line each, in order of need, and a count."""

from __future__ import annotations

import json

import pytest

from somepolicy.cli.show import listing
from tests.cli.conftest import Run, one_line

ALL = ["documents/allowed.json", "documents/unsigned.json", "documents/denied.json"]


@pytest.mark.parametrize("names", [ALL, ALL[::-1], ["documents"]])
def test_breaches_come_first_then_what_is_open_then_what_is_allowed(
    evaluate: Run, names: list[str]
) -> None:
    result = evaluate(*names)
    lines = result.stdout.splitlines()
    marks = [line[0] for line in lines if line[:1] in "✗!?✓" and line]
    assert sorted(marks, key="✗!?✓".index) == marks
    assert len(lines) == len(marks) + 2
    assert "school-trip" in lines[0] and "Picture beach is not cleared." in lines[0]
    assert lines[-1].split(":")[0] == f"{len(marks) + (names == ['documents'])} documents"


def test_what_is_open_says_for_what_it_waits(evaluate: Run) -> None:
    shown = evaluate("documents").stdout
    assert "? DENIED                catch         1 to be signed by a person" in shown
    assert "? BREAKS NO CLAUSE      my-other-day  1 question to answer" in shown
    assert "! WOULD BREAK 1 CLAUSE  my-day        The post reveals something secret: yes." in shown


def test_a_line_is_cut_to_the_width(evaluate: Run) -> None:
    document = json.loads(one_line("denied")) | {"id": "x" * 90}
    shown = evaluate("-", stdin=f"{json.dumps(document)}\n{one_line('allowed')}\n").stdout
    assert max(map(len, shown.splitlines())) == 100
    assert shown.splitlines()[0].endswith("…")


def test_verbose_shows_all_of_each(evaluate: Run) -> None:
    whole = evaluate(*ALL, "--verbose").stdout
    parts = [evaluate(name).stdout for name in ALL]
    assert whole.startswith("\n".join(parts))
    assert evaluate(ALL[0], "--verbose", "--format", "json").exit_code == 2


def test_an_invalid_document_is_told_in_full(evaluate: Run) -> None:
    result = evaluate(ALL[0], "documents/invalid.json", ALL[2])
    assert result.stderr.count("D30") == 2
    assert [line[:2] for line in result.stdout.splitlines()[:2]] == ["✗ ", "✓ "]


def test_a_long_stream_is_put_in_order_part_by_part(
    evaluate: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "_MOST_HELD", 4)
    good, bad = one_line("allowed"), one_line("denied")
    shown = evaluate("-", stdin="\n".join([good, bad] * 5)).stdout
    assert [line[0] for line in shown.splitlines()[:10]] == [*"✗✗✓✓", *"✗✗✓✓", *"✗✓"]
    assert shown.splitlines()[-1] == "10 documents: 5 allowed, 5 denied"


@pytest.mark.parametrize("option", ["--explain", "--verbose"])
def test_a_single_document_is_shown_in_full(evaluate: Run, option: str) -> None:
    assert "Clauses of the guideline" in evaluate(ALL[0]).stdout
    assert evaluate(ALL[0], option).stdout.startswith(evaluate(ALL[0]).stdout)
