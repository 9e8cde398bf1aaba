"""Rules -> Python, as a straightforward generator of code would write it."""

from __future__ import annotations

from collections import defaultdict

from peers.conditions import (
    All,
    Compare,
    Earlier,
    Either,
    Found,
    Holds,
    Not,
    OneOf,
    Some,
    plain,
)

_A_FUNCTION = 500


def python(rules):
    """Return the source and the names of its patterns."""
    loose, guarded = [], defaultdict(list)
    for rule in rules:
        first = rule.condition.parts[0] if isinstance(rule.condition, All) else None
        if isinstance(first, Compare) and first.path == "campaign" and first.sign == "==":
            guarded[first.value].append((rule.id, All(rule.condition.parts[1:])))
        else:
            loose.append((rule.id, rule.condition))
    patterns = {}
    made = [
        _function(f"f{at}", loose[at : at + _A_FUNCTION], patterns)
        for at in range(0, len(loose), _A_FUNCTION)
    ]
    index = {value: f"g{at}" for at, value in enumerate(guarded)}
    made += [_function(index[value], rules, patterns) for value, rules in guarded.items()]
    functions = ", ".join(f"f{at}" for at in range(0, len(loose), _A_FUNCTION))
    table = ", ".join(f"{value!r}: {name}" for value, name in index.items())
    return {
        "patterns": patterns,
        "source": "\n".join([*made, f"FUNCTIONS = [{functions}]", f"INDEX = {{{table}}}"]),
    }


def _function(name, rules, patterns):
    fields = {}
    body = [f" if {_written(part, fields, patterns)}: add({id!r})" for id, part in rules]
    heads = [f" {name} = {_got(path, 'd')}" for path, name in fields.items()]
    return "\n".join([f"def {name}(d, add):", *heads, *body, " return"])


def _got(path, value):
    return value + "".join(f"[{name!r}]" for name in path.split("."))


def _written(condition, fields, patterns):
    def at(path):
        if path.startswith("item."):
            return _got(path.removeprefix("item."), "item")
        return fields.setdefault(path, path.replace(".", "_"))

    def inner(part):
        return f"({_written(part, fields, patterns)})"

    match condition:
        case Compare(path, "==", bool() as value):
            return at(path) if value else f"not {at(path)}"
        case Compare(path, sign, value):
            return f"{at(path)} {sign} {plain(value)!r}"
        case Earlier(path, other):
            return f"{at(path)} < {at(other)}"
        case OneOf(path, values):
            return f"{at(path)} in {set(values)!r}"
        case Holds(path, value):
            return f"{value!r} in {at(path)}"
        case Found(path, pattern):
            return f"{patterns.setdefault(pattern, f'p{len(patterns)}')}({at(path)})"
        case Not(part):
            return f"not {inner(part)}"
        case All(parts):
            return " and ".join(map(inner, parts))
        case Either(parts):
            return " or ".join(map(inner, parts))
        case Some(path, part):
            elements = at(path)
            return f"any([{_written(part, fields, patterns)} for item in {elements}])"
