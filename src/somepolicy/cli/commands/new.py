"""`somepolicy new`: a folder with a small policy that works, to begin with."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
import tempfile
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from somepolicy.check.manifest import is_policy_name
from somepolicy.cli.problems import GOOD, Unusable
from somepolicy.cli.terminal import write
from somepolicy.file_access import reason
from somepolicy.normal_form import normal
from somepolicy.scaffold import scaffold

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a"})
_KEPT = (".git",)  # of a repository that is still empty
_NEXT = """
Next:
  {enter}somepolicy check --strict   # is everything correct?
  somepolicy test             # do the rules do what the tests say?
  somepolicy eval --policy policy/{name} examples/post/summer-hours.json
"""


def new_policy(
    place: Annotated[
        str,
        typer.Argument(metavar="DIR", help="The folder to make. If it exists, it has to be empty."),
    ],
    *,
    name: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="What the policy is called, as `harbour-town`. Default: the name of the folder.",
            show_default=False,
        ),
    ] = None,
) -> int:
    """Begin a policy: a folder with clauses, a rule, tests, an example and checks that all work.

    Exit code: 0 the folder is made, 2 it cannot be made; then nothing is changed.
    """
    if not place:  # to Path it would be the current folder
        raise Unusable("somepolicy: name the folder to make")
    folder = Path(place)
    chosen = _name(folder, name)
    _refuse_what_is_there(folder)
    files = scaffold(chosen)
    try:
        _create(folder, files)
    except (OSError, ValueError) as error:  # a ValueError is a null character in the name
        cause = reason(error) if isinstance(error, OSError) else "a folder cannot have this name"
        raise Unusable(f"somepolicy: {folder}: nothing was made: {cause}") from None
    _report(folder, chosen, files)
    return GOOD


# --- what is asked for


def _name(folder: Path, asked: str | None) -> str:
    """Return the policy's name. Raises Unusable for one that no policy can have."""
    name = normal(_folder_name(folder) if asked is None else asked)
    if is_policy_name(name):
        return name
    rule = "a name is small letters, digits, `_` and `-`, and begins with a letter"
    shown = f"`{name}` cannot be the name of a policy" if name else "the policy needs a name"
    near = _likely(name)
    help = f"try --name {near}" if near else "for example --name harbour-town"
    raise Unusable(f"somepolicy: {shown}: {rule}; {help}")


def _folder_name(folder: Path) -> str:
    try:
        return folder.resolve().name
    except (OSError, ValueError, RuntimeError):  # no such place; making the folder says so
        return folder.name


def _likely(name: str) -> str:
    """Return the name with what does not fit replaced or left out, empty if nothing is left."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_LETTERS))
    joined = re.sub(r"[^a-z0-9_]+", "-", "".join(c for c in plain if not unicodedata.combining(c)))
    fitting = _NAME.search(joined)
    return fitting[0].rstrip("-_") if fitting else ""


def _refuse_what_is_there(folder: Path) -> None:
    """Raise Unusable unless there is nothing at the place, or an empty folder."""
    try:
        found = sorted(each.name for each in folder.iterdir() if each.name not in _KEPT)
    except FileNotFoundError:
        return
    except NotADirectoryError:
        what = "this is a file" if folder.exists() else "a part of the path is a file"
        raise Unusable(f"somepolicy: {folder}: {what}; name a new folder") from None
    except (OSError, ValueError) as error:
        cause = reason(error) if isinstance(error, OSError) else "a folder cannot have this name"
        raise Unusable(f"somepolicy: {folder}: {cause}") from None
    if found:
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        raise Unusable(
            f"somepolicy: {folder}: the folder is not empty, it holds {found[0]}{more}; "
            "name a new folder"
        )


# --- writing


def _create(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write every file, or leave the place as it was. Raises OSError.

    The files are written out of sight and moved into place at the end.
    """
    made = _missing(folder)
    moved: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".somepolicy-", dir=folder) as work:
            for name, content in files.items():
                path = Path(work, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            for top in sorted(Path(work).iterdir()):
                target = folder / top.name
                _move(top, target)
                moved.append(target)
    except BaseException:  # also Ctrl-C: all or nothing
        for each in moved:
            shutil.rmtree(each, ignore_errors=True) if each.is_dir() else each.unlink()
        for each in made:
            if each.is_dir() and not any(each.iterdir()):
                each.rmdir()
        raise


def _move(source: Path, target: Path) -> None:
    # the folder was empty, so what stands there now is somebody else's
    if os.path.lexists(target):
        raise FileExistsError(0, f"somebody else has made {target.name} there")
    source.rename(target)


def _missing(folder: Path) -> list[Path]:
    """Return the folders that have to be made, the innermost first."""
    places = [folder, *folder.parents]
    return [place for place in places if not place.exists()]


# --- reporting


def _report(folder: Path, name: str, files: Mapping[str, bytes]) -> None:
    write(f"Made the policy {name} in {folder}:", sys.stdout)
    for path in files:
        write(f"  {path}", sys.stdout)
    here = folder.resolve() == Path.cwd()
    enter = "" if here else f"cd {shlex.quote(str(folder))}\n  "
    write(_NEXT.format(enter=enter, name=name).rstrip("\n"), sys.stdout)
