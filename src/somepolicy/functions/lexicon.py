"""Word lists of a policy: data with a source beside each, never literals in code."""

from collections.abc import Mapping
from typing import NamedTuple


class Lexicon(NamedTuple):
    """One word list: `words/NAME.toml` of a policy.

    `entries` maps the name of a group (a language such as `nb`, or a purpose such as
    `referral`) to its words, phrases or RE2 patterns, lower case, in form NFC. `source`
    says where they come from, `clause` which clause they serve (None: several or none).
    `triggers` is None in a list as it was read. In one of a compiled policy, whose functions
    have accepted it, it maps some groups to the RE2 pattern of texts that may hold their phrases.
    """

    name: str
    source: str
    clause: str | None
    entries: Mapping[str, tuple[str, ...]]
    triggers: Mapping[tuple[str, ...], str] | None = None
