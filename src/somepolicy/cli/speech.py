"""Messages of a command in the language of who reads them: one table, where they are shown."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextvars import ContextVar

from somepolicy.errors import TextsError
from somepolicy.languages import stand_ins

ENGLISH = "en"
_LOCALE = re.compile(r"([a-z]{2,3})(?:_([a-z]{2}))?(?:[_.@-]|$)", re.IGNORECASE)
_SPOKEN: ContextVar[tuple[str, ...]] = ContextVar("spoken", default=())
_NAMED = "somepolicy: "


def wished(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the languages of LC_ALL, LC_MESSAGES or LANG, the nearest first; English last."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((environ[name] for name in names if environ.get(name)), "")
    found = _LOCALE.match(locale)
    if found is None:
        return (ENGLISH,)
    language, region = found[1].lower(), found[2]
    exact = f"{language}-{region.upper()}" if region else language
    return (exact, *stand_ins(language), ENGLISH)


def speak(asked: object) -> None:
    """Let what follows be said in the language asked for, else in that of the surroundings."""
    _SPOKEN.set(stand_ins(asked) if isinstance(asked, str) else wished(os.environ))


def speak_english() -> None:
    """Let what follows be said as it is, as by commands for authors."""
    _SPOKEN.set(())


def spoken() -> str:
    """Return the language spoken; English also where the files of texts cannot be used."""
    if not _SPOKEN.get():
        return ENGLISH
    from somepolicy.texts.catalogue import languages  # noqa: PLC0415 - only where something is said

    try:
        return next((each for each in _SPOKEN.get() if each in languages()), ENGLISH)
    except TextsError:
        return ENGLISH


def in_words(message: str) -> str:
    """Return what a command says in English in the language spoken; else as it is."""
    name = _NAMED if message.startswith(_NAMED) else ""
    try:
        return name + translated(message.removeprefix(name), spoken())
    except TextsError:
        return message


def translated(message: str, language: str) -> str:
    """Return what is said in English in a language; what no form fits, as it is."""
    if language == ENGLISH:
        return message
    from somepolicy.texts.catalogue import texts  # noqa: PLC0415 - only where something is said
    from somepolicy.texts.forms import fitting  # noqa: PLC0415 - as above

    words = texts(language)
    for forms in (words.usage.messages, words.eval.errors):
        found = fitting(message, forms)
        if found is not None:
            text, filled = found
            parts = {
                name: translated(part, language) if name == "why" else part
                for name, part in filled.items()
            }
            return text.format(**parts) if parts else text
    return message
