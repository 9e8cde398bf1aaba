"""A checked program -> an evaluator: lowered, generated, compiled."""

from __future__ import annotations

import ast
import linecache
from dataclasses import dataclass
from types import CodeType

from somepolicy import ir as p
from somepolicy.backends.python.generation import (
    FullCode,
    Generated,
    generate_fast_path,
)
from somepolicy.backends.python.lowering import lower
from somepolicy.engine.compiled_policy import CompiledPolicy
from somepolicy.engine.days import days_of
from somepolicy.engine.evaluator import Codes, CodeUnit, Evaluator, FullCodes
from somepolicy.gc_pause import without_collection
from somepolicy.syntax.source import Source


@dataclass(frozen=True)
class Compiled:
    """What a program is compiled to: its descriptors, and the code that every decision runs.

    The syntax trees of the code are many times larger than the code: they are made anew where
    they are asked for.
    """

    program: p.Program
    compiled: CompiledPolicy
    codes: Codes

    def evaluator(self) -> Evaluator:
        """Return the policy ready to decide; what runs where something breaks is made then."""
        with without_collection():
            full_codes = made_when_needed(FullCode(self.program))
            made = self.compiled
            days = days_of(made.time_zone)
            return Evaluator(made, CodeUnit(made.name, self.codes, full_codes, days))

    def fast_path(self) -> tuple[Generated, ...]:
        """Return the code that every decision runs."""
        with without_collection():
            return generate_fast_path(self.program).files

    def everything(self) -> tuple[Generated, ...]:
        """Return the code that runs where something breaks, of all rules."""
        with without_collection():
            return FullCode(self.program).everything()

    def python(self) -> str:
        """Return the generated code as text, file by file, the same at every run."""
        return "\n\n".join(
            f"# {each.source.path}\n{ast.unparse(each.tree)}"
            for each in (*self.fast_path(), *self.everything())
        )


def compile_program(program: p.Program) -> Compiled:
    """Lower the program and generate its code."""
    with without_collection():
        fast_codes = generate_fast_path(program)
        codes = [compiled(each) for each in fast_codes.files]
        return Compiled(program, lower(program, fast_codes.layouts), codes)


def made_when_needed(code: FullCode) -> FullCodes:
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
