"""What a policy may well leave out and yet seldom means to: warnings about the whole of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from somepolicy import ir as p
from somepolicy.ir import types as t
from somepolicy.syntax.diagnostics import Diagnostic, Label

_POINT = re.compile(r"([0-9]+)\.b[0-9]+")
_PARAGRAPH = re.compile(r"([0-9]+)\.p[0-9]+")
_MOST_LISTED = 3


def remarks(program: p.Program) -> Iterator[Diagnostic]:
    """Yield the warnings, each enumeration and each clause once."""
    yield from _without_label(program)
    yield from _without_lead_in(program)


# --- values shown to people as they are written


def _without_label(program: p.Program) -> Iterator[Diagnostic]:
    reported: set[tuple[object, ...]] = set()
    for rule in program.rules:
        for read in _shown(rule):
            if not isinstance(read.type, t.Enumeration):
                continue
            lacking = {
                language: [
                    value for value in read.type.values if not _has(read.type, value, language)
                ]
                for language in program.languages
            }
            values = [
                value for value in read.type.values if any(value in x for x in lacking.values())
            ]
            key = (read.type.values, *sorted((lang, *each) for lang, each in lacking.items()))
            if values and key not in reported:
                reported.add(key)
                languages = [language for language in program.languages if lacking[language]]
                yield _unlabelled(rule, read, values, languages)


def _shown(rule: p.Rule) -> Iterator[p.Read]:
    """Yield the fields that the messages of a rule show."""
    for message in (rule.says, rule.remedy, rule.question and rule.question.asks):
        for pieces in (message or {}).values():
            yield from (piece for piece in pieces if isinstance(piece, p.Read))


def _has(kind: t.Enumeration, value: str, language: str) -> bool:
    return language in kind.labels.get(value, {})


def _unlabelled(rule: p.Rule, read: p.Read, values: list[str], languages: list[str]) -> Diagnostic:
    shown = [f"`{value}`" for value in values[:_MOST_LISTED]]
    if len(values) > _MOST_LISTED:
        shown.append(f"{len(values) - _MOST_LISTED} more")
    labels = ", ".join(f'"{language}": "…"' for language in languages)
    return Diagnostic(
        "P703",
        f"{_joined(shown)} would be shown as written: no label in {_joined(languages)}",
        read.span,
        f'beside the `enum` in the schema: `"x-labels": {{"{values[0]}": {{{labels}}}, …}}`',
        f"rule `{rule.name}`",
    )


def _joined(words: list[str]) -> str:
    return " and ".join(", ".join(words).rsplit(", ", 1))


# --- the force of a list


def _without_lead_in(program: p.Program) -> Iterator[Diagnostic]:
    """Yield the points of a list whose `under` is not the force of a sentence before the list.

    That sentence is a lead-in of the section, or a clause in one of its paragraphs.
    """
    lent: dict[str, set[str]] = {}
    sentences = [(each.locator, each.force) for each in program.lead_ins]
    sentences += [(each.locator, each.force) for each in program.clauses.values()]
    for locator, force in sentences:
        if force is not None and (found := _PARAGRAPH.match(locator)):
            lent.setdefault(found[1], set()).add(force)
    for clause in program.clauses.values():
        point = _POINT.match(clause.locator)
        if clause.under is None or point is None:
            continue
        if clause.under not in lent.get(point[1], ()):
            yield Diagnostic(
                "P704",
                f"`{clause.name}` is under `{clause.under}`, but no sentence before the list "
                f"of section {point[1]} has that force",
                clause.span,
                f"declare that sentence, as `lead_in at {point[1]}.p1 digest … force "
                f"{clause.under}`, or correct `under`",
                labels=tuple(
                    Label(each.span, "a lead-in of the section")
                    for each in program.lead_ins
                    if each.locator.startswith(f"{point[1]}.")
                ),
            )
