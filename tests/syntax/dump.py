"""A syntax tree as indented text, each node with the place it stands at."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import fields

from somepolicy.syntax.nodes import Module
from somepolicy.syntax.source import Span


def dump(module: Module) -> str:
    """Return a line per node: its field, its class, its plain values, line:column-line:column."""
    lines = [line for node in module.declarations for line in _node("", node, 0)]
    lines += [f"{_place(comment.span)} {comment.text}" for comment in module.comments]
    return "\n".join([*lines, ""])


def _node(name: str, node: object, depth: int) -> Iterator[str]:
    plain, inner = [], []
    for field in fields(node):  # type: ignore[arg-type]
        value = getattr(node, field.name)
        if isinstance(value, Span):
            continue
        if (
            value is None
            or isinstance(value, str | int | float | datetime.date)
            or (
                isinstance(value, tuple)
                and not any(hasattr(x, "__dataclass_fields__") for x in value)
            )
        ):
            plain.append(f"{field.name}={value!r}")
        else:
            inner.append((field.name, value))
    lead = "  " * depth + (f"{name}: " if name else "")
    span = getattr(node, "span", None)
    place = f" @ {_place(span)}" if isinstance(span, Span) else ""
    yield f"{lead}{type(node).__name__} {' '.join(plain)}".rstrip() + place
    for name_, value in inner:
        for each in value if isinstance(value, tuple) else (value,):
            yield from _node(name_, each, depth + 1)


def _place(span: Span) -> str:
    line, column = span.source.position(span.start)
    last, end = span.source.position(span.end)
    return f"{line}:{column}-{end}" if line == last else f"{line}:{column}-{last}:{end}"
