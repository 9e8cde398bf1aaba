"""The one base of every error that this package raises of its own, and words for any other."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any


class SomepolicyError(Exception):
    """Something that somepolicy cannot use or do: a policy, a document, a log, a worker.

    What a caller does wrong is a ValueError or a TypeError, as everywhere in Python. Errors can
    be pickled, whatever they are made from.
    """

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return _again, (type(self), self.args, self.__dict__)


class PolicyChangedError(SomepolicyError, RuntimeError):
    """The files of a policy are no longer those that it was loaded from."""

    def __init__(self) -> None:
        super().__init__("the files of the policy have changed since it was loaded")


class WorkerError(SomepolicyError, RuntimeError):
    """A worker process cannot go on. The message says nothing of the documents."""


class TextsError(SomepolicyError):
    """A file of texts cannot be used. The message names it and says what is wrong."""


def internal_error(error: Exception) -> str:
    """Name an error that nobody foresaw and its place; its message may hold text of a document."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = "" if place is None else f" in {os.path.basename(place.tb_frame.f_code.co_filename)}"
    line = "" if place is None else f", line {place.tb_lineno}"
    return f"internal error, please report it: {type(error).__name__}{where}{line}"


def _again(
    kind: type[SomepolicyError], args: tuple[Any, ...], state: Mapping[str, object]
) -> SomepolicyError:
    made = kind.__new__(kind, *args)  # which keeps `args`; `__init__` takes others
    made.__dict__.update(state)
    return made
