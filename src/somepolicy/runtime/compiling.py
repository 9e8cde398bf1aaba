"""A checked program -> a machine: lowered, generated, compiled."""

from __future__ import annotations

import ast
import linecache
from dataclasses import dataclass
from types import CodeType

from somepolicy.runtime.cards import Executable
from somepolicy.runtime.codegen.rules import Code, Generated, generate
from somepolicy.runtime.lowering import lower
from somepolicy.runtime.machine import Loaded, Machine
from somepolicy.semantics import program as p


@dataclass(frozen=True)
class Compiled:
    """What a program is compiled to: its cards and its code, still as syntax trees."""

    executable: Executable
    code: Code

    def machine(self) -> Machine:
        """Return the policy ready to decide."""
        for each in (*self.code.screens, *self.code.wholes):
            _show_in_tracebacks(each)
        screens = [self.compiled(each) for each in self.code.screens]
        wholes = self.code.wholes
        return Machine(
            self.executable,
            Loaded(self.executable.name, screens, lambda: [self.compiled(x) for x in wholes]),
        )

    @staticmethod
    def compiled(each: Generated) -> CodeType:
        """Return the code object of one file."""
        return compile(each.tree, each.source.path, "exec", dont_inherit=True)

    def python(self) -> str:
        """Return the generated code as text, file by file, the same at every run."""
        return "\n\n".join(
            f"# {each.source.path}\n{ast.unparse(each.tree)}"
            for each in (*self.code.screens, *self.code.wholes)
        )


def compile_program(program: p.Program) -> Compiled:
    """Lower the program and generate its code."""
    code = generate(program)
    return Compiled(lower(program, code.layouts), code)


def _show_in_tracebacks(each: Generated) -> None:
    """Let Python's own traceback show the policy's lines."""
    text = each.source.text
    linecache.cache[each.source.path] = (len(text), None, text.splitlines(True), each.source.path)
