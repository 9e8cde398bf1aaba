"""Why a held copy of the source text cannot be used."""

from __future__ import annotations


class SourceError(Exception):
    """The file is no copy that can be read. The message says why, and how to mend it."""
