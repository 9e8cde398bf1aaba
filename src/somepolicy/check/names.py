"""Names and paths of expressions, bound to what they mean.

A name that cannot be bound yields None after its one diagnostic.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace

from somepolicy import ir as p
from somepolicy.check.symbols import BUILT_IN, DOCUMENT, Placed, Symbols
from somepolicy.check.type_rules import named
from somepolicy.functions.table import FUNCTIONS
from somepolicy.ir import types as t
from somepolicy.ir.traversal import walk
from somepolicy.syntax import nodes as n
from somepolicy.syntax.diagnostics import Diagnostic, did_you_mean
from somepolicy.syntax.source import Span

_MOST_LISTED = 12
MOST_DEEP = 60


@dataclass(frozen=True)
class Scope:
    """What names mean at one place: the root and its records, variables, the rule's clause."""

    root: str
    kinds: tuple[str, ...]
    variables: Mapping[str, t.Type | p.Constant]
    clause: str | None = None  # what `attested` is about; None where it cannot be used
    in_rule: bool = False
    in_predicate: bool = False

    def with_variable(self, name: str, kind: t.Type) -> Scope:
        """Return the scope with one variable more."""
        return replace(self, variables={**self.variables, name: kind})


class Names(ABC):
    """Binds names; holds what is known of the policy and every error so far."""

    def __init__(
        self,
        symbols: Symbols,
        records: Mapping[str, t.Record],
        roles: tuple[str, ...],
        lexicons: frozenset[str],
    ) -> None:
        self.lexicons = lexicons
        self.symbols = symbols
        self.records = records
        self.roles = roles
        self.errors: list[Diagnostic] = []
        self.parameter_types: dict[str, t.Type] = {}
        self.definitions: dict[str, p.Definition | None] = {}
        self.predicates: dict[str, p.Predicate | None] = {}
        self.predicate_kinds: dict[str, tuple[str, ...]] = {}
        self.used: set[str] = set()
        self.context: str | None = None
        self._depth = 0  # of the expression at hand, definitions that lead to it included
        self._deepest = 0
        self._heights: dict[str, int] = {}
        self._too_deep = False
        self._open: list[str] = []
        self._keys: dict[tuple[object, ...], str] = {}
        self._in_common: dict[tuple[int, int], t.Record] = {}

    def fail(self, code: str, message: str, span: Span, help: str | None = None) -> None:
        """Note an error at a place, in the context of the rule or definition at hand."""
        self.errors.append(Diagnostic(code, message, span, help, self.context))

    @abstractmethod
    def expr(self, node: n.Expr, scope: Scope) -> p.Expr | None:
        """Type any expression."""

    @abstractmethod
    def condition(self, node: n.Expr, scope: Scope) -> p.Expr | None:
        """Type an expression that has to be true or false."""

    def reach(self, further: int, span: Span) -> bool:
        """Note how deep it goes from here; whether that is within the bound."""
        self._deepest = max(self._deepest, self._depth + further)
        if self._depth + further <= MOST_DEEP:
            return True
        if not self._too_deep:
            self.fail(
                "P501",
                f"with the definitions it uses, this is nested more than {MOST_DEEP} deep",
                span,
                "let fewer definitions build upon each other",
            )
        self._too_deep = True
        return False

    def name(self, node: n.Name, scope: Scope) -> p.Expr | None:
        head, *rest = node.ident.parts
        if head in scope.variables:
            meaning = scope.variables[head]
            if isinstance(meaning, p.Constant):
                return replace(meaning, span=node.span)
            return self.path(head, meaning, tuple(rest), node.ident)
        if head == scope.root:
            return self.root_path(tuple(rest), node.ident, scope)
        if not rest and head == "as_of":
            return p.AsOf(t.Instant(), node.span)
        if not rest and head in self.parameter_types:
            self.used.add(head)
            return p.Parametric(head, self.parameter_types[head], node.span)
        if head in self.symbols.parameters and not rest:
            return None  # its own error has been told
        if not rest and head in self.symbols.definitions:
            return self.defined(head, node, scope)
        self.unknown_name(node, scope)
        return None

    def unknown_name(self, node: n.Name, scope: Scope) -> None:
        head = node.ident.parts[0]
        known = {
            *scope.variables,
            scope.root,
            *self.symbols.parameters,
            *self.symbols.definitions,
            "as_of",
        }
        fields = {name for kind in scope.kinds for name in self.records[kind].fields}
        if head in fields:
            help = f"write `{scope.root}.{node.ident.text}`"
        elif head in FUNCTIONS or head in BUILT_IN:
            help = f"`{head}` is a function: write `{head}(…)`"
        elif head in self.records or head == DOCUMENT:
            help = f"the document is called `{scope.root}` in this file"
        else:
            help = did_you_mean(head, known) or f'texts stand in quotes: `"{head}"`'
        self.fail("P202", f"unknown name `{head}`", node.span, help)

    def root_path(self, steps: tuple[str, ...], ident: n.Ident, scope: Scope) -> p.Read | None:
        """Follow a path from the document; for several kinds it has to mean the same in each."""
        found: p.Read | None = None
        for kind in scope.kinds:
            among = f" in {kind}" if len(scope.kinds) > 1 else ""
            read = self.path(None, self.records[kind], steps, ident, among)
            if read is None:
                return None
            if found is not None and replace(read, span=found.span) != found:
                self.fail(
                    "P313",
                    f"`{ident.text}` is not the same in {' and '.join(scope.kinds)}",
                    ident.span,
                    "write the rule once for each kind, in files of their own",
                )
                return None
            if found is not None:
                both = self.in_common(found.type, read.type)
                read = replace(read, type=both, sure=min(read.sure, found.sure))
            found = read
        return found

    def in_common(self, one: t.Type, other: t.Type) -> t.Type:
        """Return what two equal types have in common: what both require is required.

        The same for the same two, for records are told apart by what they are, not hold.
        """
        if one is other:
            return one
        match one, other:
            case t.ListOf(), t.ListOf():
                element = self.in_common(one.element, other.element)
                return one if element is one.element else t.ListOf(element)
            case t.Record(), t.Record():
                known = self._in_common.get((id(one), id(other)))
                if known is None:
                    known = self._in_common[id(one), id(other)] = self._fields_in_common(one, other)
                return known
            case _:
                return one

    def _fields_in_common(self, one: t.Record, other: t.Record) -> t.Record:
        fields = {
            name: replace(
                member,
                type=self.in_common(member.type, other.fields[name].type),
                required=member.required and other.fields[name].required,
                published=member.published or other.fields[name].published,
            )
            for name, member in one.fields.items()
        }
        unchanged = all(
            member.type is one.fields[name].type
            and member.required == one.fields[name].required
            and member.published == one.fields[name].published
            for name, member in fields.items()
        )
        return one if unchanged else t.Record(fields)

    def path(
        self,
        variable: str | None,
        start: t.Type,
        steps: tuple[str, ...],
        ident: n.Ident,
        among: str = "",
    ) -> p.Read | None:
        kind: t.Type = start
        member = t.Field(start)
        done = [ident.parts[0]]
        sure = 0
        for index, step in enumerate(steps):
            if isinstance(kind, t.ListOf):
                self.fail(
                    "P305",
                    f"`{'.'.join(done)}` is a list",
                    ident.span,
                    "reach its elements with `for each`, `some` or `every`",
                )
                return None
            if not isinstance(kind, t.Record) or step not in kind.fields:
                known = kind.fields if isinstance(kind, t.Record) else {}
                self.fail(
                    "P203",
                    f"unknown field `{'.'.join([*done, step])}`{among}",
                    ident.span,
                    self.nearest_field(done, step, known),
                )
                return None
            member = kind.fields[step]
            kind = member.type
            done.append(step)
            if member.required and sure == index:
                sure += 1
        return p.Read(
            variable,
            steps,
            kind,
            member.default,
            member.has_default,
            member.none_when_absent,
            ident.span,
            sure,
        )

    @staticmethod
    def nearest_field(done: list[str], step: str, known: Mapping[str, t.Field]) -> str | None:
        near = did_you_mean(".".join([*done, step]), [".".join([*done, name]) for name in known])
        if near is None or did_you_mean(step, known) is None:
            listed = ", ".join(sorted(known)[:_MOST_LISTED])
            more = ", …" if len(known) > _MOST_LISTED else ""
            return (
                f"`{'.'.join(done)}` has {listed}{more}" if known else f"`{done[-1]}` has no fields"
            )
        return near

    def list_of(self, ident: n.Ident, scope: Scope) -> p.Read | None:
        """Type the list that a quantifier or `for each` goes through."""
        typed = self.name(n.Name(ident, ident.span), scope)
        if typed is None:
            return None
        if not isinstance(typed, p.Read) or not isinstance(typed.type, t.ListOf):
            self.fail(
                "P305",
                f"`{ident.text}` is {named(typed.type)}, not a list of the document",
                ident.span,
                self.lists(scope),
            )
            return None
        return typed

    def lists(self, scope: Scope) -> str:
        """Name the lists that there are at the top of the document."""
        found = {
            f"`{scope.root}.{name}`"
            for kind in scope.kinds
            for name, member in self.records[kind].fields.items()
            if isinstance(member.type, t.ListOf)
        }
        return f"the lists are {', '.join(sorted(found))}" if found else "there are no lists"

    def fresh(self, variable: n.Ident, scope: Scope) -> bool:
        """Refuse a variable that would hide another name."""
        taken = {
            *scope.variables,
            scope.root,
            *self.symbols.parameters,
            *self.symbols.definitions,
            *FUNCTIONS,
            *BUILT_IN,
        }
        if variable.text in taken:
            self.fail(
                "P210",
                f"`{variable.text}` already means something here",
                variable.span,
                "choose another name for the variable",
            )
            return False
        return True

    def known_roles(self, idents: tuple[n.Ident, ...]) -> tuple[str, ...] | None:
        """Return the roles, or None after a diagnostic for each that policy.toml lacks."""
        unknown = [ident for ident in idents if ident.text not in self.roles]
        for ident in unknown:
            self.fail(
                "P207",
                f"unknown role `{ident.text}`",
                ident.span,
                did_you_mean(ident.text, self.roles) or "the roles are listed in policy.toml",
            )
        return None if unknown else tuple(ident.text for ident in idents)

    def defined(self, name: str, node: n.Name, scope: Scope) -> p.Expr | None:
        self.used.add(name)
        if self.symbols.definitions[name].node.parameters:
            names = ", ".join(
                ident.text for ident in self.symbols.definitions[name].node.parameters
            )
            self.fail(
                "P304",
                f"the predicate `{name}` lacks its arguments",
                node.span,
                f"write `{name}({names})`",
            )
            return None
        definition = self.definition(name)
        if definition is None or not self.reach(self._heights[name], node.span):
            return None
        if not set(scope.kinds) <= set(definition.kinds):
            self.fail(
                "P213",
                f"`{name}` is about {', '.join(definition.kinds)}, not {', '.join(scope.kinds)}",
                node.span,
                "define it again, under another name, in a file about these documents",
            )
            return None
        if isinstance(definition.body, p.Constant):
            return replace(definition.body, span=node.span)
        return p.Defined(name, definition.body.type, node.span)

    def definition(self, name: str) -> p.Definition | None:
        """Type a definition without parameters, once."""
        if name in self.definitions:
            return self.definitions[name]
        placed = self.symbols.definitions[name]
        if name in self._open:
            self.circle(self._open[self._open.index(name) :], placed)
            return None
        self._open.append(name)
        context, self.context = self.context, f"definition `{name}`"
        scope = Scope(placed.root, placed.kinds, {})
        before, self._deepest = self._deepest, self._depth
        body = self.expr(placed.node.body, scope)
        self._heights[name] = self._deepest - self._depth
        self._deepest = max(before, self._deepest)
        self.context = context
        self._open.pop()
        self.definitions[name] = (
            None
            if body is None
            else p.Definition(name, self._kinds_of(body, placed), body, placed.module.source)
        )
        return self.definitions[name]

    def circle(self, names: list[str], placed: Placed[n.Define]) -> None:
        """Note the circle once, at the definition it was entered by."""
        context, self.context = self.context, None
        self.fail(
            "P209",
            f"definitions go round in a circle: {' → '.join([*names, names[0]])}",
            placed.node.name.span,
            "write one of them without the others",
        )
        self.context = context

    def _kinds_of(self, body: p.Expr, placed: Placed[n.Define]) -> tuple[str, ...]:
        """Return the kinds a body holds for: all, unless it reads a document somewhere."""
        kinds = set(self.records)
        for part in walk(body):
            match part:
                case p.Read(variable=None):
                    kinds &= set(placed.kinds)
                case p.Defined():
                    used = self.definitions[part.name]
                    kinds &= set(used.kinds) if used else kinds
                case p.Applied():
                    kinds &= set(self.predicate_kinds[part.predicate])
                case _:
                    pass
        return tuple(kind for kind in self.records if kind in kinds)
