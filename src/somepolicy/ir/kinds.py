"""Kinds of documents: how they are answered, and what of them may be logged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from somepolicy.ir.schemas import KindSchema
from somepolicy.ir.texts import Localised
from somepolicy.syntax.nodes import Scalar


@dataclass(frozen=True)
class Kind:
    """A kind of document: its schema, and whether an unproven rule denies."""

    name: str
    schema: KindSchema = field(repr=False)
    unproven_denies: bool
    notice: Localised | None

    @property
    def advisory(self) -> bool:
        """Whether the answer is advice that nobody is bound by, as its notice says.

        Words that show it to people then say no one no.
        """
        return not self.unproven_denies and self.notice is not None


@dataclass(frozen=True)
class Unregulated:
    """A field no clause is about: where it is one of `values`, else present and not false.

    In the path None stands for every element of a list.
    """

    kinds: tuple[str, ...]
    path: tuple[str | None, ...]
    values: tuple[Scalar, ...] | None
    says: Localised

    @property
    def pointer(self) -> str:
        """Where the field stands, as a JSON Pointer with `*` for every element."""
        return "/" + "/".join("*" if step is None else step for step in self.path)


@dataclass(frozen=True)
class Topic:
    """A subject that no clause is about, and no field of a document either."""

    name: str
    says: Localised


@dataclass(frozen=True)
class Logging:
    """What may be logged of a decision; without a `[log]` table nothing may.

    Each path is given by kind of document. `unit_ids` is the pattern of a unit's id that may be
    logged as it is.
    """

    kinds: tuple[str, ...] = ()
    unit_type: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unit_id: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unit_ids: str | None = None
    platform: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fields: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
