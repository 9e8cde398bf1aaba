"""Which absent fields were read as the schema says: worked out from the rules, not the run.

A field with a default is read with it wherever it is absent, whatever is absent around it. A
field whose absence says that there is none says so only where what it belongs to is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from somepolicy.engine.compiled_policy import EACH, FieldPath
from somepolicy.engine.values import pointer, pointer_key
from somepolicy.json_type import Json

Look = tuple[str, FieldPath, str, bool, "Looks | None"]
Looks = tuple[Look, ...]
"""What to look at below a record: its pointer from there, the steps to what it belongs to, its
name, and whether it has a default; of a list that is looked through, what to look at below each
element instead."""


def looks(defaults: Iterable[FieldPath], nones: Iterable[FieldPath]) -> Looks:
    """Return what to look at in a document, from the paths of fields (`*`: every element).

    In the order of the pointers: no field is looked at below one that stands behind it.
    """
    return _looks(dict.fromkeys(nones, False) | dict.fromkeys(defaults, True))


def _looks(paths: Mapping[FieldPath, bool]) -> Looks:
    found: list[Look] = []
    lists: dict[FieldPath, dict[FieldPath, bool]] = {}
    for path, default in paths.items():
        if EACH in path:
            end = path.index(EACH)
            lists.setdefault(path[:end], {})[path[end + 1 :]] = default
        else:
            found.append((pointer("", path), path[:-1], path[-1], default, None))
    found += [
        (pointer("", path), path[:-1], path[-1], False, _looks(below))
        for path, below in lists.items()
    ]
    # a list's own default comes before its elements, for sorting keeps the order of equals
    return tuple(sorted(found, key=lambda look: pointer_key(look[0])))


def assumed(looks: Looks, document: Json) -> tuple[str, ...]:
    """Return the pointers of the fields that are absent from a validated document, in order."""
    found: list[str] = []
    _look(looks, document, "", found)
    return tuple(found)


def _look(looks: Looks, record: Any, at: str, found: list[str]) -> None:
    """Note what is absent below a record, which is of the form that the schema says."""
    for below, steps, name, default, inner in looks:
        holder = record
        for step in steps:
            holder = holder.get(step)
            if holder is None:
                break
        member = None if holder is None else holder.get(name)
        if inner is not None:
            for index, element in enumerate(member or ()):
                _look(inner, element, f"{at}{below}/{index}", found)
        elif member is None and (default or holder is not None):
            found.append(at + below)
