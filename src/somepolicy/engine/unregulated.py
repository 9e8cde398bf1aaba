"""Which fields of a document no clause is about, as the policy declares them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from somepolicy.engine.compiled_policy import UnregulatedDescriptor
from somepolicy.engine.values import pointer, walk
from somepolicy.json_type import Json


class Silence(NamedTuple):
    """What to look for: the steps to a field, and from each element of a list on to the next."""

    parts: tuple[tuple[str, tuple[str, ...]], ...]
    values: tuple[Json, ...] | None


def silence(field: UnregulatedDescriptor) -> Silence:
    """Take a declaration apart at its lists."""
    parts: list[list[str]] = [[]]
    for step in field.path:
        if step is None:
            parts.append([])
        else:
            parts[-1].append(step)
    return Silence(tuple((pointer("", part), tuple(part)) for part in parts), field.values)


def unregulated(silences: Iterable[Silence], document: Json) -> tuple[str, ...]:
    """Return the pointers that a validated document has, by declaration and place, each once."""
    found = [at for each in silences for at in places(each, document)]
    return tuple(dict.fromkeys(found)) if found else ()


def places(silence: Silence, document: Json) -> Iterator[str]:
    """Yield where one declaration speaks of the document, in the order of the document."""
    (at, steps), *lists = silence.parts
    values = silence.values
    found = [(at, walk(document, steps))]
    for below, steps in lists:
        found = [
            (f"{at}/{index}{below}", walk(element, steps))
            for at, value in found
            if isinstance(value, list)
            for index, element in enumerate(value)
        ]
    for at, value in found:
        if value is None:
            continue
        if value is not False if values is None else value in values:
            yield at
