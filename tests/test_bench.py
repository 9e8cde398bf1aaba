"""The bench measures equal work: its policy, as the language writes it, against its oracle."""

import datetime
import json
import sys
from pathlib import Path

import pytest

from somepolicy import Policy
from somepolicy.installed import installed_policy

BENCH = Path(__file__).parents[1] / "bench"
AS_OF = datetime.datetime(2025, 9, 1, tzinfo=datetime.UTC)

pytestmark = pytest.mark.skipif(
    not BENCH.is_dir(), reason="bench/ belongs to the checkout, not to the source package"
)


@pytest.fixture(autouse=True)
def _peers_can_be_imported(monkeypatch):
    monkeypatch.syspath_prepend(BENCH)
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] == "peers"]:
        del sys.modules[name]


def _violated(policy, document):
    decision = policy.evaluate(document, as_of=AS_OF, digest=False)
    return {finding.rule for finding in decision.findings if finding.outcome == "violated"}


def test_the_parts_of_a_decision_can_be_timed(monkeypatch):
    import first_figures

    monkeypatch.setattr(first_figures, "per_call", lambda function, **_: function() is None)
    document = json.loads(first_figures.DOCUMENT.read_text(encoding="utf-8"))
    assert len(dict(first_figures.parts(installed_policy(), document))) == 6


def test_the_forty_rules_agree_with_the_oracle(tmp_path):
    from peers.conditions import violated
    from peers.documents import allowed, five, generated
    from peers.policy_folder import write_policy
    from peers.rules import forty_rules

    rules = forty_rules()
    policy = Policy.load(write_policy(tmp_path, rules))
    assert policy.warnings == ()
    assert violated(rules, allowed()) == set()
    assert violated(rules, five()) == {"R06", "R14", "R19", "R32", "R36"}
    seen = set()
    for document in [allowed(), five(), five(media=0), *generated(50)]:
        expected = violated(rules, document)
        seen |= expected
        assert _violated(policy, document) == expected
    assert len(seen) > 30


@pytest.mark.parametrize("shape", ["mixed", "guarded", "unindexable"])
def test_synthetic_rules_agree_with_the_oracle(shape, tmp_path):
    from peers.conditions import violated
    from peers.documents import for_synthetic
    from peers.policy_folder import write_policy
    from peers.synthetic import rule_set

    rules = rule_set(60, shape)
    folder = write_policy(tmp_path, rules, synthetic=True, clauses=10)
    document = for_synthetic()
    assert _violated(Policy.load(folder), document) == violated(rules, document)


@pytest.mark.slow
def test_the_hand_written_limit_agrees_with_the_oracle(tmp_path):
    from peers.columns import limit_generated, limit_validated
    from peers.conditions import violated
    from peers.documents import allowed, generated
    from peers.rules import forty_rules

    rules = forty_rules()
    for column in (limit_validated, limit_generated):
        decide = column.load(column.prepare(rules, str(tmp_path), False))
        for document in generated(200):
            assert decide(document) == violated(rules, document)
    decide = limit_validated.load(limit_validated.prepare(rules, str(tmp_path), False))
    with pytest.raises(ValueError, match="count"):
        decide(allowed() | {"links": {"count": True, "tracking": False, "shortened": False}})


def test_written_out_boundaries_find_the_same_texts():
    import re

    from peers.policy_folder import without_boundaries
    from peers.rules import CLAIM, PROJECT

    words = ("miracle", "Risk-Free", "Project Falcon", "guaranteed", "Project Fal")
    texts = [f"{a}{word}{b}" for word in words for a in ("", " ", "x", "-", "_") for b in "s .1"]
    for pattern in (CLAIM, PROJECT):
        written = without_boundaries(pattern)
        assert "\\b" not in written
        for text in [*texts, *words]:
            assert bool(re.search(pattern, text)) == bool(re.search(written, text))


def test_ratios_are_taken_within_a_round():
    from peers.tables import ratio, seconds, times

    drifting = {
        "a": {"time": [1, 4, 9], "rounds": {"time": [2.0, 4.0, 8.0]}},
        "b": {"time": [1, 2, 4], "rounds": {"time": [1.0, 2.0, 4.0]}},
        "c": {"error": "over 20 s"},
    }
    assert ratio(drifting, "a", "time", "b") == 2
    assert ratio(drifting, "a", "time", "c") is None
    assert ratio(drifting, "c", "time", "a") is None
    assert [times(each) for each in (2.0, 46.71, 0.002, None)] == ["2.00", "47", "0.002", "–"]
    told = [seconds(s) for s in (1.2345, 0.0999, 12.34e-6, 250e-6, 0.9e-6)]
    assert told == ["1.23 s", "99.9 ms", "12.3 µs", "250 µs", "0.90 µs"]


def test_pictures_name_every_figure():
    from peers.bars import Bar, picture
    from peers.tables import seconds

    near = [Bar("a & b", "ours", 1e-6, 2e-6, 3e-6), Bar("c", "peer", 3e-6, 4e-6, 5e-6)]
    far = [*near, Bar("far", "limit", 1, 2, 3)]
    assert "a &amp; b" in picture("Title", "note", near, seconds)
    assert "<rect" in picture("Title", "note", near, seconds)
    drawn = picture("Title", "note", far, seconds)
    assert "logarithmic" in drawn
    assert "<rect" not in drawn
    assert all(seconds(bar.value) in drawn for bar in far)


def _made_up(task, column, label):
    """Return figures of the form that a measurement of the task has."""
    if column == "cedar" and task != "cold":
        return {"error": "RuntimeError: no patterns"}
    keys = {
        "check": (),
        "latency": ("allowed", "five", "varied", "allowed_json", "five_json"),
        "cold": ("time", "cpu", "memory"),
        "batch": ("per_second",),
        "regex": ("1000", "10000", "100000"),
    }.get(task, ("time", "varied", "first", "again"))
    length = 1 + len(column) + len(label)
    spread = [length * 1e-6, length * 2e-6, length * 3e-6]
    counts = {"wrong": 0, "wrong_json": 0, "rules_seen": 40} if task == "check" else {}
    rounds = dict.fromkeys(keys, spread[:2])
    return {**dict.fromkeys(keys, spread), **counts, "rounds": rounds}


def test_pages_are_written_between_their_marks_alone(tmp_path, monkeypatch):
    from peers import pages
    from peers.plan import TASKS

    (tmp_path / "docs").mkdir()
    for name in ("RESULTS", "PERFORMANCE"):
        page = tmp_path / "docs" / getattr(pages, name).name
        page.write_text(getattr(pages, name).read_text(encoding="utf-8"), encoding="utf-8")
        monkeypatch.setattr(pages, name, page)
    monkeypatch.setattr(pages, "PICTURES", tmp_path / "docs" / "pictures")
    machine = {"cpu": "a CPU", "cores": 2, "system": "Linux", "python": "3.11"}
    machine |= {"time": "2026-11-22 10:00 UTC", "load": 0.1, "load_after": 1.1}
    kept = {
        name: {
            "machine": machine,
            "rounds": 2,
            "results": {
                job.label: {c: _made_up(name, c, job.label) for c in task.columns}
                for job in task.jobs
            },
        }
        for name, task in TASKS.items()
    }
    written = pages.write_pages(kept)
    page = pages.PERFORMANCE.read_text(encoding="utf-8")
    results = pages.RESULTS.read_text(encoding="utf-8")
    pictures = [path for path in written if path.suffix == ".svg"]
    assert len(pictures) == 7
    assert all(f"(pictures/{path.name})" in page for path in pictures)
    assert all(f"### {task.title}" in results for task in TASKS.values())
    assert "a CPU, 2 cores" in page
    assert "## The author's tools on the Bergen policy" in results
    pages.write_pages(kept)
    assert pages.PERFORMANCE.read_text(encoding="utf-8") == page
    pages.RESULTS.write_text("no marks", encoding="utf-8")
    with pytest.raises(ValueError, match=r"RESULTS\.md has no"):
        pages.write_pages(kept)
