"""The schema of a kind of document, as its files say it and as a type."""

from __future__ import annotations

from dataclasses import dataclass, field

from somepolicy.ir import types as t
from somepolicy.json_type import Json
from somepolicy.syntax.source import Source


@dataclass(frozen=True)
class SchemaFile:
    """One schema file: its text for diagnostics and its content."""

    source: Source
    content: dict[str, Json]


@dataclass(frozen=True)
class KindSchema:
    """What a kind of document looks like.

    `files` are the schema file of the kind first, then those it refers to, by file name.
    """

    kind: str
    record: t.Record
    files: tuple[SchemaFile, ...] = field(repr=False)

    @property
    def named_files(self) -> list[tuple[str, dict[str, Json]]]:
        """The contents of the files, each with the name by which others refer to it."""
        return [(file.source.path.rpartition("/")[2], file.content) for file in self.files]
