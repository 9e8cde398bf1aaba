"""What a command says when it cannot go on, and the exit code that goes with it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec

from somepolicy.cli.speech import in_words, speak, speak_english
from somepolicy.errors import SomepolicyError, TextsError, WorkerError, internal_error
from somepolicy.file_access import reason
from somepolicy.rendering.plain_text import printable

if TYPE_CHECKING:
    from somepolicy.syntax.diagnostics import PolicyError

P = ParamSpec("P")

GOOD = 0
BAD = 1  # denied, errors in the policy, a failed test
UNUSABLE = 2  # what was asked cannot be done: input, usage, a policy that does not load
INTERRUPTED = 130
BROKEN_PIPE = 141


class Unusable(SomepolicyError):  # noqa: N818 - what the input is, not an error of the program
    """What was asked cannot be done. The message is for the person who asked."""


def guarded(command: Callable[P, int]) -> Callable[P, None]:
    """Make a function that returns its exit code into a command that never ends in a traceback."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        speak(kwargs["lang"]) if "lang" in kwargs else speak_english()
        import typer  # noqa: PLC0415 - to say the version it is not needed

        raise typer.Exit(settled(lambda: command(*args, **kwargs)))

    return run


def say(message: str) -> None:
    """Say something on standard error, after what is still to be written to standard output."""
    sys.stdout.flush()
    sys.stderr.write(f"{printable(in_words(message))}\n")
    sys.stderr.flush()


def settled(command: Callable[[], int]) -> int:
    """Run something to its exit code, and turn what goes wrong into words and a code."""
    try:
        code = command()
        sys.stdout.flush()
    except Unusable as problem:
        return _unusable(str(problem))
    except (TextsError, WorkerError) as problem:
        return _unusable(f"somepolicy: {problem}")
    except _policy_error() as error:
        from somepolicy.syntax.diagnostics import render  # noqa: PLC0415 - the language is heavy

        return _unusable(*(f"{render(each)}\n" for each in error.diagnostics), _not_loaded(error))
    except KeyboardInterrupt:
        _drop_output()
        return INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return BROKEN_PIPE
    except OSError as error:
        _drop_output()
        return _unusable(f"somepolicy: cannot write the output: {reason(error)}")
    except Exception as error:  # noqa: BLE001 - a bug must not show the document in a traceback
        return _unusable(f"somepolicy: {internal_error(error)}")
    return code


def _policy_error() -> type[PolicyError]:
    """Return the class, which is asked for only once something went wrong."""
    from somepolicy.syntax.diagnostics import PolicyError  # noqa: PLC0415 - the language is heavy

    return PolicyError


def _unusable(*messages: str) -> int:
    try:
        for message in messages:
            say(message)
    except OSError:
        _drop_output()
    return UNUSABLE


def _not_loaded(error: PolicyError) -> str:
    count = len(error.diagnostics)
    return f"somepolicy: the policy cannot be used: {count} error{'s' * (count != 1)}"


def _drop_output() -> None:
    """Send what is still buffered nowhere, so that Python's own flush at exit stays quiet."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)
