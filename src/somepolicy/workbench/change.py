"""`with` and `without`: a document changed at a path, the original left alone."""

from __future__ import annotations

import copy
import datetime
import re

from somepolicy.errors import SomepolicyError
from somepolicy.json_type import Json
from somepolicy.syntax import nodes as n

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
Step = str | int


class NoSuchPlaceError(SomepolicyError, LookupError):
    """The document has no such place; the text says why."""


def steps_of(path: n.Ident) -> list[Step]:
    """Split `post.media[0].kind` into steps below the root's name."""
    found: list[Step] = [int(index) if index else name for name, index in _STEP.findall(path.text)]
    return found[1:]


def sets_parameter(change: n.Change) -> bool:
    """Whether the change names a parameter of the policy instead of a field."""
    return isinstance(change, n.With) and "." not in change.path.text


def parameters_of(changes: tuple[n.Change, ...]) -> dict[str, Json]:
    """Return the parameters that the changes set, by name."""
    return {
        change.path.text: literal(change.value)
        for change in changes
        if isinstance(change, n.With) and sets_parameter(change)
    }


def changed(document: dict[str, Json], changes: tuple[n.Change, ...]) -> dict[str, Json]:
    """Return a copy of the document with the changes made in order.

    Raises NoSuchPlaceError where a step cannot be taken.
    """
    result = copy.deepcopy(document)
    for change in changes:
        if sets_parameter(change):
            continue
        steps = steps_of(change.path)
        if not steps:
            raise NoSuchPlaceError("the document itself cannot be replaced")
        match change:
            case n.With():
                _set(result, steps, literal(change.value))
            case n.Without():
                _remove(result, steps)
    return result


def literal(value: n.Expr) -> Json:
    """Return the JSON value of a literal or a tuple of literals."""
    match value:
        case n.Literal():
            stated = value.value
            if isinstance(stated, datetime.date):
                return stated.isoformat()
            return stated
        case n.Tuple():
            return [literal(item) for item in value.items]
        case _:
            raise NoSuchPlaceError("only texts, numbers, dates, true, false and tuples can be set")


def _set(target: Json, steps: list[Step], value: Json) -> None:
    """Set a value, making the records on the way; an index one past the end appends."""
    step, rest = steps[0], steps[1:]
    following: Json = ([] if isinstance(rest[0], int) else {}) if rest else value
    match target, step:
        case dict(), str():
            if not rest:
                target[step] = value
                return
            inner = target.setdefault(step, following)
        case list(), int() if step < len(target):
            if not rest:
                target[step] = value
                return
            inner = target[step]
        case list(), int() if step == len(target):
            target.append(following)
            inner = following
            if not rest:
                return
        case list(), int():
            raise NoSuchPlaceError(
                f"the list has {len(target)} elements, so [{step}] is out of reach"
            )
        case _:
            raise NoSuchPlaceError(f"`{step}` does not fit what stands there")
    _set(inner, rest, value)


def _remove(target: Json, steps: list[Step]) -> None:
    step, rest = steps[0], steps[1:]
    match target, step:
        case dict(), str() if step in target:
            if not rest:
                del target[step]
                return
            _remove(target[step], rest)
        case list(), int() if step < len(target):
            if not rest:
                del target[step]
                return
            _remove(target[step], rest)
        case _:
            raise NoSuchPlaceError(f"there is no `{step}` to take away")
