"""Drift between a policy and a copy of its source, as text for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rich.text import Text

from somepolicy.cli.terminal import Page, styled
from somepolicy.ir import Program
from somepolicy.json_type import Json
from somepolicy.source.alignment import Match
from somepolicy.source.dependents import Dependents
from somepolicy.source.drift import Drift, HeadingMatch
from somepolicy.source.segments import Segment
from somepolicy.texts.commands import SourceTexts

_AT = "dim"
_MOST_TESTS = 6
_CLAUSES = "clauses"


@dataclass(frozen=True, slots=True)
class DriftView:
    """What a report of drift is made from. `quote`: whether the source's words may be shown."""

    program: Program
    drift: Drift
    dependents: Mapping[str, Dependents]
    quote: bool


def show_drift(page: Page, view: DriftView, words: SourceTexts) -> None:
    """Add the report to a page: the answer, then every place that is not as it was."""
    _headline(page, view, words)
    if not view.drift.found:
        return
    matches = view.drift.matches
    for group, chosen in (
        ("changed", [each for each in matches if each.status == "changed"]),
        ("gone", [each for each in matches if each.status == "gone"]),
        ("reordered", [each for each in matches if each.how == "reordered"]),
    ):
        _heading(page, words.groups[group], len(chosen))
        for match in chosen:
            _match(page, match, view, words)
    _renumbered(page, [each for each in matches if each.how == "renumbered"], words)
    _new(page, view, words)
    _headings(page, view, words)
    page.line()
    if any(each.basis == "place" for each in matches):
        page.line(words.try_old)
    page.line(words.follow)


def _headline(page: Page, view: DriftView, words: SourceTexts) -> None:
    drift = view.drift
    mark, word, style = (
        ("✗", words.drifted, "red") if drift.found else ("✓", words.faithful, "green")
    )
    page.line(styled((f"{mark} {word}", f"bold {style}"), "  ", (drift.copy.path, "bold")))
    counted = [
        words.clauses(len(drift.clauses)),
        words.units(drift.segments),
    ]
    policy = f"{view.program.name} {view.program.version}"
    page.line(styled((f"{policy} · {' · '.join(counted)}", _AT)), indent=2)
    if drift.earlier_known is not None:
        text = words.compared.format(known=drift.earlier_known, all=len(drift.matches))
        page.line(styled((text, _AT)), indent=2)
    if not drift.found:
        page.line(words.all_accounted, indent=2)
        return
    page.line(
        ", ".join(words.counts[name](number) for name, number in _counts(drift).items() if number),
        indent=2,
    )


def _counts(drift: Drift) -> dict[str, int]:
    """Count clauses by status, new segments, and headings that are not as they were."""
    statuses = [each.status for each in drift.clauses]
    counted = {name: statuses.count(name) for name in ("unchanged", "moved", "changed", "gone")}
    headings = sum(each.status != "unchanged" for each in drift.headings)
    return {**counted, "new": len(drift.new), "headings": headings}


def _match(page: Page, match: Match, view: DriftView, words: SourceTexts) -> None:
    mark, style = ("→", "yellow") if match.status == "moved" else ("✗", "red")
    names = ", ".join(match.place.clauses) or words.lead_in
    page.line(
        styled((f"{mark} ", style), (names, "bold"), (f"  {match.place.locator}", _AT)), hang=2
    )
    rows: list[tuple[str, Text]] = []
    if match.status == "changed":
        rows.append((words.what, styled(_how(match, words))))
    rows += [(words.now, styled((_at(segment, words), _AT))) for segment in match.segments]
    if view.quote and match.before is not None:
        rows.append((words.before, styled(match.before)))
    if view.quote and match.status == "changed":
        rows += [(words.after, styled(segment.text)) for segment in match.segments]
    hanging = [view.dependents[name] for name in match.place.clauses if name in view.dependents]
    for label, listed in (
        (words.rules, _unique(each.rules for each in hanging)),
        (words.readings, _unique(each.readings for each in hanging)),
        (words.tests, _unique(each.tests for each in hanging)),
    ):
        if listed:
            rows.append((label, styled(_listed(listed, words, quoted=label == words.tests))))
    _rows(page, rows)


def _how(match: Match, words: SourceTexts) -> str:
    assert match.how is not None and match.basis is not None
    text = words.how[match.how].format(number=len(match.segments))
    if match.words:
        before, after = (word or words.nothing for word in match.words)
        text += f": {words.force_words.format(before=before, after=after)}"
    return f"{text} ({words.basis[match.basis]})"


def _renumbered(page: Page, matches: list[Match], words: SourceTexts) -> None:
    _heading(page, words.groups["renumbered"], len(matches))
    width = max((len(match.place.locator) for match in matches), default=0)
    for match in matches:
        names = ", ".join(match.place.clauses) or words.lead_in
        place = f"{match.place.locator.ljust(width)} → {match.segments[0].locator.ljust(width)}  "
        page.line(styled((place, _AT), names), indent=2, hang=2)


def _new(page: Page, view: DriftView, words: SourceTexts) -> None:
    _heading(page, words.groups["new"], len(view.drift.new))
    for segment in view.drift.new:
        said = f"  {segment.text}" if view.quote else ""
        page.line(styled(("+ ", "yellow"), (_at(segment, words), _AT), said), hang=2)


def _headings(page: Page, view: DriftView, words: SourceTexts) -> None:
    chosen = [each for each in view.drift.headings if each.status != "unchanged"]
    _heading(page, words.groups["headings"], len(chosen))
    for each in chosen:
        _one_heading(page, each, view, words)


def _one_heading(page: Page, each: HeadingMatch, view: DriftView, words: SourceTexts) -> None:
    now = "" if each.now is None else str(each.now.number)
    named = f"{words.section.format(number=each.number or now)}"
    title = f" «{each.title}»" if each.title else ""
    what = words.heading[each.status].format(now=now)
    page.line(styled(("✗ ", "red"), (f"{named}{title}", "bold"), f": {what}"), hang=2)
    rows: list[tuple[str, Text]] = []
    if each.now is not None:
        rows.append((words.now, styled((f"digest {each.now.digest}", _AT))))
    if view.quote and each.before is not None:
        rows.append((words.before, styled(each.before)))
    if view.quote and each.now is not None:
        rows.append((words.after, styled(each.now.text)))
    _rows(page, rows)


def _at(segment: Segment, words: SourceTexts) -> str:
    return words.at_digest.format(locator=segment.locator, digest=segment.digest)


def _heading(page: Page, word: str, count: int) -> None:
    if count:
        page.line()
        page.line(styled((f"{word} ({count})", "bold underline")))


def _rows(page: Page, rows: list[tuple[str, Text]]) -> None:
    width = max((len(label) for label, _ in rows), default=0) + 2
    shown = [
        ("" if index and rows[index - 1][0] == label else label, text)
        for index, (label, text) in enumerate(rows)
    ]
    page.rows(shown, indent=4, width=width)


def _unique(lists: Iterable[Iterable[str]]) -> list[str]:
    return list(dict.fromkeys(each for listed in lists for each in listed))


def _listed(names: list[str], words: SourceTexts, *, quoted: bool) -> str:
    """Name a few; tests have sentences for names and may be many."""
    if not quoted:
        return ", ".join(names)
    shown = "; ".join(names[:_MOST_TESTS])
    left = len(names) - _MOST_TESTS
    return f"{shown}; {words.more(left)}" if left > 0 else shown


# --- JSON


def drift_record(view: DriftView) -> dict[str, Json]:
    """Return the report for programs: every clause, every other place that drifted."""
    drift = view.drift
    counted: dict[str, Json] = dict(_counts(drift))
    return {
        "drift": drift.found,
        "policy": {"name": view.program.name, "version": view.program.version,
                   "digest": view.program.digest},
        "source": {"path": drift.copy.path, "digest": drift.copy.digest, "units": drift.segments},
        "earlier_known": drift.earlier_known,
        "counts": counted,
        _CLAUSES: [
            {
                "clause": each.clause.name,
                "locator": each.clause.locator,
                "status": each.status,
                "places": [_match_record(match, view) for match in each.matches],
                **_dependents_record(view.dependents[each.clause.name]),
            }
            for each in drift.clauses
        ],
        "lead_ins": [_match_record(each, view) for each in drift.matches if each.place.lead_in],
        "headings": [_heading_record(each, view) for each in drift.headings],
        "new": [_segment_record(each, view) for each in drift.new],
    }  # fmt: skip


def _dependents_record(found: Dependents) -> dict[str, Json]:
    return {
        "rules": list(found.rules),
        "readings": list(found.readings),
        "tests": list(found.tests),
    }


def _match_record(match: Match, view: DriftView) -> dict[str, Json]:
    record: dict[str, Json] = {
        "locator": match.place.locator,
        "digest": match.place.digest,
        "status": match.status,
        "how": match.how,
        "basis": match.basis,
        "words": list(match.words),
        "respelled": match.respelled,
        "now": [_segment_record(segment, view) for segment in match.segments],
    }
    return record | ({"before": match.before} if view.quote else {})


def _segment_record(segment: Segment, view: DriftView) -> dict[str, Json]:
    record: dict[str, Json] = {"locator": segment.locator, "digest": segment.digest}
    return record | ({"text": segment.text} if view.quote else {})


def _heading_record(each: HeadingMatch, view: DriftView) -> dict[str, Json]:
    record: dict[str, Json] = {"section": each.number, "status": each.status}
    if each.now is not None:
        record["now"] = {"section": each.now.number, "digest": each.now.digest}
    if view.quote:
        record["before"] = each.before
        record["text"] = None if each.now is None else each.now.text
    return record
