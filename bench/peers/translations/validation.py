"""A schema -> a validator in Python, as a person would write it out for speed."""

from __future__ import annotations

from peers.schema import schema


def validation(kind):
    """Return the source of `check(document)`, which calls `refuse` where the schema is broken."""
    lines = ["def check(document):"]
    _write(schema(kind), "document", "    ", lines, [0])
    return "\n".join(lines)


def _write(node, value, pad, lines, names):
    names[0] += 1
    name = f"v{names[0]}"
    lines.append(f"{pad}{name} = {value}")

    def unless(wrong):
        lines.append(f"{pad}if {wrong}: refuse({value!r})")

    match node:
        case {"type": "object", "properties": members}:
            unless(f"type({name}) is not dict or len({name}) != {len(members)}")
            for member, inner in members.items():
                _write(inner, f"{name}[{member!r}]", pad, lines, names)
        case {"type": "array", "items": items, "maxItems": most}:
            unless(f"type({name}) is not list or len({name}) > {most}")
            lines.append(f"{pad}for e{name} in {name}:")
            _write(items, f"e{name}", pad + "    ", lines, names)
        case {"type": "boolean"}:
            unless(f"{name} is not True and {name} is not False")
        case {"type": "integer", "minimum": least}:
            beyond = f" or {name} > {node['maximum']}" if "maximum" in node else ""
            unless(f"type({name}) is not int or {name} < {least}{beyond}")
        case {"enum": values}:
            unless(f"type({name}) is not str or {name} not in {set(values)!r}")
        case {"format": "date"}:
            unless(f"type({name}) is not str or not date({name})")
        case {"maxLength": most}:
            unless(f"type({name}) is not str or len({name}) > {most}")
        case _:
            raise NotImplementedError(node)
