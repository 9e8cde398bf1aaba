"""Where the installed policy is: in the wheel, or in the checkout it is developed in."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from somepolicy.gc_pause import without_collection

if TYPE_CHECKING:
    from pathlib import Path

    from somepolicy.policy import Policy

COMPILED = "compiled"


def installed_folder() -> Path:
    """Return the folder of the policy that `evaluate` uses."""
    from pathlib import Path  # noqa: PLC0415 - a process that decides does without it

    return Path(_folder())


@cache
def installed_policy() -> Policy:
    """Load the installed policy, once.

    A wheel brings it compiled; that is used where the files of the policy are those it was
    made from.
    """
    with without_collection():  # the modules that are imported stay
        return _loaded()


def _loaded() -> Policy:
    from somepolicy.backends.python.artefact import from_modules  # noqa: PLC0415
    from somepolicy.files import contents_of_folder, digest_of_files  # noqa: PLC0415 - `import somepolicy` stays light
    from somepolicy.policy import Policy  # noqa: PLC0415

    folder = _folder()
    artefact = from_modules(os.path.join(_here(), "data", COMPILED))
    if artefact is not None:
        contents = contents_of_folder(folder, artefact.files)
        if contents and digest_of_files(contents) == artefact.evaluator.compiled.digest:
            return Policy(
                folder, evaluator=artefact.evaluator, files=artefact.files, contents=contents
            )
    return Policy.load(folder)


def _here() -> str:
    return os.path.dirname(os.path.realpath(__file__))


def _folder() -> str:
    packaged = os.path.join(_here(), "data", "policy", "bergen")
    if os.path.isdir(packaged):
        return packaged
    checkout = os.path.dirname(os.path.dirname(_here()))
    return os.path.join(checkout, "policy", "bergen")
