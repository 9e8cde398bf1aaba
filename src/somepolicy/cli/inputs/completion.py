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

from somepolicy.cli.inputs.policies import find_policies
from somepolicy.cli.problems import Unusable
from somepolicy.file_access import plain_file
from somepolicy.files import MANIFEST, TESTS
from somepolicy.installed import installed_folder
from somepolicy.semantics.manifest import LANGUAGES

_MOST_FOLDERS = 500
_MOST_BYTES = 1 << 20  # as many as a file of a policy may have
_NAMED = re.compile(r'^\s*(?:test|case)\s+"((?:[^"\n]|"")*)"', re.MULTILINE)
_EXPECTED = re.compile(r"\bexpect[ \t]+(?:clause[ \t]+)?([a-z][a-z0-9_.]*)[ \t]+[a-z]")
_IN_DOUBLE_QUOTES = re.compile(r'["$`\\]')


def complete_policy(incomplete: str) -> list[str]:
    """Return the folders that hold a policy, at most one folder below what is typed."""
    try:
        return sorted(each for each in _policies(incomplete) if each.startswith(incomplete))
    except (OSError, ValueError):
        return []


def complete_language(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the languages of the policy that the command line names, else all there are."""
    stated = ctx.params.get("policy") or ctx.params.get("path")
    return [each for each in _languages(stated) if each.startswith(incomplete)]


def complete_case(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return names of tests and cases, and the clauses and rules that they expect."""
    # with an option still without its value, typer leaves the arguments where they are
    stated = ctx.params.get("path") or next(iter(ctx.args), None)
    try:
        folders = find_policies(_as_path(stated))
    except (Unusable, OSError, ValueError):
        return []
    names = (name for folder in folders for name in _names(folder / TESTS))
    # the order of the files, each name once
    found = dict.fromkeys(name for name in names if name.startswith(incomplete))
    return [shown for name in found if (shown := _typed(name)) is not None]


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


def _languages(policy: object) -> tuple[str, ...]:
    folder = _as_path(policy) or installed_folder()
    try:
        manifest = tomllib.loads(_text(folder / MANIFEST))
    except (OSError, ValueError):
        return LANGUAGES
    stated = manifest.get("languages")
    return tuple(each for each in LANGUAGES if isinstance(stated, list) and each in stated)


def _as_path(value: object) -> Path | None:
    return Path(value) if isinstance(value, str | Path) else None


# --- tests


def _names(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.pol")):
        try:
            text = _text(path)
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
