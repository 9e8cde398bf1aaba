"""A parsed file: its declarations, its tests and its comments."""

from __future__ import annotations

from dataclasses import dataclass, field

from somepolicy.syntax.nodes.declarations import (
    Clause,
    Define,
    Header,
    LeadIn,
    Parameter,
    Reading,
    Rule,
    Section,
    Topic,
    Unregulated,
)
from somepolicy.syntax.nodes.tests import Test
from somepolicy.syntax.source import Source, Span

Declaration = (
    Section
    | LeadIn
    | Clause
    | Reading
    | Header
    | Unregulated
    | Topic
    | Define
    | Parameter
    | Rule
    | Test
)


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, `#` included."""

    text: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Module:
    """One parsed `.pol` file."""

    source: Source = field(compare=False)
    declarations: tuple[Declaration, ...]
    comments: tuple[Comment, ...]
