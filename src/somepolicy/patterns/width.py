"""How long a text that a pattern matches is: Python's own parser knows, where it understands it."""

from __future__ import annotations

import re
from re import _constants, _parser

_ONE_CHARACTER = re.compile(r"\\[pP](?:\{[^{}]*\}|.)|\\x\{[0-9A-Fa-f]+\}|\[\[:\^?[a-z]+:\]\]")
_ANY = (0, None)


def width(pattern: str) -> tuple[int, int | None]:
    """Return the least and the most characters of a text that a checked pattern matches.

    The most is None where there is no limit, as for a pattern that is searched anywhere; where
    nothing is known, the least is 0.
    """
    if "\\Q" in pattern or "{," in pattern:  # which mean something else there
        return _ANY
    try:
        parsed = _parser.parse(_ONE_CHARACTER.sub(".", pattern).replace(r"\z", r"\Z"))
    except (re.error, RecursionError, OverflowError):
        return _ANY
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
