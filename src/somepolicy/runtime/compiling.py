"""A checked program -> a machine: lowered, generated, compiled."""

from __future__ import annotations

import ast
import linecache
from dataclasses import dataclass
from types import CodeType

from somepolicy.garbage import without_collection
from somepolicy.runtime.cards import Executable
from somepolicy.runtime.codegen.rules import (
    Generated,
    ScreenCode,
    WholeCode,
    generate_screens,
)
from somepolicy.runtime.lowering import lower
from somepolicy.runtime.machine import Codes, Loaded, Machine, Wholes
from somepolicy.semantics import program as p


@dataclass(frozen=True)
class Compiled:
    """What a program is compiled to: its cards, and its code as syntax trees."""

    program: p.Program
    executable: Executable
    screens: ScreenCode

    def machine(self) -> Machine:
        """Return the policy ready to decide; what runs where something breaks is made then."""
        with without_collection():
            screens = [compiled(each) for each in self.screens.files]
            loaded = Loaded(self.executable.name, screens, self.wholes())
            return Machine(self.executable, loaded)

    def wholes(self) -> Wholes:
        """Return what makes the code that runs where something breaks, when it is asked for."""
        code = WholeCode(self.program)

        def made(name: str) -> Codes:  # asked by one thread at a time
            with without_collection():
                return [compiled(each) for each in code.of(name)]

        return made

    def everything(self) -> tuple[Generated, ...]:
        """Return the code that runs where something breaks, of all rules."""
        with without_collection():
            return WholeCode(self.program).everything()

    def python(self) -> str:
        """Return the generated code as text, file by file, the same at every run."""
        return "\n\n".join(
            f"# {each.source.path}\n{ast.unparse(each.tree)}"
            for each in (*self.screens.files, *self.everything())
        )


def compile_program(program: p.Program) -> Compiled:
    """Lower the program and generate its code."""
    with without_collection():
        screens = generate_screens(program)
        return Compiled(program, lower(program, screens.layouts), screens)


def compiled(each: Generated) -> CodeType:
    """Return the code object of one file, whose lines Python's own traceback can then show."""
    text, path = each.source.text, each.source.path
    linecache.cache[path] = (len(text), None, text.splitlines(True), path)
    return compile(each.tree, path, "exec", dont_inherit=True)
