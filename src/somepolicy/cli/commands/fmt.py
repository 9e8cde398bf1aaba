"""`somepolicy fmt`: policies in the one canonical form."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from somepolicy.cli.inputs.completion import complete_path
from somepolicy.cli.inputs.policies import find_policies
from somepolicy.cli.problems import BAD, GOOD, UNUSABLE, Unusable, say
from somepolicy.cli.terminal import write
from somepolicy.documents.reading import standard_input
from somepolicy.documents.sources import STANDARD_INPUT
from somepolicy.file_access import read_file, reason, replace_file
from somepolicy.files import POLICY_SUFFIX, files_below
from somepolicy.rendering.plain_text import one_line
from somepolicy.syntax.diagnostics import PolicyError, render
from somepolicy.syntax.formatter import FormatError, format_module
from somepolicy.syntax.parser import parse, read_source


@dataclass(frozen=True, slots=True)
class _Formatted:
    """What a file holds and what it would hold."""

    name: str
    old: bytes
    new: bytes

    @property
    def changed(self) -> bool:
        return self.old != self.new


def format_policies(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH",
            help="Files and folders; - is standard input. "
            "Default: the policies of this folder or above.",
            show_default=False,
            autocompletion=complete_path,
        ),
    ] = None,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="List the files that would change, and change none.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Print what would change, and change nothing.")
    ] = False,
) -> int:
    """Bring policies into their one form: line breaks, indents, empty lines and brackets.

    Exit code: 0 all have it now, 1 some would change (with --check or --diff), 2 a file
    cannot be read, written or parsed; it stays as it is.
    """
    failed: list[OSError] = []
    names = list(_files(paths, failed))
    for error in failed:
        say(f"somepolicy: {error.filename}: {reason(error)}")
    code = UNUSABLE if failed else GOOD
    for name in names:
        code = max(code, _format(name, check=check, diff=diff))
    return code


def _files(paths: list[str] | None, failed: list[OSError]) -> Iterator[str]:
    """Name every file, each once, those of a folder sorted; `failed` gets what cannot be listed."""
    seen: set[str] = set()
    for path in paths or _default():
        for name in _found(path, failed):
            if name not in seen:
                seen.add(name)
                yield name


def _default() -> list[str]:
    return [str(folder) for folder in find_policies()]


def _found(path: str, failed: list[OSError]) -> list[str]:
    folder = Path(path or "\0")
    try:
        if path == STANDARD_INPUT or not folder.is_dir():
            return [path]
    except ValueError:
        return [path]
    except OSError as error:
        failed.append(error)
        return []
    before = len(failed)
    names = files_below(folder, POLICY_SUFFIX, failed=failed)
    if not names and len(failed) == before:
        raise Unusable(f"somepolicy: {path}: there is no {POLICY_SUFFIX} file in this folder")
    return [str(folder / name) for name in names]


def _format(name: str, *, check: bool, diff: bool) -> int:
    try:
        formatted = _formatted(name)
        if check or diff:
            return _show(formatted, check=check, diff=diff)
        if name == STANDARD_INPUT:
            sys.stdout.buffer.write(formatted.new)
            sys.stdout.buffer.flush()
        elif formatted.changed:
            _replace(Path(name), formatted.new)
            write(f"{name}: formatted", sys.stdout)
    except PolicyError as error:
        for each in error.diagnostics:
            say(f"{render(each)}\n")
        return UNUSABLE
    except FormatError as error:
        say(f"somepolicy: internal error, please report it; the file is unchanged: {error}")
        return UNUSABLE
    except Unusable as problem:
        say(str(problem))
        return UNUSABLE
    return GOOD


def _formatted(name: str) -> _Formatted:
    shown = "<stdin>" if name == STANDARD_INPUT else name
    raw = _read(name)
    text = format_module(parse(read_source(shown, raw)))
    return _Formatted(shown, raw, text.encode())


def _read(name: str) -> bytes:
    try:
        if name != STANDARD_INPUT:
            return read_file(name or "\0")
        return standard_input().read()
    except OSError as error:
        shown = "<stdin>" if name == STANDARD_INPUT else name
        raise Unusable(f"somepolicy: {shown}: {reason(error)}") from None
    except ValueError:  # a null character in the name
        raise Unusable("somepolicy: a file cannot have this name") from None


def _show(formatted: _Formatted, *, check: bool, diff: bool) -> int:
    if not formatted.changed:
        return GOOD
    if check:
        write(f"{formatted.name}: would change", sys.stdout)
    if diff:
        sys.stdout.write(_difference(formatted))
    return BAD


def _difference(formatted: _Formatted) -> str:
    """Return a unified diff; a byte order mark and carriage returns show as such."""
    old, new = (
        raw.decode().replace("\r", "␍").replace("\ufeff", "<BOM>")
        for raw in (formatted.old, formatted.new)
    )
    name = one_line(formatted.name)
    lines = difflib.unified_diff(_lines(old), _lines(new), f"a/{name}", f"b/{name}")
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _lines(text: str) -> list[str]:
    """Split at line feeds only, and keep them."""
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + lines[-1:] * bool(lines[-1])


def _replace(path: Path, content: bytes) -> None:
    try:
        replace_file(path, content)
    except OSError as error:
        raise Unusable(f"somepolicy: {path}: {reason(error)}") from None
