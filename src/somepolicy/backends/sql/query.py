"""The rules of a kind -> one query: the documents, the definitions, what each rule finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from somepolicy import ir as p
from somepolicy.backends.sql.expressions import SqlWriter
from somepolicy.backends.sql.words import AS_OF, DAY, DOCUMENT, Refused, called, literal, quoted


@dataclass(frozen=True)
class Query:
    """A query, the names of the rules it carries, and of the others the reason of each.

    It gives the table's own columns, and `RULE violated` and `RULE unproven` of each rule carried.
    """

    sql: str
    carried: tuple[str, ...]
    refused: Mapping[str, str]


def export(program: p.Program, kind: str, table: str = "documents") -> Query:
    """Write the rules of a kind as a query over a table."""
    writer = SqlWriter(program)
    own = [rule for rule in program.rules if kind in rule.kinds]
    taken = Counter(_folded(rule.name) for rule in own)
    rules: dict[str, str] = {}
    refused: dict[str, str] = {}
    for rule in own:
        if taken[_folded(rule.name)] > 1:
            refused[rule.name] = "a name that differs from another rule's in case alone"
            continue
        try:
            rules[rule.name] = writer.rule(rule)
        except Refused as reason:
            refused[rule.name] = str(reason)
    # by number: of two names that differ in case DuckDB makes one
    passes = {name: quoted(f"rule {number}") for number, name in enumerate(rules)}
    steps = [
        _given(program, kind, table),
        *(f"SELECT *, {body} AS {column}" for column, body in writer.definitions.values()),
        "SELECT *" + "".join(f",\n  {body} AS {passes[name]}" for name, body in rules.items()),
    ]
    # kept as they are worked out, else DuckDB would put the text of a definition into each use
    ctes = [
        f"step_{index} AS MATERIALIZED (\n  {each}{f' FROM step_{index - 1}' * (index > 0)})"
        for index, each in enumerate(steps)
    ]
    defined = (column for column, _ in writer.definitions.values())
    inner = (DOCUMENT, AS_OF, DAY, *defined, *passes.values())
    columns = "".join(
        f",\n  {passed} IS NOT DISTINCT FROM false AS {quoted(f'{name} violated')}"
        f",\n  {passed} IS NULL AS {quoted(f'{name} unproven')}"
        for name, passed in passes.items()
    )
    final = f"SELECT * EXCLUDE ({', '.join(inner)}){columns}\nFROM step_{len(steps) - 1};\n"
    return Query("WITH " + ",\n".join(ctes) + f"\n{final}", tuple(rules), refused)


def _given(program: p.Program, kind: str, table: str) -> str:
    """Return the documents of a kind as rules see them, each with its instant and its day."""
    as_of = "CAST(as_of AS VARCHAR)"
    if program.time_zone is None:  # a day depends on an offset, which TIMESTAMPTZ forgets
        refusal = literal("the policy has no time zone: as_of is a text, with its offset")
        as_of = f"CASE WHEN typeof(as_of) = 'VARCHAR' THEN {as_of} ELSE error({refusal}) END"
    instant = f"coalesce({as_of}, document ->> '$.as_of')"
    document = f"CAST({called('document', 'CAST(document AS VARCHAR)')} AS JSON)"
    named = called("normal", "document ->> '$.kind'")
    chosen = f"{quoted(table)} WHERE {named} = {literal(kind)}"
    day = called("day", instant)
    columns = f"*, {document} AS {DOCUMENT}, {instant} AS {AS_OF}, {day} AS {DAY}"
    return f"SELECT {columns} FROM {chosen}"  # noqa: S608 - names and texts are quoted


def _folded(name: str) -> str:
    """Return a name as DuckDB compares it: without the case of ASCII letters."""
    return name.encode().lower().decode()
