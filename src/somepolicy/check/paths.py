"""Paths through a document or a variable: each step a field that its schema has.

A path that leads nowhere yields None after its one diagnostic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from somepolicy import ir as p
from somepolicy.check.context import Scope
from somepolicy.check.type_rules import named
from somepolicy.ir import types as t
from somepolicy.syntax import nodes as n
from somepolicy.syntax.diagnostics import did_you_mean

_MOST_LISTED = 12


def root_path(ident: n.Ident, scope: Scope, *, each: bool = False) -> p.Read | None:
    """Follow a path from the document; for several kinds it has to mean the same in each.

    `each`: whether a step `[]` is how the elements of a list are reached.
    """
    found: p.Read | None = None
    for kind in scope.kinds:
        among = f" in {kind}" if len(scope.kinds) > 1 else ""
        read = path(None, scope.policy.records[kind], ident, scope, among, each=each)
        if read is None:
            return None
        if found is not None and replace(read, span=found.span) != found:
            scope.fail(
                "P313",
                f"`{ident.text}` is not the same in {' and '.join(scope.kinds)}",
                ident.span,
                "write the rule once for each kind, in files of their own",
            )
            return None
        if found is not None:
            both = scope.policy.common.of(found.type, read.type)
            read = replace(read, type=both, sure=min(read.sure, found.sure))
        found = read
    return found


def path(
    variable: str | None,
    start: t.Type,
    ident: n.Ident,
    scope: Scope,
    among: str = "",
    *,
    each: bool = False,
) -> p.Read | None:
    """Follow the steps behind the first part of a name from a value of the type `start`."""
    head, *steps = ident.parts
    kind: t.Type = start
    member = t.Field(start)
    done = [head]
    sure = 0
    for index, step in enumerate(steps):
        if step == n.EACH:
            if not isinstance(kind, t.ListOf):
                scope.fail(
                    "P305",
                    f"`{'.'.join(done)}` is {named(kind)}, not a list",
                    ident.span,
                    f"leave `{n.EACH}` out behind it",
                )
                return None
            kind = kind.element
            member = t.Field(kind)
            done[-1] += n.EACH
            continue
        if isinstance(kind, t.ListOf):
            scope.fail(
                "P305",
                f"`{'.'.join(done)}` is a list",
                ident.span,
                f"write `{'.'.join(done)}{n.EACH}`, for every element"
                if each
                else "reach its elements with `for each`, `some` or `every`",
            )
            return None
        known = kind.fields if isinstance(kind, t.Record) else {}
        if step not in known:
            scope.fail(
                "P203",
                f"unknown field `{'.'.join([*done, step])}`{among}",
                ident.span,
                _nearest_field(done, step, known),
            )
            return None
        member = known[step]
        kind = member.type
        done.append(step)
        if member.required and sure == index:
            sure += 1
    return p.Read(
        variable,
        tuple(steps),
        kind,
        member.default,
        member.has_default,
        member.none_when_absent,
        ident.span,
        sure,
    )


def _nearest_field(done: list[str], step: str, known: Mapping[str, t.Field]) -> str | None:
    near = did_you_mean(".".join([*done, step]), [".".join([*done, name]) for name in known])
    if near is None or did_you_mean(step, known) is None:
        listed = ", ".join(sorted(known)[:_MOST_LISTED])
        more = ", …" if len(known) > _MOST_LISTED else ""
        return f"`{'.'.join(done)}` has {listed}{more}" if known else f"`{done[-1]}` has no fields"
    return near
