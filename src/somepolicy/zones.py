"""Time zones, from the pinned package `tzdata` alone: never those of the machine.

The package and `zoneinfo` are loaded where a policy names a zone: they take a start some
milliseconds.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from somepolicy.version import __version__

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

ZONES = "+tzdata."
"""What stands in the name of an engine before the version of its zones' rules."""
_NO_ZONE = "Factory"  # stands in the list for a clock that nobody has set


def zone_names() -> tuple[str, ...]:
    """Return the names that a policy may use, as they are spelt."""
    return tuple(name for name in _read("zones").decode("ascii").split() if name != _NO_ZONE)


def zone_rules(name: str) -> ZoneInfo:
    """Return the rules of a zone that is among the names."""
    import io  # noqa: PLC0415 - as below
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - for a policy with a zone only

    return ZoneInfo.from_file(io.BytesIO(_read("zoneinfo", *name.split("/"))), key=name)


def engine_of(zone: str | None) -> str:
    """Return what decides: the version of this package and, with a zone, of the zones' rules."""
    if zone is None:
        return __version__
    import tzdata  # noqa: PLC0415 - for a policy with a zone only

    return f"{__version__}{ZONES}{tzdata.__version__}"


def _read(*path: str) -> bytes:
    """Read a file of the package, through its loader: `importlib.resources` is slow to load."""
    import tzdata  # noqa: PLC0415 - for a policy with a zone only

    raw: bytes = tzdata.__spec__.loader.get_data(os.path.join(tzdata.__path__[0], *path))
    return raw
