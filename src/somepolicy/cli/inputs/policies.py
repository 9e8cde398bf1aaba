"""Where a policy is: the folder asked for, `policy/` here, or the installed one."""

from __future__ import annotations

from pathlib import Path

from somepolicy.cli.problems import Unusable, reason
from somepolicy.files import MANIFEST
from somepolicy.installed import installed_folder, installed_policy
from somepolicy.policy import Policy


def load_policy(folder: Path | None) -> Policy:
    """Load the policy of a folder; None: the installed one.

    Raises Unusable where there is none, PolicyError where it has errors.
    """
    if folder is None:
        return installed_policy()
    return Policy.load(_with_manifest(folder) or _refuse(folder))


def find_policies(path: Path | None) -> tuple[Path, ...]:
    """Return the folders of the policies at a path, sorted: itself, or its direct sub-folders.

    Without a path it is `policy/` of the current folder, or the installed policy. Raises
    Unusable where there is none.
    """
    if path is None:
        here = Path("policy")
        if not here.is_dir():
            return (installed_folder(),)
        path = here
    if folder := _with_manifest(path):
        return (folder,)
    try:
        inner = sorted(each for each in path.iterdir() if (each / MANIFEST).is_file())
    except NotADirectoryError:
        raise Unusable(f"somepolicy: {path}: this is a file; name the folder of a policy") from None
    except OSError as error:
        raise Unusable(f"somepolicy: {path}: {reason(error)}") from None
    return tuple(inner) or (_refuse(path),)


def _with_manifest(path: Path) -> Path | None:
    if path.name == MANIFEST and path.is_file():
        return path.parent
    return path if (path / MANIFEST).is_file() else None


def _refuse(path: Path) -> Path:
    if not path.exists():
        raise Unusable(f"somepolicy: {path}: no such file or directory")
    raise Unusable(f"somepolicy: {path}: this is no policy, for it holds no {MANIFEST}")
