"""The one table of functions: it feeds the checker, both evaluators and the reference page.

A function is pure and total on present arguments; with an absent argument its call is
unknown and the code here does not run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from somepolicy.functions import text
from somepolicy.functions.detection import hard, strong, weak
from somepolicy.types import Boolean, Detections, Number, Text, Type

Code = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Function:
    """One row. `make`, given the word lists named in `lists`, returns the code to call.

    A `prepared` function gets its text as detectors see it, and a `dated` one the day of the
    decision after its other arguments.
    """

    name: str
    parameters: tuple[tuple[str, Type], ...]
    result: Type
    doc: str
    make: Callable[..., Code]
    lists: tuple[str, ...] = ()
    prepared: bool = False
    dated: bool = False

    @property
    def signature(self) -> str:
        """`has_word(text: text, word: text) -> boolean`."""
        inner = ", ".join(f"{name}: {kind}" for name, kind in self.parameters)
        return f"{self.name}({inner}) -> {self.result}"


def _plain(parameters: tuple[tuple[str, Type], ...], result: Type, code: Code) -> Function:
    """Make a row of a function that needs nothing but its arguments."""
    doc = " ".join((code.__doc__ or "").split("\n\n")[0].split())
    return Function(code.__name__, parameters, result, doc, lambda: code)


_TEXT = ("text", Text())
_FOUND = ("found", Detections())

FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        row.name: row
        for row in (
            _plain((_TEXT,), Number(whole=True, minimum=0), text.words),
            _plain((_TEXT,), Number(whole=True, minimum=0), text.sentences),
            _plain((_TEXT,), Number(minimum=0), text.lix),
            _plain((_TEXT,), Number(whole=True, minimum=0), text.length),
            _plain((_TEXT, ("word", Text())), Boolean(), text.has_word),
            _plain((_FOUND,), Detections(), hard),
            _plain((_FOUND,), Detections(), strong),
            _plain((_FOUND,), Detections(), weak),
        )
    }
)
