"""Which language to speak: the one asked for, or the one of the person's surroundings."""

from __future__ import annotations

import re
from collections.abc import Mapping

from somepolicy.cli.problems import Unusable
from somepolicy.engine.compiled_policy import Executable
from somepolicy.ir import Program
from somepolicy.texts.catalogue import languages

_NORWEGIAN = re.compile(r"(nb|nn|no)([_.@-]|$)")


def choose_language(
    asked: str | None, policy: Program | Executable, environ: Mapping[str, str]
) -> str:
    """Return a language of the policy.

    Without one asked for it is Norwegian where LC_ALL, LC_MESSAGES or LANG (the first that is
    set) says so, else English, else the policy's first. Raises Unusable where the policy lacks
    the one asked for.
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
    """Return the language asked for, else the Norwegian of the surroundings, else English.

    Raises Unusable where there are no texts in the one asked for.
    """
    if asked is None:
        return _wished(environ)[0]
    if asked not in languages():
        known = ", ".join(languages())
        raise Unusable(f"somepolicy: there are no words in `{asked}`, but in {known}")
    return asked


def _wished(environ: Mapping[str, str]) -> tuple[str, ...]:
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((environ[name] for name in names if environ.get(name)), "")
    norwegian = _NORWEGIAN.match(locale.lower())
    if norwegian is None:
        return ("en",)
    return ("nn", "nb", "en") if norwegian[1] == "nn" else ("nb", "nn", "en")
