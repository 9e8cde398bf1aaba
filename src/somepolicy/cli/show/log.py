"""An entry or a check of the decision log -> lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from somepolicy.cli.terminal import Page, styled
from somepolicy.json_type import Json
from somepolicy.log import Event, Place, Problem, Reading, Refusal, Verification
from somepolicy.rendering.plain_text import one_line
from somepolicy.texts.catalogue import texts
from somepolicy.texts.commands import LogTexts

T = TypeVar("T")


def show_verification(page: Page, verification: Verification, words: LogTexts) -> None:
    """Show what a check found."""
    if verification.sound:
        page.line(styled(("✓ ", "green"), (words.sound, "bold green")))
    else:
        page.line(styled(("✗ ", "red"), (words.unsound, "bold red")))
    for problem in verification.problems:
        page.line(f"• {fault_text(problem, words)}", indent=2, hang=2)
    if unsaid := verification.faults - len(verification.problems):
        page.line(words.more(unsaid), indent=2)
    if any(problem.fault == "replaced" for problem in verification.problems):
        return  # there is nothing to count
    counts = [str(verification.entries)]
    if verification.erased:
        counts.append(words.erased(verification.erased))
    if verification.pruned:
        counts.append(words.pruned(verification.pruned))
    page.line(words.entries.format(entries=", ".join(counts)), indent=2)
    page.line(words.signed if verification.signed else words.unsigned, indent=2)
    page.line(words.head.format(head=verification.head), indent=2)
    page.line()
    page.line(words.keep_head)


def fault_text(problem: Problem, words: LogTexts) -> str:
    """Say in one line what is wrong where."""
    form = words.entry if problem.sequence == problem.last else words.span
    place = problem.name or form.format(sequence=problem.sequence, last=problem.last)
    member = f" (`{problem.member}`)" if problem.member else ""
    return one_line(f"{place}: {words.fault[problem.fault]}{member}")


def unread_text(verification: Verification, words: LogTexts) -> str | None:
    """Say how many entries cannot be read, and name the first; None where all can."""
    if not verification.unread:
        return None
    named = "; ".join(fault_text(each, words) for each in verification.unreadable)
    more = verification.unread - len(verification.unreadable)
    return f"{verification.unread}: {named}" + f"; {words.more(more)}" * (more > 0)


def check_text(verification: Verification, words: LogTexts) -> str:
    """Say in one line what was checked, and what was found."""
    if verification.sound:
        return words.checked if verification.signed else words.checked_chain
    what = fault_text(verification.problems[0], words)
    found = words.not_whole(verification.faults, what=what)
    return found if verification.signed else found + words.not_signed


def notice_of(verification: Verification, words: LogTexts) -> str | None:
    """Return what has to be said before all else of a log that was altered, else None."""
    if verification.sound:
        return None
    notice = words.notice.format(what=fault_text(verification.problems[0], words))
    unread = unread_text(verification, words)
    return notice if unread is None else f"{notice} {words.unread}: {unread}."


def reading_rows(reading: Reading[T], words: LogTexts) -> tuple[tuple[str, str], ...]:
    """Return what was read of a log and how it was checked: label and value."""
    found, first, last = reading.verification, reading.first, reading.last
    span = words.none
    if first is not None and last is not None:
        span = words.from_to.format(
            first=first.sequence, since=_time(first), last=last.sequence, until=_time(last)
        )
    unread = unread_text(found, words)
    return (
        (words.read, words.read_of(reading.count, all=found.entries)),
        *(() if unread is None else ((words.unread, unread),)),
        (words.first_and_last, span),
        (words.end, str(found.head)),
        (words.check, check_text(found, words)),
    )


def reading_json(reading: Reading[T]) -> dict[str, Json]:
    """Return the same for programs."""
    found = reading.verification
    return {
        "entries": reading.count,
        "of": found.entries,
        "first": _place(reading.first),
        "last": _place(reading.last),
        "head": str(found.head),
        "verified": found.verified,
        "faults": found.faults,
        **({"unreadable": found.unread} if found.unread else {}),
    }


def _time(place: Place) -> str:
    return f"{place.time[:19].replace('T', ' ')} UTC"


def _place(place: Place | None) -> Json:
    return None if place is None else {"number": place.sequence, "time": place.time}


def show_entry(page: Page, entry: Event | Refusal, language: str, *, full: bool) -> None:
    """Show an entry in a few lines, or with every clause."""
    words = texts(language).log
    good = isinstance(entry, Event) and entry.decision == "allow"
    answer = words.answer[entry.decision] if isinstance(entry, Event) else words.malformed
    time = entry.time.strftime("%Y-%m-%d %H:%M:%S UTC")
    colour = "green" if good else "red"
    page.line(styled(("✓ " if good else "✗ ", colour), (answer, f"bold {colour}"), f"  {time}"))
    page.line(" · ".join(_about(entry)), indent=2)
    if isinstance(entry, Refusal):
        codes = ", ".join(f"{code} × {count}" for code, count in entry.errors.items())
        page.line(words.errors.format(codes=codes), indent=2)
    else:
        for line in _clauses(entry, language, full=full):
            page.line(line, indent=2, hang=2)
    page.line(entry.id, indent=2)


def _about(entry: Event | Refusal) -> Iterator[str]:
    yield entry.kind
    if isinstance(entry, Event):
        yield from (
            each for each in (entry.unit_type, entry.unit_id, entry.platform) if each is not None
        )
    yield f"{entry.policy.name} {entry.policy.version}"


def _clauses(event: Event, language: str, *, full: bool) -> Iterator[str]:
    """Yield the clauses by their status, of which those in the way come first."""
    common = texts(language).eval
    names = common.vocabulary.status
    shown = list(names) if full else ["violated", "unproven"]
    for status in shown:
        clauses = [clause for clause, found in event.clauses.items() if found == status]
        if clauses:
            yield f"{names[status].capitalize()}: {', '.join(clauses)}"
    if full:
        for note in event.findings:
            signs = ", ".join(
                f"{each.name} ({common.vocabulary.strength[each.strength]}) × {each.count}"
                for each in note.detections
            )
            outcome = note.outcome if note.effect != "advise" else "advised"
            parts = (note.rule, names[outcome], signs, ", ".join(note.missing))
            yield "• " + " — ".join(part for part in parts if part)
            for unset in note.unset:
                said = common.unset.format(name=unset.name, day=unset.from_)
                yield f"  {common.parameter}: {said}"
            for given in note.not_counted:
                yield f"  {common.not_counted}: {given.at}: {common.vocabulary.why_not[given.why]}"
