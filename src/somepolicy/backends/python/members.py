"""A member of the document -> the Python that reads it, and whether a value can be unknown.

What the schema requires is there and is read without asking; of all else each part of the path
may be absent. What a function reads several times it keeps in locals.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import assert_never

from somepolicy import ir as p
from somepolicy.backends.python import code as py
from somepolicy.ir.traversal import children


class Members:
    """Writes how members are read; keeps what is stated once and counts its temporaries.

    `hoisted` names the locals that hold a member (variable, path) in the function being written.
    """

    def __init__(self, program: p.Program, stated: str = "stated") -> None:
        self.program = program
        self._prefix = stated
        self.prologue: list[ast.stmt] = []
        self.hoisted: dict[tuple[str | None, tuple[str, ...]], str] = {}
        self._temporaries = 0
        self._stated: dict[str, str] = {}
        self._known: dict[tuple[str, str], bool] = {}

    def temporary(self) -> str:
        """Return a name that the file has not used yet."""
        self._temporaries += 1
        return f"t{self._temporaries}"

    def stated(self, value: ast.expr) -> ast.expr:
        """Return a name for a value that is worked out once, when the code is loaded."""
        written = ast.unparse(value)
        if written not in self._stated:
            self._stated[written] = f"{self._prefix}_{len(self._stated) + 1}"
            self.prologue.append(py.assign(self._stated[written], value))
        return py.name(self._stated[written])

    def take_prologue(self) -> list[ast.stmt]:
        """Return what has been stated since this was asked last."""
        taken, self.prologue = self.prologue, []
        return taken

    # --- reading

    def raw(self, read: p.Read, steps: int | None = None) -> ast.expr:
        """Return code for the member as it stands in the document, after some of the steps."""
        return self.member(read.variable, read.path[:steps], read.sure)

    def sure(self, read: p.Read, steps: int | None = None) -> bool:
        """Whether the member, after some of the steps, is there in every document."""
        return len(read.path[:steps]) <= read.sure and self._stands(read.variable)

    def _stands(self, variable: str | None) -> bool:
        """Whether a variable is never absent: the document and the element of a loop are not."""
        return variable is None or (variable, ()) in self.hoisted

    def member(self, variable: str | None, path: tuple[str, ...], sure: int = 0) -> ast.expr:
        """Return code for the member at a path below the document or a variable; None: absent.

        The schema requires the first `sure` steps.
        """
        value, known = self._start(variable, path)
        stands = self._stands(variable)
        for index, name in enumerate(path[known:], known):
            certain = stands and index <= sure
            if certain and index < sure:
                value = py.item(value, name)
            elif certain:
                value = py.method(value, "get", py.const(name))
            else:
                kept = self.temporary()
                value = py.either(
                    py.same(py.bind(kept, value), None),
                    py.const(None),
                    py.method(py.name(kept), "get", py.const(name)),
                )
        return value

    def _start(self, variable: str | None, path: tuple[str, ...]) -> tuple[ast.expr, int]:
        """Return code for the longest part of a path that a local already holds, and its steps."""
        for length in range(len(path), -1, -1):
            if local := self.hoisted.get((variable, path[:length])):
                return py.name(local), length
        return py.name("document" if variable is None else f"v_{variable}"), 0

    def _raw_or_default(self, read: p.Read) -> ast.expr:
        value = self.raw(read)
        if not read.has_default:
            return value
        kept = self.temporary()
        default = self._default(read)
        return py.either(py.same(py.bind(kept, value), None), default, py.name(kept))

    def _default(self, read: p.Read) -> ast.expr:
        if isinstance(read.default, bool | int | float | str):
            return py.const(read.default)
        return self.stated(py.literal(read.default))

    def parent_absent(self, read: p.Read) -> ast.expr | None:
        """Return code that tells whether the parent is absent; None where it never is."""
        if self.sure(read, -1):
            return None
        return py.same(self.raw(read, -1), None)

    @contextmanager
    def element(self, variable: str) -> Iterator[None]:
        """Let a variable stand for an element, which is never absent.

        Another rule may use the same name for something else: what was read of that is left out.
        """
        before = self.hoisted
        self.hoisted = {read: local for read, local in before.items() if read[0] != variable}
        self.hoisted[variable, ()] = f"v_{variable}"
        yield
        self.hoisted = before

    # --- what can be unknown

    def unknowable(self, expr: p.Expr) -> bool:
        """Whether the value can be unknown in some document that meets the schema."""
        match expr:
            case p.Constant() | p.AsOf() | p.Attestation() | p.Published():
                return False
            case p.Read():
                return not expr.has_default and not self.sure(expr)
            case p.Defined():
                return self._once("unknowable", expr.name, self.unknowable)
            case p.Applied():
                return self._once("unknowable", f"{expr.predicate}()", self.unknowable)
            case p.Parametric():
                values = self.program.parameters[expr.name].values
                return all(value.since is not None for value in values)
            case p.Called() | p.Operation() | p.Junction() | p.Quantifier():
                return any(map(self.unknowable, children(expr)))
            case p.Fallback():
                below = self.parent_absent(expr.operand) is not None
                return below or self.unknowable(expr.fallback)
            case p.Presence():
                below = self.parent_absent(expr.operand) is not None
                return expr.operand.none_when_absent and below
            case _:
                assert_never(expr)

    def _once(self, question: str, name: str, ask: Callable[[p.Expr], bool]) -> bool:
        """Answer a question about a definition, or a predicate written `name()`, once."""
        key = (question, name)
        if key not in self._known:
            predicate = name.removesuffix("()")
            table: Mapping[str, p.Definition | p.Predicate] = self.program.definitions
            if predicate != name:
                table = self.program.predicates
            # in there a parameter may have the name of an element that is at hand here
            before, self.hoisted = self.hoisted, {}
            self._known[key] = ask(table[predicate].body)
            self.hoisted = before
        return self._known[key]
