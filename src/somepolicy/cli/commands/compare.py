"""`somepolicy compare`: what a new version of a policy answers differently."""

from __future__ import annotations

import datetime
import os
import sys
from dataclasses import replace
from enum import StrEnum
from typing import Annotated

import typer

from somepolicy.cli.inputs.completion import complete_policy
from somepolicy.cli.inputs.documents import list_sources
from somepolicy.cli.inputs.language import choose_language
from somepolicy.cli.inputs.options import Language
from somepolicy.cli.inputs.policies import load_policy
from somepolicy.cli.inputs.times import read_time
from somepolicy.cli.problems import BAD, GOOD, UNUSABLE, Unusable, say
from somepolicy.cli.show.as_json import write_json
from somepolicy.cli.show.comparison import (
    ComparisonView,
    comparison_json,
    comparison_markdown,
    show_comparison,
)
from somepolicy.cli.show.decision import moment
from somepolicy.cli.show.errors import show_errors
from somepolicy.cli.show.progress import Meter
from somepolicy.cli.show.reasons import Wordings
from somepolicy.cli.terminal import Page, console, write_page
from somepolicy.compare.compare import Comparer
from somepolicy.documents.reading import Item, read
from somepolicy.engine.errors import DocumentError
from somepolicy.policy import Policy
from somepolicy.syntax.diagnostics import Diagnostic, PolicyError
from somepolicy.texts.catalogue import texts

_MOST_REPORTED = 10


class Format(StrEnum):
    """The forms of the output."""

    TEXT = "text"
    JSON = "json"
    MD = "md"


def compare_policies(
    old: Annotated[
        str,
        typer.Argument(
            metavar="OLD",
            help="The policy as it was: its folder, or the name of the installed one.",
            autocompletion=complete_policy,
        ),
    ],
    new: Annotated[
        str,
        typer.Argument(
            metavar="NEW",
            help="The policy as it is, likewise.",
            autocompletion=complete_policy,
        ),
    ],
    documents: Annotated[
        list[str],
        typer.Argument(
            metavar="DOCUMENTS",
            help="JSON or NDJSON files, folders of them, or - for standard input.",
            show_default=False,
        ),
    ],
    *,
    as_of: Annotated[
        datetime.date | None,
        typer.Option(
            metavar="TIME",
            parser=read_time,
            help="Decide as of a day (its noon, in NEW's time zone) or a time with offset.",
        ),
    ] = None,
    format: Annotated[Format, typer.Option(help="Text for people, JSON, or Markdown.")] = (
        Format.TEXT
    ),
    lang: Language = None,
) -> int:
    """Compare two versions of a policy on documents, clause by clause.

    Exit code: 0 every answer is the same, 1 answers change, 2 a policy or a document is no good.
    """
    if format is Format.JSON and lang is not None:
        raise Unusable("somepolicy: --lang is for --format text and md")
    before, after = _load(old, new)
    language = choose_language(lang, after.program, os.environ)
    words = replace(texts(language).eval, of_another="")  # there is no --policy here
    as_decided = None if as_of is None else after.days.noon(as_of)
    now = datetime.datetime.now().astimezone().replace(second=0, microsecond=0)
    comparer = Comparer(before, after, now=now)
    errors = _Errors(replace(Wordings.of(after, language), words=words))
    sources = list_sources(documents)
    with Meter(sources, words) as meter:
        for item in read(sources):
            if item.errors:
                comparer.skip()
                wrong = item.errors
            else:
                wrong = comparer.add(item.name, item.document, item.size, as_decided)
            if wrong:
                errors.report(item, wrong)
            meter.advance(item.size)
    errors.end()
    own = texts(language).compare
    kinds = {**before.program.kinds, **after.program.kinds}
    template = own.as_of if as_decided is not None else own.as_of_own
    view = ComparisonView(
        comparer.result(),
        {**before.program.clauses, **after.program.clauses},
        frozenset(name for name, kind in kinds.items() if kind.advisory),
        template.format(at=moment(after.days.shown((as_decided or now).isoformat()))),
        language,
        own,
    )
    _write(view, format)
    if errors.count:
        return UNUSABLE
    return BAD if view.found.changed else GOOD


def _load(old: str, new: str) -> tuple[Policy, Policy]:
    """Load both policies. Raises PolicyError with the errors of both, Unusable."""
    loaded: list[Policy] = []
    errors: list[Diagnostic] = []
    for folder in (old, new):
        try:
            loaded.append(load_policy(folder))
        except PolicyError as error:
            errors += error.diagnostics
    if errors:
        raise PolicyError(errors)
    return loaded[0], loaded[1]


class _Errors:
    """Reports documents that neither policy can judge on standard error, the first ones only."""

    def __init__(self, wordings: Wordings) -> None:
        self.count = 0
        self._wordings = wordings
        self._page = Page(console(sys.stderr))

    def report(self, item: Item, errors: tuple[DocumentError, ...]) -> None:
        self.count += 1
        if self.count <= _MOST_REPORTED:
            show_errors(self._page, item, errors, self._wordings)
            self._page.print()

    def end(self) -> None:
        if self.count > _MOST_REPORTED:
            say(f"somepolicy: {self.count - _MOST_REPORTED} more cannot be judged by either policy")


def _write(view: ComparisonView, form: Format) -> None:
    match form:
        case Format.TEXT:
            page = Page(console(sys.stdout))
            show_comparison(page, view)
            page.print()
        case Format.JSON:
            write_json(comparison_json(view.found))
        case Format.MD:
            write_page(comparison_markdown(view))
