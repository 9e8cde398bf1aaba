"""`somepolicy source`: whether the guideline is still what the policy was written from."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from somepolicy.cli.inputs.language import choose_language
from somepolicy.cli.inputs.options import Language, PolicyOption
from somepolicy.cli.inputs.policies import load_policy
from somepolicy.cli.problems import BAD, GOOD, Unusable, guarded, say
from somepolicy.cli.show.as_json import write_json
from somepolicy.cli.show.drift import DriftView, drift_record, show_drift
from somepolicy.cli.terminal import Page, console, styled
from somepolicy.cli.workflows.copies import read_copy, refuse_copy
from somepolicy.ir import Clause
from somepolicy.languages import in_language
from somepolicy.normal_form import normal
from somepolicy.source.dependents import dependents
from somepolicy.source.drift import ClauseMatch, compare
from somepolicy.source.errors import SourceError
from somepolicy.source.quotes import Passage, passages_of
from somepolicy.syntax.diagnostics import did_you_mean
from somepolicy.texts.catalogue import texts
from somepolicy.texts.commands import SourceTexts


class Format(StrEnum):
    """The forms of the output."""

    TEXT = "text"
    JSON = "json"


def verify_source(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="A copy of the guideline: text, PDF or Word document (.docx).",
            show_default=False,
        ),
    ],
    *,
    policy: PolicyOption = None,
    old: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The copy the policy was written from: it shows more about changes.",
        ),
    ] = None,
    format: Annotated[Format, typer.Option(help="Text for people, or JSON.")] = Format.TEXT,
    quote: Annotated[
        bool, typer.Option("--quote", help="Show the sentences that changed or are new.")
    ] = False,
    lang: Language = None,
) -> int:
    """Compare a copy of the guideline with the policy, clause by clause.

    Shows no sentence of the guideline unless --quote is given.

    Exit code: 0 nothing changed, 1 something did, 2 the copy cannot be read.
    """
    if format is Format.JSON and (quote or lang is not None):
        raise Unusable("somepolicy: --quote and --lang are for --format text")
    chosen = load_policy(policy)
    words = texts(choose_language(lang, chosen.program, os.environ)).source
    copy = read_copy(file)
    earlier = None if old is None else read_copy(old)
    try:
        drift = compare(chosen.program, copy, earlier)
    except SourceError as error:
        refuse_copy(old or file, error)
    view = DriftView(chosen.program, drift, dependents(chosen), quote)
    if format is Format.JSON:
        write_json(drift_record(view))
    else:
        page = Page(console(sys.stdout))
        show_drift(page, view, words)
        page.print()
    return BAD if drift.found else GOOD


def show_clause(
    clause: Annotated[
        str, typer.Argument(metavar="CLAUSE", help="The name of a clause.", show_default=False)
    ],
    *,
    source: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="A copy of the guideline: text, PDF or Word document (.docx).",
            show_default=False,
        ),
    ],
    policy: PolicyOption = None,
    lang: Language = None,
) -> int:
    """Show the guideline's own words for a clause, from a copy at hand.

    Exit code: 0 shown, 1 the copy has other words there, 2 the copy cannot be read.
    """
    program = load_policy(policy).program
    language = choose_language(lang, program, os.environ)
    words = texts(language).source
    clause = normal(clause)
    if clause not in program.clauses:
        near = did_you_mean(clause, program.clauses)
        raise Unusable(
            f"somepolicy: the policy {program.name} has no clause `{clause}`"
            + (f"; {near}" if near else "")
        )
    drift = compare(program, read_copy(source))
    found = passages_of(drift)
    if clause not in found:
        match = next(each for each in drift.clauses if each.clause.name == clause)
        say(f"somepolicy: {source}: {_reason(match, words)}")
        return BAD
    _show(program.clauses[clause], found[clause], language, words)
    return GOOD


def _reason(match: ClauseMatch, words: SourceTexts) -> str:
    how = next((each.how for each in match.matches if each.status == "changed"), None)
    why = (
        words.is_gone
        if how is None
        else words.how[how].format(number=len(match.matches[0].segments))
    )
    clause = match.clause
    return words.not_the_same.format(clause=clause.name, locator=clause.locator, why=why)


def _show(clause: Clause, passage: Passage, language: str, words: SourceTexts) -> None:
    page = Page(console(sys.stdout))
    section = words.section.format(number=passage.locators[0].partition(".")[0])
    place = f"{section}, {passage.heading or words.no_heading}"
    page.line(styled((clause.name, "bold"), (f"  {', '.join(passage.locators)}", "dim")))
    page.line(styled((place, "dim")), indent=2)
    if passage.moved:
        text = words.stands_now.format(before=clause.locator, after=", ".join(passage.locators))
        page.line(styled((text, "yellow")), indent=2)
    page.line()
    for text in passage.texts:
        page.line(text, indent=2)
    page.line()
    page.line(styled((in_language(clause.says, language), "dim")), indent=2)
    page.print()


source_app = typer.Typer(
    name="source",
    help="Compare a copy of the guideline with the policy.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)
source_app.command("verify", no_args_is_help=True)(guarded(verify_source))
source_app.command("show", no_args_is_help=True)(guarded(show_clause))
