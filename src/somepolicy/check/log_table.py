"""The manifest's table `[log]` + schemas -> Logging: every kind and path it names exists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from somepolicy.check.manifest import LogTable, Manifest, log_span
from somepolicy.ir import Kind, Logging
from somepolicy.ir import types as t
from somepolicy.ir.types import Type
from somepolicy.patterns import BadPatternError, check_pattern
from somepolicy.syntax.diagnostics import Diagnostic, did_you_mean
from somepolicy.syntax.source import Source

FieldPath = tuple[str, ...]
_CLOSED = "only one of a few values may be logged here, as free text could hold anything"


def logging(
    manifest: Manifest,
    source: Source,
    kinds: Mapping[str, Kind],
    fail: Callable[[Diagnostic], None],
) -> Logging:
    """Return what may be logged; what does not fit is left out and reported as P602."""
    table = manifest.log
    return Logging() if table is None else _Table(table, source, kinds, fail).read()


class _Table:
    def __init__(
        self,
        table: LogTable,
        source: Source,
        kinds: Mapping[str, Kind],
        fail: Callable[[Diagnostic], None],
    ) -> None:
        self.table = table
        self.source = source
        self.all = kinds
        self.note = fail
        self.kinds = tuple(dict.fromkeys(self.known(table.kinds)))

    def read(self) -> Logging:
        table = self.table
        return Logging(
            kinds=self.kinds,
            unit_type=self.paths("unit_type", table.unit_type, t.Enumeration),
            unit_id=self.paths("unit_id", table.unit_id, t.Text),
            unit_ids=self.pattern(),
            platform=self.paths("platform", table.platform, t.Enumeration),
            fields=self.fields(),
        )

    def fail(self, name: str, message: str, help: str) -> None:
        self.note(Diagnostic("P602", message, log_span(self.source, name), help))

    def known(self, names: Iterable[str]) -> Iterator[str]:
        """Yield the kinds that exist and may be logged."""
        for name in names:
            if name not in self.all:
                self.unknown_kind("kinds", name, self.all)
            elif not self.all[name].unproven_denies:
                self.fail(
                    "kinds",
                    f"a decision on a `{name}` may not be logged",
                    "a kind of document whose rules say `unproven advises` is a voluntary check; "
                    f"take `{name}` out",
                )
            else:
                yield name

    def unknown_kind(self, member: str, name: str, known: Iterable[str]) -> None:
        listed = list(known)
        self.fail(
            member,
            f"unknown kind of document `{name}`",
            did_you_mean(name, listed) or f"there are {', '.join(listed) or 'none'}",
        )

    def paths(
        self, name: str, where: str | dict[str, str] | None, wanted: type[Type]
    ) -> dict[str, FieldPath]:
        """Return the path for each kind that has one; a single path is for every kind."""
        if where is None:
            return {}
        if isinstance(where, str):
            where = dict.fromkeys(self.kinds, where)
        found = {}
        for kind, path in where.items():
            if kind not in self.kinds:
                self.unknown_kind(name, kind, self.kinds)
                continue
            type = self.type(name, kind, path)
            if type is not None and isinstance(type, wanted):
                found[kind] = tuple(path.split("."))
            elif type is not None:
                is_text = wanted is t.Text
                self.fail(
                    name,
                    f"`{path}` of a {kind} is of type {type}",
                    "an id is a text" if is_text else _CLOSED,
                )
        return found

    def type(self, name: str, kind: str, path: str) -> Type | None:
        """Return the type of a field; an unknown one is reported."""
        found: Type = self.all[kind].schema.record
        for step in path.split("."):
            if not isinstance(found, t.Record):
                self.fail(name, f"`{path}` goes into a {found}", "a path goes through objects")
                return None
            if step not in found.fields:
                self.fail(
                    name,
                    f"a {kind} has no field `{path}`",
                    did_you_mean(step, found.fields)
                    or f"write a path for each kind, as `{name} = {{ {kind} = … }}`",
                )
                return None
            found = found.fields[step].type
        return found

    def fields(self) -> dict[str, tuple[FieldPath, ...]]:
        """Return the further fields of each kind: of those kinds that have them."""
        found: dict[str, tuple[FieldPath, ...]] = {}
        for path in dict.fromkeys(self.table.fields):
            having = [kind for kind in self.kinds if self.has(kind, path)]
            for kind in having or self.kinds[:1]:
                type = self.type("fields", kind, path)
                element = type.element if isinstance(type, t.ListOf) else type
                if isinstance(element, t.Record | t.ListOf):
                    self.fail(
                        "fields",
                        f"`{path}` of a {kind} holds several fields",
                        "name each one that is to be logged",
                    )
                elif type is not None:
                    found[kind] = (*found.get(kind, ()), tuple(path.split(".")))
        return found

    def has(self, kind: str, path: str) -> bool:
        found: Type = self.all[kind].schema.record
        for step in path.split("."):
            if not isinstance(found, t.Record) or step not in found.fields:
                return False
            found = found.fields[step].type
        return True

    def pattern(self) -> str | None:
        pattern = self.table.unit_ids
        if pattern is None:
            return None
        try:
            check_pattern(pattern)  # by itself first: `a)|(b` only fits in brackets
            check_pattern(rf"\A(?:{pattern})\z")
        except BadPatternError as error:
            self.fail("unit_ids", "this pattern cannot be used", str(error))
            return None
        return pattern
