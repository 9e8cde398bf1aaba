"""The detectors on the labelled corpus: bounds below what was measured, never exact figures."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from somepolicy.functions.detection import Detection
from somepolicy.functions.no.prepare import Prepared, prepare
from tests.functions.no.test_text_tables import (
    ALT,
    CASE,
    CREDITS,
    DISCLAIMERS,
    IMPERSONATION,
    LANGUAGE,
    OWN_LINKS,
    SENSITIVE,
    TONE,
)

CORPUS = Path(__file__).parent / "corpus"
Detect = Callable[[Prepared], tuple[Detection, ...]]


def snippets(name: str) -> list[dict[str, object]]:
    lines = (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize(
    ("name", "detect", "precision", "recall"),
    [
        ("case_phrases", CASE, 0.95, 0.8),
        ("sensitive", SENSITIVE, 0.95, 0.9),
        ("impersonation", IMPERSONATION, 0.95, 0.65),
        ("disclaimers", DISCLAIMERS, 0.9, 0.85),
        ("tone", TONE, 0.95, 0.95),
        ("links", OWN_LINKS, 1, 0.95),
        ("credits", CREDITS, 0.9, 0.9),
    ],
)
def test_precision_and_recall(name: str, detect: Detect, precision: float, recall: float) -> None:
    outcomes = [
        (bool(detect(prepare(str(row["text"])))), bool(row["labels"])) for row in snippets(name)
    ]
    hits = outcomes.count((True, True))
    assert hits / (hits + outcomes.count((True, False))) >= precision
    assert hits / (hits + outcomes.count((False, True))) >= recall


def test_alternative_texts() -> None:
    for row in snippets("alt_text"):
        assert bool(ALT(str(row["text"]), str(row["body"]))) == bool(row["labels"]), row["id"]


def test_the_language_is_never_the_other_one() -> None:
    votes = [(row["expected"], LANGUAGE(prepare(str(row["text"])))) for row in snippets("language")]
    assert all(found in {expected, "unknown"} for expected, found in votes)
    assert sum(found == expected for expected, found in votes) >= 0.85 * len(votes)
