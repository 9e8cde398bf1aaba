"""What a rule may ask, as data, and the oracle: the slow and obvious way to answer it.

Every column's policy is made from these forms, so that all do the same work.
"""

from __future__ import annotations

import datetime
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

Constant = str | int | bool | datetime.date
ITEM = "item."  # a path into the element that `Some` is at begins so

COMPARISONS: Mapping[str, Callable[[object, object], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Compare:
    """A field against a constant. Dates of a document are ISO texts, which sort as dates."""

    path: str
    sign: str
    value: Constant


@dataclass(frozen=True, slots=True)
class Earlier:
    """A date of the document before another one."""

    path: str
    other: str


@dataclass(frozen=True, slots=True)
class OneOf:
    path: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Holds:
    """A list of texts holds a value."""

    path: str
    value: str


@dataclass(frozen=True, slots=True)
class Found:
    """A pattern occurs in a text."""

    path: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Either:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """Some element of a list fulfils a condition."""

    path: str
    part: Condition


Condition = Compare | Earlier | OneOf | Holds | Found | Not | All | Either | Some


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule is violated where its condition holds; `clause` is what it cites."""

    id: str
    clause: str
    condition: Condition


def both(parts: Iterable[Condition]) -> Condition:
    """Return the conjunction, without a wrapper around a single part."""
    found = tuple(parts)
    return found[0] if len(found) == 1 else All(found)


def plain(value: Constant) -> str | int | bool:
    """Return a constant as JSON has it."""
    return value.isoformat() if isinstance(value, datetime.date) else value


def violated(rules: Iterable[Rule], document: Mapping) -> set[str]:
    """Return the ids of the violated rules: the oracle every column is held against."""
    return {rule.id for rule in rules if holds(rule.condition, document, None)}


def holds(condition: Condition, document: Mapping, item: Mapping | None) -> bool:
    def get(path: str) -> object:
        value, names = (
            (item, path.removeprefix(ITEM)) if path.startswith(ITEM) else (document, path)
        )
        for name in names.split("."):
            value = value[name]
        return value

    match condition:
        case Compare(path, sign, value):
            return COMPARISONS[sign](get(path), plain(value))
        case Earlier(path, other):
            return get(path) < get(other)
        case OneOf(path, values):
            return get(path) in values
        case Holds(path, value):
            return value in get(path)
        case Found(path, pattern):
            return re.search(pattern, get(path)) is not None
        case Not(part):
            return not holds(part, document, item)
        case All(parts):
            return all(holds(part, document, item) for part in parts)
        case Either(parts):
            return any(holds(part, document, item) for part in parts)
        case Some(path, part):
            return any(holds(part, document, element) for element in get(path))
