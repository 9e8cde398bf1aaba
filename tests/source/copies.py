"""A fictitious guideline, its policy, and copies of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from somepolicy.policy import Policy
from somepolicy.source.blocks import blocks_of, lines_of
from somepolicy.source.copies import SourceCopy
from somepolicy.source.drift import Drift, compare
from somepolicy.source.segments import SourceText, segment

HERE = Path(__file__).parent
GUIDELINE = HERE / "tavler.txt"
ORIGINAL = GUIDELINE.read_text(encoding="utf-8")
POLICY = HERE / "policy" / "tavle"


@cache
def policy() -> Policy:
    return Policy.load(POLICY)


def segmented(text: str) -> SourceText:
    return segment(blocks_of(lines_of(text)))


def copy(text: str) -> SourceCopy:
    return SourceCopy("copy.txt", "sha256:0", segmented(text))


def drift_of(text: str, *, old: str | None = None) -> Drift:
    return compare(policy().program, copy(text), None if old is None else copy(old))


def edited(*replacements: tuple[str, str]) -> str:
    """Replace parts of the guideline, each of which it holds once."""
    text = ORIGINAL
    for before, after in replacements:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


def told(drift: Drift) -> list[str]:
    """Return everything that is not as it was, a line each, in the order of the policy."""
    lines = []
    for match in drift.matches:
        if match.status == "unchanged":
            continue
        now = " ".join(segment.locator for segment in match.segments)
        names = " ".join(match.place.clauses) or "lead-in"
        parts = [names, match.place.locator, match.status, match.how, match.basis, *match.words]
        lines.append(" ".join(part for part in parts if part) + (f" -> {now}" if now else ""))
    lines += [f"new {segment.locator}" for segment in drift.new]
    lines += [
        f"heading {each.number} {each.status}"
        for each in drift.headings
        if each.status != "unchanged"
    ]
    return lines
