"""Why a copy of the source text cannot be used."""

from __future__ import annotations

from somepolicy.errors import SomepolicyError


class SourceError(SomepolicyError):
    """The file is no copy that can be read. The message says why, and how to mend it."""
