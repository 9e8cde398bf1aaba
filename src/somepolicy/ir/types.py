"""The types of values in the policy language. Data only; check/schema/ makes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from somepolicy.json_type import Json


@dataclass(frozen=True, slots=True)
class Boolean:
    """True or false."""

    def __str__(self) -> str:
        return "boolean"


@dataclass(frozen=True, slots=True)
class Number:
    """A number; `whole` where the schema says integer."""

    whole: bool = False
    minimum: float | None = field(default=None, compare=False)
    maximum: float | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return "integer" if self.whole else "number"


@dataclass(frozen=True, slots=True)
class Text:
    """Free text."""

    def __str__(self) -> str:
        return "text"


@dataclass(frozen=True, slots=True)
class Texts:
    """The published texts of a document, each with its place."""

    def __str__(self) -> str:
        return "published texts"


@dataclass(frozen=True, slots=True)
class Date:
    """A calendar day without time zone."""

    def __str__(self) -> str:
        return "date"


@dataclass(frozen=True, slots=True)
class Instant:
    """A date-time with an offset."""

    def __str__(self) -> str:
        return "date-time"


@dataclass(frozen=True, slots=True)
class Days:
    """A number of days, to add to or subtract from a date."""

    def __str__(self) -> str:
        return "days"


@dataclass(frozen=True)
class Enumeration:
    """One of a few texts; `labels[value][language]` is what people call a value."""

    values: tuple[str, ...]
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict, compare=False, hash=False)

    def __str__(self) -> str:
        return "one of " + ", ".join(f"`{value}`" for value in self.values)


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list; a tuple of the policy is one too."""

    element: Type

    def __str__(self) -> str:
        return f"list of {self.element}"


@dataclass(frozen=True)
class Field:
    """A member of a record.

    `default` is the value a missing member stands for (`has_default`); `none_when_absent`
    says that a missing member means there is none (`x-absent: none`). A `required` member is
    there wherever the record is. `published` says whether readers see the text or the texts that
    the member holds (`x-published`); None where the schema does not say.
    """

    type: Type
    default: Json = None
    has_default: bool = False
    none_when_absent: bool = False
    title: str = ""
    required: bool = field(default=False, compare=False)
    published: bool | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Record:
    """An object with known members."""

    fields: Mapping[str, Field] = field(hash=False)

    def __str__(self) -> str:
        return "record"


@dataclass(frozen=True, slots=True)
class Detections:
    """What a detector found in a text."""

    def __str__(self) -> str:
        return "detections"


Type = (
    Boolean
    | Number
    | Text
    | Texts
    | Date
    | Instant
    | Days
    | Enumeration
    | ListOf
    | Record
    | Detections
)


def is_textual(kind: Type) -> bool:
    """Whether values of the type are texts."""
    return isinstance(kind, Text | Enumeration)
