"""Regular expressions in linear time: RE2 runs them."""

from somepolicy.patterns.engine import (
    MOST_INSTRUCTIONS,
    NO_TEXT,
    BadPatternError,
    byte_finder,
    check_pattern,
    finder,
    spans,
)
from somepolicy.patterns.width import width

__all__ = [
    "MOST_INSTRUCTIONS",
    "NO_TEXT",
    "BadPatternError",
    "byte_finder",
    "check_pattern",
    "finder",
    "spans",
    "width",
]
