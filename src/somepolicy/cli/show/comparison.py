"""A comparison of two versions of a policy: text for people, Markdown, JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from somepolicy.cli.show.readings import force_in_words
from somepolicy.cli.terminal import Page, styled
from somepolicy.compare.compare import Comparison, Witness
from somepolicy.compare.edits import Edit
from somepolicy.engine.decision import PolicyRef, plain
from somepolicy.ir import Clause
from somepolicy.json_type import Json
from somepolicy.languages import in_language
from somepolicy.rendering import markdown as md
from somepolicy.texts.catalogue import texts
from somepolicy.texts.commands import CompareTexts

_BETTER = ("deny", "allow")
_DIGITS = 8  # of a digest, to tell two versions apart
_MARKS = {True: ("≠ ", "bold yellow"), False: ("= ", "bold green")}
_SIGNS = {"added": ("+", "green"), "removed": ("-", "red")}


@dataclass(frozen=True)
class ComparisonView:
    """What is shown, and how.

    `clauses` are those of both versions, NEW's own first; of the `advisory` kinds no answer is
    a no.
    """

    found: Comparison
    clauses: Mapping[str, Clause]
    advisory: frozenset[str]
    as_of: str
    language: str
    words: CompareTexts

    def headline(self) -> str:
        """Say how many documents, of how many, are answered differently."""
        found, words = self.found, self.words
        if not found.documents:
            return words.nothing_compared
        changed = found.documents - found.unchanged
        if not changed:
            return words.no_changes(found.documents)
        return f"{words.changes(changed)}, {words.of(found.documents)}"

    def policies(self) -> str:
        """Name both policies, with the beginning of their digests where they are called alike."""
        old, new = self.found.old, self.found.new
        names = [_named(each) for each in (old, new)]
        if names[0] == names[1] and old.digest != new.digest:
            names = [f"{_named(each)} ({_short(each.digest)})" for each in (old, new)]
        return " → ".join(names)

    def answers(self, kind: str) -> Mapping[str, str]:
        """Return the words for decisions; advice is never shown as a refusal."""
        return self.words.advisory_answer if kind in self.advisory else self.words.answer

    def status(self, status: str | None) -> str:
        """Return the word for the status of a clause."""
        return self.words.not_cited if status is None else self.words.vocabulary.status[status]

    def says(self, clause: str) -> str:
        """Return what a clause says, in another language where it lacks the one chosen."""
        return in_language(self.clauses[clause].says, self.language)

    def remarks(self) -> Iterator[str]:
        """Say what the edits as a whole amount to."""
        found, words = self.found, self.words
        if found.old.digest == found.new.digest:
            yield words.same_policy
        elif not found.edits:
            yield words.no_edits
        elif {each.what for each in found.edits} == {"wording"}:
            yield words.text_only
        if found.unshown:
            yield words.unshown_note

    def edits(self) -> Iterator[tuple[Edit, str]]:
        """Yield each part that was edited by its first edit, with all its edits in words."""
        for _, group in groupby(self.found.edits, key=lambda x: (x.sort, x.name)):
            edits = tuple(group)
            text = ", ".join(self._edit(each) for each in edits)
            shown = not any(each in self.found.unshown for each in edits)
            yield edits[0], text if shown else f"{text} ({self.words.unshown})"

    def _edit(self, edit: Edit) -> str:
        what = self.words.what[edit.what]
        if edit.before is None or edit.after is None:
            return what
        return f"{what} {self._value(edit, edit.before)} → {self._value(edit, edit.after)}"

    def _value(self, edit: Edit, value: str) -> str:
        """Return a value in words where the edit has a keyword for it."""
        readings = texts(self.language).readings
        match edit.sort, edit.what:
            case _, "force":
                force, _, under = value.partition(" under ")
                return force_in_words(force, under, readings)
            case _, "effect":
                return self.words.vocabulary.effect[value]
            case _, "signature" if value == "proposed":
                return readings.standing[value]
            case "time_zone", _ if value == "none":
                return self.words.no_time_zone
        return value


def comparison_json(found: Comparison) -> Json:
    """Return the fields of Comparison as JSON, with `changed` beside them."""
    return {"changed": found.changed, **plain(found)}  # type: ignore[dict-item]


# --- text


def show_comparison(page: Page, view: ComparisonView) -> None:
    """Add the comparison to the page."""
    found, words = view.found, view.words
    mark = _MARKS[found.changed] if found.documents else ("? ", "bold yellow")
    page.line(styled(mark, (view.headline(), "bold")), hang=2)
    page.line(styled((f"{view.policies()} · {view.as_of}", "dim")), indent=2)
    if found.unjudged:
        page.line(styled((words.unjudged(found.unjudged), "yellow")), indent=2)
    _show_decisions(page, view)
    _show_clauses(page, view)
    if found.others is not None:
        _heading(page, words.others)
        _shift(page, view, words.others_note(found.others.count), found.others.witness)
    _show_edits(page, view)


def _show_decisions(page: Page, view: ComparisonView) -> None:
    if view.found.decisions:
        _heading(page, view.words.decisions)
    for each in view.found.decisions:
        answer = view.answers(each.kind)
        style = "green" if (each.before, each.after) == _BETTER else "red"
        change = f"{answer[each.before]} → {answer[each.after]}"
        _shift(page, view, f"{each.kind}: {change}", each.witness, each.count, style)


def _show_clauses(page: Page, view: ComparisonView) -> None:
    if view.found.clauses:
        _heading(page, view.words.clauses)
    for name, group in groupby(view.found.clauses, key=lambda x: x.clause):
        locator = view.clauses[name].locator
        page.line(styled((name, "cyan"), (f" ({locator}): ", "dim"), view.says(name)), hang=2)
        for each in group:
            change = f"{view.status(each.before)} → {view.status(each.after)}"
            _shift(page, view, change, each.witness, each.count, indent=2)


def _shift(
    page: Page,
    view: ComparisonView,
    change: str,
    witness: Witness,
    count: int | None = None,
    style: str = "bold",
    indent: int = 0,
) -> None:
    number = () if count is None else ("  ", view.words.documents(count))
    page.line(styled((change, style), *number), indent=indent, hang=2)
    page.line(styled((_witness(view, witness), "dim")), indent=indent + 4, hang=2)


def _show_edits(page: Page, view: ComparisonView) -> None:
    if view.found.edits:
        _heading(page, view.words.edits)
    for sort, group in groupby(view.edits(), key=lambda x: x[0].sort):
        for edit, text in group:
            sign = _SIGNS.get(edit.what, ("~", "yellow"))
            name = (edit.name, "cyan")
            page.line(styled(sign, f" {view.words.sort[sort]} ", name, f": {text}"), hang=4)
    for number, remark in enumerate(view.remarks()):
        if not number:
            page.line()
        page.line(remark)


def _heading(page: Page, word: str) -> None:
    page.line()
    page.line(styled((word, "bold underline")))


# --- Markdown


def comparison_markdown(view: ComparisonView) -> Iterator[str]:
    """Yield the lines of a page."""
    found, words = view.found, view.words
    yield f"# {md.text(view.policies())}"
    yield ""
    yield f"**{md.text(view.headline())}** · {md.text(view.as_of)}"
    if found.unjudged:
        yield from ("", md.paragraph(words.unjudged(found.unjudged)))
    change = (words.before, words.after, words.number, words.smallest_document)
    if found.decisions:
        yield from ("", f"## {words.decisions}", "")
        yield from md.table((words.kind, *change), _decision_rows(view))
    if found.clauses:
        yield from ("", f"## {words.clauses}", "")
        yield from md.table((words.clause, *change), _clause_rows(view))
    if found.others is not None:
        others = md.paragraph(words.others_note(found.others.count))
        yield from ("", f"## {words.others}", "")
        yield f"{others}. {md.text(_witness(view, found.others.witness))}"
    if found.edits:
        yield from ("", f"## {words.edits}", "")
        rows = (
            (words.sort[edit.sort], md.code(edit.name), md.text(text))
            for edit, text in view.edits()
        )
        yield from md.table((words.part, "", words.edit), rows)
    for remark in view.remarks():
        yield from ("", remark)


def _decision_rows(view: ComparisonView) -> Iterable[tuple[str, ...]]:
    for each in view.found.decisions:
        answer = view.answers(each.kind)
        change = (answer[each.before], answer[each.after], str(each.count))
        yield (md.code(each.kind), *change, md.text(_named_witness(each.witness)))


def _clause_rows(view: ComparisonView) -> Iterable[tuple[str, ...]]:
    for each in view.found.clauses:
        change = (view.status(each.before), view.status(each.after), str(each.count))
        locator = view.clauses[each.clause].locator
        clause = f"{md.code(each.clause)} ({locator}): {md.text(view.says(each.clause))}"
        yield (clause, *change, md.text(_named_witness(each.witness)))


# --- parts of both


def _named(policy: PolicyRef) -> str:
    return f"{policy.name} {policy.version}"


def _short(digest: str) -> str:
    return digest.removeprefix("sha256:")[:_DIGITS]


def _witness(view: ComparisonView, witness: Witness) -> str:
    return f"{view.words.smallest}: {_named_witness(witness)}"


def _named_witness(witness: Witness) -> str:
    return f"{witness.name} ({witness.id})"
