"""Where the installed Bergen policy is: in the wheel, or in the checkout it is developed in."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from somepolicy.policy import Policy


def installed_folder() -> Path:
    """Return the folder of the policy that `evaluate` uses."""
    here = Path(__file__).resolve().parent
    packaged = here / "data" / "policy" / "bergen"
    return packaged if packaged.is_dir() else here.parents[1] / "policy" / "bergen"


@cache
def installed_policy() -> Policy:
    """Load the installed policy, once."""
    from somepolicy.policy import Policy  # noqa: PLC0415 - `import somepolicy` stays light

    return Policy.load(installed_folder())
