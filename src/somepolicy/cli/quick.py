"""The common form of `eval`, read without the library that reads command lines.

That library takes longer to load than a decision takes from start to end. What is not plainly
`eval FILE…`, with a policy, a language or a form beside it, is left to it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from somepolicy.cli.speech import speak

_OPTIONS = frozenset({"--policy", "--lang", "--format"})
_FORMATS = ("text", "json", "ndjson")


def quick(arguments: Sequence[str]) -> Callable[[], int] | None:
    """Return what runs the command; None where its line has to be read by the library."""
    if arguments[:1] != ["eval"] or any(name.endswith("_COMPLETE") for name in os.environ):
        return None
    files: list[str] = []
    options: dict[str, str] = {}
    rest = iter(arguments[1:])
    for each in rest:
        value = next(rest, "-") if each in _OPTIONS else each
        if not value.isprintable() or (value.startswith("-") and each != "-"):
            return None
        if each in _OPTIONS:
            options[each] = value
        else:
            files.append(value)
    form = options.get("--format")
    if not files or form not in (None, *_FORMATS):
        return None

    def run() -> int:
        from somepolicy.cli.workflows.evaluation import (  # noqa: PLC0415 - only when it is run
            Asked,
            Format,
            evaluate,
        )

        chosen = None if form is None else Format(form)
        policy, language = options.get("--policy"), options.get("--lang")
        speak(language)
        return evaluate(Asked(files, policy, format=chosen, lang=language))

    return run
