"""A machine kept as bytes, or as Python text: what a start needs not work out again.

The text is for a wheel, which serves every Python; the bytes are for this Python alone. Both
hold code that is run, so who loads them answers for where they come from.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING

from somepolicy.functions.lexicon import Lexicon
from somepolicy.garbage import without_collection
from somepolicy.runtime import cards
from somepolicy.runtime.machine import Loaded, Machine, Wholes

if TYPE_CHECKING:
    from somepolicy.runtime.compiling import Compiled

_FORMAT = 2
_MOST_RULES = 2_000  # of a larger policy what runs where something breaks is not kept
_PARTS = ("executable", "screens", "wholes")


@dataclass(frozen=True)
class Artefact:
    """A machine and the names of the files of the policy it was made from."""

    machine: Machine
    files: tuple[str, ...]


def to_bytes(made: Compiled, files: Sequence[str]) -> bytes:
    """Write out a compiled policy for this Python."""
    from somepolicy.runtime.compiling import compiled  # noqa: PLC0415 - only who compiles needs it

    with without_collection():
        executable = compile(repr(made.executable), "executable", "eval", dont_inherit=True)
        screens = [compiled(each) for each in made.screens.files]
        kept = made.everything() if len(made.executable.rules) <= _MOST_RULES else ()
        # what only some decisions need is kept apart, to be read when it is needed
        wholes = marshal.dumps([compiled(each) for each in kept])
    return marshal.dumps((_FORMAT, tuple(files), executable, screens, wholes))


def from_bytes(raw: bytes, otherwise: Callable[[], Wholes]) -> Artefact | None:
    """Read what `to_bytes` wrote; None where it is of another form.

    `otherwise` compiles the policy anew, where its code was too large to be kept.
    """
    try:
        with without_collection():
            form, files, executable, screens, wholes = marshal.loads(raw)  # noqa: S302 - the caller trusts it
        if form != _FORMAT:
            return None
    except (EOFError, ValueError, TypeError):
        return None

    anew = cache(otherwise)

    def broken(name: str) -> Sequence[CodeType]:
        codes: list[CodeType] = marshal.loads(wholes)  # noqa: S302 - as above
        return codes or anew()(name)

    with without_collection():
        made = eval(executable, _names())  # noqa: S307 - what `repr` of the cards wrote
        return Artefact(Machine(made, Loaded(made.name, screens, broken)), files)


def to_modules(made: Compiled, files: Sequence[str]) -> Mapping[str, str]:
    """Write out a compiled policy as the text of Python modules, by file name."""
    import ast  # noqa: PLC0415 - only who builds a wheel needs it

    parts = {
        "executable": f"files = {tuple(files)!r}\n\nmade = {made.executable!r}\n",
        "screens": "\n\n".join(ast.unparse(each.tree) for each in made.screens.files),
        "wholes": "\n\n".join(ast.unparse(each.tree) for each in made.everything()),
    }
    return {f"{name}.py": f'"""Generated from the policy."""\n\n{parts[name]}' for name in _PARTS}


def from_modules(folder: Path) -> Artefact | None:
    """Read the modules of a folder; None where there are none."""
    try:
        executable, screens = (_code_of(folder, name) for name in _PARTS[:2])
    except OSError:
        return None
    names = _names()
    exec(executable, names)  # noqa: S102 - installed with the package
    files, made = names["files"], names["made"]
    assert isinstance(files, tuple)
    assert isinstance(made, cards.Executable)
    loaded = Loaded(made.name, [screens], lambda _: [_code_of(folder, _PARTS[2])])
    return Artefact(Machine(made, loaded), files)


def _code_of(folder: Path, name: str) -> CodeType:
    """Compile a module, or take what Python has kept of it, without importing it."""
    module = f"somepolicy.compiled.{name}"
    code: CodeType | None = SourceFileLoader(module, str(folder / f"{name}.py")).get_code(module)
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
