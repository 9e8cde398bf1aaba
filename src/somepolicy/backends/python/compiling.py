"""A checked program -> a machine: lowered, generated, compiled."""

from __future__ import annotations

import ast
import linecache
from dataclasses import dataclass
from types import CodeType

from somepolicy import ir as p
from somepolicy.backends.python.lowering import lower
from somepolicy.backends.python.rules import (
    Generated,
    WholeCode,
    generate_screens,
)
from somepolicy.engine.compiled_policy import Executable
from somepolicy.engine.days import days_of
from somepolicy.engine.engine import Codes, Loaded, Machine, Wholes
from somepolicy.gc_pause import without_collection
from somepolicy.syntax.source import Source


@dataclass(frozen=True)
class Compiled:
    """What a program is compiled to: its cards, and the code that every decision runs.

    The syntax trees of the code are many times larger than the code: they are made anew where
    they are asked for.
    """

    program: p.Program
    executable: Executable
    codes: Codes

    def machine(self) -> Machine:
        """Return the policy ready to decide; what runs where something breaks is made then."""
        with without_collection():
            wholes = made_when_needed(WholeCode(self.program))
            made = self.executable
            days = days_of(made.time_zone)
            return Machine(made, Loaded(made.name, self.codes, wholes, days))

    def screens(self) -> tuple[Generated, ...]:
        """Return the code that every decision runs."""
        with without_collection():
            return generate_screens(self.program).files

    def everything(self) -> tuple[Generated, ...]:
        """Return the code that runs where something breaks, of all rules."""
        with without_collection():
            return WholeCode(self.program).everything()

    def python(self) -> str:
        """Return the generated code as text, file by file, the same at every run."""
        return "\n\n".join(
            f"# {each.source.path}\n{ast.unparse(each.tree)}"
            for each in (*self.screens(), *self.everything())
        )


def compile_program(program: p.Program) -> Compiled:
    """Lower the program and generate its code."""
    with without_collection():
        screens = generate_screens(program)
        codes = [compiled(each) for each in screens.files]
        return Compiled(program, lower(program, screens.layouts), codes)


def made_when_needed(code: WholeCode) -> Wholes:
    """Return what makes the code that runs where something breaks, when it is asked for."""
    shown: set[Source] = set()

    def made(name: str) -> Codes:  # asked by one thread at a time
        with without_collection():
            return [compiled(each, shown) for each in code.of(name)]

    return made


def compiled(each: Generated, shown: set[Source] | None = None) -> CodeType:
    """Return the code object of one file, whose lines Python's own traceback can then show.

    A source that is among those `shown` already is not taken apart into its lines again.
    """
    source = each.source
    if shown is None or source not in shown:
        text = source.text
        linecache.cache[source.path] = (len(text), None, text.splitlines(True), source.path)
        if shown is not None:
            shown.add(source)
    return compile(each.tree, source.path, "exec", dont_inherit=True)
