"""How long a text that a pattern matches is: Python's own parser knows, where it understands it."""

from __future__ import annotations

import re
from re import _constants

from somepolicy.patterns.tree import tree


def width(pattern: str) -> tuple[int, int | None]:
    """Return the least and the most characters of a text that a checked pattern matches.

    The most is None where there is no limit, as for a pattern that is searched anywhere; where
    nothing is known, the least is 0.
    """
    parsed = tree(pattern)
    if parsed is None:
        return 0, None
    least, most = parsed.getwidth()
    ends = (
        _constants.AT_BEGINNING,
        _constants.AT_BEGINNING_STRING,
        _constants.AT_END,
        _constants.AT_END_STRING,
    )
    outer = [
        value for kind, value in (*parsed.data[:1], *parsed.data[-1:]) if kind is _constants.AT
    ]
    whole = len(outer) == 2 and outer[0] in ends[:2] and outer[1] in ends[2:]
    if not whole or parsed.state.flags & re.MULTILINE or most >= _constants.MAXREPEAT:
        return least, None
    return least, most
