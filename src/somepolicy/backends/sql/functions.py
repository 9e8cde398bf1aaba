"""The functions that the queries of the SQL backend call, for a connection of DuckDB.

What SQL lacks, or does in another way: detectors and measures of texts, patterns, whether a text
says something, form NFC, and instants and days by the policy's rules. With a NULL they are NULL.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from functools import cache
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Any

from somepolicy.backends.sql.words import PREFIX, sql_type
from somepolicy.engine.days import days_of
from somepolicy.engine.library import Library
from somepolicy.engine.values import instant_of, is_moment
from somepolicy.functions.detection import Detection
from somepolicy.functions.implementations import IMPLEMENTATIONS
from somepolicy.functions.no.prepare import prepare
from somepolicy.functions.something import finder, says_something
from somepolicy.functions.table import FUNCTIONS
from somepolicy.ir import Program
from somepolicy.json_type import Json
from somepolicy.normal_form import normal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def register(connection: DuckDBPyConnection, program: Program) -> None:
    """Give a connection the functions that a program's queries call, with its words and zone.

    They raise ValueError for an instant without offset.
    """
    days, library, found = days_of(program.time_zone), Library(program.lexicons), cache(finder)

    def add(name: str, code: Callable[..., Any], takes: list[str], gives: str) -> None:
        connection.create_function(PREFIX + name, code, [*takes], gives)

    def day(at: str) -> datetime.date:
        return days.as_day(_instant(at))

    def moved(at: str, number: int) -> str:
        return days.add_days(_instant(at), number).isoformat()

    add("normal", normal, ["VARCHAR"], "VARCHAR")
    add("document", _as_rules_see, ["VARCHAR"], "VARCHAR")
    add("day", day, ["VARCHAR"], "DATE")
    add("moved_day", days.add_days, ["DATE", "HUGEINT"], "DATE")
    add("moved_instant", moved, ["VARCHAR", "HUGEINT"], "VARCHAR")
    add("moment", _microseconds, ["VARCHAR"], "BIGINT")
    add("says_something", says_something, ["VARCHAR"], "BOOLEAN")
    add("matches", lambda text, x: found(x)(text), ["VARCHAR", "VARCHAR"], "BOOLEAN")
    for name in library:
        row = FUNCTIONS[name]
        takes = [sql_type(kind) for _, kind in row.parameters] + ["DATE"] * row.dated
        add(name, _called(name, library, len(takes)), takes, sql_type(row.result))


def _called(name: str, library: Library, arity: int) -> Callable[..., Any]:
    """Return a function of the table as SQL calls it."""
    make = IMPLEMENTATIONS[name].prepare

    def call(first: Any, *others: Any) -> Any:
        if isinstance(first, list):
            first = tuple(_detection(each) for each in first)
        elif make is not None:
            first = prepare(first) if make is prepare else make(first, prepare(first))
        value = library[name](first, *others)
        if isinstance(value, tuple):
            return [f"{each.strength} {each.detector}" for each in value]
        return value

    # DuckDB counts the parameters that a function says it has
    stated = [Parameter(f"p{number}", Parameter.POSITIONAL_ONLY) for number in range(arity)]
    call.__signature__ = Signature(stated)  # type: ignore[attr-defined]
    return call


def _detection(stated: str) -> Detection:
    strength, _, detector = stated.partition(" ")
    return Detection(detector, "", strength, "", (0, 0), "")  # type: ignore[arg-type]


def _instant(text: str) -> datetime.datetime:
    """Read an instant; one without offset would be taken for one of this machine's zone."""
    at = instant_of(text)
    if not is_moment(at):
        raise ValueError("an instant has an offset")
    return at


def _microseconds(at: str) -> int:
    return (_instant(at) - _EPOCH) // datetime.timedelta(microseconds=1)


def _as_rules_see(document: str) -> str:
    """Return a document with its nulls removed, its names and texts in form NFC."""
    return json.dumps(_clean(json.loads(document)), ensure_ascii=False)


def _clean(value: Json) -> Json:
    match value:
        case str():
            return normal(value)
        case dict():
            return {normal(name): _clean(each) for name, each in value.items() if each is not None}
        case list():
            return [_clean(each) for each in value]
        case _:
            return value
