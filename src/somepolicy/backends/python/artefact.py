"""An evaluator kept as bytes, or as Python text: what a start needs not work out again.

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

from somepolicy.engine import compiled_policy as descriptors
from somepolicy.engine.days import days_of
from somepolicy.engine.evaluator import Codes, CodeUnit, Evaluator, FullCodes
from somepolicy.gc_pause import without_collection
from somepolicy.lexicon import Lexicon
from somepolicy.zones import engine_of

if TYPE_CHECKING:
    from somepolicy.backends.python.compiling import Compiled

_FORMAT = 5
_MOST_RULES = 500  # of a policy that is kept as code
_PARTS = ("descriptors", "fast_path", "full_code")


class Artefact(NamedTuple):
    """An evaluator and the names of the files of the policy it was made from."""

    evaluator: Evaluator
    files: tuple[str, ...]


def to_bytes(made: Compiled, files: Sequence[str]) -> bytes:
    """Write out a compiled policy for this Python."""
    large = len(made.compiled.rules) > _MOST_RULES
    with without_collection():
        parts = _as_data(made) if large else _as_code(made)
        return marshal.dumps((_FORMAT, tuple(files), list(made.codes), large, *parts))


def _as_code(made: Compiled) -> tuple[CodeType, bytes]:
    """Return what `repr` writes of the descriptors, and the code for what breaks."""
    from somepolicy.backends.python.compiling import compiled  # noqa: PLC0415 - only who compiles needs it

    written = compile(repr(made.compiled), "compiled", "eval", dont_inherit=True)
    return written, marshal.dumps([compiled(each) for each in made.everything()])


def _as_data(made: Compiled) -> tuple[bytes, bytes]:
    """Return the descriptors, and the rules to make the code from for what breaks."""
    import pickle  # noqa: PLC0415 - only a large policy needs it

    from somepolicy.backends.python.rule_store import rule_store  # noqa: PLC0415 - as above

    return pickle.dumps(made.compiled, pickle.HIGHEST_PROTOCOL), rule_store(made.program)


def from_bytes(raw: bytes) -> Artefact | None:
    """Read what `to_bytes` wrote; None where it is of another form or engine."""
    try:
        with without_collection():
            form, files, fast_codes, large, compiled, full_codes = marshal.loads(raw)  # noqa: S302 - the caller trusts it
        if form != _FORMAT:
            return None
    except (EOFError, ValueError, TypeError):
        return None
    with without_collection():
        made, when_needed = (_from_data if large else _from_code)(compiled, full_codes)
        return _artefact(made, fast_codes, when_needed, files)


def _artefact(
    made: descriptors.CompiledPolicy,
    fast_codes: Codes,
    full_codes: FullCodes,
    files: tuple[str, ...],
) -> Artefact | None:
    """Return the evaluator; None where another engine, or other time zones, compiled it."""
    if made.engine != engine_of(made.time_zone):
        return None
    code = CodeUnit(made.name, fast_codes, full_codes, days_of(made.time_zone))
    return Artefact(Evaluator(made, code), files)


def _from_code(
    compiled: CodeType, full_codes: bytes
) -> tuple[descriptors.CompiledPolicy, FullCodes]:
    made = eval(compiled, _names())  # noqa: S307 - what `repr` of the descriptors wrote
    return made, lambda _: marshal.loads(full_codes)  # noqa: S302 - as above


def _from_data(compiled: bytes, full_codes: bytes) -> tuple[descriptors.CompiledPolicy, FullCodes]:
    import pickle  # noqa: PLC0415 - only a large policy needs it

    @cache
    def code() -> FullCodes:
        from somepolicy.backends.python.compiling import made_when_needed  # noqa: PLC0415 - heavy
        from somepolicy.backends.python.rule_store import full_code  # noqa: PLC0415 - heavy

        return made_when_needed(full_code(full_codes))

    def when_needed(name: str) -> Codes:
        return code()(name)

    return pickle.loads(compiled), when_needed  # noqa: S301 - as above


def to_modules(made: Compiled, files: Sequence[str]) -> Mapping[str, str]:
    """Write out a compiled policy as the text of Python modules, by file name."""
    import ast  # noqa: PLC0415 - only who builds a wheel needs it

    parts = {
        "descriptors": f"files = {tuple(files)!r}\n\nmade = {made.compiled!r}\n",
        "fast_path": "\n\n".join(ast.unparse(each.tree) for each in made.fast_path()),
        "full_code": "\n\n".join(ast.unparse(each.tree) for each in made.everything()),
    }
    return {f"{name}.py": f'"""Generated from the policy."""\n\n{parts[name]}' for name in _PARTS}


def from_modules(folder: str | PathLike[str]) -> Artefact | None:
    """Read the modules of a folder; None where there are none, or of another engine."""
    try:
        compiled, fast_codes = (_code_of(folder, name) for name in _PARTS[:2])
    except OSError:
        return None
    names = _names()
    exec(compiled, names)  # noqa: S102 - installed with the package
    files, made = names["files"], names["made"]
    assert isinstance(files, tuple)
    assert isinstance(made, descriptors.CompiledPolicy)
    return _artefact(made, [fast_codes], lambda _: [_code_of(folder, _PARTS[2])], files)


def _code_of(folder: str | PathLike[str], name: str) -> CodeType:
    """Compile a module, or take what Python has kept of it, without importing it."""
    module = f"somepolicy.compiled.{name}"
    code: CodeType | None = SourceFileLoader(module, f"{folder}/{name}.py").get_code(module)
    if code is None:
        raise FileNotFoundError(name)
    return code


def _names() -> dict[str, object]:
    """Return the names that `repr` of the descriptors uses, and no built-in function."""
    import datetime  # noqa: PLC0415 - `repr` of a date names its module

    return {
        "__builtins__": {},
        "Lexicon": Lexicon,
        "datetime": datetime,
        **{
            name: getattr(descriptors, name)
            for name in dir(descriptors)
            if name.endswith(("Descriptor", "Shown"))
        },
        "CompiledPolicy": descriptors.CompiledPolicy,
    }
