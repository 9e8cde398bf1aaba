"""The register of readings: text for people, Markdown, JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.text import Text

from somepolicy.cli.terminal import Page, styled
from somepolicy.engine.decision import plain
from somepolicy.json_type import Json
from somepolicy.languages import in_language
from somepolicy.rendering import markdown as md
from somepolicy.reports.readings import Entry, MovedClause, Register, Standing
from somepolicy.texts.commands import ReadingsTexts

_STANDINGS: tuple[Standing, ...] = ("proposed", "dated_ahead", "signed")
_STYLES = {"proposed": "yellow", "dated_ahead": "yellow", "signed": "green"}
_MARKS = {"proposed": "? ", "dated_ahead": "? ", "signed": "✓ "}


@dataclass(frozen=True)
class RegisterView:
    """What is shown: `entries` are all of the register or those not signed."""

    register: Register
    entries: tuple[Entry, ...]
    language: str
    words: ReadingsTexts

    def title(self) -> str:
        """Name the policy."""
        policy = self.register.policy
        return self.words.title.format(policy=f"{policy.name} {policy.version}")

    def summary(self) -> str:
        """Count the readings of each standing, all of the register."""
        words, every = self.words, self.register.entries
        if not every:
            return words.no_readings
        numbers = [(x, sum(each.standing == x for each in every)) for x in _STANDINGS]
        parts = (words.counted[x](number) for x, number in numbers if number)
        return f"{words.readings(len(every))}: {', '.join(parts)}"

    def standing(self, entry: Entry) -> str:
        """Say whether a reading is signed, by whom and when."""
        text = self.words.standing_of[entry.standing]
        return text.format(by=entry.signed_by, on=entry.signed_on)

    def moves(self, entry: Entry) -> Iterator[tuple[str, str]]:
        """Yield each force with the clauses of that force and their places."""
        forces: dict[str, list[str]] = {}
        for clause in entry.clauses:
            forces.setdefault(self.force(clause), []).append(f"{clause.name} ({clause.locator})")
        yield from ((force, ", ".join(names)) for force, names in forces.items())

    def force(self, clause: MovedClause) -> str:
        """Return the force of a clause in words, with that of its lead-in."""
        return force_in_words(clause.force, clause.under, self.words)

    def rules(self, entry: Entry) -> Iterator[tuple[str, str]]:
        """Yield each effect with the rules of that effect."""
        words = self.words.vocabulary.effect
        effects: dict[str, list[str]] = {}
        for rule in entry.rules:
            effects.setdefault(words[rule.effect], []).append(rule.name)
        yield from ((effect, ", ".join(names)) for effect, names in effects.items())

    def departures(self, entry: Entry) -> Iterator[str]:
        """Yield each rule that is stricter or softer than a clause, which the reading allows."""
        forces = {clause.name: self.force(clause) for clause in entry.clauses}
        effects = self.words.vocabulary.effect
        for rule in entry.rules:
            for clause in rule.departs:
                yield self.words.departs_note.format(
                    effect=effects[rule.effect], rule=rule.name, clause=clause, force=forces[clause]
                )

    def tests(self, entry: Entry) -> str:
        """Say how many tests exercise the rules."""
        if entry.tests is None:
            return self.words.no_tests
        return self.words.tests_note(entry.tests)


def force_in_words(force: str, under: str | None, words: ReadingsTexts) -> str:
    """Return a force in words, with that of the lead-in, if it has one."""
    forces = words.vocabulary.force
    if not under:
        return forces[force]
    return words.under.format(force=forces[force], lead=forces.get(under, under))


def register_json(register: Register, entries: tuple[Entry, ...]) -> Json:
    """Return the fields of Register as JSON; days are written YYYY-MM-DD."""
    return {
        "policy": _plain(register.policy),
        "day": register.day.isoformat(),
        "readings": [_entry(each) for each in entries],
    }


def _entry(entry: Entry) -> dict[str, Json]:
    signed = None if entry.signed_on is None else entry.signed_on.isoformat()
    record = _plain(entry)
    assert isinstance(record, dict)
    return {**record, "signed_on": signed}


def _plain(value: object) -> Json:
    return plain(value)  # type: ignore[return-value]


# --- text


def show_register(page: Page, view: RegisterView) -> None:
    """Add the register to the page."""
    words = view.words
    day = words.as_of.format(day=view.register.day)
    page.line(styled((view.title(), "bold"), (f"  {day}", "dim")))
    page.line(view.summary(), indent=2)
    if view.register.entries and not view.entries:
        page.line(styled((words.all_signed, "green")), indent=2)
    if len(view.entries) > 1:
        page.line(styled((words.order, "dim")), indent=2)
    for entry in view.entries:
        page.line()
        _show_entry(page, view, entry)


def _show_entry(page: Page, view: RegisterView, entry: Entry) -> None:
    style = _STYLES[entry.standing]
    mark = (_MARKS[entry.standing], style)
    page.line(styled(mark, (entry.name, "bold"), "  ", (view.standing(entry), style)), hang=2)
    page.line(_said(view, entry), indent=2)
    rows = list(_rows(view, entry))
    width = max(len(label) for label, _ in rows) + 2
    page.rows(rows, indent=4, width=width)


def _rows(view: RegisterView, entry: Entry) -> Iterator[tuple[str, Text]]:
    words = view.words
    yield from _labelled(words.moves, len(entry.clauses), view.moves(entry))
    rules = view.rules(entry) if entry.rules else iter([("", words.no_rule)])
    yield from _labelled(words.relied_on, len(entry.rules), rules)
    for number, text in enumerate(view.departures(entry)):
        yield ("" if number else words.departs, styled((text, "yellow")))
    if entry.rules:
        yield (words.tests, styled(view.tests(entry)))
    yield (words.stands_at, styled((entry.where, "dim")))


def _labelled(
    label: str, count: int, rows: Iterator[tuple[str, str]]
) -> Iterator[tuple[str, Text]]:
    for number, (head, text) in enumerate(rows):
        shown = () if not head else ((f"{head}: ", "cyan"),)
        yield ("" if number else f"{label} ({count})" if count else label, styled(*shown, text))


# --- Markdown


def register_markdown(view: RegisterView) -> Iterator[str]:
    """Yield the lines of a page: a table of all, then a section for each."""
    words = view.words
    yield f"# {md.text(view.title())}"
    yield ""
    yield f"{md.paragraph(view.summary())} ({words.as_of.format(day=view.register.day)})."
    if view.register.entries and not view.entries:
        yield from ("", words.all_signed)
    if not view.entries:
        return
    header = (words.reading, words.state, words.moves, words.rules, words.denying, words.tests)
    yield ""
    yield from md.table(header, (_summary_row(view, each) for each in view.entries))
    for entry in view.entries:
        yield from _section(view, entry)


def _summary_row(view: RegisterView, entry: Entry) -> tuple[str, ...]:
    tests = "" if entry.tests is None else str(entry.tests)
    counts = (str(len(entry.clauses)), str(len(entry.rules)), str(entry.denying), tests)
    return (md.code(entry.name), md.text(view.standing(entry)), *counts)


def _section(view: RegisterView, entry: Entry) -> Iterator[str]:
    words = view.words
    yield from ("", f"## {md.text(entry.name)}: {md.text(view.standing(entry))}", "")
    yield md.paragraph(_said(view, entry))
    yield ""
    for force, names in view.moves(entry):
        yield f"* {words.moves}, {md.text(force)}: {md.text(names)}"
    for effect, names in view.rules(entry):
        yield f"* {words.relied_on}, {effect}: {md.text(names)}"
    if not entry.rules:
        yield f"* {words.relied_on}: {words.no_rule}"
    for text in view.departures(entry):
        yield f"* {words.departs}: {md.text(text)}"
    if entry.rules:
        yield f"* {words.tests}: {view.tests(entry)}"
    yield f"* {words.stands_at}: {md.code(entry.where)}"


def _said(view: RegisterView, entry: Entry) -> str:
    return in_language(entry.says, view.language)
