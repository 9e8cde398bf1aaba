"""The one table of functions: it feeds the checker, both evaluators and the reference page.

A function is pure and total on present arguments; with an absent argument its call is
unknown and the code here does not run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from somepolicy.functions import text
from somepolicy.functions.detection import hard, strong, weak
from somepolicy.functions.detectors import (
    accounts,
    case_numbers,
    case_phrases,
    contacts,
    identity,
    language,
    links,
    media_text,
    sensitive,
    tone,
    voice,
)
from somepolicy.functions.detectors.prepare import prepare
from somepolicy.functions.lexicon import Lexicon
from somepolicy.types import Boolean, Detections, Enumeration, Number, Text, Type

Code = Callable[..., Any]


class Function(NamedTuple):
    """One row. `make`, given the word lists named in `lists`, returns the code to call.

    A function with `prepare` gets what that makes of its text, which is worked out once per
    text and document, and a `dated` one the day of the decision after its other arguments.
    """

    name: str
    parameters: tuple[tuple[str, Type], ...]
    result: Type
    doc: str
    make: Callable[..., Code]
    lists: tuple[str, ...] = ()
    prepare: Callable[[str], object] | None = None
    dated: bool = False

    @property
    def signature(self) -> str:
        """`has_word(text: text, word: text) -> boolean`."""
        inner = ", ".join(f"{name}: {kind}" for name, kind in self.parameters)
        return f"{self.name}({inner}) -> {self.result}".replace("`", "")


def _plain(parameters: tuple[tuple[str, Type], ...], result: Type, code: Code) -> Function:
    """Make a row of a function that needs nothing but its arguments."""
    doc = " ".join((code.__doc__ or "").split("\n\n")[0].split())
    return Function(code.__name__, parameters, result, doc, lambda: code)


def _measured(result: Type, code: Code) -> Function:
    """Make a row of a function of the words and sentences of a text."""
    return _plain((_TEXT,), result, code)._replace(prepare=text.measure)


def _detector(
    name: str,
    doc: str,
    make: Callable[..., Code],
    *lists: str,
    options: tuple[tuple[str, Type], ...] = (),
    dated: bool = False,
) -> Function:
    """Make a row of a detector: a prepared text in, detections out."""
    return Function(
        name, (_TEXT, *options), Detections(), doc, make, lists, prepare=prepare, dated=dated
    )


def _with_list(code: Code) -> Callable[[Lexicon], Code]:
    """Give a detector that takes its word list as second argument that list."""
    return lambda words: lambda text, *others: code(text, words, *others)


_TEXT = ("text", Text())
_FOUND = ("found", Detections())
_SITES = Enumeration(("own", "foreign", "unknown"))
_WRITTEN = Enumeration(("nb", "nn", "unknown"))

FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        row.name: row
        for row in (
            _measured(Number(whole=True, minimum=0), text.words),
            _measured(Number(whole=True, minimum=0), text.sentences),
            _measured(Number(minimum=0), text.lix),
            _plain((_TEXT,), Number(whole=True, minimum=0), text.length),
            _plain((_TEXT, ("word", Text())), Boolean(), text.has_word),
            _plain((_FOUND,), Detections(), hard),
            _plain((_FOUND,), Detections(), strong),
            _plain((_FOUND,), Detections(), weak),
            _detector(
                "identity_numbers",
                "Find national identity numbers; `synthetic`: test numbers count as real.",
                lambda: identity.identity_numbers,
                options=(("synthetic", Boolean()),),
                dated=True,
            ),
            _detector(
                "bank_accounts",
                "Find bank account numbers that are grouped as such or follow a word for one.",
                _with_list(accounts.bank_accounts),
                "accounts",
                dated=True,
            ),
            _detector("kids", "Find payment references.", _with_list(accounts.kids), "accounts"),
            _detector(
                "organisation_numbers",
                "Find organisation numbers, which are public.",
                _with_list(accounts.organisation_numbers),
                "accounts",
            ),
            _detector("ibans", "Find international account numbers.", lambda: accounts.ibans),
            _detector(
                "payment_cards",
                "Find payment card numbers.",
                _with_list(accounts.payment_cards),
                "accounts",
            ),
            _detector(
                "telephones",
                "Find telephone numbers that are not the municipality's own.",
                _with_list(contacts.telephones),
                "contacts",
            ),
            _detector(
                "emails",
                "Find e-mail addresses that are not role mailboxes.",
                _with_list(contacts.emails),
                "contacts",
            ),
            _detector(
                "case_numbers",
                "Find case and journal numbers.",
                case_numbers.make_case_numbers,
                "case_numbers",
            ),
            _detector(
                "case_phrases",
                "Find words that handle somebody's case.",
                case_phrases.make_case_phrases,
                "case_phrases",
            ),
            _detector(
                "sensitive_terms",
                "Find words on health, child welfare or benefits beside a person.",
                sensitive.make_sensitive_terms,
                "sensitive",
            ),
            _detector(
                "impersonation",
                "Find words that speak for the municipality.",
                voice.make_impersonation,
                "voice",
            ),
            _detector(
                "disclaimers",
                "Find words that say the views are one's own.",
                voice.make_disclaimers,
                "voice",
            ),
            _detector(
                "tone_signals", "Find shouting: capitals and marks.", tone.make_tone_signals, "tone"
            ),
            _detector(
                "credit_lines",
                "Find lines that credit a maker.",
                media_text.make_credit_lines,
                "media_text",
            ),
            Function(
                "alt_text_problems",
                (("alt", Text()), ("body", Text())),
                Detections(),
                "Find what makes an alternative text poor.",
                media_text.make_alt_text_problems,
                ("media_text",),
            ),
            Function(
                "own_link",
                (("link", Text()),),
                _SITES,
                "Say whether a link leads to the municipality's own site.",
                links.make_own_link,
                ("links",),
            ),
            Function(
                "language_of",
                (_TEXT,),
                _WRITTEN,
                "Say whether a text is bokmål or nynorsk; unknown for a short or other text.",
                language.make_language_of,
                ("language",),
                prepare=prepare,
            ),
        )
    }
)
