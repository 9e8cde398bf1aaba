"""The one table of functions: it feeds the checker, the code generator and the reference page.

A function is pure and total on present arguments; with an absent argument its call is
unknown and its code does not run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from somepolicy.functions import text
from somepolicy.functions.detection import hard, outcomes, strong, weak
from somepolicy.functions.implementations import IMPLEMENTATIONS, Code
from somepolicy.ir.types import Boolean, Detections, Enumeration, Number, Text, Type

Parameter = tuple[str, Type]


class Function(NamedTuple):
    """One row; `lists`, `prepare` and `dated` are those of its implementation."""

    name: str
    parameters: tuple[Parameter, ...]
    result: Type
    doc: str
    lists: tuple[str, ...]
    prepare: Callable[..., object] | None
    dated: bool

    @property
    def searches(self) -> bool:
        """Whether it finds something in a text that is prepared for it."""
        return self.prepare is not None and isinstance(self.result, Detections)

    @property
    def signature(self) -> str:
        """`has_word(text: text, word: text) -> boolean`."""
        inner = ", ".join(f"{name}: {kind}" for name, kind in self.parameters)
        return f"{self.name}({inner}) -> {self.result}".replace("`", "")


def _function(name: str, parameters: tuple[Parameter, ...], result: Type, doc: str) -> Function:
    runs = IMPLEMENTATIONS[name]
    return Function(name, parameters, result, doc, runs.lists, runs.prepare, runs.dated)


def _plain(parameters: tuple[Parameter, ...], result: Type, code: Code) -> Function:
    """Make a row of a function whose code says what it does."""
    doc = " ".join((code.__doc__ or "").split("\n\n")[0].split())
    return _function(code.__name__, parameters, result, doc)


def _detector(name: str, doc: str, *options: Parameter) -> Function:
    """Make a row of a detector: a text in, detections out."""
    return _function(name, (_TEXT, *options), Detections(), doc)


_TEXT = ("text", Text())
_FOUND = ("found", Detections())
_SITES = Enumeration(("own", "foreign", "unknown"))
_WRITTEN = Enumeration(("nb", "nn", "unknown"))

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
            _plain((_FOUND,), Detections(), outcomes),
            _detector(
                "identity_numbers",
                "Find national identity numbers; `synthetic`: test numbers count as real.",
                ("synthetic", Boolean()),
            ),
            _detector(
                "bank_accounts",
                "Find bank account numbers that are grouped as such or follow a word for one.",
            ),
            _detector("kids", "Find payment references."),
            _detector("organisation_numbers", "Find organisation numbers, which are public."),
            _detector("ibans", "Find international account numbers."),
            _detector("payment_cards", "Find payment card numbers."),
            _detector("telephones", "Find telephone numbers that are not the municipality's own."),
            _detector("emails", "Find e-mail addresses that are not role mailboxes."),
            _detector("case_numbers", "Find case and journal numbers."),
            _detector("case_phrases", "Find words that handle somebody's case."),
            _detector(
                "sensitive_terms",
                "Find words on health, child welfare or benefits beside a person.",
            ),
            _detector("impersonation", "Find words that speak for the municipality."),
            _detector("disclaimers", "Find words that say the views are one's own."),
            _detector("tone_signals", "Find shouting: capitals and marks."),
            _detector("credit_lines", "Find lines that credit a maker."),
            _function(
                "alt_text_problems",
                (("alt", Text()), ("body", Text())),
                Detections(),
                "Find what makes an alternative text poor.",
            ),
            _function(
                "own_link",
                (("link", Text()),),
                _SITES,
                "Say whether a link leads to the municipality's own site.",
            ),
            _function(
                "language_of",
                (_TEXT,),
                _WRITTEN,
                "Say whether a text is bokmål or nynorsk; unknown for a short or other text.",
            ),
        )
    }
)
