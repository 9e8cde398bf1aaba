"""Word lists of a policy: data with a source beside each, never literals in code."""

from collections.abc import Mapping
from typing import NamedTuple

PATTERN_LISTS = frozenset({"case_numbers"})
"""The lists whose entries are patterns; those of all others are words."""


class Lexicon(NamedTuple):
    """One word list: `words/NAME.toml` of a policy.

    `entries` maps the name of a group (a language such as `nb`, or a purpose such as
    `referral`) to its words or phrases, lower case and as detectors see texts, or to its RE2
    patterns. `source`
    says where they come from, `clause` which clause they serve (None: several or none).
    `asked` gathers, where it is not None, the purposes that a function asks for as it is made.
    `triggers` is None in a list as it was read. In one of a compiled policy, whose functions
    have accepted it, it maps some groups to the RE2 pattern of texts that may hold their phrases.
    """

    name: str
    source: str
    clause: str | None
    entries: Mapping[str, tuple[str, ...]]
    triggers: Mapping[tuple[str, ...], str] | None = None
    asked: set[str] | None = None
