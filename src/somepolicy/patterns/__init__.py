"""Regular expressions in linear time, run only on texts in which they may occur."""

from somepolicy.patterns.engine import (
    MOST_INSTRUCTIONS,
    NO_TEXT,
    BadPatternError,
    check_pattern,
    spans,
)
from somepolicy.patterns.finders import byte_finder, finder
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
