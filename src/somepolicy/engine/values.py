"""How values of a document are read and compared: used by both evaluators alike."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from math import fsum
from typing import cast

from somepolicy.functions.detection import Detection
from somepolicy.json_type import Json

_INDEX_DIGITS = 10  # more digits are a name, not an index
SOME_ELEMENT = "\0"  # where an element of an absent list would be
UNLESS_PARENT = "?"  # prefix of a missing pointer that is decided as soon as its parent exists
_FIRST = datetime.datetime.min.replace(tzinfo=datetime.UTC)
_LAST = datetime.datetime.max.replace(tzinfo=datetime.UTC)
UNSET = "="  # prefix of a parameter before its first day, among the missing pointers


day_of = datetime.date.fromisoformat
"""Read a `date` that the schema has admitted. Raises ValueError for any other text."""
instant_of = datetime.datetime.fromisoformat
"""Read a `date-time` with offset that the schema has admitted. Raises ValueError as well."""


def is_moment(value: object) -> bool:
    """Whether a caller's value is an instant: a datetime with an offset."""
    return isinstance(value, datetime.datetime) and value.utcoffset() is not None


def with_fixed_offset(moment: datetime.datetime) -> datetime.datetime:
    """Return an instant with the offset it has as its own.

    Python compares times of one zone by their clocks, and those of a night with two of one hour
    with nothing. An offset of seconds, as places had before there were zones, can be written in
    no date-time: such an instant is one of UTC.
    """
    offset = moment.utcoffset()
    assert offset is not None
    if offset % datetime.timedelta(minutes=1):
        try:
            return moment.astimezone(datetime.UTC)
        except OverflowError:  # the calendar's first and last instant are the ends
            return _FIRST if offset > datetime.timedelta() else _LAST
    return moment.replace(tzinfo=datetime.timezone(offset), fold=0)


def add_days(day: datetime.date, count: int) -> datetime.date:
    """Move a date or instant by whole days; the calendar's first and last day are the ends."""
    try:
        return day + datetime.timedelta(days=count)
    except (OverflowError, ValueError):
        end = datetime.date.max if count > 0 else datetime.date.min
        return day.replace(end.year, end.month, end.day)


def step(value: Json, name: str) -> Json:
    """Return a member of a record, or None where it or the record is absent."""
    return value.get(name) if isinstance(value, dict) else None


def walk(value: Json, steps: Iterable[str]) -> Json:
    """Follow a path; None where any part of it is absent."""
    for name in steps:
        value = step(value, name)
    return value


def pointer(base: str, steps: Iterable[str]) -> str:
    """Return the JSON Pointer of a path below another."""
    return base + "".join("/" + name.replace("~", "~0").replace("/", "~1") for name in steps)


def encoded(text: str | None) -> bytes | None:
    """Return a text as patterns search it: in UTF-8; None where it is absent."""
    return None if text is None else text.encode()


def some(values: Sequence[bool | None]) -> bool | None:
    """Kleene `or` over a list."""
    return True if True in values else None if None in values else False


def every(values: Sequence[bool | None]) -> bool | None:
    """Kleene `and` over a list."""
    return False if False in values else None if None in values else True


def total(values: Sequence[int | None]) -> int | None:
    """Add whole numbers, exactly; unknown as soon as one is."""
    return None if None in values else sum(cast("Sequence[int]", values))


def total_of_decimals(values: Sequence[float | None]) -> float | None:
    """Add numbers and round the exact sum, once: the same in every order; unknown as soon as one is."""
    return None if None in values else fsum(cast("Sequence[float]", values))


def facts_of_elements(
    container: Sequence[Json],
    at: str,
    facts: Callable[[Json, str], list[str]],
    of_list: list[str],
) -> list[str]:
    """Return the facts of all elements; the list itself where they have none."""
    found = [fact for index, each in enumerate(container) for fact in facts(each, f"{at}/{index}")]
    return found or of_list


def as_day(value: datetime.date) -> datetime.date:
    """Return the calendar day of an instant in its own offset; a date is one already."""
    return value.date() if isinstance(value, datetime.datetime) else value


def member_of(item: object, container: Iterable[str], read: Callable[[str], object]) -> bool:
    """Whether an element of the document's list, read as its type, equals the item."""
    return any(read(element) == item for element in container)


Decide = Callable[[Sequence[bool | None]], bool | None]


def blamed(
    decide: Decide, parts: Sequence[tuple[bool | None, Callable[[], list[str]]]]
) -> list[str]:
    """Return the facts of those parts that have the value of the whole."""
    whole = decide([value for value, _ in parts])
    if whole is None:
        return []
    return [fact for value, facts in parts if value is whole for fact in facts()]


def blamed_elements(
    decide: Decide,
    container: Sequence[Json] | None,
    at: str,
    condition: Callable[[Json, str], bool | None],
    facts: Callable[[Json, str], list[str]],
    of_list: list[str],
) -> list[str]:
    """Return the facts of those elements that decided; the list itself where it is empty."""
    if not container:
        return of_list
    values = [condition(each, f"{at}/{index}") for index, each in enumerate(container)]
    whole = decide(values)
    if whole is None:
        return []
    return [
        fact
        for index, each in enumerate(container)
        if values[index] is whole
        for fact in facts(each, f"{at}/{index}")
    ]


def lacking_elements(
    container: Sequence[Json] | None,
    at: str,
    condition: Callable[[Json, str], bool | None],
    missing: Callable[[Json, str], list[str]],
) -> list[str]:
    """Return what the undecided elements lack.

    Where the list is absent: the list, and what an element would depend on besides itself.
    """
    if container is None:
        beside = missing(None, SOME_ELEMENT) if condition(None, SOME_ELEMENT) is None else []
        return [at, *outside_elements(beside)]
    return [
        pointer
        for index, each in enumerate(container)
        if condition(each, f"{at}/{index}") is None
        for pointer in missing(each, f"{at}/{index}")
    ]


def evidence_elements(
    container: Sequence[Json] | None,
    at: str,
    evidence: Callable[[Json, str], list[Detection]],
) -> list[Detection]:
    """Return what detectors found for the elements of a list."""
    return [
        found
        for index, each in enumerate(container or ())
        for found in evidence(each, f"{at}/{index}")
    ]


def located(found: Iterable[Detection], facts: Sequence[str]) -> list[Detection]:
    """Return the detections with their places: that of the one text, or of each its own."""
    return [each if each.at else each._replace(at=facts[0] if facts else "") for each in found]


def outside_elements(pointers: Iterable[str]) -> list[str]:
    """Leave out what an element of an absent list would lack: the list itself is reported."""
    return [each for each in pointers if SOME_ELEMENT not in each]


def unique(pointers: Iterable[str]) -> tuple[str, ...]:
    """Return the pointers in their order, each once."""
    return tuple(dict.fromkeys(pointers))


def tidy_missing(pointers: Iterable[str]) -> tuple[str, ...]:
    """Return the missing pointers, each once, parameters left out.

    A leaf whose absence means none is unknown only while its parent is absent; where another
    missing fact below the same parent is reported anyway, it need not be named.
    """
    found = [each for each in unique(pointers) if not each.startswith(UNSET)]
    plain = [each for each in found if not each.startswith(UNLESS_PARENT)]
    result = []
    for each in found:
        bare = each.removeprefix(UNLESS_PARENT)
        parent = bare.rpartition("/")[0] + "/"
        if bare != each and any(other.startswith(parent) for other in plain):
            continue
        result.append(bare)
    return unique(result)


def unset_names(pointers: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the parameters among what is missing, each once."""
    return unique(each.removeprefix(UNSET) for each in pointers if each.startswith(UNSET))


def pointer_key(at: str) -> tuple[tuple[int, int, str], ...]:
    """Return a sort key for a JSON Pointer, array indexes ordered as numbers."""
    if not at:
        return ()
    return tuple(
        (0, int(part), "") if part.isdecimal() and len(part) < _INDEX_DIGITS else (1, 0, part)
        for part in at.split("/")[1:]
    )
