"""`somepolicy readings`: how the policy understands its text, and who has signed for it."""

from __future__ import annotations

import datetime
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from somepolicy.cli.inputs.language import choose_language
from somepolicy.cli.inputs.options import Language, PolicyOption, PolicyPath
from somepolicy.cli.inputs.policies import find_policies
from somepolicy.cli.problems import GOOD, Unusable
from somepolicy.cli.show.as_json import write_json
from somepolicy.cli.show.readings import (
    RegisterView,
    register_json,
    register_markdown,
    show_register,
)
from somepolicy.cli.terminal import Page, console, write_page
from somepolicy.policy import Policy
from somepolicy.reports.readings import register
from somepolicy.texts.catalogue import texts


class Format(StrEnum):
    """The forms of the output."""

    TEXT = "text"
    JSON = "json"
    MD = "md"


def list_readings(
    path: PolicyPath = None,
    *,
    policy: PolicyOption = None,
    unsigned: Annotated[
        bool, typer.Option("--unsigned", help="Only those that wait for a signature.")
    ] = False,
    format: Annotated[Format, typer.Option(help="Text for people, JSON, or Markdown.")] = (
        Format.TEXT
    ),
    lang: Language = None,
) -> int:
    """List the readings of a policy: what they move, what relies on them, who signed them.

    Exit code: 0 they are listed, 2 there is no policy or it has errors.
    """
    if format is Format.JSON and lang is not None:
        raise Unusable("somepolicy: --lang is for text: JSON holds every language")
    views = [_view(folder, lang, unsigned) for folder in find_policies(path, policy)]
    match format:
        case Format.TEXT:
            page = Page(console(sys.stdout))
            for number, view in enumerate(views):
                if number:
                    page.line()
                show_register(page, view)
            page.print()
        case Format.JSON:
            write_json([register_json(view.register, view.entries) for view in views])
        case Format.MD:
            pages = ("\n".join(register_markdown(view)) for view in views)
            write_page("\n\n".join(pages).split("\n"))
    return GOOD


def _view(folder: Path, lang: str | None, unsigned: bool) -> RegisterView:
    policy = Policy.load(folder)
    language = choose_language(lang, policy.program, os.environ)
    today = policy.days.as_day(datetime.datetime.now().astimezone())
    found = register(policy, today)
    entries = found.unsigned if unsigned else found.entries
    return RegisterView(found, entries, language, texts(language).readings)
