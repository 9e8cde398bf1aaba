"""Which language to speak: the one asked for, or the one of the person's surroundings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from somepolicy.cli.problems import Unusable
from somepolicy.cli.speech import wished
from somepolicy.languages import stand_ins
from somepolicy.texts.catalogue import languages

if TYPE_CHECKING:
    from somepolicy.engine.compiled_policy import CompiledPolicy
    from somepolicy.ir import Program


def choose_language(
    asked: str | None, policy: Program | CompiledPolicy, environ: Mapping[str, str]
) -> str:
    """Return the language to speak: one of the policy, or one that somepolicy has words in.

    Where the policy lacks it, its texts are shown in the nearest that it has. Without one asked
    for it is that of LC_ALL, LC_MESSAGES or LANG (the first that is set) where the policy has it
    or, of bokmål and nynorsk, the other; else English, else the policy's first. Raises Unusable
    for one asked for that neither has.
    """
    if asked is not None:
        known = tuple(dict.fromkeys((*policy.languages, *languages())))
        if not any(each in known for each in stand_ins(asked)):
            raise Unusable(
                f"somepolicy: the policy {policy.name} has no messages in `{asked}`; "
                f"the languages are {', '.join(known)}"
            )
        return asked
    return next(
        (each for each in wished(environ) if _spoken(each, policy.languages)),
        policy.languages[0],
    )


def _spoken(language: str, has: tuple[str, ...]) -> bool:
    """Whether a policy has a language, or there are words in it and the policy has its like."""
    like = any(each in has for each in stand_ins(language))
    return language in has or (like and language in languages())


def log_language(asked: str | None, environ: Mapping[str, str]) -> str:
    """Return the language asked for, else that of the surroundings, else English.

    Raises Unusable where there are no texts in the one asked for.
    """
    if asked is None:
        return next(each for each in wished(environ) if each in languages())
    if asked not in languages():
        known = ", ".join(languages())
        raise Unusable(f"somepolicy: there are no words in `{asked}`, but in {known}")
    return asked
