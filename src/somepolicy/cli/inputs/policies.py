"""Where a policy is: one rule for every command.

The policy that is named, by PATH or `--policy`; else the policies of the working folder. Going
upwards from there, these are the first folder that holds policy.toml, or all of
`policy/*/policy.toml` below it. A folder that holds `.git` is the last that is looked in. The
policy that this program brings is used where `--policy` has its name and there is no such folder.
"""

from __future__ import annotations

import os
import tomllib
from contextlib import suppress
from pathlib import Path

from somepolicy.cli.problems import Unusable, say
from somepolicy.file_access import named, read_file, reason
from somepolicy.files import MANIFEST
from somepolicy.installed import installed_folder, installed_policy
from somepolicy.nearest import nearest
from somepolicy.policy import Policy
from somepolicy.rendering.plain_text import one_line

_POLICIES = "policy"
_BORDER = ".git"


def load_policy(named: str | None) -> Policy:
    """Load the one policy that is named, None: of the working folder.

    Raises Unusable where there is none or several, PolicyError where it has errors.
    """
    folder = one_policy(policy=named)
    return installed_policy() if folder == installed_folder() else Policy.load(folder)


def one_policy(path: str | None = None, policy: str | None = None) -> Path:
    """Return the folder of the only policy there is. Raises Unusable."""
    found = find_policies(path, policy)
    if len(found) > 1:
        names = ", ".join(map(str, found))
        raise Unusable(f"somepolicy: there are several policies, name one with --policy: {names}")
    return found[0]


def find_policies(path: str | None = None, policy: str | None = None) -> tuple[Path, ...]:
    """Return the folders of the policies that PATH or --policy names, sorted; else those here.

    Either may be the folder of a policy or its policy.toml, a folder of policies, or one whose
    folder `policy` holds them; PATH also anything within a policy. Raises Unusable where there is
    none.
    """
    found = look_for(path, policy)
    if policy == installed_folder().name and found != (installed_folder(),):
        say(f"somepolicy: --policy {policy} is the folder of this name, not the installed policy")
    return found


def look_for(path: str | None = None, policy: str | None = None) -> tuple[Path, ...]:
    """Return the same, and say nothing."""
    if path is not None and policy is not None:
        raise Unusable("somepolicy: name the policy once: as PATH or with --policy")
    try:
        if path is not None:
            return _at(path) or _around_path(path) or _refuse(path)
        if policy is not None:
            return _named(policy)
        return _around() or _refuse_here()
    except (OSError, ValueError) as error:  # a ValueError is a null character in the name
        cause = reason(error) if isinstance(error, OSError) else "a folder cannot have this name"
        place = getattr(error, "filename", None) or path or policy or "."
        raise Unusable(f"somepolicy: {place}: {cause}") from None


def called(folder: Path) -> str:
    """Return name and version of a policy that may have errors, else the folder's name."""
    try:
        manifest = tomllib.loads(read_file(folder / MANIFEST).decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        manifest = {}
    stated = [each for key in ("name", "version") if isinstance(each := manifest.get(key), str)]
    return one_line(" ".join(stated)) if len(stated) == 2 else folder.resolve().name


# --- named


def _named(name: str) -> tuple[Path, ...]:
    if name == installed_folder().name and not os.path.lexists(name):
        return (installed_folder(),)
    return _at(name) or _refuse(name)


def _at(name: str) -> tuple[Path, ...]:
    """Return the policies at a path. Raises OSError, ValueError."""
    if not name:  # to Path it would be the current folder
        raise Unusable("somepolicy: the name of the policy is empty")
    path = Path(name)
    if path.name == MANIFEST and os.path.lexists(path):
        path = path.parent
    return (_of(path) or _in(path)) if path.is_dir() else ()


def _around_path(name: str) -> tuple[Path, ...]:
    """Return the policy that a path leads into; relative where the path is."""
    path = Path(name)
    if not os.path.lexists(path):
        return ()
    for above in Path(os.path.abspath(path)).parents:  # noqa: PTH100 - a link stays one
        if found := _itself(above if path.is_absolute() else Path(os.path.relpath(above))):
            return found
        if os.path.lexists(above / _BORDER):
            break
    return ()


def _refuse(name: str) -> tuple[Path, ...]:
    """Raise Unusable for what is no policy, with the name that is meant."""
    path = Path(name)
    if path.is_dir():
        raise Unusable(f"somepolicy: {name}: this is no policy, for it holds no {MANIFEST}")
    if path.exists():
        what = named(path.stat().st_mode)
        raise Unusable(f"somepolicy: {name}: this is {what}; name the folder of a policy")
    if os.path.lexists(path):
        raise Unusable(f"somepolicy: {name}: this is a link that leads nowhere")
    known = {installed_folder().name: installed_folder().name}
    with suppress(OSError):
        known |= {each.absolute().name: str(each) for each in _around()}
    near = nearest(path.name, known)
    hint = f"; did you mean --policy {known[near]}?" if near else ""
    raise Unusable(f"somepolicy: {name}: no such file or directory{hint}")


# --- here


def _around() -> tuple[Path, ...]:
    """Return the policies of the working folder, or of the nearest above it. Raises OSError."""
    place = Path()
    for folder in (Path.cwd(), *Path.cwd().parents):
        if found := _of(place):
            return found
        if os.path.lexists(folder / _BORDER):
            break
        place /= ".."
    return ()


def _refuse_here() -> tuple[Path, ...]:
    raise Unusable(
        f"somepolicy: there is no policy here: neither {MANIFEST} nor "
        f"{_POLICIES}/NAME/{MANIFEST}, in this folder or above; name one with --policy (the one "
        f"that is installed is --policy {installed_folder().name}), or begin one with "
        "`somepolicy new`"
    )


# --- in a folder


def _of(folder: Path) -> tuple[Path, ...]:
    return _itself(folder) or _in(folder / _POLICIES)


def _itself(folder: Path) -> tuple[Path, ...]:
    """Return the folder if it holds policy.toml, whatever that is: loading reports it."""
    try:
        (folder / MANIFEST).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return ()
    return (folder,)


def _in(folder: Path) -> tuple[Path, ...]:
    """Return the policies that stand in a folder, each once though links lead to it."""
    try:
        inner = sorted(each for each in folder.iterdir() if not each.name.startswith("."))
    except (FileNotFoundError, NotADirectoryError):
        return ()
    found = {each.resolve(): each for each in reversed(inner) if _itself(each)}
    return tuple(sorted(found.values()))
