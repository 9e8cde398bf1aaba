"""What the shell offers at a press of the tab key, beyond commands, options and formats.

A completion reads files but never loads a policy, and never fails: what cannot be read offers
nothing, and the shell then completes the names of files.
"""

from __future__ import annotations

import os
import re
import shlex
import tomllib
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import typer

from somepolicy.check.languages import COMMON, is_language
from somepolicy.cli.inputs.policies import look_for
from somepolicy.cli.problems import Unusable
from somepolicy.file_access import plain_file
from somepolicy.files import MANIFEST, files_of_tests
from somepolicy.installed import installed_folder
from somepolicy.normal_form import normal

_MOST_FOLDERS = 500
_MOST_BYTES = 1 << 20  # as many as a file of a policy may have
_NAMED = re.compile(r'^\s*(?:test|case)\s+"((?:[^"\n]|"")*)"', re.MULTILINE)
_EXPECTED = re.compile(r'\bexpect[ \t]+(?:clause[ \t]+)?([^\s"#(),/=]+)[ \t]+[a-z]')
_IN_DOUBLE_QUOTES = re.compile(r'["$`\\]')


def complete_policy(incomplete: str) -> list[str]:
    """Return the name of the installed policy, and what complete_path does."""
    installed = [each for each in (installed_folder().name,) if each.startswith(incomplete)]
    return sorted({*installed, *complete_path(incomplete)})


def complete_path(incomplete: str) -> list[str]:
    """Return the folders that hold a policy, at most one folder below what is typed."""
    try:
        return sorted(each for each in _policies(incomplete) if each.startswith(incomplete))
    except (OSError, ValueError):
        return []


def complete_language(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the languages of the policy that the command uses, else all there are."""
    return [each for each in _languages(_found(ctx)) if each.startswith(incomplete)]


def complete_case(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return names of tests and cases, and the clauses and rules that they expect."""
    incomplete = normal(incomplete)
    names = (normal(name) for folder in _found(ctx) for name in _names(folder))
    # the order of the files, each name once
    found = dict.fromkeys(name for name in names if name.startswith(incomplete))
    return [shown for name in found if (shown := _typed(name)) is not None]


def _found(ctx: typer.Context) -> tuple[Path, ...]:
    """Return the policies that the command line means; none where it cannot be used as it is."""
    path, policy = ctx.params.get("path"), ctx.params.get("policy")
    # with an option still without its value, typer leaves the arguments where they are
    if path is None and policy is None and "path" in {each.name for each in ctx.command.params}:
        path = next(iter(ctx.args), None)
    try:
        return look_for(path, policy)
    except Unusable:
        return ()


# --- policies


def _policies(incomplete: str) -> Iterator[str]:
    above, _, begun = incomplete.rpartition("/")
    prefix = incomplete[: len(incomplete) - len(begun)]
    for folder in _folders(Path(above or prefix or ".")):
        if not folder.name.startswith(begun):
            continue
        if (folder / MANIFEST).is_file():
            yield f"{prefix}{folder.name}"
        for inner in _folders(folder):
            if (inner / MANIFEST).is_file():
                yield f"{prefix}{folder.name}/{inner.name}"


def _folders(place: Path) -> Iterable[Path]:
    try:
        found = (each for each in place.iterdir() if not each.name.startswith("."))
        return [each for each in islice(found, _MOST_FOLDERS) if each.is_dir()]
    except OSError:
        return []


def _languages(folders: tuple[Path, ...]) -> tuple[str, ...]:
    try:
        manifest = tomllib.loads(_text(folders[0] / MANIFEST))
    except (IndexError, OSError, ValueError):
        return COMMON
    stated = manifest.get("languages")
    named = stated if isinstance(stated, list) else []
    return tuple(each for each in named if isinstance(each, str) and is_language(each))


# --- tests


def _names(folder: Path) -> Iterator[str]:
    try:
        names = files_of_tests(folder)
    except OSError:
        return
    for name in names:
        try:
            text = _text(folder / name)
        except (OSError, ValueError):
            continue
        for found in _NAMED.finditer(text):
            yield found[1].replace('""', '"')
        yield from (found[1] for found in _EXPECTED.finditer(text))


def _text(path: Path) -> str:
    with open(path, "rb", opener=plain_file) as file:
        return file.read(_MOST_BYTES).decode("utf-8", errors="ignore")


def _typed(name: str) -> str | None:
    """Return a name as the shell at hand needs it: bash puts it on the line as it is.

    None where it cannot be written within the quotes that are open.
    """
    if os.environ.get("_SOMEPOLICY_COMPLETE") != "complete_bash":
        return name
    match _open_quote():
        case '"':
            return _IN_DOUBLE_QUOTES.sub(r"\\\g<0>", name)
        case "'":
            return None if "'" in name else name
        case _:
            return shlex.quote(name)


def _open_quote() -> str:
    """Return the quote that the word under the cursor begins with, else nothing."""
    try:
        words = os.environ["COMP_WORDS"].split("\n")
        return words[int(os.environ["COMP_CWORD"])][:1]
    except (KeyError, ValueError, IndexError):
        return ""
