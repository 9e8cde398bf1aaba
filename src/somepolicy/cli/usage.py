"""Errors of usage, which the library of command lines finds, in the language of the reader."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from typer import BadParameter, Exit
from typer.core import TyperGroup

from somepolicy.cli.speech import speak, spoken, translated
from somepolicy.languages import stand_ins
from somepolicy.rendering.plain_text import printable
from somepolicy.texts.catalogue import ENGLISH, languages, texts

_UsageError: Any = BadParameter.__base__  # typer has no public name for it


class Group(TyperGroup):
    """Commands whose errors of usage are said in the language of the reader."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any
    ) -> Any:
        """Read what was typed, and keep it, for it may name the language."""
        make, typed = super().make_context, tuple(args)
        return _said(self, lambda: make(info_name, args, parent, obj=typed, **extra), typed)

    def invoke(self, ctx: Any) -> Any:
        """Run the command that is named."""
        run = super().invoke
        return _said(self, lambda: run(ctx), ctx.obj)


def _said(group: Group, run: Callable[[], Any], typed: Sequence[str]) -> Any:
    try:
        return run()
    except _UsageError as error:
        ctx = error.ctx
        named = next((group.commands[x] for x in typed if x in group.commands), group)
        command = named if ctx is None else ctx.command
        if type(error).__name__ == "NoArgsIsHelpError" or not _has_language(command):
            raise
        speak(_asked(typed))
        if spoken() == ENGLISH:
            raise
        words = texts(spoken()).usage
        shown = f"{words.error}: {translated(error.format_message(), spoken())}"
        if ctx is not None:
            _, _, usage = ctx.get_usage().partition(" ")
            usage = f"{words.usage}: {usage.replace('[OPTIONS]', words.options)}"
            shown = f"{usage}\n{words.help.format(command=ctx.command_path)}\n\n{shown}"
        sys.stderr.write(f"{printable(shown)}\n")
        raise Exit(error.exit_code) from None


def _has_language(command: Any) -> bool:
    """Whether the command, or one of those it stands for, speaks more than English."""
    return hasattr(command, "commands") or any(each.name == "lang" for each in command.params)


def _asked(typed: Sequence[str]) -> str | None:
    """Return the language that is asked for, if somepolicy has words in it."""
    joined = next((x.removeprefix("--lang=") for x in typed if x.startswith("--lang=")), None)
    asked = dict(pairwise(typed)).get("--lang", joined)
    return asked if asked is not None and {*stand_ins(asked)} & {*languages()} else None
