"""Which texts of a part of a document readers see, by what its schema says."""

from __future__ import annotations

from collections.abc import Iterator

from somepolicy import ir as p
from somepolicy.ir import types as t

Path = tuple[str | None, ...]
"""Members from the document down; None for every element of a list."""
NOTHING: p.Shape = {}


def shape(kind: t.Type, *, seen: bool = True) -> p.Shape:
    """Return where the published texts of a type are, `NOTHING` where it has none.

    `seen`: what a policy names itself, or the schema marks, is taken where it is a text.
    """
    match kind:
        case t.Text() if seen:
            return None
        case t.ListOf():
            within = shape(kind.element, seen=seen)
            return NOTHING if within == NOTHING else [within]
        case t.Record():
            members = {
                name: shape(member.type, seen=member.published is True)
                for name, member in kind.fields.items()
            }
            return {name: within for name, within in members.items() if within != NOTHING}
        case _:
            return NOTHING


def absent(part: p.Part) -> Iterator[tuple[Path, bool]]:
    """Yield the path of each list and text of a part whose absence the schema gives a meaning.

    Each comes with whether a default stands for it; else its absence says that there is none.
    """
    read, within = part.container, part.shape
    if read.has_default or read.none_when_absent:
        yield read.path, read.has_default
    yield from _below(read.type, within if part.condition is None else [within], read.path)


def paths(part: p.Part) -> Iterator[Path]:
    """Yield the path of each text of a part."""
    within = part.shape if part.condition is None else [part.shape]
    yield from _texts(within, part.container.path)


def _below(kind: t.Type, within: p.Shape, at: Path) -> Iterator[tuple[Path, bool]]:
    if isinstance(kind, t.ListOf) and isinstance(within, list):
        yield from _below(kind.element, within[0], (*at, None))
    elif isinstance(kind, t.Record) and isinstance(within, dict):
        for name, inner in within.items():
            member = kind.fields[name]
            if member.has_default or member.none_when_absent:
                yield (*at, name), member.has_default
            yield from _below(member.type, inner, (*at, name))


def _texts(within: p.Shape, at: Path) -> Iterator[Path]:
    match within:
        case None:
            yield at
        case list():
            yield from _texts(within[0], (*at, None))
        case _:
            for name, inner in within.items():
                yield from _texts(inner, (*at, name))
