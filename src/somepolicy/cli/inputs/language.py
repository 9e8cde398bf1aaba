"""Which language to speak: the one asked for, or the one of the person's surroundings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from somepolicy.cli.problems import Unusable
from somepolicy.engine.compiled_policy import CompiledPolicy
from somepolicy.languages import stand_ins
from somepolicy.texts.catalogue import ENGLISH, languages

if TYPE_CHECKING:
    from somepolicy.engine.compiled_policy import CompiledPolicy
    from somepolicy.ir import Program

_LOCALE = re.compile(r"([a-z]{2,3})(?:_([a-z]{2}))?(?:[_.@-]|$)", re.IGNORECASE)


def choose_language(
    asked: str | None, policy: Program | CompiledPolicy, environ: Mapping[str, str]
) -> str:
    """Return a language of the policy.

    Without one asked for it is that of LC_ALL, LC_MESSAGES or LANG (the first that is set), of
    bokmål and nynorsk the other where it has only that, else English, else the policy's first.
    Raises Unusable where the policy lacks the one asked for.
    """
    if asked is not None:
        if asked not in policy.languages:
            known = ", ".join(policy.languages)
            raise Unusable(
                f"somepolicy: the policy {policy.name} has no messages in `{asked}`; "
                f"its languages are {known}"
            )
        return asked
    return next(
        (each for each in _wished(environ) if each in policy.languages), policy.languages[0]
    )


def log_language(asked: str | None, environ: Mapping[str, str]) -> str:
    """Return the language asked for, else that of the surroundings, else English.

    Raises Unusable where there are no texts in the one asked for.
    """
    if asked is None:
        return next(each for each in _wished(environ) if each in languages())
    if asked not in languages():
        known = ", ".join(languages())
        raise Unusable(f"somepolicy: there are no words in `{asked}`, but in {known}")
    return asked


def _wished(environ: Mapping[str, str]) -> tuple[str, ...]:
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((environ[name] for name in names if environ.get(name)), "")
    found = _LOCALE.match(locale)
    if found is None:
        return (ENGLISH,)
    language, region = found[1].lower(), found[2]
    exact = f"{language}-{region.upper()}" if region else language
    return (exact, *stand_ins(language), ENGLISH)
