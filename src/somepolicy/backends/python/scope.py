"""What the functions that write code are given: the names of the code, and what locals hold."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from somepolicy import ir as p
from somepolicy.backends.python import code as py

Path = tuple[str, ...]
Member = tuple[str | None, Path]  # of a variable; None: of the document


class Names:
    """The names given out in code that is loaded together, and the program that it is made from.

    A value that is worked out once, in the prologue, has a name too. Only this changes while code
    is written.
    """

    def __init__(self, program: p.Program, prefix: str = "stated") -> None:
        self.program = program
        self._prefix = prefix
        self._prologue: list[ast.stmt] = []
        self._temporaries = 0
        self._stated: dict[str, str] = {}
        self._answers: dict[tuple[object, str], bool] = {}

    def temporary(self) -> str:
        """Return a name that the code has not used yet."""
        self._temporaries += 1
        return f"t{self._temporaries}"

    def stated(self, value: ast.expr) -> ast.expr:
        """Return a name for a value that is worked out once, when the code is loaded."""
        written = ast.unparse(value)
        if written not in self._stated:
            self._stated[written] = f"{self._prefix}_{len(self._stated) + 1}"
            self._prologue.append(py.assign(self._stated[written], value))
        return py.name(self._stated[written])

    def take_prologue(self) -> list[ast.stmt]:
        """Return what has been stated since this was asked last."""
        taken, self._prologue = self._prologue, []
        return taken

    def once(self, used: p.Defined | p.Applied, question: Callable[[Scope, p.Expr], bool]) -> bool:
        """Return the answer to a question about a definition or a predicate, asked once."""
        if isinstance(used, p.Defined):
            key, body = (question, used.name), self.program.definitions[used.name].body
        else:
            name = used.predicate
            key, body = (question, f"{name}()"), self.program.predicates[name].body
        if key not in self._answers:
            # in there a parameter may have the name of an element that is at hand here
            self._answers[key] = question(Scope(self), body)
        return self._answers[key]


@dataclass(frozen=True, slots=True)
class Scope:
    """What the locals hold where an expression is written; a function starts with `Scope(names)`.

    `hoisted` names the locals that hold a member, `encoded` those that hold a text of the document
    as patterns search it.
    """

    names: Names
    hoisted: Mapping[Member, str] = field(default_factory=dict)
    encoded: Mapping[Path, str] = field(default_factory=dict)

    def hoisting(self, members: Mapping[Member, str]) -> Scope:
        """Return the scope in which locals hold these members as well."""
        return replace(self, hoisted={**self.hoisted, **members})

    def of_element(self, variable: str) -> Scope:
        """Return the scope in which a variable stands for an element, which is never absent.

        Another rule may use the same name for something else: what was read of that is left out.
        """
        kept = {read: local for read, local in self.hoisted.items() if read[0] != variable}
        return replace(self, hoisted={**kept, (variable, ()): f"v_{variable}"})
