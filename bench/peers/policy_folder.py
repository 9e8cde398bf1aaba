"""Rules -> a policy of somepolicy: policy.toml, a schema for each kind, clauses and rules."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from peers.conditions import (
    All,
    Compare,
    Condition,
    Constant,
    Earlier,
    Either,
    Found,
    Holds,
    Not,
    OneOf,
    Rule,
    Some,
)
from peers.schema import schema

RULES_A_FILE = 2000  # a file has at most 1 MiB


def write_policy(
    folder: Path, rules: Iterable[Rule], *, synthetic: bool = False, clauses: int | None = None
) -> Path:
    """Write the policy of the rules into a folder, which is made, and return the folder.

    A clause for each rule; with `clauses`, that many clauses in all, shared in turn.
    """
    for name, text in policy_files(rules, synthetic=synthetic, clauses=clauses).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def policy_files(
    rules: Iterable[Rule], *, synthetic: bool = False, clauses: int | None = None
) -> Mapping[str, str]:
    """Return the files of the policy by name."""
    rules = tuple(rules)
    kinds = ("post",) if synthetic else ("post", "profile")
    cited = [
        rule.clause if clauses is None else f"shared.c{at % clauses}"
        for at, rule in enumerate(rules)
    ]
    files = {"policy.toml": _manifest(kinds)}
    for kind in kinds:
        files[f"{kind}.schema.json"] = json.dumps(schema(kind, synthetic=synthetic), indent=1)
    for number, part in enumerate(_parts(tuple(dict.fromkeys(cited)))):
        said = [_clause(name, number * RULES_A_FILE + at, kinds) for at, name in enumerate(part)]
        files[f"clauses-{number}.pol"] = "\n".join(['section 1 "Rules"\n'] * (not number) + said)
    document = kinds[0] if len(kinds) == 1 else "document"
    for number, part in enumerate(_parts(tuple(zip(rules, cited, strict=True)))):
        written = [_rule(rule, clause, document) for rule, clause in part]
        files[f"rules-{number}.pol"] = "\n".join([f"rules for {', '.join(kinds)}\n", *written])
    return files


def _parts(items: tuple) -> list[tuple]:
    return [items[at : at + RULES_A_FILE] for at in range(0, len(items), RULES_A_FILE)]


def _manifest(kinds: tuple[str, ...]) -> str:
    named = "\n".join(f'{kind} = "{kind}.schema.json"' for kind in kinds)
    return f'name = "bench"\nversion = "1.0.0"\nlanguages = ["en"]\n\n[kinds]\n{named}\n'


def _clause(name: str, at: int, kinds: tuple[str, ...]) -> str:
    digest = hashlib.sha256(name.encode()).hexdigest()[:12]
    return (
        f"clause {name} at 1.p{at + 1}.s1 digest {digest}\n  force must\n  binds unit\n"
        f'  kinds {", ".join(kinds)}\n  says en "What {name} asks for has to be kept."\n'
    )


def _rule(rule: Rule, clause: str, document: str) -> str:
    guard, some, rest = _taken_apart(rule.condition)
    lines = [f"forbid {rule.id}", f"  cites {clause}"]
    if some is not None:
        lines.append(f"  for each item in {document}.{some.path}")
        lines += [f"  when {_written(part, document)}" for part in guard]
        lines.append(f"  if {_written(some.part, document)}")
    else:
        lines += [f"  when {_written(part, document)}" for part in guard]
        lines.append(f"  if {_written(rest, document)}")
    return "\n".join([*lines, f'  says en "{rule.id} is not kept."\n'])


def _taken_apart(condition: Condition) -> tuple[list[Condition], Some | None, Condition]:
    """Split off what an author would write as `when` and as `for each`."""
    parts = condition.parts if isinstance(condition, All) else (condition,)
    *before, last = parts
    if isinstance(last, Some):
        guard = [All(tuple(before))] if len(before) > 1 else before
        return guard, last, last
    first = parts[0]
    if isinstance(first, Compare) and first.path == "campaign" and len(parts) > 1:
        return [first], None, All(tuple(parts[1:])) if len(parts) > 2 else parts[1]
    return [], None, condition


def _written(condition: Condition, document: str) -> str:
    def at(path: str) -> str:
        return path if path.startswith("item.") else f"{document}.{path}"

    def within(part: Condition) -> str:
        text = _written(part, document)
        return f"({text})" if isinstance(part, All | Either) else text

    match condition:
        case Compare(path, "==", bool() as value):
            return at(path) if value else f"not {at(path)}"
        case Compare(path, sign, value):
            return f"{at(path)} {sign} {_constant(value)}"
        case Earlier(path, other):
            return f"{at(path)} < {at(other)}"
        case OneOf(path, values):
            return f"{at(path)} in ({', '.join(map(_constant, values))})"
        case Holds(path, value):
            return f"{_constant(value)} in {at(path)}"
        case Found(path, pattern):
            return f"{at(path)} matches {_constant(without_boundaries(pattern))}"
        case Not(part):
            return f"not ({_written(part, document)})"
        case All(parts):
            return " and ".join(map(within, parts))
        case Either(parts):
            return " or ".join(map(within, parts))
        case Some(path, part):
            return f"some item in {at(path)} ({_written(part, document)})"


def _constant(value: Constant) -> str:
    match value:
        case datetime.date():
            return value.isoformat()
        case str():
            return '"' + value.replace('"', '""') + '"'
        case _:
            return str(value)


def without_boundaries(pattern: str) -> str:
    r"""Return a pattern in which `\b` at the ends is written out, as the language asks.

    Found in the same texts, where the pattern begins and ends with a letter.
    """
    flags = "(?i)" if pattern.startswith("(?i)") else ""
    inner = pattern.removeprefix(flags)
    inner = re.sub(r"^\\b", "(?:^|[^0-9A-Za-z_])", inner)
    return flags + re.sub(r"\\b$", "(?:[^0-9A-Za-z_]|$)", inner)
