"""Where the installed policy is: in the wheel, or in the checkout it is developed in."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from somepolicy.policy import Policy

COMPILED = "compiled"


def installed_folder() -> Path:
    """Return the folder of the policy that `evaluate` uses."""
    here = Path(__file__).resolve().parent
    packaged = here / "data" / "policy" / "bergen"
    return packaged if packaged.is_dir() else here.parents[1] / "policy" / "bergen"


@cache
def installed_policy() -> Policy:
    """Load the installed policy, once.

    A wheel brings it compiled; that is used where the files of the policy are those it was
    made from.
    """
    from somepolicy.files import digest_of_folder  # noqa: PLC0415 - `import somepolicy` stays light
    from somepolicy.policy import Policy  # noqa: PLC0415
    from somepolicy.runtime.artefact import from_modules  # noqa: PLC0415

    folder = installed_folder()
    artefact = from_modules(Path(__file__).resolve().parent / "data" / COMPILED)
    if artefact is not None:
        digest = digest_of_folder(folder, artefact.files)
        if digest == artefact.machine.executable.digest:
            return Policy(folder, machine=artefact.machine)
    return Policy.load(folder)
