"""The colours of the statuses of clauses, the strictest first."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from somepolicy.reports.model import Tone

TONES: Mapping[str, Tone] = MappingProxyType(
    {
        "violated": "bad",
        "unproven": "open",
        "advised": "advice",
        "satisfied": "good",
        "permitted": "good",
        "not_applicable": "quiet",
        "undecided": "quiet",
    }
)
