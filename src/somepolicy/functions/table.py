"""The one table of functions: it feeds the checker, both evaluators and the reference page.

A function is pure and total on present arguments; with an absent argument its call is
unknown and the code here does not run. Detectors join this table as further rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from somepolicy.functions import text
from somepolicy.types import Boolean, Number, Text, Type

Value = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Function:
    """One row: `call` takes exactly the parameters, all present."""

    name: str
    parameters: tuple[tuple[str, Type], ...]
    result: Type
    call: Callable[..., Value]

    @property
    def signature(self) -> str:
        """`has_word(text: text, word: text) -> boolean`."""
        inner = ", ".join(f"{name}: {kind}" for name, kind in self.parameters)
        return f"{self.name}({inner}) -> {self.result}"

    @property
    def doc(self) -> str:
        """The first paragraph of the code's own documentation."""
        return " ".join((self.call.__doc__ or "").split("\n\n")[0].split())


_TEXT = ("text", Text())

FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        row.name: row
        for row in (
            Function("words", (_TEXT,), Number(whole=True, minimum=0), text.words),
            Function("sentences", (_TEXT,), Number(whole=True, minimum=0), text.sentences),
            Function("lix", (_TEXT,), Number(minimum=0), text.lix),
            Function("length", (_TEXT,), Number(whole=True, minimum=0), text.length),
            Function("has_word", (_TEXT, ("word", Text())), Boolean(), text.has_word),
        )
    }
)
