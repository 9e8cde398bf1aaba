"""What a municipality may set, and since when."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from somepolicy.ir import types as t
from somepolicy.ir.types import Type
from somepolicy.json_type import Json
from somepolicy.syntax.nodes import Scalar

_LARGEST = 2**53 - 1
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class ParameterValue:
    """A value of a parameter and the first day it holds; None: from the beginning."""

    value: Scalar
    since: datetime.date | None


@dataclass(frozen=True)
class Parameter:
    """A value a municipality may set, latest date first; unknown before the earliest."""

    name: str
    type: Type
    values: tuple[ParameterValue, ...]
    overridden: bool

    def admits(self, value: Json) -> bool:
        """Whether a value of JSON is one of the parameter's type."""
        match self.type:
            case t.Enumeration():
                return value in self.type.values
            case t.Boolean():
                return isinstance(value, bool)
            case t.Number():
                if isinstance(value, bool) or not isinstance(value, int | float):
                    return False
                whole = isinstance(value, int) or not self.type.whole
                return whole and -_LARGEST <= value <= _LARGEST
            case t.Text():
                return isinstance(value, str) and not _SURROGATE.search(value)
            case _:
                return False

    def at(self, day: datetime.date) -> Scalar | None:
        """Return the value that holds on a day, or None before there is one."""
        for entry in self.values:
            if entry.since is None or entry.since <= day:
                return entry.value
        return None
