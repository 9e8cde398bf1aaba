"""What runs where an expression calls a function. A process that only decides needs no more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from somepolicy.functions import text
from somepolicy.functions.detection import hard, outcomes, strong, weak
from somepolicy.functions.no import (
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
from somepolicy.functions.no.everywhere import everywhere
from somepolicy.functions.no.numbers import groups_of
from somepolicy.functions.no.prepare import Prepared, prepare
from somepolicy.lexicon import Lexicon

Code = Callable[..., Any]


class Implementation(NamedTuple):
    """How a function runs. `make`, given the word lists named in `lists`, returns the code to call.

    A function with `prepare` gets what that makes of its text, which is worked out once per
    text and document (one that measures takes the text that detectors see as well), and a
    `dated` one the day of the decision after its other arguments.
    `trigger_groups` names the groups of its one list without whose phrases a text needs no look.
    `may` is a quick test whether there may be something to find: where it is false of a text,
    it is false of each of its lines.
    """

    name: str
    make: Callable[..., Code]
    lists: tuple[str, ...] = ()
    prepare: Callable[..., object] | None = None
    dated: bool = False
    trigger_groups: tuple[str, ...] = ()
    may: Callable[[Prepared], bool] | None = None


def _has_digits(text: Prepared) -> bool:
    return bool(groups_of(text))


def _has_at(text: Prepared) -> bool:
    return "@" in text.text


def _plain(code: Code) -> Implementation:
    """Return a function that needs nothing but its arguments."""
    return Implementation(code.__name__, lambda: code)


def _measured(code: Code) -> Implementation:
    """Return a function of the words and sentences of a text."""
    return _plain(code)._replace(prepare=text.measure)


def _with_list(code: Code) -> Callable[[Lexicon], Code]:
    """Give a detector of numbers that takes its word list as second argument that list."""
    return lambda words: everywhere(lambda text, *others: code(text, words, *others))


def _listed(code: Code, words: str, *, dated: bool = False) -> Implementation:
    """Return a detector of numbers that takes its word list as second argument."""
    return Implementation(
        code.__name__, _with_list(code), (words,), prepare, dated, may=_has_digits
    )


def _made(
    name: str, make: Callable[[Lexicon], Code], words: str, *trigger_groups: str
) -> Implementation:
    """Return a detector that is made for its word list."""
    return Implementation(name, make, (words,), prepare, trigger_groups=trigger_groups)


IMPLEMENTATIONS: Mapping[str, Implementation] = MappingProxyType(
    {
        each.name: each
        for each in (
            _measured(text.words),
            _measured(text.sentences),
            _measured(text.lix),
            _plain(text.length),
            _plain(text.has_word),
            _plain(hard),
            _plain(strong),
            _plain(weak),
            _plain(outcomes),
            _plain(identity.identity_numbers)._replace(
                prepare=prepare, dated=True, may=_has_digits
            ),
            _listed(accounts.bank_accounts, "accounts", dated=True),
            _listed(accounts.kids, "accounts"),
            _listed(accounts.organisation_numbers, "accounts"),
            Implementation(
                "ibans", lambda: everywhere(accounts.ibans), prepare=prepare, may=_has_digits
            ),
            _listed(accounts.payment_cards, "accounts"),
            _listed(contacts.telephones, "contacts"),
            _listed(contacts.emails, "contacts")._replace(may=_has_at),
            _made(
                "case_numbers",
                lambda words: everywhere(case_numbers.make_case_numbers(words)),
                "case_numbers",
            )._replace(may=_has_digits),
            _made(
                "case_phrases",
                case_phrases.make_case_phrases,
                "case_phrases",
                *case_phrases.TELLING,
            ),
            _made("sensitive_terms", sensitive.make_sensitive_terms, "sensitive", *sensitive.TERMS),
            _made("impersonation", voice.make_impersonation, "voice", *voice.CLAIMS),
            _made("disclaimers", voice.make_disclaimers, "voice", *voice.OWN_VIEWS),
            _made("tone_signals", tone.make_tone_signals, "tone"),
            _made("credit_lines", media_text.make_credit_lines, "media_text"),
            _made(
                "alt_text_problems",
                media_text.make_alt_text_problems,
                "media_text",
                *media_text.NEEDLESS,
            )._replace(prepare=None),
            _made("own_link", links.make_own_link, "links")._replace(prepare=None),
            _made("language_of", language.make_language_of, "language"),
        )
    }
)
