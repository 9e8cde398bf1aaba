"""A machine kept as bytes, or as Python text: what a start needs not work out again.

The text is for a wheel, which serves every Python; the bytes are for this Python alone. Both
hold code that is run, so who loads them answers for where they come from.

What only some decisions need is kept apart, to be read when it is needed. A policy of many
rules is kept as data instead of code where that is enough: its code takes long to make, and
most of it never runs.
"""

from __future__ import annotations

import marshal
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.machinery import SourceFileLoader
from os import PathLike
from types import CodeType
from typing import TYPE_CHECKING, NamedTuple

from somepolicy.engine import compiled_policy as cards
from somepolicy.engine.days import days_of
from somepolicy.engine.engine import Codes, Loaded, Machine, Wholes
from somepolicy.gc_pause import without_collection
from somepolicy.lexicon import Lexicon
from somepolicy.zones import engine_of

if TYPE_CHECKING:
    from somepolicy.backends.python.compiling import Compiled

_FORMAT = 5
_MOST_RULES = 500  # of a policy that is kept as code
_PARTS = ("executable", "screens", "wholes")


class Artefact(NamedTuple):
    """A machine and the names of the files of the policy it was made from."""

    machine: Machine
    files: tuple[str, ...]


def to_bytes(made: Compiled, files: Sequence[str]) -> bytes:
    """Write out a compiled policy for this Python."""
    large = len(made.executable.rules) > _MOST_RULES
    with without_collection():
        parts = _as_data(made) if large else _as_code(made)
        return marshal.dumps((_FORMAT, tuple(files), list(made.codes), large, *parts))


def _as_code(made: Compiled) -> tuple[CodeType, bytes]:
    """Return what `repr` writes of the cards, and the code for what breaks."""
    from somepolicy.backends.python.compiling import compiled  # noqa: PLC0415 - only who compiles needs it

    executable = compile(repr(made.executable), "executable", "eval", dont_inherit=True)
    return executable, marshal.dumps([compiled(each) for each in made.everything()])


def _as_data(made: Compiled) -> tuple[bytes, bytes]:
    """Return the cards, and the rules to make the code from for what breaks."""
    import pickle  # noqa: PLC0415 - only a large policy needs it

    from somepolicy.backends.python.kept_rules import kept_rules  # noqa: PLC0415 - as above

    return pickle.dumps(made.executable, pickle.HIGHEST_PROTOCOL), kept_rules(made.program)


def from_bytes(raw: bytes) -> Artefact | None:
    """Read what `to_bytes` wrote; None where it is of another form or engine."""
    try:
        with without_collection():
            form, files, screens, large, executable, wholes = marshal.loads(raw)  # noqa: S302 - the caller trusts it
        if form != _FORMAT:
            return None
    except (EOFError, ValueError, TypeError):
        return None
    with without_collection():
        made, broken = (_from_data if large else _from_code)(executable, wholes)
        return _artefact(made, screens, broken, files)


def _artefact(
    made: cards.Executable, screens: Codes, wholes: Wholes, files: tuple[str, ...]
) -> Artefact | None:
    """Return the machine; None where another engine, or other time zones, compiled it."""
    if made.engine != engine_of(made.time_zone):
        return None
    loaded = Loaded(made.name, screens, wholes, days_of(made.time_zone))
    return Artefact(Machine(made, loaded), files)


def _from_code(executable: CodeType, wholes: bytes) -> tuple[cards.Executable, Wholes]:
    made = eval(executable, _names())  # noqa: S307 - what `repr` of the cards wrote
    return made, lambda _: marshal.loads(wholes)  # noqa: S302 - as above


def _from_data(executable: bytes, wholes: bytes) -> tuple[cards.Executable, Wholes]:
    import pickle  # noqa: PLC0415 - only a large policy needs it

    @cache
    def code() -> Wholes:
        from somepolicy.backends.python.compiling import made_when_needed  # noqa: PLC0415 - heavy
        from somepolicy.backends.python.kept_rules import whole_code  # noqa: PLC0415 - heavy

        return made_when_needed(whole_code(wholes))

    def broken(name: str) -> Codes:
        return code()(name)

    return pickle.loads(executable), broken  # noqa: S301 - as above


def to_modules(made: Compiled, files: Sequence[str]) -> Mapping[str, str]:
    """Write out a compiled policy as the text of Python modules, by file name."""
    import ast  # noqa: PLC0415 - only who builds a wheel needs it

    parts = {
        "executable": f"files = {tuple(files)!r}\n\nmade = {made.executable!r}\n",
        "screens": "\n\n".join(ast.unparse(each.tree) for each in made.screens()),
        "wholes": "\n\n".join(ast.unparse(each.tree) for each in made.everything()),
    }
    return {f"{name}.py": f'"""Generated from the policy."""\n\n{parts[name]}' for name in _PARTS}


def from_modules(folder: str | PathLike[str]) -> Artefact | None:
    """Read the modules of a folder; None where there are none, or of another engine."""
    try:
        executable, screens = (_code_of(folder, name) for name in _PARTS[:2])
    except OSError:
        return None
    names = _names()
    exec(executable, names)  # noqa: S102 - installed with the package
    files, made = names["files"], names["made"]
    assert isinstance(files, tuple)
    assert isinstance(made, cards.Executable)
    return _artefact(made, [screens], lambda _: [_code_of(folder, _PARTS[2])], files)


def _code_of(folder: str | PathLike[str], name: str) -> CodeType:
    """Compile a module, or take what Python has kept of it, without importing it."""
    module = f"somepolicy.compiled.{name}"
    code: CodeType | None = SourceFileLoader(module, f"{folder}/{name}.py").get_code(module)
    if code is None:
        raise FileNotFoundError(name)
    return code


def _names() -> dict[str, object]:
    """Return the names that `repr` of the cards uses, and no built-in function."""
    import datetime  # noqa: PLC0415 - `repr` of a date names its module

    return {
        "__builtins__": {},
        "Lexicon": Lexicon,
        "datetime": datetime,
        **{name: getattr(cards, name) for name in dir(cards) if name.endswith(("Card", "Shown"))},
        "Executable": cards.Executable,
    }
